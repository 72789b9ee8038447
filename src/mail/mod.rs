//! The e-mails, each as a subject with a plain text and an HTML part of the same content.

mod approved;
mod for_invitation;
mod message;
mod reply_code;
mod smtp;

pub use approved::approved;
pub use for_invitation::{
    approved_email, code_email, company_created_email, company_joined_email, declined_email,
    help_request_email, invitation_email, reminder_email, renewal_request_email,
};
pub use smtp::{MailError, Mailer};

use std::iter;

use askama::Template;
use time::OffsetDateTime;

use crate::domain::{company::phone, email::Email, invitation::Situation};
use crate::text::{
    self, InviteText, Lang, MailText, NO_BREAK_SPACE, SituationText, names, valid_until,
};
use crate::views::{
    LegalLink, Logo, Shades, Theme, cjk_fonts, clean, clean_lines, marked, unmarked,
};

/// A rendered e-mail.
#[derive(Debug, Clone)]
pub struct Mail {
    /// One line, without control characters.
    pub subject: String,
    /// The plain text part, lines end with `\n`.
    pub text: String,
    /// The HTML part: a complete document.
    pub html: String,
    /// The display name of the sender; otherwise that of `MAIL_FROM`.
    pub from_name: Option<String>,
    /// Who answers: name and mailbox.
    pub reply_to: Option<(String, Email)>,
    /// The PNG that the HTML part shows as `cid:logo`.
    pub logo: Option<Vec<u8>>,
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
    /// The platform's logo, shown where it is a PNG: few e-mail programs draw SVG.
    pub logo: Option<&'a Logo>,
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
    /// When the e-mail is written.
    pub now: OffsetDateTime,
    /// What the platform is for.
    pub purpose: Option<&'a str>,
    /// Where people find help.
    pub support_url: Option<&'a str>,
    /// Where people find documentation.
    pub docs_url: Option<&'a str>,
    /// Privacy, imprint, terms.
    pub legal: &'a [LegalLink],
    /// Gets the replies.
    pub inviter_email: Option<&'a Email>,
    /// The inviter's phone number in E.164.
    pub inviter_phone: Option<&'a str>,
}

/// Informs the inviter about an invitation. Has no link, so it is no model for phishing.
#[derive(Debug, Clone, Copy)]
pub struct InviterMail<'a> {
    /// The inviter's language.
    pub lang: Lang,
    /// The platform's name.
    pub platform: &'a str,
    /// The platform's colours.
    pub theme: &'a Theme,
    /// The platform's logo, shown where it is a PNG: few e-mail programs draw SVG.
    pub logo: Option<&'a Logo>,
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
    /// Whether it was withdrawn: it cannot be sent again.
    pub is_revoked: bool,
    /// Privacy, imprint, terms.
    pub legal: &'a [LegalLink],
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
    /// The platform's logo, shown where it is a PNG: few e-mail programs draw SVG.
    pub logo: Option<&'a Logo>,
    /// The recipient.
    pub first_name: &'a str,
    /// The recipient.
    pub last_name: &'a str,
    /// Six digits.
    pub code: &'a str,
    /// How long it is valid.
    pub minutes: u32,
    /// Privacy, imprint, terms.
    pub legal: &'a [LegalLink],
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
    /// Labels and links.
    help: Vec<(&'static str, String)>,
    /// Titles and links, in the foot.
    legal: Vec<(String, String)>,
    from_name: Option<String>,
    reply_to: Option<(String, Email)>,
    logo: Option<Vec<u8>>,
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
            subject: unmarked(self.subject),
            text: unmarked(text),
            html: unmarked(html),
            from_name: self.from_name,
            reply_to: self.reply_to,
            logo: self.logo,
        }
    }
}

/// The invitation, in the recipient's language.
pub fn invitation(mail: &InvitationMail<'_>) -> Mail {
    let text: &MailText = &mail.lang.text().mail;
    let subject = (text.subject)(&name(mail.inviter_organization), &name(mail.platform));
    invitation_with(mail, subject, None)
}

/// The invitation once more, to a recipient who has not accepted it yet.
pub fn reminder(mail: &InvitationMail<'_>) -> Mail {
    let text: &MailText = &mail.lang.text().mail;
    let platform = name(mail.platform);
    let subject = (text.reminder_subject)(&platform);
    invitation_with(mail, subject, Some((text.reminder_lead)(&platform)))
}

