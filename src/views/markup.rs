//! Untrusted names and texts, cleaned and escaped.

use std::{borrow::Cow, fmt};

use memchr::{memchr2, memchr3};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use crate::text::{Lang, format_expiry, is_invisible, needs_hour, remove_invisible, valid_until};

const MAX_DISPLAY_CHARS: usize = 100;

/// An untrusted name or text as one line: without invisible characters that change how others are
/// displayed, and at most 100 characters long.
pub fn clean(untrusted: &str) -> Cow<'_, str> {
    if is_clean(untrusted) {
        return Cow::Borrowed(untrusted);
    }
    let words = untrusted.split_whitespace();
    let text = truncate(
        words.flat_map(|word| word.chars().chain([' '])),
        MAX_DISPLAY_CHARS,
    );
    Cow::Owned(text.trim_end().to_owned())
}

/// Nearly all names are clean, and each page has a dozen.
fn is_clean(text: &str) -> bool {
    let mut before = ' ';
    let one_line = text.chars().all(|c| {
        let fits = match c {
            ' ' => before != ' ',
            _ => c.is_ascii_graphic() || !(is_invisible(c) || c.is_whitespace()),
        };
        before = c;
        fits
    });
    one_line && before != ' ' && text.len() <= MAX_DISPLAY_CHARS
}

/// As [`clean`], for a text of several lines, at most 2000 characters long.
pub(crate) fn clean_lines(untrusted: &str) -> String {
    truncate(untrusted.replace("\r\n", "\n").chars(), 2000)
        .trim()
        .to_owned()
}

fn truncate(characters: impl Iterator<Item = char>, max: usize) -> String {
    let mut visible = characters.filter(|c| *c == '\n' || !is_invisible(*c));
    let mut text: String = visible.by_ref().take(max).collect();
    if visible.any(|c| !c.is_whitespace()) {
        text.pop();
        text.push('…');
    }
    text
}

/// The address with only the first character of its local part: `a•••@example.com`; a local part of
/// one or two characters is hidden altogether. The domain lets the reader recognise the mailbox.
pub fn mask_email(address: &str) -> String {
    let address = clean(address);
    let (local, domain) = address.rsplit_once('@').unwrap_or((&address, ""));
    let mut characters = local.chars();
    characters.next();
    let initial = &local[..local.len() - characters.as_str().len()];
    let is_short = characters.nth(1).is_none();
    let at = if domain.is_empty() { "" } else { "@" };
    [if is_short { "" } else { initial }, "•••", at, domain].concat()
}

/// HTML that is not escaped again. Only the functions below create it, and they escape what is
/// untrusted, or say what their caller has escaped.
#[derive(Clone, Debug)]
pub(super) struct Markup(String);

impl fmt::Display for Markup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl askama::filters::HtmlSafe for Markup {}

/// Written as it is, without a formatter.
impl askama::FastWritable for Markup {
    fn write_into(&self, dest: &mut dyn fmt::Write, _: &dyn askama::Values) -> askama::Result<()> {
        Ok(dest.write_str(&self.0)?)
    }
}

/// The value of a quoted attribute, escaped where it is written: without a copy, and without a look
/// at each of the bytes of a long token.
pub(super) struct Attribute<T>(pub(super) T);

impl<T: AsRef<str>> fmt::Display for Attribute<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_escaped(f, self.0.as_ref())
    }
}

impl<T: AsRef<str>> askama::filters::HtmlSafe for Attribute<T> {}

impl<T: AsRef<str>> askama::FastWritable for Attribute<T> {
    fn write_into(&self, dest: &mut dyn fmt::Write, _: &dyn askama::Values) -> askama::Result<()> {
        Ok(write_escaped(dest, self.0.as_ref())?)
    }
}

/// A name from outside, cleaned and escaped where it is written.
pub(super) struct Name<T>(pub(super) T);

impl<T: AsRef<str>> fmt::Display for Name<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_escaped(f, &clean(self.0.as_ref()))
    }
}

impl<T: AsRef<str>> askama::filters::HtmlSafe for Name<T> {}

impl<T: AsRef<str>> askama::FastWritable for Name<T> {
    fn write_into(&self, dest: &mut dyn fmt::Write, _: &dyn askama::Values) -> askama::Result<()> {
        Ok(write_escaped(dest, &clean(self.0.as_ref()))?)
    }
}

impl Markup {
    /// The HTML.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// The links to a page in other languages, whose address was escaped.
    pub(super) fn of_languages(links: String) -> Self {
        Self(links)
    }

    /// A `data:` URI for an attribute in double quotes, in which `"` and `&` are encoded already.
    pub(super) fn data_uri(encoded: String) -> Self {
        debug_assert!(!encoded.contains(['"', '&']));
        Self(encoded)
    }
}

/// HTML whose untrusted parts were escaped by [`bdi`]. The blank beside a name, which a Latin name
/// needs, is dropped between Chinese or Japanese characters.
pub(super) fn sentence(html: String) -> Markup {
    Markup(close_up(html, ["<bdi>", "</bdi>"]))
}

