//! What actions return, and what an input and an output have in common.

use super::Text;

pub(super) const TEXTS: &[Text] = &[
    ("recipient", "Recipient", "The person who was invited."),
    (
        "recipient.email",
        "Recipient e-mail",
        "The e-mail address that the invitation goes to. Only its owner can accept.",
    ),
    (
        "recipient.firstName",
        "Recipient first name",
        "The first name.",
    ),
    (
        "recipient.lastName",
        "Recipient last name",
        "The last name.",
    ),
    (
        "recipient.locale",
        "Recipient language",
        "The language code, such as de.",
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
        "The e-mail address for replies, and for messages about the invitation.",
    ),
    (
        "inviter.phone",
        "Inviter phone",
        "Shown to the recipient. In international format, such as +41441234567.",
    ),
    (
        "inviter.locale",
        "Inviter language",
        "The language code, such as de.",
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
        "company.phone",
        "Company phone",
        "In international format, such as +41441234567.",
    ),
    (
        "company.vatNumber",
        "VAT number",
        "In upper case, without separators.",
    ),
    (
        "company.customerNumber",
        "Customer number",
        "Your own number for the customer.",
    ),
    (
        "company.website",
        "Website",
        "The address of the company's website.",
    ),
    (
        "message",
        "Message",
        "A personal line for the e-mail and the page.",
    ),
    ("expiresAt", "Valid until", "When the invitation expires."),
    (
        "metadata",
        "Your own data",
        "What you stored with the invitation, such as an order number.",
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
        "CompanyList:company.firstName",
        "Contact first name",
        "Always empty here. \"Get an invitation\" returns it for each member.",
    ),
    (
        "CompanyList:company.lastName",
        "Contact last name",
        "Always empty here. \"Get an invitation\" returns it for each member.",
    ),
    (
        "CompanyList:company.phone",
        "Contact phone",
        "Always empty here. \"Get an invitation\" returns it for each member.",
    ),
    (
        "CompanyList:company.customerNumber",
        "Company customer number",
        "Your own number for the customer.",
    ),
    (
        "CompanyList:createdAt",
        "Created at",
        "When the company was created.",
    ),
    (
        "customerNumber",
        "Customer number",
        "Your own number for the customer.",
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
        "Identifies the invitation in other actions. It cannot be used to open it.",
    ),
    (
        "Invitation:status",
        "Status",
        "Pending: not accepted yet. Expired: no longer valid. Accepted: signed in, but no company \
         created or joined yet. Completed: company created or joined. Revoked: cancelled.",
    ),
    (
        "Invitation:link",
        "Link",
        "The secret link that opens the invitation. Only \"Invite a customer\" returns it.",
    ),
    (
        "Invitation:sendEmail",
        "E-mail requested",
        "Whether an e-mail was requested when the invitation was created. Empty after the personal \
         data was erased.",
    ),
    (
        "Invitation:companyId",
        "Company ID",
        "The ID of the company that was created or joined, or that the recipient is invited to \
         join.",
    ),
    (
        "Invitation:acceptedAt",
        "Accepted at",
        "When the invitation was accepted.",
    ),
    (
        "Invitation:revokedAt",
        "Revoked at",
        "When the invitation was revoked.",
    ),
    (
        "Invitation:revokeReason",
        "Revocation reason",
        "Why the invitation was revoked, if a reason was given.",
    ),
    (
        "confirmedCompany",
        "Confirmed company",
        "The company as the customer confirmed it. Empty until it is created or joined, and in \
         \"Find invitations\".",
    ),
    (
        "confirmedCompany.firstName",
        "Confirmed company contact first name",
        "The first name of the person who confirmed the company.",
    ),
    (
        "confirmedCompany.lastName",
        "Confirmed company contact last name",
        "The last name of the person who confirmed the company.",
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
        "Your own number for the customer.",
    ),
    (
        "confirmedCompany.vatNumber",
        "Confirmed company VAT number",
        "In upper case, without separators.",
    ),
    (
        "confirmedCompany.phone",
        "Confirmed company contact phone",
        "The phone number of the person who confirmed the company. In international format, such \
         as +41441234567.",
    ),
    (
        "confirmedCompany.website",
        "Confirmed company website",
        "The address of the company's website.",
    ),
    (
        "members",
        "Members",
        "The people who created or joined the company.",
    ),
    (
        "members.name",
        "Member name",
        "The name, as the person entered it.",
    ),
    (
        "members.email",
        "Member e-mail",
        "The e-mail address that was invited.",
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
        "The code of the event, such as company.created.",
    ),
    (
        "timeline.at",
        "History event time",
        "When the event happened.",
    ),
    (
        "timeline.id",
        "History event ID",
        "The unique ID of the event.",
    ),
    (
        "timeline.actor",
        "History event actor",
        "Who caused the event.",
    ),
    (
        "timeline.actor.type",
        "History event actor type",
        "Values: recipient, integrator (a program such as a flow), staff (an employee of your \
         company), system (the service).",
    ),
    (
        "timeline.actor.name",
        "History event actor name",
        "The name of the employee, if one caused the event.",
    ),
    (
        "timeline.tenant",
        "History event tenant ID",
        "The ID of the organization's tenant, as reported when an administrator approved the \
         sign-in app. Not verified. Empty for other events.",
    ),
    (
        "Problem:type",
        "Problem type",
        "The code of the kind of problem.",
    ),
    (
        "Problem:title",
        "Problem title",
        "What went wrong, in plain words.",
    ),
    (
        "Problem:status",
        "HTTP status",
        "The HTTP status code of the response.",
    ),
    (
        "Problem:detail",
        "Problem detail",
        "What exactly is wrong with this request.",
    ),
    ("Problem:requestId", "Request ID", "The ID of this request."),
    ("errors", "Errors", "What is wrong, one by one."),
    (
        "errors.pointer",
        "Error location",
        "Where the invalid value is in the inputs, such as /company/country.",
    ),
    (
        "errors.parameter",
        "Invalid input",
        "The name of the invalid input.",
    ),
];