fn invitation_with(mail: &InvitationMail<'_>, subject: String, first: Option<String>) -> Mail {
    let invite: &InviteText = &mail.lang.text().invite;
    let text: &MailText = &mail.lang.text().mail;
    let (platform, inviter, organization) = (
        name(mail.platform),
        name(mail.inviter_name),
        name(mail.inviter_organization),
    );
    let purpose = mail.purpose.map(clean_lines).into_iter();
    let quote = mail
        .message
        .map(clean_lines)
        .filter(|message| !message.is_empty());
    Content {
        subject,
        paragraphs: first
            .into_iter()
            .chain([(invite.lead)(&inviter, &organization, &platform)])
            .chain(purpose)
            .chain([text.steps.to_owned()])
            .collect(),
        quote: quote.map(|message| (message, (invite.message_from)(&inviter))),
        ..with_link(mail)
    }
    .render(mail.lang, mail.theme)
}

/// What every e-mail with the link has in common.
fn with_link(mail: &InvitationMail<'_>) -> Content {
    let text: &MailText = &mail.lang.text().mail;
    let help = [(text.help, mail.support_url), (text.docs, mail.docs_url)];
    Content {
        colon: mail.lang.text().problem.colon,
        platform: name(mail.platform),
        greeting: (text.greeting)(&form_of_address(mail.lang, mail.first_name, mail.last_name)),
        button: Some((mail.lang.text().invite.get_started, mail.link.to_owned())),
        copy_link: text.copy_link,
        facts: vec![(mail.lang.text().contact.heading, contact(mail))],
        notes: vec![
            (text.valid_until)(&breakable(&valid_until(mail.expires, mail.now, mail.lang))),
            text.unexpected.to_owned(),
        ],
        help: help
            .into_iter()
            .filter_map(|(label, url)| Some((label, url?.to_owned())))
            .collect(),
        legal: legal(mail.legal, mail.lang),
        logo: png(mail.logo),
        from_name: Some(message::name_via(
            mail.inviter_name,
            mail.inviter_organization,
            mail.platform,
        )),
        reply_to: mail
            .inviter_email
            .map(|email| (mail.inviter_name.to_owned(), email.clone())),
        ..Content::default()
    }
}

/// The person behind the invitation, and how to reach them.
fn contact(mail: &InvitationMail<'_>) -> String {
    let (person, organization) = (name(mail.inviter_name), name(mail.inviter_organization));
    let email = mail
        .inviter_email
        .map(|email| clean(email.as_str()).into_owned());
    let phone = mail.inviter_phone.map(phone::international);
    let known = email.into_iter().chain(phone);
    iter::once(format!("{person}, {organization}"))
        .chain(known)
        .collect::<Vec<_>>()
        .join(", ")
}

/// Informs the inviter that the recipient asks for a new invitation.
pub fn renewal_requested(mail: &InviterMail<'_>) -> Mail {
    let text = &mail.lang.text().mail;
    let body = (text.renewal_body)(
        &recipient(mail),
        &name(mail.company_name),
        &name(mail.platform),
    );
    let instructions = if mail.is_revoked {
        mail.lang.text().contact.renewal_after_revocation
    } else {
        text.renewal_instructions
    };
    to_inviter(
        mail,
        (text.renewal_subject)(&name(mail.company_name)),
        vec![body, instructions.to_owned()],
    )
}

/// Informs the inviter that the recipient asks for help, and where the recipient is stuck.
pub fn help_requested(mail: &InviterMail<'_>, situation: Situation) -> Mail {
    let text = &mail.lang.text().contact;
    let (company, platform) = (name(mail.company_name), name(mail.platform));
    let paragraphs = vec![
        (text.help_body)(&recipient(mail), &company, &platform),
        sentence_of(&text.situation, situation).to_owned(),
        text.help_instructions.to_owned(),
    ];
    to_inviter(mail, (text.help_subject)(&company), paragraphs)
}

/// Informs the inviter that someone with the link says not to be the right person. Has no link:
/// nothing is invited from the e-mail.
pub fn declined(mail: &InviterMail<'_>, colleague: Option<&str>) -> Mail {
    let text = &mail.lang.text().contact;
    let (company, platform) = (name(mail.company_name), name(mail.platform));
    let body = (text.declined_body)(&recipient(mail), &company, &platform);
    let mut paragraphs = vec![body];
    if let Some(colleague) = colleague {
        paragraphs.push(text.declined_colleague.to_owned());
        paragraphs.push(clean(colleague).into_owned());
    }
    paragraphs.push(text.help_instructions.to_owned());
    to_inviter(mail, (text.declined_subject)(&company), paragraphs)
}

