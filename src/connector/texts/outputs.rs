//! What actions return, and what an input and an output have in common.

use super::Text;

pub(super) const TEXTS: &[Text] = &[
    ("recipient", "Recipient", "The person who was invited."),
    (
        "recipient.email",
        "Recipient e-mail",
        "The mailbox that the invitation goes to. Only its owner can accept.",
    ),
    (
        "recipient.firstName",
        "Recipient first name",
        "The given name.",
    ),
    (
        "recipient.lastName",
        "Recipient last name",
        "The family name.",
    ),
    (
        "recipient.locale",
        "Recipient language",
        "The tag of the recipient's language, such as de.",
    ),
    ("inviter", "Inviter", "The person who invites."),
    (
        "inviter.name",
        "Inviter name",
        "The full name of the person who invites.",
    ),
    (
        "inviter.organization",
        "Inviter organization",
        "Your company, as the customer knows it.",
    ),
    (
        "inviter.email",
        "Inviter e-mail",
        "The mailbox for replies, and for messages about the invitation.",
    ),
    (
        "inviter.phone",
        "Inviter phone",
        "Shown to the recipient. In international form, such as +41441234567.",
    ),
    (
        "inviter.locale",
        "Inviter language",
        "The tag of the language of messages to the inviter, such as de.",
    ),
    (
        "Invitation:company",
        "Company",
        "The customer's company, as you described it.",
    ),
    ("company.name", "Company name", "The legal or trade name."),
    ("company.street", "Street", "Street and number."),
    (
        "company.postalCode",
        "Postal code",
        "Empty in countries without postal codes.",
    ),
    ("company.city", "City", "City or town."),
    ("company.region", "Region", "State, province or county."),
    (
        "company.country",
        "Country",
        "The two-letter code of the country, such as CH.",
    ),
    (
        "company.firstName",
        "Contact first name",
        "The given name of the person who confirmed the company.",
    ),
    (
        "company.lastName",
        "Contact last name",
        "The family name of the person who confirmed the company.",
    ),
    (
        "company.phone",
        "Company phone",
        "In international form, such as +41441234567.",
    ),
    (
        "company.vatNumber",
        "VAT number",
        "In capitals, without separators.",
    ),
    (
        "company.customerNumber",
        "Customer number",
        "Your own number of this customer.",
    ),
    (
        "company.website",
        "Website",
        "The address of the company's web site.",
    ),
    (
        "message",
        "Message",
        "A personal line for the e-mail and the page.",
    ),
    ("expiresAt", "Valid until", "When the invitation ends."),
    (
        "metadata",
        "Your own data",
        "What you stored with the invitation, such as the number of an order.",
    ),
    (
        "InvitationPage:items",
        "Invitations",
        "The invitations, newest first.",
    ),
    (
        "InvitationPage:nextCursor",
        "Next cursor",
        "The Cursor of the next page. Empty at the end.",
    ),
    (
        "CompanyList:items",
        "Companies",
        "The company, if there is one.",
    ),
    ("CompanyList:id", "Company ID", "The ID of the company."),
    (
        "CompanyList:company",
        "Company",
        "The company, as its creator confirmed it.",
    ),
    (
        "CompanyList:createdAt",
        "Created at",
        "When the company was created.",
    ),
    (
        "customerNumber",
        "Customer number",
        "Your own number of the customer.",
    ),
    (
        "account.oid",
        "Account object ID",
        "The ID of the account in Microsoft Entra ID.",
    ),
    (
        "account.tid",
        "Account tenant ID",
        "The ID of the tenant that the account belongs to.",
    ),
    (
        "Invitation:id",
        "Invitation ID",
        "Names the invitation in other actions. It does not open it.",
    ),
    (
        "Invitation:status",
        "Status",
        "Pending: not accepted yet. Expired: no longer valid. Accepted: signed in, no company \
         yet. Completed: company created or joined. Revoked: cancelled.",
    ),
    (
        "Invitation:link",
        "Link",
        "Opens the invitation. Only \"Invite a customer\" returns it. Treat it as a password.",
    ),
    (
        "Invitation:sendEmail",
        "E-mail sent at creation",
        "Whether the creation sent an e-mail. Empty after the personal data was erased.",
    ),
    (
        "confirmedCompany",
        "Confirmed company",
        "The company as the customer confirmed it, once the invitation is completed. Empty in \
         \"Find invitations\".",
    ),
    (
        "confirmedCompany.firstName",
        "Confirmed company contact first name",
        "The given name of the person who confirmed the company.",
    ),
    (
        "confirmedCompany.lastName",
        "Confirmed company contact last name",
        "The family name of the person who confirmed the company.",
    ),
    (
        "confirmedCompany.postalCode",
        "Confirmed company postal code",
        "Empty in countries without postal codes.",
    ),
    (
        "confirmedCompany.country",
        "Confirmed company country",
        "The two-letter code of the country, such as CH.",
    ),
    (
        "confirmedCompany.customerNumber",
        "Confirmed company customer number",
        "Your own number of this customer.",
    ),
    (
        "confirmedCompany.vatNumber",
        "Confirmed company VAT number",
        "In capitals, without separators.",
    ),
    (
        "confirmedCompany.phone",
        "Confirmed company phone",
        "The phone of the person who confirmed it. In international form, such as +41441234567.",
    ),
    (
        "confirmedCompany.website",
        "Confirmed company website",
        "The address of the company's web site.",
    ),
    (
        "members",
        "Members",
        "The people who created or joined the company.",
    ),
    (
        "members.name",
        "Member name",
        "The name, as the person wrote it.",
    ),
    (
        "members.email",
        "Member e-mail",
        "The mailbox that was invited.",
    ),
    (
        "members.at",
        "Member since",
        "When the person created or joined the company.",
    ),
    (
        "members.account.oid",
        "Member account object ID",
        "The ID of the account in Microsoft Entra ID.",
    ),
    (
        "members.account.tid",
        "Member account tenant ID",
        "The ID of the tenant that the account belongs to.",
    ),
    (
        "members.invitationId",
        "Member invitation ID",
        "The ID of the invitation of the person.",
    ),
    (
        "timeline",
        "History",
        "What happened to the invitation. Empty in \"Find invitations\".",
    ),
    (
        "timeline.type",
        "History event",
        "What happened, such as company.created.",
    ),
    (
        "timeline.at",
        "History event time",
        "When the event happened.",
    ),
    ("timeline.id", "History event ID", "The ID of the event."),
    (
        "timeline.actor",
        "History event actor",
        "Who caused the event.",
    ),
    (
        "timeline.actor.type",
        "History event actor type",
        "The recipient, a program such as a flow, an employee of your company, or the service \
         itself.",
    ),
    (
        "timeline.actor.name",
        "History event actor name",
        "The name of the employee, if one caused the event.",
    ),
    (
        "timeline.tenant",
        "History event tenant ID",
        "When an administrator allowed the app: the ID of the organization's tenant, as reported. \
         It is not verified.",
    ),
    ("Problem:type", "Problem type", "Names the kind of problem."),
    (
        "Problem:title",
        "Problem title",
        "What went wrong, in plain words.",
    ),
    (
        "Problem:detail",
        "Problem detail",
        "What exactly is wrong with this request.",
    ),
    (
        "Problem:requestId",
        "Request ID",
        "The ID of this request. Quote it when you report a problem.",
    ),
    ("errors", "Errors", "What is wrong, one by one."),
    (
        "errors.pointer",
        "Error place",
        "Where the wrong value is in the inputs, such as /company/country.",
    ),
    (
        "errors.parameter",
        "Error input",
        "The name of the input that is wrong.",
    ),
];
