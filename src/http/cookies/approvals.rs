//! The cookie of an administrator who is on the way to approve the app: only the browser that began
//! an approval can report its result.

use axum_extra::extract::cookie::CookieJar;
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use super::Cookies;
use crate::{domain::invitation::InvitationId, text::Lang};

/// How long administrators may take at Microsoft.
const LIFETIME: Duration = Duration::hours(1);

/// An approval that began in this browser.
#[derive(Clone, Copy, Debug)]
pub struct StartedApproval {
    /// The invitation.
    pub id: InvitationId,
    /// The language that was chosen on the page.
    pub lang: Option<Lang>,
}

#[derive(Serialize, Deserialize)]
struct SealedApproval {
    expires: i64,
    id: String,
    lang: Option<String>,
}

impl Cookies {
    /// Adds the cookie of an approval, and removes the oldest if there are too many.
    pub fn start_approval(
        &self,
        jar: CookieJar,
        state: &str,
        started: StartedApproval,
        now: OffsetDateTime,
    ) -> CookieJar {
        let sealed = SealedApproval {
            expires: (now + LIFETIME).unix_timestamp(),
            id: started.id.to_string(),
            lang: started.lang.map(|lang| lang.tag().to_owned()),
        };
        let jar = self.drop_surplus(jar, ("approval", &self.approval_name("")), now);
        match self.seal(&["approval", state], &sealed) {
            Some(value) => jar.add(self.cookie(self.approval_name(state), value, LIFETIME)),
            None => jar,
        }
    }

    /// The approval of this state, if it began in this browser less than an hour ago.
    #[must_use]
    pub fn started_approval(
        &self,
        jar: &CookieJar,
        state: &str,
        now: OffsetDateTime,
    ) -> Option<StartedApproval> {
        let cookie = jar.get(&self.approval_name(state))?;
        let sealed: SealedApproval = self.open(&["approval", state], cookie.value())?;
        if sealed.expires <= now.unix_timestamp() {
            return None;
        }
        Some(StartedApproval {
            id: sealed.id.parse().ok()?,
            lang: sealed.lang.as_deref().and_then(Lang::parse),
        })
    }

    /// Removes the cookie of an approval.
    pub fn end_approval(&self, jar: CookieJar, state: &str) -> CookieJar {
        self.remove(jar, self.approval_name(state))
    }

    fn approval_name(&self, state: &str) -> String {
        self.name(&format!("approval-{state}"))
    }
}
