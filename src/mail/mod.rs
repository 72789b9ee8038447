//! The e-mails, each as a subject with a plain text and an HTML part of the same content.

mod approved;
mod for_invitation;
mod reply_code;
mod smtp;

pub use approved::approved;
pub use for_invitation::{
    approved_email, code_email, company_created_email, invitation_email, renewal_request_email,
};
pub use smtp::{MailError, Mailer};

use askama::Template;
use time::OffsetDateTime;

use crate::text::{InviteText, Lang, MailText, format_expiry, names};
use crate::views::{Shades, Theme, cjk_fonts, clean, clean_lines};

/// A rendered e-mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// One line, without control characters.
    pub subject: String,
    /// The plain text part, lines end with `\n`.
    pub text: String,
    /// The HTML part: a complete document.
    pub html: String,
}

/// Invites the recipient.
#[derive(Debug, Clone, Copy)]
pub struct InvitationMail<'a> {
    /// The recipient's language.
    pub lang: Lang,
    /// The platform's name.
    pub platform: &'a str,
    /// The platform's colours.
    pub theme: &'a Theme,
    /// The inviter.
    pub inviter_name: &'a str,
    /// The organisation that invites.
    pub inviter_organization: &'a str,
    /// The recipient.
    pub first_name: &'a str,
    /// The recipient.
    pub last_name: &'a str,
    /// A personal message, may have several lines.
    pub message: Option<&'a str>,
    /// The invitation's link.
    pub link: &'a str,
    /// When the link expires.
    pub expires: OffsetDateTime,
    /// Where people find help.
    pub support_url: Option<&'a str>,
}

/// Informs the inviter about an invitation. Has no link, so it is no model for phishing.
#[derive(Debug, Clone, Copy)]
pub struct InviterMail<'a> {
    /// The language of the invitation: the inviter's own is not known.
    pub lang: Lang,
    /// The platform's name.
    pub platform: &'a str,
    /// The platform's colours.
    pub theme: &'a Theme,
    /// The inviter.
    pub inviter_name: &'a str,
    /// The recipient.
    pub recipient_first_name: &'a str,
    /// The recipient.
    pub recipient_last_name: &'a str,
    /// The invited address, masked or in full.
    pub mailbox: &'a str,
    /// The invited company.
    pub company_name: &'a str,
    /// The inviter's own number of the company.
    pub customer_number: Option<&'a str>,
    /// The invitation's `id` in the API.
    pub invitation_id: &'a str,
}

/// Carries the code that confirms a mailbox.
#[derive(Debug, Clone, Copy)]
pub struct CodeMail<'a> {
    /// The recipient's language.
    pub lang: Lang,
    /// The platform's name.
    pub platform: &'a str,
    /// The platform's colours.
    pub theme: &'a Theme,
    /// The recipient.
    pub first_name: &'a str,
    /// The recipient.
    pub last_name: &'a str,
    /// Six digits.
    pub code: &'a str,
    /// How long it is valid.
    pub minutes: u32,
}

