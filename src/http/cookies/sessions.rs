//! The session after a sign-in: one for each invitation.

use std::fmt;

use axum_extra::extract::cookie::CookieJar;
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use super::Cookies;
use crate::{
    domain::invitation::{Account, InvitationId, Link},
    text::Lang,
};

/// How long a session lasts after the sign-in.
pub const SESSION_LIFETIME: Duration = Duration::minutes(30);
/// How long the browser keeps a session that is over: a bookmarked page can then offer to sign in
/// again for the same invitation. It opens nothing else.
const SESSION_MEMORY: Duration = Duration::days(30);
/// Beyond this number of sessions at once, each of another invitation, the oldest is dropped.
const MAX_SESSIONS: usize = 5;

/// A signed-in account, for one invitation.
#[derive(Clone)]
pub struct Session {
    /// The link of the invitation.
    pub link: Link,
    /// Who signed in.
    pub account: Account,
    /// As the account calls itself, to show to its owner.
    pub account_name: String,
    /// Whether the account shows the invited address. It chooses words and reserves codes, and
    /// proves nothing.
    pub shows_invited: bool,
    /// Whether the account is a guest of its tenant. It chooses words alone.
    pub is_guest: bool,
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

#[derive(Serialize, Deserialize)]
struct SealedSession {
    expires: i64,
    link: String,
    account: Account,
    #[serde(default)]
    account_name: String,
    #[serde(default)]
    shows_invited: bool,
    #[serde(default)]
    is_guest: bool,
    lang: Option<String>,
}

impl Cookies {
    /// Opens a session, in place of any for the same invitation, and removes the oldest of others
    /// if there are too many.
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
            is_guest: session.is_guest,
            lang: session.lang.map(|lang| lang.tag().to_owned()),
        };
        let name = self.session_name(session.link.id());
        let jar = self.drop_surplus_sessions(jar, &name);
        match self.seal(&["session"], &sealed) {
            Some(value) => jar.add(self.cookie(name, value, SESSION_MEMORY)),
            None => jar,
        }
    }

    /// The session of an invitation; without one, the newest.
    #[must_use]
    pub fn session(
        &self,
        jar: &CookieJar,
        invitation: Option<InvitationId>,
        now: OffsetDateTime,
    ) -> SessionState {
        let sessions = self.sessions(jar).into_iter();
        let wanted = sessions.filter(|(_, session)| {
            invitation.is_none_or(|invitation| session.link.id() == invitation)
        });
        match wanted.max_by_key(|(expires, _)| *expires) {
            Some((expires, session)) if expires > now.unix_timestamp() => {
                SessionState::Live(session)
            }
            Some((_, session)) => SessionState::Over(session),
            None => SessionState::None,
        }
    }

    /// Every session that opens under its own name, with when it ends.
    fn sessions(&self, jar: &CookieJar) -> Vec<(i64, Session)> {
        let prefix = self.name("session-");
        let named = jar
            .iter()
            .filter(|cookie| cookie.name().starts_with(&prefix));
        let opened = named.filter_map(|cookie| {
            let sealed: SealedSession = self.open(&["session"], cookie.value())?;
            let session = Session {
                link: sealed.link.parse().ok()?,
                account: sealed.account,
                account_name: sealed.account_name,
                shows_invited: sealed.shows_invited,
                is_guest: sealed.is_guest,
                lang: sealed.lang.as_deref().and_then(Lang::parse),
            };
            let is_own = self.session_name(session.link.id()) == cookie.name();
            is_own.then_some((sealed.expires, session))
        });
        opened.collect()
    }

    /// Leaves room for one more session. Those that do not open are the first to go.
    fn drop_surplus_sessions(&self, jar: CookieJar, own: &str) -> CookieJar {
        let ends: Vec<_> = self
            .sessions(&jar)
            .into_iter()
            .map(|(expires, session)| (self.session_name(session.link.id()), expires))
            .collect();
        let prefix = self.name("session-");
        let others = jar.iter().map(|cookie| cookie.name().to_owned());
        let mut others: Vec<_> = others
            .filter(|name| name.starts_with(&prefix) && name != own)
            .map(|name| {
                let end = ends.iter().find(|(known, _)| *known == name);
                (end.map_or(0, |(_, expires)| *expires), name)
            })
            .collect();
        others.sort();
        let surplus = (others.len() + 1).saturating_sub(MAX_SESSIONS);
        others
            .into_iter()
            .take(surplus)
            .fold(jar, |jar, (_, name)| self.remove(jar, name))
    }

    fn session_name(&self, invitation: InvitationId) -> String {
        self.name(&format!("session-{invitation}"))
    }
}
