//! The e-mail after an approval.

use super::{Content, InvitationMail, Mail, full_name};
use crate::{
    text::{ApprovedMailText, MailText, format_expiry},
    views::clean,
};

/// Informs the recipient that their organisation has approved the app. The link is the one of the
/// invitation.
pub fn approved(mail: &InvitationMail<'_>) -> Mail {
    let text: &MailText = &mail.lang.text().mail;
    let own: &ApprovedMailText = &mail.lang.organisation().approved_mail;
    let invite = &mail.lang.text().invite;
    let platform = clean(mail.platform);
    Content {
        colon: mail.lang.text().problem.colon,
        subject: (own.approved_subject)(&platform),
        greeting: (text.greeting)(&full_name(mail.first_name, mail.last_name)),
        paragraphs: vec![
            (own.approved_body)(&platform),
            (invite.lead)(
                &clean(mail.inviter_name),
                &clean(mail.inviter_organization),
                &platform,
            ),
        ],
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
