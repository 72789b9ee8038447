//! The journey from the link of the e-mail to the welcome page, and in which language, over both
//! stores.

use local::{mailbox::Mail, signin::NewPerson, stack::Stack};
use reqwest::Method;
use scraper::{Html, Selector};
use serde_json::{Value, json};
use support::{
    KNOWN, Store, UNKNOWN, company_form, email_to,
    inside::{self, Inside},
    invitation, invite, invite_known, link, over_both_stores,
    people::Acts,
    second_account_for, start, whole_journey,
};
use time::{OffsetDateTime, macros::datetime};

over_both_stores! {
    known_account_reaches_the_welcome_page
    new_account_reaches_the_welcome_page
    a_mail_in_chinese_leads_to_pages_in_chinese
    returning_account_goes_on_to_welcome
    returning_half_way_leads_to_the_company_form
    another_account_sees_the_invitation_as_used
    the_language_that_was_chosen_stays_to_the_end
    language_chosen_on_company_page_is_kept
    stale_tab_sees_the_completed_state
}

/// The link on a line of its own in the text part; the HTML part has it too.
fn link_in(mail: &Mail) -> String {
    let link = mail
        .text
        .lines()
        .find(|line| line.contains("/api/InviteUser?invitationId="))
        .unwrap()
        .trim()
        .to_owned();
    assert!(
        mail.html.contains(&format!("href=\"{link}\"")),
        "{}",
        mail.html
    );
    link
}

async fn mail_to(stack: &Stack, address: &str) -> Mail {
    email_to(stack, address).await
}

async fn known_account_reaches_the_welcome_page(store: Store) {
    let stack = start(store).await;
    let created = invite(&stack, &invitation(KNOWN, "Anna", "Meier")).await;
    let mail = mail_to(&stack, KNOWN).await;
    for part in [mail.text.clone(), mail.decoded_html()] {
        assert!(
            part.contains("Hello Anna,")
                && part.contains("Thomas Keller from GFMS")
                && part.contains("Get started now"),
            "{part}"
        );
        assert!(part.contains("works until "), "it says until when: {part}");
    }
    let link = link_in(&mail);
    assert_eq!(created["link"], link.as_str());

    let mut anna = stack.person().unwrap();
    let page = anna.opens(&link).await;
    assert_eq!(
        (page.status.as_u16(), page.title().as_str()),
        (200, "You are invited to My rConnect")
    );
    assert!(
        page.text("main")
            .unwrap()
            .contains("Thomas Keller from GFMS has invited you to My rConnect.")
    );
    assert!(
        !page.body.replace("<wbr>", "").contains(KNOWN),
        "the mailbox is masked for everyone who opens the link"
    );
    let form = company_form(&mut anna, &stack, &link).await;
    assert_eq!(form.text("#email").unwrap(), KNOWN);
    assert_eq!(
        form.attribute("[name=companyName]", "value").unwrap(),
        "Meier Präzision AG"
    );
    let welcome = anna.presses(&form, "#create-company", &[]).await;
    assert_eq!(welcome.status, 303);
    let welcome = anna.opens(&welcome.location().unwrap()).await;
    assert_eq!(
        (welcome.status.as_u16(), welcome.title().as_str()),
        (200, "Welcome, Anna!")
    );
    assert!(welcome.has("#open-platform") && welcome.body.contains("Connect a machine"));
}

async fn new_account_reaches_the_welcome_page(store: Store) {
    let stack = start(store).await;
    invite(&stack, &invitation(UNKNOWN, "Ben", "Carter")).await;
    let link = link_in(&mail_to(&stack, UNKNOWN).await);
    let mut ben = stack.person().unwrap();
    let page = ben.opens(&link).await;
    let authorize = ben
        .presses(&page, "#sign-up", &[])
        .await
        .location()
        .unwrap();
    assert!(authorize.contains("prompt=create"), "{authorize}");

    let new = NewPerson {
        email: UNKNOWN,
        name: "Ben Carter",
    };
    let callback = ben
        .sign_up(&link, &stack.sign_in, new, &stack.mailbox)
        .await
        .unwrap();
    assert_eq!(
        stack.mailbox.mails_to(UNKNOWN).len(),
        2,
        "the invitation and the code"
    );
    let form = ben.opens(&callback.location().unwrap()).await;
    let welcome = ben
        .presses(&form, "#create-company", &[])
        .await
        .location()
        .unwrap();
    assert_eq!(ben.opens(&welcome).await.title(), "Welcome, Ben!");
}

