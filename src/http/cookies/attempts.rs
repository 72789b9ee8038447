//! Attempts to sign in, and the tickets that restart them.

use axum_extra::extract::cookie::CookieJar;
use openidconnect::{Nonce, PkceCodeVerifier};
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use super::Cookies;
use crate::{domain::invitation::Link, identity::Attempt, text::Lang};

/// How long people may take at the sign-in page, creating an account included.
const ATTEMPT_LIFETIME: Duration = Duration::hours(1);
/// How long a state can still restart a sign-in whose cookie is gone.
const TICKET_LIFETIME: Duration = Duration::DAY;

/// A sign-in that began in this browser.
#[derive(Debug)]
pub struct StartedSignIn {
    /// Its secrets.
    pub attempt: Attempt,
    /// The link of the invitation.
    pub link: Link,
    /// The language that the person chose.
    pub lang: Option<Lang>,
    /// Whether it was started because Entra wanted the person to act.
    pub restarted: bool,
}

/// What a ticket names.
#[derive(Clone, Copy, Debug)]
pub struct Ticket {
    /// The link of the invitation.
    pub link: Link,
    /// Whether it was made because the cookie of a sign-in was missing.
    pub after_loss: bool,
    /// The language that the person chose; only a ticket that is the state of an attempt has one.
    pub lang: Option<Lang>,
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

#[derive(Serialize, Deserialize)]
struct SealedTicket {
    link: String,
    expires: i64,
    #[serde(default)]
    after_loss: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    lang: Option<String>,
}

impl Ticket {
    fn of(link: &Link, after_loss: bool) -> Self {
        Self {
            link: *link,
            after_loss,
            lang: None,
        }
    }
}

impl Cookies {
    /// A text that names the invitation to us alone, different each time: the state of an attempt,
    /// and what restarts one whose cookie is gone.
    #[must_use]
    pub fn ticket(&self, link: &Link, now: OffsetDateTime) -> String {
        self.seal_ticket(Ticket::of(link, false), now)
    }

    /// A ticket of a page that misses the cookie of a sign-in.
    #[must_use]
    pub fn ticket_after_loss(&self, link: &Link, now: OffsetDateTime) -> String {
        self.seal_ticket(Ticket::of(link, true), now)
    }

    /// A ticket that names all this.
    #[must_use]
    pub fn seal_ticket(&self, ticket: Ticket, now: OffsetDateTime) -> String {
        let ticket = SealedTicket {
            link: ticket.link.reveal(),
            expires: (now + TICKET_LIFETIME).unix_timestamp(),
            after_loss: ticket.after_loss,
            lang: ticket.lang.map(|lang| lang.tag().to_owned()),
        };
        self.seal(&["ticket"], &ticket).unwrap_or_default()
    }

    /// What a ticket names, if it is not too old.
    #[must_use]
    pub fn redeem_ticket(&self, ticket: &str, now: OffsetDateTime) -> Option<Ticket> {
        let ticket: SealedTicket = self.open(&["ticket"], ticket)?;
        if ticket.expires <= now.unix_timestamp() {
            return None;
        }
        Some(Ticket {
            link: ticket.link.parse().ok()?,
            after_loss: ticket.after_loss,
            lang: ticket.lang.as_deref().and_then(Lang::parse),
        })
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
        let jar = self.drop_surplus(jar, ("attempt", &self.attempt_name("")), now);
        match self.seal(&["attempt", &started.attempt.state], &sealed) {
            Some(value) => jar.add(self.cookie(
                self.attempt_name(&started.attempt.state),
                value,
                ATTEMPT_LIFETIME,
            )),
            None => jar,
        }
    }

    /// The attempt of this state, if it began in this browser less than an hour ago, and when it
    /// ends.
    #[must_use]
    pub fn started_sign_in(
        &self,
        jar: &CookieJar,
        state: &str,
        now: OffsetDateTime,
    ) -> Option<(StartedSignIn, OffsetDateTime)> {
        let sealed: SealedAttempt = self.open(
            &["attempt", state],
            jar.get(&self.attempt_name(state))?.value(),
        )?;
        if sealed.expires <= now.unix_timestamp() {
            return None;
        }
        let started = StartedSignIn {
            link: sealed.link.parse().ok()?,
            lang: sealed.lang.as_deref().and_then(Lang::parse),
            restarted: sealed.restarted,
            attempt: Attempt {
                state: state.to_owned(),
                nonce: sealed.nonce,
                verifier: sealed.verifier,
            },
        };
        let ends = OffsetDateTime::from_unix_timestamp(sealed.expires).ok()?;
        Some((started, ends))
    }

    /// Removes the cookie of an attempt.
    pub fn end_sign_in(&self, jar: CookieJar, state: &str) -> CookieJar {
        self.remove(jar, self.attempt_name(state))
    }

    /// The states of the attempts that the browser names, whether they open or not.
    pub(super) fn attempts<'a>(&self, jar: &'a CookieJar) -> impl Iterator<Item = &'a str> {
        let prefix = self.attempt_name("");
        let names = jar.iter().map(axum_extra::extract::cookie::Cookie::name);
        names.filter_map(move |name| name.strip_prefix(&prefix))
    }

    fn attempt_name(&self, state: &str) -> String {
        self.name(&format!("sign-in-{state}"))
    }
}
