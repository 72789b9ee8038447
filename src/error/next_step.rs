//! What a person can do after an error. Nobody meets a dead end.

use super::{AppError, Failed};
use crate::{app::App, confirm_mailbox, invite_user, text::Lang, views::Action, visitor::Visitor};

/// The buttons of a page, with what they refer to.
pub(super) struct NextStep {
    lang: Lang,
    kind: Kind,
    /// Have a code sent to the invited mailbox.
    send_code: Option<(String, Vec<(&'static str, String)>)>,
    support: Option<String>,
}

enum Kind {
    /// Begin the sign-in again for the invitation.
    SignIn {
        url: String,
        fields: Vec<(&'static str, String)>,
        label: &'static str,
    },
    /// Ask the inviter for a new invitation.
    Renew {
        url: String,
        fields: Vec<(&'static str, String)>,
    },
    /// Open an address again.
    Again { url: String },
    /// Only a person can help.
    Help,
}

/// What can be done after this error.
pub(super) fn after(failed: &Failed, app: &App, visitor: &Visitor, lang: Lang) -> NextStep {
    let (error, link) = (&failed.error, failed.link.as_ref());
    let again = || Kind::Again {
        url: again(visitor, visitor.chosen_lang().or(failed.lang)),
    };
    let text = &lang.text().action;
    let sign_in = |label, prompt: &str| match link {
        Some(link) => Kind::SignIn {
            url: invite_user::url(app).to_string(),
            fields: invite_user::restart_fields(app, link, lang, prompt),
            label,
        },
        None => Kind::Help,
    };
    let kind = match error {
        AppError::UsedByAnother | AppError::WrongAccount { .. } => {
            sign_in(text.use_another_account, "select_account")
        }
        AppError::ConsentDeclined | AppError::SignInFailed(_) | AppError::SignInRestart(_) => {
            sign_in(text.try_again, "")
        }
        AppError::SessionOver => sign_in(text.proceed, ""),
        AppError::Expired { can_renew: true } | AppError::Revoked { can_renew: true } => match link
        {
            // The page of the link is the same page each time it is opened; elsewhere the link must
            // not be shown.
            Some(link) if visitor.link().as_ref() == Some(link) => Kind::Renew {
                url: visitor.here().to_owned(),
                fields: invite_user::renewal_fields(app, link, lang),
            },
            Some(link) => Kind::Renew {
                url: invite_user::url(app).to_string(),
                fields: invite_user::late_renewal_fields(app, link, lang),
            },
            None => Kind::Help,
        },
        // What was typed comes back with the page.
        AppError::Throttled { .. }
        | AppError::Unavailable { .. }
        | AppError::Misconfigured(_)
        | AppError::Internal(_)
            if is_of_a_session(visitor) =>
        {
            again()
        }
        // The callback's address holds a code that is used up: its way on is a new sign-in.
        AppError::Throttled { .. }
        | AppError::Unavailable { .. }
        | AppError::Misconfigured(_)
        | AppError::Internal(_)
            if link.is_some() =>
        {
            sign_in(text.try_again, "")
        }
        AppError::Throttled { .. }
        | AppError::Unavailable { .. }
        | AppError::Misconfigured(_)
        | AppError::Internal(_)
        | AppError::TooManyCodes
        | AppError::FormRefused(_)
        | AppError::FormMalformed
        | AppError::TooLarge
        | AppError::TooSlow => again(),
        AppError::MalformedLink
        | AppError::UnknownInvitation
        | AppError::Expired { can_renew: false }
        | AppError::Revoked { can_renew: false }
        | AppError::NotFound
        | AppError::MethodNotAllowed => Kind::Help,
    };
    let send_code = match (error, link) {
        (
            AppError::WrongAccount {
                may_confirm: Some(account),
                ..
            },
            Some(link),
        ) => Some((
            confirm_mailbox::url(app),
            confirm_mailbox::send_fields(app, link, *account, lang),
        )),
        _ => None,
    };
    NextStep {
        lang,
        kind,
        send_code,
        support: app
            .config
            .platform
            .support_url
            .as_ref()
            .map(ToString::to_string),
    }
}

/// Whether the page can be opened again as long as the session lasts.
fn is_of_a_session(visitor: &Visitor) -> bool {
    let path = visitor.here().split('?').next();
    matches!(
        path,
        Some("/api/CreateCompany" | "/api/ConfirmMailbox" | "/api/Welcome")
    )
}

/// The page of the visitor, in the language that was chosen, if any was: what an error page guessed
/// from the browser must not go before the invitation's language.
fn again(visitor: &Visitor, chosen: Option<Lang>) -> String {
    let here = visitor.here();
    let lang = |chosen: Lang| {
        format!(
            "{here}{}lang={}",
            if here.contains('?') { '&' } else { '?' },
            chosen.tag()
        )
    };
    chosen.map_or_else(|| here.to_owned(), lang)
}

impl NextStep {
    /// Whether a form on the page leads to the sign-in service.
    pub(super) fn starts_sign_in(&self) -> bool {
        matches!(self.kind, Kind::SignIn { .. })
    }

    pub(super) fn actions(&self) -> Vec<Action<'_>> {
        let text = &self.lang.text().action;
        let first = match &self.kind {
            Kind::SignIn { url, fields, label } => Some(Action::Post {
                label,
                url,
                fields: fields.clone(),
                primary: true,
            }),
            Kind::Renew { url, fields } => Some(Action::Post {
                label: text.ask_for_new_invitation,
                url,
                fields: fields.clone(),
                primary: true,
            }),
            Kind::Again { url } => Some(Action::Link {
                label: text.try_again,
                url,
                primary: true,
            }),
            Kind::Help => None,
        };
        let code = self.send_code.as_ref().map(|(url, fields)| Action::Post {
            label: text.send_code,
            url,
            fields: fields.clone(),
            primary: false,
        });
        let primary = first.is_none();
        let help = self.support.as_deref().map(|url| Action::Link {
            label: text.get_help,
            url,
            primary,
        });
        first.into_iter().chain(code).chain(help).collect()
    }
}