async fn a_mail_in_chinese_leads_to_pages_in_chinese(store: Store) {
    let stack = start(store).await;
    let mut posted = invitation(KNOWN, "怡君", "陳");
    posted["recipient"]["locale"] = "zh-TW".into();
    posted["inviter"]["name"] = "林志明".into();
    invite(&stack, &posted).await;
    let mail = mail_to(&stack, KNOWN).await;
    assert!(mail.subject.contains("邀請"), "{}", mail.subject);
    for part in [mail.text.clone(), mail.decoded_html()] {
        assert!(
            part.contains("怡君")
                && part.contains("林志明")
                && part.contains("GFMS")
                && part.contains("立即開始"),
            "{part}"
        );
    }
    let mut yijun = stack.person().unwrap();
    yijun
        .headers
        .push(("accept-language", "en-GB,en;q=0.8".to_owned()));
    let link = link_in(&mail);
    let page = yijun.opens(&link).await;
    assert_eq!(
        (
            page.attribute("html", "lang").unwrap().as_str(),
            page.title().as_str()
        ),
        ("zh-Hant", "邀請您加入 My rConnect")
    );
    let form = company_form(&mut yijun, &stack, &link).await;
    assert_eq!(form.title(), "請確認貴公司資料");
    let welcome = yijun
        .presses(&form, "#create-company", &[])
        .await
        .location()
        .unwrap();
    assert_eq!(yijun.opens(&welcome).await.title(), "陳怡君，歡迎您！");
}

async fn returning_account_goes_on_to_welcome(store: Store) {
    let stack = start(store).await;
    let link = invite_known(&stack).await;
    let mut anna = stack.person().unwrap();
    let form = company_form(&mut anna, &stack, &link).await;
    let renamed = [("companyName", "Meier Werkzeuge AG")];
    let created = anna.presses(&form, "#create-company", &renamed).await;
    assert_eq!(created.status, 303);
    let mut later = stack.person().unwrap();
    let page = later.opens(&link).await;
    assert_eq!(
        (page.status.as_u16(), page.title().as_str()),
        (200, "You are all set")
    );
    assert!(
        page.body.contains("Meier Werkzeuge AG") && !page.body.contains("Meier Präzision AG"),
        "the company as it was confirmed"
    );
    assert_eq!(page.text("#get-started").unwrap(), "Sign in to My rConnect");
    let callback = later.signs_in(&link, &stack.sign_in, KNOWN).await;
    let company = later.opens(&callback.location().unwrap()).await;
    let welcome = later.opens(&company.location().unwrap()).await;
    assert_eq!(
        (welcome.status.as_u16(), welcome.title().as_str()),
        (200, "Welcome, Anna!")
    );
}

async fn returning_half_way_leads_to_the_company_form(store: Store) {
    let stack = start(store).await;
    let link = invite_known(&stack).await;
    company_form(&mut stack.person().unwrap(), &stack, &link).await;
    let mut later = stack.person().unwrap();
    assert_eq!(later.opens(&link).await.title(), "Welcome back");
    assert_eq!(
        whole_journey(&mut later, &stack, &link).await.title(),
        "Welcome, Anna!"
    );
}

async fn another_account_sees_the_invitation_as_used(store: Store) {
    let stack = start(store).await;
    let (link, other) = (
        invite_known(&stack).await,
        second_account_for(&stack, KNOWN),
    );
    company_form(&mut stack.person().unwrap(), &stack, &link).await;
    is_refused(&stack, &link, &other).await;
    whole_journey(&mut stack.person().unwrap(), &stack, &link).await;
    is_refused(&stack, &link, &other).await;
}

