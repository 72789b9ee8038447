//! What was typed into the company form.

use axum_extra::extract::cookie::CookieJar;
use sha2::{Digest, Sha256};
use time::Duration;

use super::{Cookies, MAX_COOKIE_VALUE};
use crate::domain::company::{CompanyForm, Field};

impl Cookies {
    /// Keeps what was typed into the company form of this `token`, sealed, in the browser that it
    /// was typed into: it comes back after a sign-in, a failure or a reload, also without scripts,
    /// and to the same invitation and account alone. A form that is longer than a cookie can hold
    /// is not kept. `true`: it was kept.
    pub fn keep_draft(&self, jar: CookieJar, token: &str, form: &CompanyForm) -> (CookieJar, bool) {
        let name = self.draft_name(token);
        let fields = Field::ALL.map(|field| form.value(field));
        match self.seal(&["draft", token], &fields) {
            Some(value) if value.len() <= MAX_COOKIE_VALUE => {
                let jar = self.make_room(jar, &name, value.len());
                (jar.add(self.cookie(name, value, Duration::DAY)), true)
            }
            // An older one would come back in its place.
            _ => (self.drop_draft(jar, token), false),
        }
    }

    /// What was typed into the form of this token.
    #[must_use]
    pub fn draft(&self, jar: &CookieJar, token: &str) -> Option<CompanyForm> {
        let cookie = jar.get(&self.draft_name(token))?;
        let values: [String; Field::ALL.len()] = self.open(&["draft", token], cookie.value())?;
        Some(CompanyForm::of(values))
    }

    /// Removes the draft, if there is one.
    pub fn drop_draft(&self, jar: CookieJar, token: &str) -> CookieJar {
        let name = self.draft_name(token);
        if jar.get(&name).is_some() {
            self.remove(jar, name)
        } else {
            jar
        }
    }

    /// The drafts of all invitations together stay as small as one cookie, since servers limit the
    /// size of a request's head: where they do not, the others are dropped.
    fn make_room(&self, jar: CookieJar, own: &str, size: usize) -> CookieJar {
        let prefix = self.name("draft-");
        let others: Vec<_> = jar
            .iter()
            .filter(|cookie| cookie.name().starts_with(&prefix) && cookie.name() != own)
            .map(|cookie| (cookie.name().to_owned(), cookie.value().len()))
            .collect();
        let total: usize = others.iter().map(|(_, size)| size).sum();
        if size + total <= MAX_COOKIE_VALUE {
            return jar;
        }
        others
            .into_iter()
            .fold(jar, |jar, (name, _)| self.remove(jar, name))
    }

    /// The token belongs to one invitation and one account. Its digest names the cookie.
    fn draft_name(&self, token: &str) -> String {
        let digest = u64::from_be_bytes(*Sha256::digest(token).first_chunk().unwrap_or(&[0; 8]));
        self.name(&format!("draft-{digest:016x}"))
    }
}
