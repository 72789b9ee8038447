//! Websites: the address that is kept, and the one that people read.

use percent_encoding::percent_decode_str;
use url::{Host, Url};

use super::normal_form::narrow;
use crate::text;

/// A public website: http or https, a host name with a dot, no user and password.
pub(super) fn normal_form(value: &str) -> Option<String> {
    if value.contains([' ', '\\']) {
        return None;
    }
    let (scheme, host, rest) = parts(value);
    if host.contains(text::is_foreign_punctuation) {
        return None;
    }
    // Joiners belong to some names; elsewhere than there, they come along when people paste.
    let without_joiners: String = host.chars().filter(|c| !text::is_joiner(*c)).collect();
    [host, without_joiners]
        .into_iter()
        .find_map(|host| public_url(&format!("{scheme}{host}{rest}")))
        .map(String::from)
}

/// As [`narrow`]; after a full-width letter or digit, the long vowel mark is a hyphen, which has the
/// same key.
fn narrow_after((before, c): (char, char)) -> char {
    let follows_full_width = !before.is_ascii() && narrow(before).is_ascii_alphanumeric();
    if c == '\u{30fc}' && follows_full_width {
        '-'
    } else {
        narrow(c)
    }
}

/// The scheme, the host with what stands beside it, and the rest. The first two in ASCII where they
/// were typed in full width; UTS 46 maps the other characters of the host; the rest is kept as it
/// was typed.
fn parts(value: &str) -> (String, String, String) {
    let before = std::iter::once(' ').chain(value.chars());
    let narrowed: String = before.zip(value.chars()).map(narrow_after).collect();
    let given = ["https://", "http://"].into_iter().find(|scheme| {
        let start = narrowed.get(..scheme.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    });
    let after_scheme = &narrowed[given.map_or(0, str::len)..];
    let address = after_scheme.trim_start_matches('/');
    let end = address.find(['/', '?', '#']).unwrap_or(address.len());
    let (host, path) = address.split_at(end);
    // The separator may be full-width, too; what follows it stays as typed.
    let separator: String = path.chars().take(1).collect();
    let kept = path.chars().count().saturating_sub(1);
    let skipped = value.chars().count() - kept;
    let rest = separator.chars().chain(value.chars().skip(skipped));
    let scheme = given.unwrap_or("https://");
    (scheme.to_owned(), host.to_owned(), rest.collect())
}

fn public_url(address: &str) -> Option<Url> {
    let url = Url::parse(address).ok()?;
    let is_public = matches!(url.host(), Some(Host::Domain(host)) if is_host_name(host));
    let has_credentials = !url.username().is_empty() || url.password().is_some();
    (is_public && !has_credentials).then_some(url)
}

/// Labels separated by dots, each of at most 63 letters, digits, hyphens and underscores, which
/// some hosts have (RFC 1035, 2.3.4; RFC 2181, 11).
fn is_host_name(host: &str) -> bool {
    let is_label = |label: &str| {
        let allowed = label
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        (1..=63).contains(&label.len())
            && allowed
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    host.contains('.') && host.len() <= 253 && host.split('.').all(is_label)
}

/// `www.example.com` for `https://www.example.com/`, with characters beyond ASCII as they are
/// written.
pub(super) fn readable(address: &str) -> String {
    let is_same = |written: &String| normal_form(written).as_deref() == Some(address);
    let unicode = with_unicode_host(address);
    [
        unicode.as_deref().map(decoded),
        unicode,
        Some(address.to_owned()),
    ]
    .into_iter()
    .flatten()
    .map(|address| without_scheme(&address))
    .find(is_same)
    .unwrap_or_else(|| address.to_owned())
}

fn with_unicode_host(address: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    let (host, _) = idna::domain_to_unicode(url.host_str()?);
    Some(address.replacen(url.host_str()?, &host, 1))
}

fn without_scheme(address: &str) -> String {
    let (scheme, rest) = address.split_once("://").unwrap_or(("https", address));
    let host_alone = rest
        .strip_suffix('/')
        .filter(|host| !host.contains(['/', '?', '#']));
    let rest = host_alone.unwrap_or(rest);
    if scheme == "https" {
        rest.to_owned()
    } else {
        format!("{scheme}://{rest}")
    }
}

/// With percent-encoded characters beyond ASCII as they are written, if they can be seen.
fn decoded(address: &str) -> String {
    let mut written = String::new();
    let mut rest = address;
    while let Some(start) = rest.find('%') {
        written.push_str(&rest[..start]);
        let (sign, after) = rest[start..].split_at(1);
        let (encoded, after) = match encoded_length(&rest[start..]) {
            0 => (sign, after),
            length => rest[start..].split_at(length),
        };
        let characters = percent_decode_str(encoded).decode_utf8();
        let visible = characters.ok().filter(|text| text.chars().all(is_visible));
        written.push_str(visible.as_deref().unwrap_or(encoded));
        rest = after;
    }
    written + rest
}

/// The length of the percent-encoded bytes beyond ASCII with which the text begins.
fn encoded_length(text: &str) -> usize {
    let is_encoded = |three: &&[u8]| matches!(three, [b'%', b'8' | b'9' | b'A'..=b'F', low] if low.is_ascii_hexdigit());
    let (triples, _) = text.as_bytes().as_chunks::<3>();
    3 * triples
        .iter()
        .map(<[u8; 3]>::as_slice)
        .take_while(is_encoded)
        .count()
}

fn is_visible(c: char) -> bool {
    !text::shows_nothing(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn websites_are_written_without_what_browsers_add() {
        for (kept, written) in [
            ("https://www.example.com/", "www.example.com"),
            ("https://example.com/de/shop", "example.com/de/shop"),
            ("https://example.com/de/", "example.com/de/"),
            ("http://example.com/", "http://example.com"),
            ("https://xn--mller-kva.example/", "müller.example"),
            (
                "https://example.com/?a=https://x/",
                "example.com/?a=https://x/",
            ),
            (
                "https://xn--zck5b0gb.jp/%E5%87%BA?q=%EF%BC%91%20%2F#%E2%80%93",
                "スーパー.jp/出?q=１%20%2F#–",
            ),
            ("https://a.jp/%E3%80%80%E5%87%BA", "a.jp/%E3%80%80%E5%87%BA"),
            ("https://a.jp/%E3%80%8E%FF%", "a.jp/%E3%80%8E%FF%"),
            ("https://a.jp/%e5%87%ba", "a.jp/%e5%87%ba"),
        ] {
            assert_eq!(readable(kept), written);
        }
    }
}
