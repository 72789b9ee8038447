//! How a page is laid out on small screens and with large text, in one look: nothing runs over an
//! edge, no word is broken or cut, and what can be pressed stands in the order in which the keyboard
//! reaches it.

use serde_json::json;

use onboarding::text::Lang;

use super::first_screen::FIRST_SCREEN;
use support::{
    chrome::{Browser, Screen},
    gallery,
};

/// What is wrong on the page, one line each.
///
/// - The page, and what it contains, ends within the screen; what scrolls by itself may be wider.
/// - A word of our own stands in one line. Values, and what follows the @ of an address, may be of any length, and are broken where they
///   have to be.
/// - The blanks between words are not lost, as they are where a flexible box lines up its own text.
/// - Of two controls, the later one is neither above the earlier, nor before it in the same line.
const FAULTS: &str = "(() => {
    const faults = [];
    const width = document.documentElement.clientWidth;
    const name = (element) => element.id || element.name || element.textContent.trim().slice(0, 40) || element.localName;
    const isShown = (element) => element.checkVisibility() && !element.closest('.list thead, .table thead');
    const scrolls = (element) => element.closest('.table') && getComputedStyle(element.closest('.table')).overflowX !== 'visible';
    if (document.documentElement.scrollWidth > width) faults.push(`the page is ${document.documentElement.scrollWidth} pixels wide`);
    for (const element of document.body.querySelectorAll('*')) {
        if (!isShown(element) || element.closest('svg') || scrolls(element)) continue;
        const { right, left } = element.getBoundingClientRect();
        if (right > width + 1 || left < -1) faults.push(`over the edge: ${name(element)}`);
        const { overflowX } = getComputedStyle(element);
        if (/hidden|clip/.test(overflowX) && !element.matches('input, select, textarea') && element.scrollWidth > element.clientWidth + 1) faults.push(`cut: ${name(element)}`);
        if (element.matches('button, a.primary, a.quiet, summary') && element.scrollWidth > element.clientWidth + 1)
            faults.push(`wider than its button: ${name(element)}`);
        const isWord = ({ data }) => data?.trim();
        if (/flex/.test(getComputedStyle(element).display) && element.childNodes.length > 1 && [...element.childNodes].some(isWord))
            faults.push(`without its blanks: ${name(element)}`);
    }
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const { data, parentElement } = texts.currentNode;
        if (!isShown(parentElement) || parentElement.closest('bdi, dd, .label, pre, script, style')) continue;
        for (const { 0: word, index } of data.matchAll(/(?<!@\\S*)[\\p{Script=Latin}]{2,}/gu)) {
            const range = document.createRange();
            range.setStart(texts.currentNode, index);
            range.setEnd(texts.currentNode, index + word.length);
            const tops = new Set([...range.getClientRects()].map(({ top }) => top));
            if (tops.size > 1) faults.push(`broken: ${word}`);
        }
    }
    const seen = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
        .filter(isShown).map((element) => [element, element.getClientRects()[0]]).filter(([, first]) => first?.width && first?.height);
    seen.forEach(([element, later], index) => {
        const [before, earlier] = seen[index - 1] ?? [element];
        if (before.contains(element)) return;
        const isAbove = later.bottom <= earlier.top + 1;
        const isInLine = later.top < earlier.bottom - 1 && later.bottom > earlier.top + 1;
        if (isAbove || isInLine && later.right <= earlier.left + 1) faults.push(`${name(element)} stands before ${name(before)}`);
    });
    return faults; })()";

/// On the narrowest screen, on a phone, and on a phone with text of twice the size, where the browser
/// stays.
pub(crate) async fn is_well_laid_out(browser: &Browser, page: &str) {
    for (screen, size) in [
        (Screen::NARROWEST, "100%"),
        (FIRST_SCREEN, "100%"),
        (FIRST_SCREEN, "200%"),
    ] {
        is_well_laid_out_at(browser, page, screen, size).await;
    }
}

async fn is_well_laid_out_at(browser: &Browser, page: &str, screen: Screen, size: &str) {
    browser.screen(screen).await;
    let enlarge = format!("document.documentElement.style.fontSize = '{size}'");
    browser.value(&enlarge).await;
    let faults = browser.value(FAULTS).await;
    assert_eq!(faults, json!([]), "{page} at {}, {size}", screen.width);
}

/// The longest words of all languages. English has more screens above, and `tools::languages` has
/// them for the others.
#[tokio::test]
async fn narrowest_screen_fits_every_language() {
    let browser = Browser::start().await;
    for lang in Lang::ALL.into_iter().filter(|lang| *lang != Lang::En) {
        for (name, html) in gallery::pages(lang) {
            let name = format!("{name}.{}", lang.tag());
            browser
                .open(&super::accessibility::written(&name, &html))
                .await;
            is_well_laid_out_at(&browser, &name, Screen::NARROWEST, "100%").await;
        }
    }
    browser.end(&[]).await;
}

#[tokio::test]
async fn a_page_that_is_badly_laid_out_is_noticed() {
    let browser = Browser::start().await;
    let wide = "<p style=width:500px>wide</p>";
    let broken = "<p style='width:2em;overflow-wrap:anywhere'>Werkzeugmaschinen</p>";
    let reversed = "<p style=display:flex;flex-direction:column-reverse><a href=#1>one</a><a href=#2>two</a></p>";
    let swapped = "<p style=display:flex><a href=#1 style=order:1>one</a><a href=#2>two</a></p>";
    let cut = "<p style=overflow:hidden;width:2em;white-space:nowrap>cut off</p>";
    let joined = "<p style=display:flex>Contact <bdi>Anna</bdi></p>";
    for (markup, expected) in [
        (wide, "over the edge: wide"),
        (broken, "broken: Werkzeugmaschinen"),
        (reversed, "two stands before one"),
        (swapped, "two stands before one"),
        (cut, "cut: cut off"),
        (joined, "without its blanks: Contact Anna"),
    ] {
        let page = format!("<!doctype html><title>x</title>{markup}");
        browser
            .open(&super::accessibility::written("bad-layout", &page))
            .await;
        browser.screen(Screen::NARROWEST).await;
        let faults = browser.value(FAULTS).await;
        let mut faults = faults.as_array().unwrap().iter();
        assert!(
            faults.any(|fault| fault == expected),
            "{markup}: {faults:?}"
        );
    }
    browser.end(&[]).await;
}

/// What opens the fields moves the button below them, in the document as on the screen.
#[tokio::test]
async fn opened_fields_are_well_laid_out() {
    let browser = Browser::start().await;
    let pages = gallery::pages(Lang::En);
    for page in ["company", "join"] {
        let (_, html) = pages.iter().find(|(name, _)| name == page).unwrap();
        browser
            .open(&super::accessibility::written(page, html))
            .await;
        browser.press("form summary").await;
        let order = "document.querySelector('form details').nextElementSibling.matches('#problems, .create')";
        browser.becomes(order, &true.into()).await;
        is_well_laid_out(&browser, page).await;
    }
    browser.end(&[]).await;
}
