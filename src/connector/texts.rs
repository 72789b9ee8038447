//! The titles and descriptions that do not follow from the API.

/// Path, title, description. Where a path means different things, the definition is before it; a
/// member of the path, the query or a header has no definition.
pub(super) const TEXTS: &[(&str, &str, &str)] = &[
    // The person to invite.
    ("recipient", "Recipient", "The person to invite."),
    (
        "recipient.email",
        "Recipient email",
        "The mailbox to which the invitation is sent. Only its owner can accept.",
    ),
    (
        "recipient.firstName",
        "Recipient first name",
        "The given name. It may be empty if there is a last name.",
    ),
    (
        "recipient.lastName",
        "Recipient last name",
        "The family name. It may be empty if there is a first name.",
    ),
    (
        "recipient.locale",
        "Recipient language",
        "Choose it, or enter its tag, such as de. If empty, the e-mail is in English, and the \
         pages follow the browser.",
    ),
    // The person who invites.
    ("inviter", "Inviter", "The person who invites."),
    (
        "inviter.name",
        "Inviter name",
        "The full name of the person who invites. The e-mail shows it as the sender.",
    ),
    (
        "inviter.organization",
        "Inviter organization",
        "Your company, as the customer knows it.",
    ),
    (
        "inviter.email",
        "Inviter email",
        "Answers to the invitation go there, and messages when the customer needs help or has \
         created the company.",
    ),
    (
        "inviter.phone",
        "Inviter phone",
        "Shown to the recipient. In international form, such as +41 44 123 45 67.",
    ),
    (
        "inviter.locale",
        "Inviter language",
        "The language of messages to the inviter. If empty, English.",
    ),
    // The company.
    (
        "company",
        "Company",
        "The customer's company as you know it. The customer checks and corrects it.",
    ),
    ("company.name", "Company name", "The legal or trade name."),
    ("company.street", "Street", "Street and number."),
    (
        "company.postalCode",
        "Postal code",
        "Required if the country has postal codes, and checked by its rule.",
    ),
    ("company.city", "City", "City or town."),
    ("company.region", "Region", "State, province or county."),
    (
        "company.country",
        "Country",
        "Choose the country of the company, or enter its two-letter code, such as CH.",
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
        "As it is dialled in the country, or in international form.",
    ),
    (
        "company.vatNumber",
        "VAT number",
        "Checked by the rule of the country. Separators do not matter.",
    ),
    (
        "company.customerNumber",
        "Customer number",
        "Your own number of this customer. All invitations with the same number lead to one \
         company: the first recipient creates it, the others join it.",
    ),
    (
        "company.website",
        "Website",
        "The address of the company's web site.",
    ),
    (
        "NewInvitation:companyId",
        "Company ID",
        "Instead of a company: the ID of a company that exists already, for a colleague who is to \
         join it.",
    ),
    // The invitation.
    (
        "message",
        "Message",
        "A personal line for the e-mail and the page.",
    ),
    (
        "NewInvitation:expiresAt",
        "Valid until",
        "When the invitation ends. If empty, after the usual number of days.",
    ),
    (
        "InvitationPatch:expiresAt",
        "Valid until",
        "When the invitation ends.",
    ),
    (
        "NewInvitation:sendEmail",
        "Send email",
        "Choose No to send no e-mail, and pass on the link yourself. If empty, Yes.",
    ),
    (
        "Resending:sendEmail",
        "Send email",
        "Choose No to extend the time only. If empty, Yes.",
    ),
    (
        "metadata",
        "Your own data",
        "Up to 20 names with texts, such as the number of an order. They are returned with the \
         invitation and with each of its events.",
    ),
    (
        "Revocation:reason",
        "Reason",
        "Why. It is kept for you; the recipient does not see it.",
    ),
    (
        ":id",
        "Invitation ID",
        "The ID of the invitation, which \"Invite a customer\" and every event return.",
    ),
    (
        ":Idempotency-Key",
        "Repetition key",
        "A text of your own, such as the ID of the row. A repeated run with the same text and the \
         same inputs creates no second invitation.",
    ),
    // Searches.
    (
        ":email",
        "Recipient email",
        "Only invitations of this mailbox.",
    ),
    (
        ":customerNumber",
        "Customer number",
        "Your own number of the customer, exactly as it was given.",
    ),
    (":status", "Status", "Only invitations with this status."),
    (
        ":inviterEmail",
        "Inviter email",
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
        "The next cursor of the page before, with the same other inputs.",
    ),
    // The trigger.
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
    (
        "EventPage:items",
        "Events",
        "The events, in the order in which they were recorded.",
    ),
    (
        "EventPage:id",
        "Event ID",
        "Unique, and the same if the event is delivered again.",
    ),
    ("EventPage:type", "Event", "What happened."),
    ("EventPage:timestamp", "Event time", "When it happened."),
    (
        "EventPage:data",
        "Details",
        "The invitation that it happened to.",
    ),
    ("EventPage:actor", "Actor", "Who caused the event."),
    (
        "EventPage:actor.type",
        "Actor type",
        "The recipient, an integrator, an employee of the seller or the system itself.",
    ),
    (
        "EventPage:company",
        "Company",
        "When the company was created or joined: the company, as the customer confirmed it.",
    ),
    (
        "EventPage:companyId",
        "Company ID",
        "When the company was created or joined: its ID.",
    ),
    (
        "EventPage:account",
        "Account",
        "When the invitation was accepted, or the company created or joined: the account.",
    ),
    (
        "EventPage:reason",
        "Reason",
        "When the invitation was revoked, or an e-mail could not be delivered: why.",
    ),
    (
        "EventPage:colleague",
        "Colleague",
        "When the invitation was declined: the mailbox of the right person, as someone with the \
         link says. Check it before you invite it.",
    ),
    (
        "EventPage:situation",
        "Situation",
        "When the recipient asked for help: what stopped them.",
    ),
    (
        "EventPage:nextCursor",
        "Next position",
        "Where the next poll begins. The platform uses it.",
    ),
    (
        "EventPage:url",
        "Address in the API",
        "Where the API returns the invitation.",
    ),
    (
        "InvitationPage:items",
        "Invitations",
        "The invitations, newest first.",
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
    // Outputs.
    (
        "Invitation:id",
        "Invitation ID",
        "Names the invitation in other actions. It does not open it.",
    ),
    (
        "Invitation:link",
        "Link",
        "Opens the invitation; returned by its creation alone. Treat it as a password.",
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
        "delivery",
        "Delivery",
        "How far e-mails and events have come. Empty in \"Find invitations\".",
    ),
    (
        "InvitationPage:nextCursor",
        "Next cursor",
        "Enter it as Cursor to get the next page. Empty at the end.",
    ),
    (
        "members",
        "Members",
        "The people who created or joined the company.",
    ),
    ("errors", "Errors", "What is wrong, one by one."),
    ("timeline.type", "History event", "What happened."),
    (
        "timeline",
        "History",
        "What happened to the invitation. Empty in \"Find invitations\".",
    ),
    ("timeline.at", "History time", "When it happened."),
    ("timeline.id", "History event ID", "The ID of the event."),
    (
        "delivery.mail.failed.event",
        "Failed e-mail event",
        "The number of the event within the invitation.",
    ),
    ("Problem:type", "Problem type", "Names the kind of problem."),
];