fn sentence_of(text: &SituationText, situation: Situation) -> &'static str {
    match situation {
        Situation::Invitation => text.invitation,
        Situation::SignIn => text.sign_in,
        Situation::Account => text.account,
        Situation::Organization => text.organization,
        Situation::Mailbox => text.mailbox,
        Situation::Company => text.company,
        Situation::Service => text.service,
    }
}

/// Informs the inviter that the recipient has created the company.
pub fn company_created(mail: &InviterMail<'_>) -> Mail {
    let text = &mail.lang.text().mail;
    let body = (text.company_body)(
        &recipient(mail),
        &name(mail.company_name),
        &name(mail.platform),
    );
    to_inviter(
        mail,
        (text.company_subject)(&name(mail.company_name), &name(mail.platform)),
        vec![body],
    )
}

/// Informs the inviter that the recipient has joined the company that a colleague had created.
pub fn company_joined(mail: &InviterMail<'_>) -> Mail {
    let text = &mail.lang.text().mail;
    let (who, company) = (recipient(mail), name(mail.company_name));
    let body = (text.joined_body)(&who, &company, &name(mail.platform));
    to_inviter(mail, (text.joined_subject)(&who, &company), vec![body])
}

fn recipient(mail: &InviterMail<'_>) -> String {
    full_name(mail.recipient_first_name, mail.recipient_last_name)
}

/// The name that greets a person, as on the pages.
fn form_of_address(lang: Lang, first_name: &str, last_name: &str) -> String {
    name(&(lang.text().form_of_address)(
        &clean(first_name),
        &clean(last_name),
    ))
}

fn full_name(first_name: &str, last_name: &str) -> String {
    name(&names::full(&clean(first_name), &clean(last_name)))
}

/// An untrusted name, cleaned, and isolated where its writing direction would affect the sentence.
/// With marks until the e-mail is rendered.
fn name(untrusted: &str) -> String {
    marked(&text::isolated(clean(untrusted).into_owned()))
}

/// With blanks that may be broken: the others are not ASCII, and would have a text part encoded.
fn breakable(date: &str) -> String {
    date.replace(NO_BREAK_SPACE, " ")
}

fn legal(links: &[LegalLink], lang: Lang) -> Vec<(String, String)> {
    let link = |link: &LegalLink| (clean(link.title.get(lang)).into_owned(), link.url.clone());
    links.iter().map(link).collect()
}

fn png(logo: Option<&Logo>) -> Option<Vec<u8>> {
    Some(logo?.png()?.to_vec())
}

fn to_inviter(mail: &InviterMail<'_>, subject: String, paragraphs: Vec<String>) -> Mail {
    let text = &mail.lang.text().mail;
    let mut facts = vec![
        (text.invited_mailbox, clean(mail.mailbox).into_owned()),
        (text.invitation_id, clean(mail.invitation_id).into_owned()),
    ];
    if let Some(number) = mail.customer_number {
        facts.insert(0, (text.customer_number, clean(number).into_owned()));
    }
    Content {
        colon: mail.lang.text().problem.colon,
        subject,
        greeting: (text.greeting)(&name(mail.inviter_name)),
        paragraphs,
        facts,
        legal: legal(mail.legal, mail.lang),
        logo: png(mail.logo),
        platform: name(mail.platform),
        ..Content::default()
    }
    .render(mail.lang, mail.theme)
}

/// The code that confirms the mailbox.
pub fn code(mail: &CodeMail<'_>) -> Mail {
    let text = &mail.lang.text().mail;
    let platform = name(mail.platform);
    Content {
        colon: mail.lang.text().problem.colon,
        subject: (text.code_subject)(&platform),
        greeting: (text.greeting)(&form_of_address(mail.lang, mail.first_name, mail.last_name)),
        paragraphs: vec![(text.code_lead)(&platform)],
        code: Some(clean(mail.code).into_owned()),
        notes: vec![
            (text.code_validity)(mail.minutes),
            text.code_unexpected.to_owned(),
        ],
        legal: legal(mail.legal, mail.lang),
        logo: png(mail.logo),
        from_name: Some(message::name_part(mail.platform)),
        platform,
        ..Content::default()
    }
    .render(mail.lang, mail.theme)
}

#[cfg(test)]
mod tests;
