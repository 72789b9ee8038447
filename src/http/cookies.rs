//! What the browser keeps for us, sealed: one cookie per attempt to sign in, one for the session
//! after it.
//!
//! On https the names carry the `__Host-` prefix, so neither a sibling domain nor plain http can
//! plant one (RFC 6265bis, 4.1.3). The purpose and, for an attempt, its state are authenticated
//! with the content: a cookie that is renamed, altered or moved does not open.

use std::fmt;

use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use openidconnect::{Nonce, PkceCodeVerifier};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use time::{Duration, OffsetDateTime};

use crate::{
    app::App,
    domain::{
        company::{CompanyForm, Field},
        invitation::{Account, Link},
    },
    identity::Attempt,
    seal::Sealer,
    text::Lang,
};

/// How long a session lasts after the sign-in.
pub const SESSION_LIFETIME: Duration = Duration::minutes(30);
/// How long people may take at the sign-in page, creating an account included.
const ATTEMPT_LIFETIME: Duration = Duration::hours(1);
/// How long a state can still restart a sign-in whose cookie is gone.
const TICKET_LIFETIME: Duration = Duration::DAY;
/// Browsers keep 4096 bytes of name, value and attributes (RFC 6265, 6.1).
const MAX_COOKIE_VALUE: usize = 3900;
/// Beyond this number of attempts at once, the oldest is dropped.
const MAX_ATTEMPTS: usize = 5;

/// A signed-in account, for one invitation.
#[derive(Clone)]
pub struct Session {
    /// The invitation.
    pub link: Link,
    /// Who signed in.
    pub account: Account,
    /// As the account calls itself, to show to its owner.
    pub account_name: String,
    /// Whether the account shows the invited address. It chooses words and reserves codes, and
    /// proves nothing.
    pub shows_invited: bool,
    /// The language that the person chose.
    pub lang: Option<Lang>,
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("account", &self.account)
            .finish_non_exhaustive()
    }
}

/// The state of the session cookie.
#[derive(Debug)]
pub enum SessionState {
    /// A session.
    Live(Session),
    /// It has expired; the person can sign in again for the same invitation.
    Over(Session),
    /// There is no cookie, or it cannot be opened.
    None,
}

/// A sign-in that began in this browser.
#[derive(Debug)]
pub struct StartedSignIn {
    /// Its secrets.
    pub attempt: Attempt,
    /// The invitation.
    pub link: Link,
    /// The language that the person chose.
    pub lang: Option<Lang>,
    /// Whether it was started because Entra wanted the person to act.
    pub restarted: bool,
}

#[derive(Serialize, Deserialize)]
struct SealedSession {
    expires: i64,
    link: String,
    account: Account,
    #[serde(default)]
    account_name: String,
    #[serde(default)]
    shows_invited: bool,
    lang: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct SealedAttempt {
    expires: i64,
    link: String,
    nonce: Nonce,
    verifier: PkceCodeVerifier,
    lang: Option<String>,
    restarted: bool,
}

/// What the cookies of attempts have in common, whatever is attempted.
#[derive(Deserialize)]
struct Expiring {
    expires: i64,
}

#[derive(Serialize, Deserialize)]
struct Ticket {
    link: String,
    expires: i64,
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

    /// A text that names the invitation to us alone, different each time: the state of an attempt,
    /// and what restarts one whose cookie is gone.
    #[must_use]
    pub fn ticket(&self, link: &Link, now: OffsetDateTime) -> String {
        let ticket = Ticket {
            link: link.reveal(),
            expires: (now + TICKET_LIFETIME).unix_timestamp(),
        };
        self.seal(&["ticket"], &ticket).unwrap_or_default()
    }

    /// The invitation of a ticket.
    #[must_use]
    pub fn redeem_ticket(&self, ticket: &str, now: OffsetDateTime) -> Option<Link> {
        let ticket: Ticket = self.open(&["ticket"], ticket)?;
        if ticket.expires > now.unix_timestamp() {
            ticket.link.parse().ok()
        } else {
            None
        }
    }

    /// Adds the cookie of an attempt, and removes the oldest if there are too many.
    pub fn start_sign_in(
        &self,
        jar: CookieJar,
        started: &StartedSignIn,
        now: OffsetDateTime,
    ) -> CookieJar {
        let sealed = SealedAttempt {
            expires: (now + ATTEMPT_LIFETIME).unix_timestamp(),
            link: started.link.reveal(),
            nonce: started.attempt.nonce.clone(),
            verifier: PkceCodeVerifier::new(started.attempt.verifier.secret().clone()),
            lang: started.lang.map(|lang| lang.tag().to_owned()),
            restarted: started.restarted,
        };
        let jar = self.drop_surplus(jar, "attempt", &self.attempt_name(""), now);
        match self.seal(&["attempt", &started.attempt.state], &sealed) {
            Some(value) => jar.add(self.cookie(
                self.attempt_name(&started.attempt.state),
                value,
                ATTEMPT_LIFETIME,
            )),
            None => jar,
        }
    }

    /// The attempt of this state, if it began in this browser less than an hour ago.
    #[must_use]
    pub fn started_sign_in(
        &self,
        jar: &CookieJar,
        state: &str,
        now: OffsetDateTime,
    ) -> Option<StartedSignIn> {
        let sealed: SealedAttempt = self.open(
            &["attempt", state],
            jar.get(&self.attempt_name(state))?.value(),
        )?;
        if sealed.expires <= now.unix_timestamp() {
            return None;
        }
        Some(StartedSignIn {
            link: sealed.link.parse().ok()?,
            lang: sealed.lang.as_deref().and_then(Lang::parse),
            restarted: sealed.restarted,
            attempt: Attempt {
                state: state.to_owned(),
                nonce: sealed.nonce,
                verifier: sealed.verifier,
            },
        })
    }

