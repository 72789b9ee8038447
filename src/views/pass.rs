//! The text for the IT department of a recipient's organisation.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::{clean, markup::plain};
use crate::{
    domain::sign_in_refusal::{AdminTask, RefusalReason},
    text::{Lang, PassText},
};

/// What may stand unescaped in a `mailto:` URL (RFC 6068, 2).
const MAILTO: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The `mailto:` URL of an address: `?` and `&` in it would begin headers of the e-mail.
pub(super) fn mailto(email: &str) -> String {
    let encoded = |part| utf8_percent_encode(part, MAILTO);
    match email.rsplit_once('@') {
        Some((local, domain)) => format!("mailto:{}@{}", encoded(local), encoded(domain)),
        None => format!("mailto:{}", encoded(email)),
    }
}

/// What an administrator has to know. It names neither the person nor the invitation.
#[derive(Debug, Clone, Copy)]
pub struct Pass<'a> {
    /// The language of the person who sends it.
    pub lang: Lang,
    /// The platform's name.
    pub platform: &'a str,
    /// The organisation that invites.
    pub organization: &'a str,
    /// The app registration.
    pub client_id: &'a str,
    /// The public origin.
    pub operator: &'a str,
    /// Where the operator can be reached.
    pub support_url: Option<&'a str>,
    /// As Microsoft writes it.
    pub number: Option<&'a str>,
    /// Says what has to be changed.
    pub reason: RefusalReason,
    /// The page for the administrator.
    pub link: Option<&'a str>,
}

impl Pass<'_> {
    fn t(&self) -> &'static PassText {
        &self.lang.organisation().pass
    }

    /// The subject of the e-mail.
    #[must_use]
    pub fn subject(&self) -> String {
        plain(self.t().request, self.platform)
    }

    /// The text, lines end with `\n`.
    #[must_use]
    pub fn text(&self) -> String {
        let (text, platform) = (self.t(), clean(self.platform));
        let colon = self.lang.text().problem.colon;
        let facts = [
            (text.app, Some(platform.clone())),
            (text.client_id, Some(clean(self.client_id))),
            (text.operator, Some(clean(self.operator))),
            (text.support, self.support_url.map(Cow::Borrowed)),
            (
                self.lang.organisation().stopped.number,
                self.number.map(Cow::Borrowed),
            ),
            (text.permissions, Some(text.only_identity.into())),
        ];
        let facts: String = facts
            .into_iter()
            .filter_map(|(label, value)| Some(format!("{label}{colon}{}\n", value?)))
            .collect();
        let link = self
            .link()
            .map_or_else(String::new, |link| format!("\n{link}"));
        format!(
            "{}\n\n{}\n\n{facts}\n{}{link}\n",
            self.subject(),
            (text.situation)(&platform, &clean(self.organization)),
            self.task()
        )
    }

    /// The address that opens a new e-mail with the text.
    #[must_use]
    pub fn mailto(&self) -> String {
        let text = self.text().replace('\n', "\r\n");
        format!(
            "mailto:?subject={}&body={}",
            utf8_percent_encode(&self.subject(), MAILTO),
            utf8_percent_encode(&text, MAILTO)
        )
    }

    fn link(&self) -> Option<&str> {
        self.link.filter(|_| self.reason.may_need_consent())
    }

    fn task(&self) -> &'static str {
        let text = self.t();
        match self.reason {
            RefusalReason::Approval(AdminTask::Assignment) => text.to_assign,
            RefusalReason::Approval(AdminTask::ConditionalAccess) => text.to_exempt,
            RefusalReason::Approval(AdminTask::CrossTenant) => text.to_allow_tenant,
            RefusalReason::Approval(AdminTask::Consent) if self.link.is_some() => {
                text.to_consent_at
            }
            RefusalReason::Approval(AdminTask::Consent) => text.to_consent,
            _ if self.link.is_some() => text.to_find_out,
            _ => text.to_consent,
        }
    }
}