async fn is_refused(stack: &Stack, link: &str, other: &str) {
    let mut stranger = stack.person().unwrap();
    let refused = stranger.signs_in(link, &stack.sign_in, other).await;
    assert_eq!(
        (refused.status.as_u16(), refused.title().as_str()),
        (403, "This invitation is already in use")
    );
    let main = refused.text("main").unwrap();
    for part in [other, "Accepted", "a work or school account"] {
        assert!(main.contains(part), "{part}: {main}");
    }
    assert_eq!(
        refused.text("main button.primary").unwrap(),
        "Sign in with that account"
    );
    let reopened = in_german(&mut stranger, &refused).await;
    assert_eq!(reopened.status, 200);
    assert_eq!(reopened.title(), "Diese Einladung wird bereits verwendet");
    assert!(!stranger.cookies.keys().any(|name| name.contains("session")));
    for page in ["/api/CreateCompany", "/api/Welcome"] {
        assert_eq!(stranger.opens(page).await.status, 401, "{page}");
    }
}

/// What the pages of a journey say their language is.
async fn languages(store: Store, at_the_link: &str, at_the_company: &str) -> [String; 3] {
    let stack = start(store).await;
    let link = invite_known(&stack).await;
    let mut anna = stack.person().unwrap();
    anna.headers.push(("accept-language", "zh-TW".to_owned()));
    let lang = |page: &local::browser::Page| page.attribute("html", "lang").unwrap();
    let page = anna.opens(&format!("{link}{at_the_link}")).await;
    let authorize = anna
        .presses(&page, "#get-started", &[])
        .await
        .location()
        .unwrap();
    let back = anna.signs_in_at(&stack.sign_in, &authorize, KNOWN).await;
    let company = anna.opens(&back).await.location().unwrap();
    let form = anna.opens(&format!("{company}{at_the_company}")).await;
    let welcome = anna
        .presses(&form, "#create-company", &[])
        .await
        .location()
        .unwrap();
    let welcome = anna.opens(&welcome).await;
    [lang(&page), lang(&form), lang(&welcome)]
}

async fn the_language_that_was_chosen_stays_to_the_end(store: Store) {
    assert_eq!(languages(store, "&lang=en", "").await, ["en", "en", "en"]);
    assert_eq!(
        languages(store, "", "").await,
        ["zh-Hant", "zh-Hant", "zh-Hant"]
    );
}

async fn language_chosen_on_company_page_is_kept(store: Store) {
    assert_eq!(
        languages(store, "", "&lang=en").await,
        ["zh-Hant", "en", "en"]
    );
}

async fn stale_tab_sees_the_completed_state(store: Store) {
    let stack = start(store).await;
    let link = invite_known(&stack).await;
    let mut anna = stack.person().unwrap();
    let old_invitation = anna.opens(&link).await;
    let old_form = company_form(&mut anna, &stack, &link).await;
    whole_journey(&mut anna, &stack, &link).await;
    let pressed = anna
        .presses(
            &old_form,
            "#create-company",
            &[("companyName", "Another AG")],
        )
        .await;
    let welcome = anna.opens(&pressed.location().unwrap()).await;
    assert!(
        welcome.text("main").unwrap().contains("Meier Präzision AG"),
        "the company is the one that was created"
    );
    assert_eq!(
        anna.presses(&old_invitation, "#get-started", &[])
            .await
            .status,
        303,
        "the sign-in leads there too"
    );
}

/// Which language the page of an invitation is in.
async fn shown_in(stack: &Stack, link: &str, chosen: &str, accept: &str) -> String {
    let mut visitor = stack.person().unwrap();
    visitor.headers.push(("accept-language", accept.to_owned()));
    let page = visitor.opens(&format!("{link}{chosen}")).await;
    page.attribute("html", "lang").unwrap()
}