/// The text without the blank beside a name, which begins and ends with these marks, between
/// Chinese or Japanese characters.
fn close_up(text: String, marks: [&str; 2]) -> String {
    if text.is_ascii() {
        return text;
    }
    let mut closed = String::with_capacity(text.len());
    for (index, part) in text.split(' ').enumerate() {
        if index > 0 && !meets_without_blank(&closed, part, marks) {
            closed.push(' ');
        }
        closed.push_str(part);
    }
    closed
}

/// Around a name in a plain text, until [`unmarked`]: characters that no text has (Unicode, 23.7).
const NAME_MARKS: [&str; 2] = ["\u{fdd0}", "\u{fdd1}"];

/// A name for a plain text, until that is [`unmarked`].
pub(crate) fn marked(name: &str) -> String {
    let [begin, end] = NAME_MARKS;
    format!("{begin}{name}{end}")
}

/// The text with its names as they are, without the blank beside them between Chinese or Japanese
/// characters.
pub(crate) fn unmarked(text: String) -> String {
    let mut text = close_up(text, NAME_MARKS);
    text.retain(|c| !matches!(c, '\u{fdd0}' | '\u{fdd1}'));
    text
}

/// A plain text with an untrusted name, cleaned.
pub(super) fn plain(text: fn(&str) -> String, untrusted: &str) -> String {
    let name = clean(untrusted);
    let ends = [name.chars().next(), name.chars().next_back()];
    if ends.into_iter().flatten().any(is_cjk) {
        unmarked(text(&marked(&name)))
    } else {
        text(&name)
    }
}

fn meets_without_blank(before: &str, after: &str, [begin, end]: [&str; 2]) -> bool {
    let (name, next_name) = (before.strip_suffix(end), after.strip_prefix(begin));
    if name.is_none() && next_name.is_none() {
        return false;
    }
    let last = name.unwrap_or(before).chars().next_back();
    let first = next_name.unwrap_or(after).chars().next();
    last.is_some_and(is_cjk) && first.is_some_and(is_cjk)
}

/// Whether it is written without blanks: Han, kana, full-width forms and their punctuation.
fn is_cjk(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}'
        | '\u{20000}'..='\u{3ffff}')
}

/// An untrusted name, isolated so that its writing direction does not affect the sentence.
pub(super) fn bdi(untrusted: &str) -> String {
    isolated(&clean(untrusted))
}

/// A value that is shown whole, isolated in its writing direction.
pub(super) fn breakable(untrusted: &str) -> String {
    isolated(&remove_invisible(untrusted))
}

fn isolated(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + 32);
    html.push_str("<bdi>");
    add_with_breaks(&mut html, text);
    html.push_str("</bdi>");
    html
}

/// A name or an address of e-mail as one line, as [`clean`].
pub(super) fn one_line(untrusted: &str) -> Markup {
    let mut html = String::with_capacity(untrusted.len() + 16);
    add_with_breaks(&mut html, &clean(untrusted));
    Markup(html)
}

/// Escaped; the long words of an address of e-mail or of a website have places to break, so that no
/// word is broken inside on a narrow screen.
fn add_with_breaks(html: &mut String, value: &str) {
    const LONG: usize = 20;
    if value.len() <= LONG {
        return escape_into(html, value);
    }
    for word in value.split_inclusive(' ') {
        if word.chars().count() > LONG && is_address(word) {
            add_breaks(html, word);
        } else {
            escape_into(html, word);
        }
    }
}

/// Whether it is an address of e-mail or of a website, and not a number with an abbreviation.
fn is_address(word: &str) -> bool {
    let mut labels = word.split('.');
    let mut before = labels.next().unwrap_or_default();
    word.contains(['@', '/'])
        || labels.any(|after| {
            let is_inside =
                before.ends_with(char::is_alphanumeric) && after.starts_with(char::is_alphanumeric);
            before = after;
            is_inside
        })
}

/// Escaped, with places to break before `@`, `.` and `?`, and after `/`.
fn add_breaks(html: &mut String, word: &str) {
    let mut done = 0;
    for (at, byte) in word.bytes().enumerate() {
        let place = match byte {
            b'@' | b'.' | b'?' => at,
            b'/' => at + 1,
            _ => continue,
        };
        if place > done && place < word.len() {
            escape_into(html, &word[done..place]);
            html.push_str("<wbr>");
            done = place;
        }
    }
    escape_into(html, &word[done..]);
}

/// A moment in UTC, which the script of the page writes in the zone of the browser.
pub(super) fn moment(at: OffsetDateTime, lang: Lang) -> String {
    let text = escape(&format_expiry(at, lang));
    format!("<time datetime={}>{text}</time>", rfc3339(at))
}

/// The same without the day.
pub(super) fn hour(at: OffsetDateTime, in_utc: &str) -> String {
    let text = escape(in_utc);
    format!("<time datetime={} data-hour>{text}</time>", rfc3339(at))
}

