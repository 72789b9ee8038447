//! What the browser keeps for us, sealed: one cookie per attempt to sign in or to approve the app, one
//! per invitation for the session after a sign-in, and what was typed.
//!
//! On https the names carry the `__Host-` prefix, so neither a sibling domain nor plain http can
//! plant one (RFC 6265bis, 4.1.3). The purpose and, for an attempt, its state are authenticated
//! with the content; a session names its invitation: a cookie that is renamed, altered or moved
//! does not open.

mod approvals;
mod attempts;
mod drafts;
mod sessions;
mod staff;

use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use time::{Duration, OffsetDateTime};

pub use approvals::StartedApproval;
pub use attempts::{StartedSignIn, Ticket};
pub use sessions::{SESSION_LIFETIME, Session, SessionState};
pub use staff::{STAFF_SESSION_LIFETIME, StaffSession, StartedStaffSignIn};

use crate::{
    app::App,
    domain::invitation::{InvitationId, Link},
    seal::Sealer,
};

/// Browsers keep 4096 bytes of name, value and attributes (RFC 6265, 6.1).
const MAX_COOKIE_VALUE: usize = 3900;

/// Beyond this number of attempts of one purpose at once, the oldest is dropped.
const MAX_ATTEMPTS: usize = 5;

/// What the cookies of attempts have in common, whatever is attempted.
#[derive(Deserialize)]
struct Expiring {
    expires: i64,
}

/// How long a value that is too old is still read, to say so and lead on.
const LEGIBLE_FOR: Duration = Duration::days(90);

/// Whether what was sealed until a moment is still good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Age {
    /// The moment has not come.
    Current,
    /// It is over.
    Outdated,
}

/// The cookies of one service.
#[derive(Clone, Debug)]
pub struct Cookies {
    sealer: Sealer,
    secure: bool,
}

impl App {
    /// Reads and writes the cookies of this service.
    #[must_use]
    pub fn cookies(&self) -> Cookies {
        Cookies::new(self.sealer().clone(), self.config.public.is_https())
    }
}

impl Cookies {
    /// `secure`: the service is reached by https.
    #[must_use]
    pub fn new(sealer: Sealer, secure: bool) -> Self {
        Self { sealer, secure }
    }

    /// A value that only this service can make and open, until it is too old. Equal values give
    /// equal results.
    pub fn seal_for(
        &self,
        purpose: &str,
        value: impl Serialize,
        expires: OffsetDateTime,
    ) -> Option<String> {
        let text = serde_json::to_vec(&(expires.unix_timestamp(), value)).ok()?;
        self.sealer.seal_stably(&[purpose], &text)
    }

    /// The value that was sealed for this purpose, if it is not too old.
    #[must_use]
    pub fn open_for<T: DeserializeOwned>(
        &self,
        purpose: &str,
        sealed: &str,
        now: OffsetDateTime,
    ) -> Option<T> {
        let (value, age) = self.open_of_any_age(purpose, sealed, now)?;
        (age == Age::Current).then_some(value)
    }

    /// The value that was sealed for this purpose, and whether it is too old; `None` where that was
    /// for months.
    #[must_use]
    pub fn open_of_any_age<T: DeserializeOwned>(
        &self,
        purpose: &str,
        sealed: &str,
        now: OffsetDateTime,
    ) -> Option<(T, Age)> {
        let opened = self.sealer.open_stable(&[purpose], sealed)?;
        let (expires, value): (i64, T) = serde_json::from_slice(&opened).ok()?;
        if expires + LEGIBLE_FOR.whole_seconds() < now.unix_timestamp() {
            return None;
        }
        let age = if expires > now.unix_timestamp() {
            Age::Current
        } else {
            Age::Outdated
        };
        Some((value, age))
    }

    /// The one invitation that this browser has used lately: that of its newest session and of
    /// every attempt that began in it. `None` where these differ.
    #[must_use]
    pub fn known_link(&self, jar: &CookieJar, now: OffsetDateTime) -> Option<Link> {
        let of_session = match self.session(jar, None, now) {
            SessionState::Live(session) | SessionState::Over(session) => Some(session.link),
            SessionState::None => None,
        };
        only(of_session.into_iter().chain(self.attempted(jar, now)))
    }

    /// The one invitation for which a sign-in was begun in this browser: the `wanted` one, if one
    /// is.
    #[must_use]
    pub fn attempted_link(
        &self,
        jar: &CookieJar,
        wanted: Option<InvitationId>,
        now: OffsetDateTime,
    ) -> Option<Link> {
        let links = self.attempted(jar, now);
        only(links.filter(|link| wanted.is_none_or(|wanted| wanted == link.id())))
    }

    fn attempted(&self, jar: &CookieJar, now: OffsetDateTime) -> impl Iterator<Item = Link> {
        self.attempts(jar)
            .filter_map(move |state| self.started_sign_in(jar, state, now))
            .map(|(started, _)| started.link)
    }

    /// Whether the browser holds any cookie at all.
    #[must_use]
    pub fn has_any(&self, jar: &CookieJar) -> bool {
        jar.iter().next().is_some()
    }

    /// Removes the oldest cookies of a purpose, whose names begin with `prefix`, so that one more
    /// can be added.
    fn drop_surplus(
        &self,
        jar: CookieJar,
        (purpose, prefix): (&str, &str),
        now: OffsetDateTime,
    ) -> CookieJar {
        let mut attempts: Vec<(i64, String)> = jar
            .iter()
            .filter_map(|cookie| {
                let state = cookie.name().strip_prefix(prefix)?;
                let sealed: Option<Expiring> = self.open(&[purpose, state], cookie.value());
                let expires = sealed.map_or(0, |sealed| sealed.expires);
                Some((
                    if expires > now.unix_timestamp() {
                        expires
                    } else {
                        0
                    },
                    cookie.name().to_owned(),
                ))
            })
            .collect();
        attempts.sort();
        let surplus = (attempts.len() + 1).saturating_sub(MAX_ATTEMPTS);
        attempts
            .into_iter()
            .take(surplus)
            .fold(jar, |jar, (_, name)| self.remove(jar, name))
    }

    /// `name` as this service spells it in a browser.
    fn name(&self, name: &str) -> String {
        let prefix = if self.secure { "__Host-" } else { "" };
        format!("{prefix}{name}")
    }

    fn cookie(&self, name: String, value: String, max_age: Duration) -> Cookie<'static> {
        Cookie::build((name, value))
            .path("/")
            .http_only(true)
            .secure(self.secure)
            .same_site(SameSite::Lax)
            .max_age(max_age)
            .build()
    }

    fn remove(&self, jar: CookieJar, name: String) -> CookieJar {
        jar.remove(self.cookie(name, String::new(), Duration::ZERO))
    }

    fn seal(&self, purpose: &[&str], value: &impl Serialize) -> Option<String> {
        self.sealer.seal(purpose, &serde_json::to_vec(value).ok()?)
    }

    fn open<T: DeserializeOwned>(&self, purpose: &[&str], sealed: &str) -> Option<T> {
        serde_json::from_slice(&self.sealer.open(purpose, sealed)?).ok()
    }
}

/// The link, if all are the same.
fn only(mut links: impl Iterator<Item = Link>) -> Option<Link> {
    let first = links.next()?;
    links.all(|other| other == first).then_some(first)
}