#[tokio::test]
async fn language_order_is_choice_invitation_browser() {
    let stack = start(Store::Embedded).await;
    let with_locale = async |locale: Value| {
        let mut posted = invitation(KNOWN, "Anna", "Meier");
        posted["recipient"]["locale"] = locale;
        posted["sendEmail"] = json!(false);
        link(&invite(&stack, &posted).await)
    };
    let (none, chinese, unspoken) = (
        with_locale(json!(null)).await,
        with_locale("zh-Hant".into()).await,
        with_locale("pt-BR".into()).await,
    );
    for (link, chosen, accept, expected) in [
        (&none, "", "", "en"),
        (&none, "", "zh-TW,en;q=0.5", "zh-Hant"),
        (&none, "", "pt,zh-Hant;q=0.4,en;q=0.3", "zh-Hant"),
        (&none, "", "zh-TW;q=NaN,;;,", "en"),
        (&none, "&lang=en", "zh-TW", "en"),
        (&none, "&lang=xx", "zh-TW", "zh-Hant"),
        (&chinese, "", "en", "zh-Hant"),
        (&chinese, "&lang=en", "zh-TW", "en"),
        (&unspoken, "", "zh-TW", "zh-Hant"),
        (&unspoken, "", "", "en"),
    ] {
        assert_eq!(
            shown_in(&stack, link, chosen, accept).await,
            expected,
            "{chosen} {accept}"
        );
    }
}

#[tokio::test]
async fn every_page_offers_the_other_languages_for_itself() {
    let stack = start(Store::Embedded).await;
    let link = invite_known(&stack).await;
    let mut anna = stack.person().unwrap();
    let page = anna.opens(&link).await;
    let chinese = page.attribute("nav a[lang=zh-Hant]", "href").unwrap();
    let page = anna.opens(&chinese).await;
    assert_eq!(
        (page.status.as_u16(), page.title().as_str()),
        (200, "邀請您加入 My rConnect")
    );
    let english = page.attribute("nav a[lang=en]", "href").unwrap();
    assert_eq!(
        anna.opens(&english).await.title(),
        "You are invited to My rConnect"
    );
}

/// The language links of a page that stops the journey, followed to German: title and status there,
/// and the page itself.
async fn in_german(
    person: &mut local::browser::ScriptedBrowser,
    page: &local::browser::Page,
) -> local::browser::Page {
    assert_eq!(
        page.headers["content-language"],
        page.attribute("html", "lang").unwrap().as_str()
    );
    let german = page.attribute("nav a[lang=de]", "href").unwrap();
    let page = person.opens(&german).await;
    assert_eq!(
        (
            page.attribute("html", "lang").unwrap().as_str(),
            &page.headers["content-language"]
        ),
        ("de", &"de".parse().unwrap())
    );
    page
}

#[tokio::test]
async fn error_pages_use_the_chosen_language() {
    let stack = start(Store::Embedded).await;
    let mut anna = stack.person().unwrap();
    for (address, status, title) in [
        (
            "/api/InviteUser?invitationId=7c9e6679-7425-40de-944b-e07fc1f90ae7",
            404,
            "Wir können diese Einladung nicht finden",
        ),
        ("/api/InviteUser", 400, "Dieser Link ist unvollständig"),
        (
            "/api/CreateCompany",
            401,
            "Ihre Anmeldung ist uns verloren gegangen",
        ),
        (
            "/api/AcceptCallback?code=1&state=2",
            400,
            "Bitte melden Sie sich neu an",
        ),
    ] {
        let page = anna.opens(address).await;
        assert_eq!(page.status, status, "{address}");
        let german = in_german(&mut anna, &page).await;
        assert_eq!(
            (german.status.as_u16(), german.title().as_str()),
            (200, title),
            "{address}: a page that is shown again is no error"
        );
    }
}

/// What the first page offers is offered in German too, wherever it came from.
#[tokio::test]
async fn page_that_is_shown_again_offers_the_same() {
    let stack = start(Store::Embedded).await;
    let link = invite_known(&stack).await;
    let mut anna = stack.person().unwrap();
    let callback = anna.signs_in(&link, &stack.sign_in, KNOWN).await;
    let form = anna.opens(&callback.location().unwrap()).await;
    let mut lost = anna.clone();
    lost.cookies.clear();
    let lost_page = lost.presses(&form, "#create-company", &[]).await;
    let refused = [("token", "made up")];
    let refused_page = anna.presses(&form, "#create-company", &refused).await;
    let cases = [
        (
            "a lost session",
            lost_page,
            "button.primary",
            "CreateCompany",
        ),
        ("a refused form", refused_page, "a.primary", "CreateCompany"),
    ];
    for (case, page, button, leads_to) in cases {
        assert!(page.has(&format!("main {button}")), "{case}: {}", page.body);
        let german = in_german(&mut lost, &page).await;
        assert_eq!(german.status, 200, "{case}");
        assert!(
            german.has(&format!("main {button}")),
            "{case}: {}",
            german.body
        );
        if button.starts_with('a') {
            let href = german.attribute("main a.primary", "href").unwrap();
            assert!(href.contains(leads_to), "{case}: {href}");
        }
    }
}