/// Until when something works, as a [`moment`] where the hour matters.
pub(super) fn until(expires: OffsetDateTime, now: OffsetDateTime, lang: Lang) -> String {
    if needs_hour(expires, now) {
        moment(expires, lang)
    } else {
        escape(&valid_until(expires, now, lang))
    }
}

/// The same as a sentence of its own.
pub(super) fn expiry(expires: OffsetDateTime, now: OffsetDateTime, lang: Lang) -> Markup {
    Markup(until(expires, now, lang))
}

/// For the attribute `datetime`. HTML takes no more than three digits of a second's fraction.
pub(super) fn rfc3339(at: OffsetDateTime) -> String {
    let second = at.truncate_to_second();
    second.format(&Rfc3339).unwrap_or_default()
}

/// Escapes for the content of an element and for a quoted attribute.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 16);
    escape_into(&mut escaped, text);
    escaped
}

fn escape_into(escaped: &mut String, text: &str) {
    // A `String` takes everything.
    let _ = write_escaped(escaped, text);
}

fn write_escaped(dest: &mut (impl fmt::Write + ?Sized), text: &str) -> fmt::Result {
    if is_long_and_plain(text.as_bytes()) {
        return dest.write_str(text);
    }
    let mut done = 0;
    for (at, byte) in text.bytes().enumerate() {
        if let Some(reference) = reference(byte) {
            dest.write_str(&text[done..at])?;
            dest.write_str(reference)?;
            done = at + 1;
        }
    }
    dest.write_str(&text[done..])
}

/// Whether nothing in a token or an address is to be escaped: faster than a look at each byte where
/// there are many.
fn is_long_and_plain(text: &[u8]) -> bool {
    const LONG: usize = 32;
    text.len() >= LONG
        && memchr3(b'&', b'<', b'>', text).is_none()
        && memchr2(b'"', b'\'', text).is_none()
}

/// The character reference of an ASCII character that HTML gives a meaning.
fn reference(byte: u8) -> Option<&'static str> {
    match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        b'"' => Some("&quot;"),
        b'\'' => Some("&#39;"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_chinese_name_stands_without_blanks() {
        let greeting = |name: &str| sentence(format!("聯絡 {} 您好", bdi(name))).to_string();
        assert_eq!(greeting("林志明"), "聯絡<bdi>林志明</bdi>您好");
        assert_eq!(greeting("Ann Lee"), "聯絡 <bdi>Ann Lee</bdi> 您好");
        assert_eq!(greeting("林 志明"), "聯絡<bdi>林 志明</bdi>您好");
        assert_eq!(sentence("某 某".to_owned()).to_string(), "某 某");
        let title = |name| plain(|name| format!("加入 {name}"), name);
        assert_eq!(title("永豐精密工業"), "加入永豐精密工業");
        assert_eq!(title("Meier AG"), "加入 Meier AG");
    }

    #[test]
    fn a_long_address_has_places_to_break() {
        let broken = |value: &str| one_line(value).to_string();
        assert_eq!(
            broken("anna.meier@meier-praezision.example"),
            "anna<wbr>.meier<wbr>@meier-praezision<wbr>.example"
        );
        assert_eq!(
            breakable("www.example.com/shop/a&b?c=1"),
            "<bdi>www<wbr>.example<wbr>.com/<wbr>shop/<wbr>a&amp;b<wbr>?c=1</bdi>"
        );
        assert_eq!(
            broken("/a/.b//long-enough-for-breaks/"),
            "/<wbr>a/<wbr>.b/<wbr>/<wbr>long-enough-for-breaks/"
        );
        for whole in [
            "a•••@example.com",
            "Donaudampfschifffahrtsgesellschaft",
            "Meier & Co.",
            "+41\u{a0}44\u{a0}668\u{a0}18\u{a0}00\u{a0}ext.\u{a0}1234",
            "Donaudampfschiffahrts-Ges.",
        ] {
            assert!(!broken(whole).contains("<wbr>"), "{whole}");
        }
    }

    proptest! {
        #[test]
        fn escaped_is_each_character_for_itself(text in "[a-c&<>\"'é]{0,8}|[a-c]{30,40}[&<>\"'é]{0,2}|.{0,60}") {
            let each = |c: char| match u8::try_from(c).ok().and_then(reference) {
                Some(reference) => reference.to_owned(),
                None => c.to_string(),
            };
            let expected: String = text.chars().map(each).collect();
            prop_assert_eq!(escape(&text), expected.clone());
            prop_assert_eq!(Attribute(&text).to_string(), expected);
        }

        #[test]
        fn a_clean_text_is_unchanged_by_cleaning(text in "[ -~é\u{200b}\u{a0}\t]{0,12}") {
            let cleaned = truncate(text.split_whitespace().flat_map(|word| word.chars().chain([' '])), MAX_DISPLAY_CHARS);
            prop_assert!(!is_clean(&text) || cleaned.trim_end() == text);
            prop_assert_eq!(clean(&text), cleaned.trim_end());
        }
    }
}
