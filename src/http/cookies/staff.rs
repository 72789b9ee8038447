//! The cookies of the desk. They share neither names nor seals with those of recipients: a
//! recipient's cookie opens nothing at the desk, and the other way round.

use std::fmt;

use axum_extra::extract::cookie::CookieJar;
use openidconnect::{Nonce, PkceCodeVerifier};
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use super::Cookies;
use crate::{
    domain::{invitation::Account, staff::Role},
    identity::Attempt,
    text::Lang,
};

/// How long a session lasts after the sign-in. A role that is taken away ends with it.
pub const STAFF_SESSION_LIFETIME: Duration = Duration::hours(1);
/// How long people may take at the sign-in page.
const ATTEMPT_LIFETIME: Duration = Duration::hours(1);
/// Begins the names of the cookies of attempts.
const ATTEMPT: &str = "desk-attempt";
/// The name of the cookie of the session.
const SESSION: &str = "desk-session";

/// Someone who is signed in to the desk.
#[derive(Clone)]
pub struct StaffSession {
    /// Who signed in.
    pub account: Account,
    /// The name of the person.
    pub name: String,
    /// The name of the account, usually the e-mail address.
    pub user_name: String,
    /// What the token allowed.
    pub role: Role,
    /// The language that the person chose.
    pub lang: Option<Lang>,
    /// When it ends.
    pub ends: OffsetDateTime,
}

impl fmt::Debug for StaffSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StaffSession")
            .field("account", &self.account)
            .field("role", &self.role)
            .finish_non_exhaustive()
    }
}

/// A sign-in to the desk that began in this browser.
#[derive(Debug)]
pub struct StartedStaffSignIn {
    /// Its secrets.
    pub attempt: Attempt,
    /// The page to return to: path and query.
    pub next: String,
    /// The language that the person chose.
    pub lang: Option<Lang>,
    /// Whether it is the second attempt, which began by itself.
    pub restarted: bool,
}

#[derive(Serialize, Deserialize)]
struct SealedSession {
    expires: i64,
    account: Account,
    name: String,
    user_name: String,
    role: Role,
    lang: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct SealedAttempt {
    expires: i64,
    nonce: Nonce,
    verifier: PkceCodeVerifier,
    next: String,
    lang: Option<String>,
    #[serde(default)]
    restarted: bool,
}

impl Cookies {
    /// Opens a session, in place of any other.
    pub fn open_staff_session(&self, jar: CookieJar, session: &StaffSession) -> CookieJar {
        let sealed = SealedSession {
            expires: session.ends.unix_timestamp(),
            account: session.account,
            // A cookie holds 4 KiB; this much is enough to recognise a person.
            name: session.name.chars().take(100).collect(),
            user_name: session.user_name.chars().take(100).collect(),
            role: session.role,
            lang: session.lang.map(|lang| lang.tag().to_owned()),
        };
        match self.seal(&[SESSION], &sealed) {
            Some(value) => jar.add(self.cookie(self.name(SESSION), value, STAFF_SESSION_LIFETIME)),
            None => jar,
        }
    }

    /// The session, until it ends.
    #[must_use]
    pub fn staff_session(&self, jar: &CookieJar, now: OffsetDateTime) -> Option<StaffSession> {
        let cookie = jar.get(&self.name(SESSION))?;
        let sealed: SealedSession = self.open(&[SESSION], cookie.value())?;
        let ends = OffsetDateTime::from_unix_timestamp(sealed.expires).ok()?;
        (now < ends).then(|| StaffSession {
            account: sealed.account,
            name: sealed.name,
            user_name: sealed.user_name,
            role: sealed.role,
            lang: sealed.lang.as_deref().and_then(Lang::parse),
            ends,
        })
    }

    /// Ends the session.
    pub fn end_staff_session(&self, jar: CookieJar) -> CookieJar {
        self.remove(jar, self.name(SESSION))
    }

    /// Adds the cookie of an attempt, and removes the oldest if there are too many.
    pub fn start_staff_sign_in(
        &self,
        jar: CookieJar,
        started: &StartedStaffSignIn,
        now: OffsetDateTime,
    ) -> CookieJar {
        let attempt = &started.attempt;
        let sealed = SealedAttempt {
            expires: (now + ATTEMPT_LIFETIME).unix_timestamp(),
            nonce: attempt.nonce.clone(),
            verifier: PkceCodeVerifier::new(attempt.verifier.secret().clone()),
            next: started.next.clone(),
            lang: started.lang.map(|lang| lang.tag().to_owned()),
            restarted: started.restarted,
        };
        let jar = self.drop_surplus(jar, (ATTEMPT, &self.staff_attempt_name("")), now);
        let name = self.staff_attempt_name(&attempt.state);
        match self.seal(&[ATTEMPT, &attempt.state], &sealed) {
            Some(value) => jar.add(self.cookie(name, value, ATTEMPT_LIFETIME)),
            None => jar,
        }
    }

    /// The attempt of this state, if it began in this browser less than an hour ago, and when it
    /// ends.
    #[must_use]
    pub fn started_staff_sign_in(
        &self,
        jar: &CookieJar,
        state: &str,
        now: OffsetDateTime,
    ) -> Option<(StartedStaffSignIn, OffsetDateTime)> {
        let cookie = jar.get(&self.staff_attempt_name(state))?;
        let sealed: SealedAttempt = self.open(&[ATTEMPT, state], cookie.value())?;
        let ends = OffsetDateTime::from_unix_timestamp(sealed.expires).ok()?;
        let started = StartedStaffSignIn {
            attempt: Attempt {
                state: state.to_owned(),
                nonce: sealed.nonce,
                verifier: sealed.verifier,
            },
            next: sealed.next,
            lang: sealed.lang.as_deref().and_then(Lang::parse),
            restarted: sealed.restarted,
        };
        (now < ends).then_some((started, ends))
    }

    /// Removes the cookie of an attempt.
    pub fn end_staff_sign_in(&self, jar: CookieJar, state: &str) -> CookieJar {
        self.remove(jar, self.staff_attempt_name(state))
    }

    fn staff_attempt_name(&self, state: &str) -> String {
        self.name(&format!("{ATTEMPT}-{state}"))
    }
}
