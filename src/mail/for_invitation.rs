//! The e-mails about an invitation.

use super::{CodeMail, InvitationMail, InviterMail, Mail};
use crate::{
    config::Config,
    domain::{
        email::Email,
        invitation::{Invitation, Situation, State},
    },
    text::Lang,
};

/// To the recipient: the invitation with its link.
#[must_use]
pub fn invitation_email(
    config: &Config,
    invitation: &Invitation,
    link: &url::Url,
    now: time::OffsetDateTime,
) -> Mail {
    super::invitation(&invitation_mail(config, invitation, link, now))
}

/// To the recipient: the invitation can still be accepted; the link as it was.
#[must_use]
pub fn reminder_email(
    config: &Config,
    invitation: &Invitation,
    link: &url::Url,
    now: time::OffsetDateTime,
) -> Mail {
    super::reminder(&invitation_mail(config, invitation, link, now))
}

/// To the recipient: their organisation has approved the app; the link as it was.
#[must_use]
pub fn approved_email(
    config: &Config,
    invitation: &Invitation,
    link: &url::Url,
    now: time::OffsetDateTime,
) -> Mail {
    super::approved(&invitation_mail(config, invitation, link, now))
}

fn invitation_mail<'a>(
    config: &'a Config,
    invitation: &'a Invitation,
    link: &'a url::Url,
    now: time::OffsetDateTime,
) -> InvitationMail<'a> {
    let terms = &invitation.terms;
    let lang = Lang::negotiate(None, terms.recipient.locale.as_deref(), None);
    let platform = &config.platform;
    InvitationMail {
        lang,
        platform: &config.platform.name,
        theme: &config.platform.theme,
        logo: config.platform.logo.as_ref(),
        inviter_name: &terms.inviter.name,
        inviter_organization: &terms.inviter.organization,
        first_name: &terms.recipient.first_name,
        last_name: &terms.recipient.last_name,
        message: terms.message.as_deref(),
        link: link.as_str(),
        expires: invitation.expires_at,
        now,
        purpose: platform.purpose.as_ref().map(|text| text.get(lang)),
        support_url: platform.support_url.as_ref().map(url::Url::as_str),
        docs_url: platform.docs_url.as_ref().map(url::Url::as_str),
        legal: &platform.legal,
        inviter_email: terms.inviter.email.as_ref(),
        inviter_phone: terms.inviter.phone.as_deref(),
    }
}

/// To the inviter: the recipient asks for a new invitation.
#[must_use]
pub fn renewal_request_email(config: &Config, invitation: &Invitation, lang: Lang) -> Mail {
    super::renewal_requested(&inviter_mail(
        config,
        invitation,
        &invitation.id.to_string(),
        lang,
    ))
}

/// To the inviter: the recipient asks for help.
#[must_use]
pub fn help_request_email(
    config: &Config,
    invitation: &Invitation,
    lang: Lang,
    situation: Situation,
) -> Mail {
    let id = invitation.id.to_string();
    super::help_requested(&inviter_mail(config, invitation, &id, lang), situation)
}

/// To the inviter: someone with the link says not to be the right person.
#[must_use]
pub fn declined_email(
    config: &Config,
    invitation: &Invitation,
    lang: Lang,
    colleague: Option<&Email>,
) -> Mail {
    let id = invitation.id.to_string();
    let colleague = colleague.map(Email::as_str);
    super::declined(&inviter_mail(config, invitation, &id, lang), colleague)
}

/// To the inviter: the company was created.
#[must_use]
pub fn company_created_email(config: &Config, invitation: &Invitation, lang: Lang) -> Mail {
    super::company_created(&inviter_mail(
        config,
        invitation,
        &invitation.id.to_string(),
        lang,
    ))
}

/// To the inviter: the recipient joined the company that a colleague had created.
#[must_use]
pub fn company_joined_email(config: &Config, invitation: &Invitation, lang: Lang) -> Mail {
    super::company_joined(&inviter_mail(
        config,
        invitation,
        &invitation.id.to_string(),
        lang,
    ))
}

fn inviter_mail<'a>(
    config: &'a Config,
    invitation: &'a Invitation,
    id: &'a str,
    lang: Lang,
) -> InviterMail<'a> {
    let terms = &invitation.terms;
    InviterMail {
        lang,
        platform: &config.platform.name,
        theme: &config.platform.theme,
        logo: config.platform.logo.as_ref(),
        inviter_name: &terms.inviter.name,
        recipient_first_name: &terms.recipient.first_name,
        recipient_last_name: &terms.recipient.last_name,
        mailbox: terms.recipient.email.as_str(),
        company_name: invitation.company_name(),
        customer_number: terms.company.customer_number.as_deref(),
        invitation_id: id,
        is_revoked: matches!(invitation.state, State::Revoked { .. }),
        legal: &config.platform.legal,
    }
}

/// To the invited mailbox: the code that confirms it.
#[must_use]
pub fn code_email(
    config: &Config,
    invitation: &Invitation,
    code: &str,
    lifetime: time::Duration,
    lang: Lang,
) -> Mail {
    let recipient = &invitation.terms.recipient;
    super::code(&CodeMail {
        lang,
        platform: &config.platform.name,
        theme: &config.platform.theme,
        logo: config.platform.logo.as_ref(),
        first_name: &recipient.first_name,
        last_name: &recipient.last_name,
        code,
        legal: &config.platform.legal,
        minutes: u32::try_from(lifetime.whole_minutes()).unwrap_or_default(),
    })
}
