//! The reference in the text for an IT department. It is sealed and names the invitation one-way,
//! so that it opens the page of the administrator and nothing else.

use url::Url;

use super::links;
use crate::{app::App, domain::invitation::InvitationId};

/// What a pass is sealed for.
const PURPOSE: &[&str] = &["pass"];
/// Nonce, id and tag, as base64url without padding.
const CHARACTERS: usize = 96;

/// A new pass; each is different.
#[must_use]
pub fn seal(app: &App, id: InvitationId) -> Option<String> {
    app.sealer().seal(PURPOSE, id.to_string().as_bytes())
}

/// The page of the administrator; `None` where the sign-in service knows no such approval.
#[must_use]
pub fn url(app: &App, id: InvitationId) -> Option<Url> {
    app.entra.takes_admin_consent().then_some(())?;
    let mut url = app.config.public.api(links::ADMIN_CONSENT);
    url.query_pairs_mut().append_pair("pass", &seal(app, id)?);
    Some(url)
}

/// The pass in a text that mail programs may have broken into lines, encoded as quoted-printable or
/// put punctuation after, and its invitation; `None` where no key opens one.
#[must_use]
pub fn find(app: &App, text: &str) -> Option<(String, InvitationId)> {
    let mut candidates = candidates(text).into_iter();
    candidates.find_map(|pass| open(app, &pass).map(|id| (pass, id)))
}

/// `3D` in front is what is left of `=3D`, or the first two characters.
fn candidates(text: &str) -> Vec<String> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let unbroken = text.replace('=', "");
    let without_equals_sign = ["3D", "3d"]
        .into_iter()
        .find_map(|encoded| unbroken.strip_prefix(encoded));
    [Some(&*unbroken), without_equals_sign]
        .into_iter()
        .flatten()
        .filter_map(cut)
        .collect()
}

fn cut(text: &str) -> Option<String> {
    let is_of_pass = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let pass: String = text
        .chars()
        .take_while(is_of_pass)
        .take(CHARACTERS)
        .collect();
    (pass.len() == CHARACTERS).then_some(pass)
}

fn open(app: &App, pass: &str) -> Option<InvitationId> {
    let id = app.sealer().open(PURPOSE, pass)?;
    std::str::from_utf8(&id).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pass_is_found_in_what_mail_programs_make_of_it() {
        let pass = "Aa0-_".repeat(20)[..CHARACTERS].to_owned();
        for (before, after) in [
            ("", ""),
            (" ", ">."),
            ("\u{a0}", ")"),
            ("", "\r\n"),
            ("", "_."),
            ("3D", ""),
            ("=3D", ">"),
        ] {
            let text = format!("{before}{}\r\n {}{after}", &pass[..40], &pass[40..]);
            assert!(candidates(&text).contains(&pass), "{text}");
            let quoted = text.replace("\r\n", "=\r\n");
            assert!(candidates(&quoted).contains(&pass), "{quoted}");
        }
        for nothing in [&pass[1..], ""] {
            assert!(candidates(nothing).is_empty(), "{nothing}");
        }
    }
}
