//! What people enter.

use super::Text;

pub(super) const TEXTS: &[Text] = &[
    ("input:recipient", "Recipient", "The person to invite."),
    (
        "input:recipient.firstName",
        "Recipient first name",
        "The given name. It may be empty if there is a last name.",
    ),
    (
        "input:recipient.lastName",
        "Recipient last name",
        "The family name. It may be empty if there is a first name.",
    ),
    (
        "input:recipient.locale",
        "Recipient language",
        "Choose the language, or enter its tag, such as de. If empty, the e-mail is in English, \
         and the pages follow the browser.",
    ),
    (
        "input:inviter.name",
        "Inviter name",
        "The full name of the person who invites. The e-mail shows it as the sender.",
    ),
    (
        "input:inviter.email",
        "Inviter e-mail",
        "Replies go there, and messages when the customer needs help or has created the company.",
    ),
    (
        "input:inviter.phone",
        "Inviter phone",
        "Shown to the recipient. In international form, such as +41 44 123 45 67.",
    ),
    (
        "input:inviter.locale",
        "Inviter language",
        "The language of messages to the inviter. If empty, English.",
    ),
    (
        "input:company",
        "Company",
        "The customer's company as you know it. The customer checks and corrects it.",
    ),
    (
        "input:company.postalCode",
        "Postal code",
        "Required if the country has postal codes, and checked by its rule.",
    ),
    (
        "input:company.country",
        "Country",
        "Choose the country of the company, or enter its two-letter code, such as CH.",
    ),
    (
        "input:company.phone",
        "Company phone",
        "As people dial it in the country, or in international form.",
    ),
    (
        "input:company.vatNumber",
        "VAT number",
        "Checked by the rule of the country. Separators do not matter.",
    ),
    (
        "input:company.customerNumber",
        "Customer number",
        "Your own number of this customer. All invitations with the same number lead to one \
         company: the first recipient creates it, the others join it.",
    ),
    (
        "NewInvitation:companyId",
        "Company ID",
        "Instead of a company: the ID of a company that exists already, for a colleague who is to \
         join it.",
    ),
    (
        "NewInvitation:expiresAt",
        "Valid until",
        "When the invitation ends. If empty, after the usual number of days.",
    ),
    (
        "NewInvitation:sendEmail",
        "Send e-mail",
        "Choose No to send no e-mail, and pass on the link yourself. If empty, Yes.",
    ),
    (
        "Resending:sendEmail",
        "Send e-mail",
        "Choose No to extend the time only. If empty, Yes.",
    ),
    (
        "input:metadata",
        "Your own data",
        "Up to 20 names with texts, such as the number of an order. They are returned with the \
         invitation and with each of its events.",
    ),
    (
        "Revocation:reason",
        "Reason",
        "Why you cancel it. The customer does not see it.",
    ),
    (
        ":id",
        "Invitation ID",
        "The ID of the invitation, which \"Invite a customer\" and every event return.",
    ),
    (
        ":Idempotency-Key",
        "Key against duplicates",
        "A text of your own, such as the ID of the row. A repeated run with the same text and the \
         same inputs creates no second invitation.",
    ),
    (
        ":email",
        "Recipient e-mail",
        "Only invitations of this mailbox.",
    ),
    (
        ":customerNumber",
        "Customer number",
        "Your own number of the customer, exactly as it was given.",
    ),
    (
        ":status",
        "Status",
        "Only invitations with this status. Pending: not accepted yet. Expired: no longer valid. \
         Accepted: signed in, no company yet. Completed: company created or joined. Revoked: \
         cancelled.",
    ),
    (
        ":inviterEmail",
        "Inviter e-mail",
        "Only invitations of the inviter with this mailbox.",
    ),
    (
        ":createdAfter",
        "Created after",
        "Only invitations that were created later than this.",
    ),
    (
        ":createdBefore",
        "Created before",
        "Only invitations that were created earlier than this.",
    ),
    (
        ":delivery",
        "Delivery",
        "Choose Failed for invitations of which an e-mail or an event could not be delivered.",
    ),
    (
        ":limit",
        "Maximum number",
        "How many invitations a page has at most. If empty, 50.",
    ),
    (
        ":cursor",
        "Cursor",
        "The Next cursor of the page before. Leave the other inputs as they were.",
    ),
    (
        ":type",
        "Event",
        "Only events of this type. If empty, all events.",
    ),
    (
        ":after",
        "Position",
        "Where the previous poll ended. The platform sets it.",
    ),
];