    /// The invitation that this browser used last: that of its session, or of any attempt that
    /// began in it.
    #[must_use]
    pub fn known_link(&self, jar: &CookieJar, now: OffsetDateTime) -> Option<Link> {
        match self.session(jar, now) {
            SessionState::Live(session) | SessionState::Over(session) => Some(session.link),
            SessionState::None => {
                let prefix = self.attempt_name("");
                jar.iter()
                    .filter_map(|cookie| cookie.name().strip_prefix(&prefix))
                    .find_map(|state| self.started_sign_in(jar, state, now))
                    .map(|started| started.link)
            }
        }
    }

    /// Removes the cookie of an attempt.
    pub fn end_sign_in(&self, jar: CookieJar, state: &str) -> CookieJar {
        self.remove(jar, self.attempt_name(state))
    }

    /// Opens a session, in place of any that the browser holds.
    pub fn open_session(
        &self,
        jar: CookieJar,
        session: &Session,
        now: OffsetDateTime,
    ) -> CookieJar {
        let sealed = SealedSession {
            expires: (now + SESSION_LIFETIME).unix_timestamp(),
            link: session.link.reveal(),
            account: session.account,
            // A cookie holds 4 KiB; this much is enough to recognise an account.
            account_name: session.account_name.chars().take(100).collect(),
            shows_invited: session.shows_invited,
            lang: session.lang.map(|lang| lang.tag().to_owned()),
        };
        match self.seal(&["session"], &sealed) {
            // The cookie outlives the session, so that a form sent too late can offer to sign in
            // again for the same invitation.
            Some(value) => {
                jar.add(self.cookie(self.session_name().to_owned(), value, Duration::DAY))
            }
            None => jar,
        }
    }

    /// Reads the session cookie.
    #[must_use]
    pub fn session(&self, jar: &CookieJar, now: OffsetDateTime) -> SessionState {
        let sealed: Option<SealedSession> = jar
            .get(self.session_name())
            .and_then(|cookie| self.open(&["session"], cookie.value()));
        let Some(sealed) = sealed else {
            return SessionState::None;
        };
        let Ok(link) = sealed.link.parse() else {
            return SessionState::None;
        };
        let session = Session {
            link,
            account: sealed.account,
            account_name: sealed.account_name,
            shows_invited: sealed.shows_invited,
            lang: sealed.lang.as_deref().and_then(Lang::parse),
        };
        if sealed.expires > now.unix_timestamp() {
            SessionState::Live(session)
        } else {
            SessionState::Over(session)
        }
    }

    /// Keeps what was typed into the company form of this `token`, sealed, in the browser that it
    /// was typed into: it comes back after a sign-in, a failure or a reload, also without scripts,
    /// and to the same account alone. A form that is longer than a cookie can hold is not kept.
    pub fn keep_draft(&self, jar: CookieJar, token: &str, form: &CompanyForm) -> CookieJar {
        match self.seal(
            &["draft", token],
            &Field::ALL.map(|field| form.value(field)),
        ) {
            Some(value) if value.len() <= MAX_COOKIE_VALUE => {
                jar.add(self.cookie(self.draft_name().to_owned(), value, Duration::DAY))
            }
            // An older one would come back in its place.
            _ => self.drop_draft(jar),
        }
    }

    /// What was typed into the form of this token.
    #[must_use]
    pub fn draft(&self, jar: &CookieJar, token: &str) -> Option<CompanyForm> {
        let values: [String; Field::ALL.len()] =
            self.open(&["draft", token], jar.get(self.draft_name())?.value())?;
        Some(CompanyForm::of(values))
    }

    /// Removes the draft, if there is one.
    pub fn drop_draft(&self, jar: CookieJar) -> CookieJar {
        if jar.get(self.draft_name()).is_some() {
            self.remove(jar, self.draft_name().to_owned())
        } else {
            jar
        }
    }

    fn draft_name(&self) -> &'static str {
        if self.secure { "__Host-draft" } else { "draft" }
    }

    /// Removes the oldest cookies of a purpose, whose names begin with `prefix`, so that one more
    /// can be added.
    pub(super) fn drop_surplus(
        &self,
        jar: CookieJar,
        purpose: &str,
        prefix: &str,
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

    fn session_name(&self) -> &'static str {
        if self.secure {
            "__Host-session"
        } else {
            "session"
        }
    }

    fn attempt_name(&self, state: &str) -> String {
        self.name(&format!("sign-in-{state}"))
    }

    pub(super) fn name(&self, name: &str) -> String {
        format!("{}{name}", if self.secure { "__Host-" } else { "" })
    }

    pub(super) fn cookie(&self, name: String, value: String, max_age: Duration) -> Cookie<'static> {
        Cookie::build((name, value))
            .path("/")
            .http_only(true)
            .secure(self.secure)
            .same_site(SameSite::Lax)
            .max_age(max_age)
            .build()
    }

    pub(super) fn remove(&self, jar: CookieJar, name: String) -> CookieJar {
        jar.remove(self.cookie(name, String::new(), Duration::ZERO))
    }

    pub(super) fn seal(&self, purpose: &[&str], value: &impl Serialize) -> Option<String> {
        self.sealer.seal(purpose, &serde_json::to_vec(value).ok()?)
    }

    pub(super) fn open<T: DeserializeOwned>(&self, purpose: &[&str], sealed: &str) -> Option<T> {
        serde_json::from_slice(&self.sealer.open(purpose, sealed)?).ok()
    }
}
