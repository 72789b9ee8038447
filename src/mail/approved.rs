//! The e-mail after an approval.

use super::{Content, InvitationMail, Mail, name, with_link};
use crate::text::ApprovedMailText;

/// Informs the recipient that their organisation has approved the app. The link is the one of the
/// invitation.
pub fn approved(mail: &InvitationMail<'_>) -> Mail {
    let text: &ApprovedMailText = &mail.lang.organisation().approved_mail;
    let platform = name(mail.platform);
    let lead = mail.lang.text().invite.lead;
    Content {
        subject: (text.approved_subject)(&platform),
        paragraphs: vec![
            (text.approved_body)(&platform),
            lead(
                &name(mail.inviter_name),
                &name(mail.inviter_organization),
                &platform,
            ),
        ],
        ..with_link(mail)
    }
    .render(mail.lang, mail.theme)
}
