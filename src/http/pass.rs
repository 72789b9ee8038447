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

/// The pass in a text that may have been broken into lines, or have punctuation after it. `None`
/// where there is none.
#[must_use]
pub fn clean(text: &str) -> Option<String> {
    let is_of_pass = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let pass: String = text
        .chars()
        .filter(|c| !c.is_whitespace())
        .take_while(is_of_pass)
        .take(CHARACTERS)
        .collect();
    (pass.len() == CHARACTERS).then_some(pass)
}

/// The invitation of a pass; `None` where no key opens it.
#[must_use]
pub fn open(app: &App, pass: &str) -> Option<InvitationId> {
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
        ] {
            let text = format!("{before}{}\r\n {}{after}", &pass[..40], &pass[40..]);
            assert_eq!(clean(&text).as_deref(), Some(&*pass), "{text}");
        }
        assert_eq!(clean(&pass[1..]), None);
        assert_eq!(clean(""), None);
    }
}