/// Two sign-ins were begun in one browser, and neither was finished.
#[tokio::test]
async fn lost_session_leads_on_for_its_own_invitation() {
    let stack = start(Store::Embedded).await;
    let mut anna = stack.person().unwrap();
    let mailboxes = [KNOWN, "beat@example.com"];
    let mut ids = Vec::new();
    for mailbox in mailboxes {
        let created = invite(&stack, &invitation(mailbox, "Anna", "Meier")).await;
        anna.get_started(&link(&created)).await.unwrap();
        ids.push(created["id"].as_str().unwrap().to_owned());
    }
    for (id, mailbox) in ids.iter().zip(mailboxes) {
        let lost = anna.opens(&format!("/api/Welcome?invitation={id}")).await;
        assert_eq!(lost.status, 401);
        let again = anna
            .clone()
            .presses(&lost, "main button.primary", &[])
            .await;
        let authorize = url::Url::parse(&again.location().unwrap()).unwrap();
        let hint = authorize
            .query_pairs()
            .find(|(name, _)| name == "login_hint");
        assert_eq!(hint.unwrap().1, mailbox);
    }
    // Which of the two is meant is not guessed.
    assert!(!anna.opens("/api/Welcome").await.has("main button.primary"));
}

/// The address of the last page is what people keep. It names the invitation one-way.
#[tokio::test]
async fn kept_welcome_page_without_cookies_leads_to_the_platform() {
    let stack = start(Store::Embedded).await;
    let link = invite_known(&stack).await;
    let mut anna = stack.person().unwrap();
    let welcome = whole_journey(&mut anna, &stack, &link).await;
    let open = welcome.text("#open-platform").unwrap();
    let mut later = stack.person().unwrap();
    for (function, leads_on) in [("Welcome", true), ("CreateCompany", false)] {
        let id = support::table::link_of(&link).id();
        let page = later
            .opens(&format!("/api/{function}?invitation={id}"))
            .await;
        assert_eq!(page.status, 401);
        assert_eq!(page.title(), "We have lost your sign-in");
        let main = page.text("main").unwrap();
        assert!(
            main.contains("open the link in your invitation e-mail"),
            "{main}"
        );
        assert!(!main.contains("still valid"), "it is not known: {main}");
        let button = page.text("main a.primary").unwrap();
        assert_eq!(button == open, leads_on, "{function}: {button}");
        assert!(!page.text("[aria-current=step]").unwrap().is_empty());
    }
}

/// Both tabs are read before either is done, or one after the other: one company, and whoever typed
/// the other one reads that it was not saved.
#[tokio::test]
async fn two_tabs_pressed_at_once_drop_nothing_in_silence() {
    let stack = start(Store::Azurite).await;
    for round in 0..4 {
        let mailbox = format!("anna{round}@example.com");
        let account = local::signin::Account::personal(&mailbox, "Anna Meier");
        stack.sign_in.add_account(account);
        let mut posted = invitation(&mailbox, "Anna", "Meier");
        posted["company"]["customerNumber"] = format!("T-{round}").into();
        let link = link(&invite(&stack, &posted).await);
        let mut anna = stack.person().unwrap();
        let back = anna.signs_in(&link, &stack.sign_in, &mailbox).await;
        let form = anna.opens(&back.location().unwrap()).await;
        let names = ["One AG", "Two AG"];
        let pressed = names.map(|name| {
            let (mut tab, form) = (anna.clone(), form.clone());
            async move {
                let changes = [("companyName", name)];
                let pressed = tab.presses(&form, "#create-company", &changes).await;
                pressed.location().unwrap()
            }
        });
        let pressed = futures::future::join_all(pressed).await;
        let unsaved = pressed.iter().filter(|there| there.contains("unsaved="));
        assert_eq!(unsaved.count(), 1, "{pressed:?}");
        for (name, there) in names.iter().zip(&pressed) {
            let welcome = anna.clone().opens(there).await;
            let lead = welcome.text("main .lead").unwrap();
            assert_eq!(lead.contains(name), !there.contains("unsaved="), "{lead}");
        }
    }
}