/// The parts of every e-mail, in this order. Values are cleaned; the templates escape them.
#[derive(Default)]
struct Content {
    colon: &'static str,
    platform: String,
    subject: String,
    greeting: String,
    paragraphs: Vec<String>,
    /// The message and its author.
    quote: Option<(String, String)>,
    code: Option<String>,
    /// Label and link.
    button: Option<(&'static str, String)>,
    copy_link: &'static str,
    facts: Vec<(&'static str, String)>,
    notes: Vec<String>,
    /// Label and link.
    help: Option<(&'static str, String)>,
}

#[derive(Template)]
#[template(path = "email.html")]
struct HtmlPart<'a> {
    email: &'a Content,
    lang: Lang,
    light: Shades,
    dark: Shades,
    /// Each quoted, with a comma after it.
    fonts: String,
}

#[derive(Template)]
#[template(path = "email.txt")]
struct TextPart<'a> {
    email: &'a Content,
}

impl Content {
    /// Writing into a string cannot fail; the templates have no fallible expressions.
    fn render(self, lang: Lang, theme: &Theme) -> Mail {
        let fonts = cjk_fonts(lang)
            .iter()
            .map(|name| format!("'{name}',"))
            .collect();
        let html = HtmlPart {
            email: &self,
            lang,
            light: theme.light(),
            dark: theme.dark(),
            fonts,
        }
        .render()
        .unwrap_or_default();
        let text = TextPart { email: &self }.render().unwrap_or_default();
        Mail {
            subject: self.subject,
            text,
            html,
        }
    }
}

/// The invitation, in the recipient's language.
pub fn invitation(mail: &InvitationMail<'_>) -> Mail {
    let invite: &InviteText = &mail.lang.text().invite;
    let text: &MailText = &mail.lang.text().mail;
    let (platform, inviter, organization) = (
        clean(mail.platform),
        clean(mail.inviter_name),
        clean(mail.inviter_organization),
    );
    let quote = mail
        .message
        .map(clean_lines)
        .filter(|message| !message.is_empty());
    Content {
        colon: mail.lang.text().problem.colon,
        subject: (text.subject)(&organization, &platform),
        greeting: (text.greeting)(&full_name(mail.first_name, mail.last_name)),
        paragraphs: vec![
            (invite.lead)(&inviter, &organization, &platform),
            text.steps.to_owned(),
        ],
        quote: quote.map(|message| (message, (invite.message_from)(&inviter))),
        button: Some((invite.get_started, mail.link.to_owned())),
        copy_link: text.copy_link,
        notes: vec![
            (text.valid_until)(&format_expiry(mail.expires, mail.lang)),
            text.unexpected.to_owned(),
        ],
        help: mail.support_url.map(|url| (text.help, url.to_owned())),
        platform,
        ..Content::default()
    }
    .render(mail.lang, mail.theme)
}

/// Informs the inviter that the recipient asks for a new invitation.
pub fn renewal_requested(mail: &InviterMail<'_>) -> Mail {
    let text = &mail.lang.text().mail;
    let body = (text.renewal_body)(
        &recipient(mail),
        &clean(mail.company_name),
        &clean(mail.platform),
    );
    to_inviter(
        mail,
        (text.renewal_subject)(&clean(mail.company_name)),
        vec![body, text.renewal_instructions.to_owned()],
    )
}

/// Informs the inviter that the recipient has created the company.
pub fn company_created(mail: &InviterMail<'_>) -> Mail {
    let text = &mail.lang.text().mail;
    let body = (text.company_body)(
        &recipient(mail),
        &clean(mail.company_name),
        &clean(mail.platform),
    );
    to_inviter(
        mail,
        (text.company_subject)(&clean(mail.company_name), &clean(mail.platform)),
        vec![body],
    )
}

fn recipient(mail: &InviterMail<'_>) -> String {
    full_name(mail.recipient_first_name, mail.recipient_last_name)
}

fn full_name(first_name: &str, last_name: &str) -> String {
    names::full(&clean(first_name), &clean(last_name))
}

fn to_inviter(mail: &InviterMail<'_>, subject: String, paragraphs: Vec<String>) -> Mail {
    let text = &mail.lang.text().mail;
    let mut facts = vec![
        (text.invited_mailbox, clean(mail.mailbox)),
        (text.invitation_id, clean(mail.invitation_id)),
    ];
    if let Some(number) = mail.customer_number {
        facts.insert(0, (text.customer_number, clean(number)));
    }
    Content {
        colon: mail.lang.text().problem.colon,
        subject,
        greeting: (text.greeting)(&clean(mail.inviter_name)),
        paragraphs,
        facts,
        platform: clean(mail.platform),
        ..Content::default()
    }
    .render(mail.lang, mail.theme)
}

/// The code that confirms the mailbox.
pub fn code(mail: &CodeMail<'_>) -> Mail {
    let text = &mail.lang.text().mail;
    let platform = clean(mail.platform);
    Content {
        colon: mail.lang.text().problem.colon,
        subject: (text.code_subject)(&platform),
        greeting: (text.greeting)(&full_name(mail.first_name, mail.last_name)),
        paragraphs: vec![(text.code_lead)(&platform)],
        code: Some(clean(mail.code)),
        notes: vec![
            (text.code_validity)(mail.minutes),
            text.code_unexpected.to_owned(),
        ],
        platform,
        ..Content::default()
    }
    .render(mail.lang, mail.theme)
}

#[cfg(test)]
mod tests;
