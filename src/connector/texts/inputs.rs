//! What people enter.

use super::Text;

pub(super) const TEXTS: &[Text] = &[
    ("input:recipient", "Recipient", "The person to invite."),
    (
        "input:recipient.firstName",
        "Recipient first name",
        "The first name. Enter a first name, a last name or both.",
    ),
    (
        "input:recipient.lastName",
        "Recipient last name",
        "The last name. Enter a first name, a last name or both.",
    ),
    (
        "input:recipient.locale",
        "Recipient language",
        "Choose a language or enter its code, such as de. If empty, the e-mail is in English and \
         the pages use the browser's language.",
    ),
    (
        "input:inviter.name",
        "Inviter name",
        "The full name of the person who invites. The e-mail shows it as the sender.",
    ),
    (
        "input:inviter.email",
        "Inviter e-mail",
        "Receives replies, and messages when the customer needs help or has created the company. \
         If empty, there are no such messages, and replies go to the sender address of the \
         service.",
    ),
    (
        "input:inviter.phone",
        "Inviter phone",
        "Shown to the recipient. In international format, such as +41 44 123 45 67.",
    ),
    (
        "input:inviter.locale",
        "Inviter language",
        "The language of messages to the inviter. If empty, they are in English.",
    ),
    (
        "input:company",
        "Company",
        "The customer's company as you know it. The customer checks and corrects it. Leave it \
         empty if you enter a Company ID.",
    ),
    (
        "input:company.postalCode",
        "Postal code",
        "Required in countries that use postal codes. Must match the country's format.",
    ),
    (
        "input:company.country",
        "Country",
        "Choose the country of the company, or enter its two-letter code, such as CH.",
    ),
    (
        "input:company.phone",
        "Company phone",
        "In national or international format, such as +41 44 123 45 67.",
    ),
    (
        "input:company.vatNumber",
        "VAT number",
        "Must match the country's format. Separators are ignored.",
    ),
    (
        "input:company.customerNumber",
        "Customer number",
        "Your own number for the customer. All invitations with the same number lead to one \
         company: the first recipient creates it, the others join it.",
    ),
    (
        "NewInvitation:companyId",
        "Company ID",
        "The ID of an existing company, for inviting a colleague to join it. Use it instead of \
         Company. \"Find a company\" returns it.",
    ),
    (
        "NewInvitation:expiresAt",
        "Valid until",
        "When the invitation expires, such as 2027-01-31T12:00:00Z. If empty, after the number of \
         days set by the operator.",
    ),
    (
        "NewInvitation:sendEmail",
        "Send e-mail",
        "Choose No if you want to pass on the link yourself. The default is Yes.",
    ),
    (
        "Resending:sendEmail",
        "Send e-mail",
        "Choose No to extend the validity without sending an e-mail. The default is Yes.",
    ),
    (
        "NewInvitation:metadata",
        "Your own data",
        "Up to 20 named values of at most 500 characters, such as an order number. They are \
         returned with the invitation and with each of its events.",
    ),
    (
        "InvitationPatch:recipient.email",
        "Recipient e-mail",
        "The new e-mail address of the recipient. Only its owner can accept. If empty, unchanged.",
    ),
    (
        "InvitationPatch:recipient.firstName",
        "Recipient first name",
        "The new first name. If empty, unchanged.",
    ),
    (
        "InvitationPatch:recipient.lastName",
        "Recipient last name",
        "The new last name. If empty, unchanged.",
    ),
    (
        "InvitationPatch:recipient.locale",
        "Recipient language",
        "The language of the e-mail and the pages. If empty, unchanged.",
    ),
    (
        "InvitationPatch:inviter.email",
        "Inviter e-mail",
        "The new e-mail address for replies and messages. If empty, unchanged.",
    ),
    (
        "InvitationPatch:inviter.locale",
        "Inviter language",
        "The language of messages to the inviter. If empty, unchanged.",
    ),
    (
        "InvitationPatch:company",
        "Company",
        "The customer's company as you know it. It cannot be changed if the invitation was created \
         with a Company ID.",
    ),
    (
        "InvitationPatch:company.postalCode",
        "Postal code",
        "The new postal code. Must match the country's format. If empty, unchanged.",
    ),
    (
        "InvitationPatch:company.customerNumber",
        "Customer number",
        "Your new number for the customer. If empty, unchanged.",
    ),
    (
        "InvitationPatch:expiresAt",
        "Valid until",
        "When the invitation expires, such as 2027-01-31T12:00:00Z. If empty, unchanged.",
    ),
    (
        "InvitationPatch:metadata",
        "Your own data",
        "Named values to add or replace. The others are unchanged. At most 20 in total, of at most \
         500 characters each.",
    ),
    (
        "Revocation:reason",
        "Revocation reason",
        "Why you revoke the invitation. The customer does not see it.",
    ),
    (
        ":id",
        "Invitation ID",
        "The ID of the invitation, which \"Invite a customer\" and every event return.",
    ),
    (
        ":Idempotency-Key",
        "Duplicate prevention key",
        "A text without spaces that is unique to this invitation, such as the ID of the source \
         row. A repeated run with the same text and the same inputs returns the first invitation \
         and creates no second one. With the same text and other inputs it fails.",
    ),
    (
        ":email",
        "Recipient e-mail",
        "Only invitations to this e-mail address.",
    ),
    (
        ":customerNumber",
        "Customer number",
        "Your own number for the customer, exactly as it was entered.",
    ),
    (
        ":status",
        "Status",
        "Only invitations with this status. Pending: not accepted yet. Expired: no longer valid. \
         Accepted: signed in, but no company created or joined yet. Completed: company created or \
         joined. Revoked: cancelled.",
    ),
    (
        ":inviterEmail",
        "Inviter e-mail",
        "Only invitations from the inviter with this e-mail address.",
    ),
    (
        ":createdAfter",
        "Created after",
        "Only invitations that were created after this time, such as 2027-01-31T12:00:00Z.",
    ),
    (
        ":createdBefore",
        "Created before",
        "Only invitations that were created before this time, such as 2027-01-31T12:00:00Z.",
    ),
    (
        ":delivery",
        "Delivery",
        "Choose Failed to find invitations with an e-mail or event that could not be delivered.",
    ),
    (
        ":limit",
        "Page size",
        "The maximum number of invitations per page. The default is 50.",
    ),
    (
        ":cursor",
        "Cursor",
        "The Next cursor of the previous page. Keep the other inputs the same.",
    ),
    (
        ":type",
        "Event",
        "The type of event that starts the flow. If empty, every event does.",
    ),
    (
        ":after",
        "Cursor",
        "Where the previous poll ended. The platform sets it.",
    ),
];