/// The invitation was sent again while its page was open in German.
#[tokio::test]
async fn page_shown_again_follows_the_invitation() {
    const START: OffsetDateTime = datetime!(2026-11-22 12:00 UTC);
    let inside = Inside::start(Store::Embedded, START, &[]).await;
    let mut posted = invitation(KNOWN, "Anna", "Meier");
    posted["sendEmail"] = false.into();
    let (link, id) = inside.invite(&posted).await;
    inside.wait(time::Duration::days(40));
    let path = format!("/api/InviteUser?invitationId={}", link.reveal());
    let (status, expired) = inside::page(&inside.app, &path, "").await;
    assert_eq!(status, 410);
    let expired = Html::parse_document(&expired);
    let german = Selector::parse("nav a[lang=de]").unwrap();
    let german = expired
        .select(&german)
        .next()
        .unwrap()
        .attr("href")
        .unwrap();
    assert_eq!(inside::page(&inside.app, german, "").await.0, 200);
    let resend = format!("/api/Invitations/{id}/resend");
    let quietly = json!({"sendEmail": false});
    let (status, _) = inside.call(Method::POST, &resend, &quietly).await;
    assert_eq!(status, 200);
    let (status, _) = inside::page(&inside.app, german, "").await;
    assert_eq!(status, 303, "the invitation can be used again");
}

#[tokio::test]
async fn sign_in_result_can_change_language() {
    let stack = start(Store::Embedded).await;
    let link = invite_known(&stack).await;
    let mut anna = stack.person().unwrap();
    for (error, status, title) in [
        ("access_denied", 403, "Sie sind noch nicht angemeldet"),
        (
            "server_error",
            503,
            "Bitte versuchen Sie es gleich noch einmal",
        ),
        ("something_new", 400, "Sie sind noch nicht angemeldet"),
    ] {
        let authorize = anna.get_started(&link).await.unwrap();
        let state = url::Url::parse(&authorize)
            .unwrap()
            .query_pairs()
            .find(|(name, _)| name == "state")
            .unwrap()
            .1
            .into_owned();
        let answer: String = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs([("state", state.as_str()), ("error", error)])
            .finish();
        let declined = anna.opens(&format!("/api/AcceptCallback?{answer}")).await;
        assert_eq!(declined.status, status, "{error}");
        let german = in_german(&mut anna, &declined).await;
        assert_eq!(
            (german.status.as_u16(), german.title().as_str()),
            (200, title),
            "a page that is shown again is no error"
        );
        assert!(german.has(".steps [aria-current=step]"), "{error}");
        assert!(!german.headers.contains_key("retry-after"));
        assert!(
            !german.body.contains(link.split('=').next_back().unwrap()),
            "the link is not shown"
        );
        let again = anna.presses(&german, "main button.primary", &[]).await;
        let back = stack
            .sign_in
            .sign_in_as(anna.http(), &again.location().unwrap(), KNOWN)
            .await
            .unwrap();
        let company = anna.opens(&back).await.location().unwrap();
        assert_eq!(
            anna.opens(&company).await.title(),
            "Prüfen Sie Ihre Firmendaten",
            "the language stays"
        );
    }
}

#[tokio::test]
async fn refused_form_keeps_the_chosen_language() {
    let stack = start(Store::Embedded).await;
    let link = invite_known(&stack).await;
    let mut anna = stack.person().unwrap();
    let page = anna.opens(&link).await;
    let refused = anna
        .presses(&page, "#get-started", &[("token", "made up")])
        .await;
    assert_eq!(
        (refused.status.as_u16(), refused.title().as_str()),
        (403, "Please start again from here")
    );
    let german = in_german(&mut anna, &refused).await;
    assert_eq!(german.title(), "Bitte beginnen Sie hier noch einmal");
    let again = german.attribute("main a.primary", "href").unwrap();
    let invitation = anna.opens(&again).await;
    assert_eq!(invitation.title(), "Ihre Einladung zu My rConnect");
}
