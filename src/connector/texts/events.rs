//! What the trigger returns.

use super::Text;

pub(super) const TEXTS: &[Text] = &[
    (
        "EventPage:items",
        "Events",
        "The events, in the order in which they were recorded.",
    ),
    ("EventPage:id", "Event ID", "The unique ID of the event."),
    (
        "EventPage:type",
        "Event",
        "The code of the event, such as company.created.",
    ),
    (
        "EventPage:timestamp",
        "Event time",
        "When the event happened.",
    ),
    ("EventPage:data", "Details", "The details of the event."),
    (
        "EventPage:invitationId",
        "Invitation ID",
        "The ID of the invitation, for other actions.",
    ),
    (
        "EventPage:status",
        "Status",
        "The status after the event. Pending: not accepted yet. Expired: no longer valid. \
         Accepted: signed in, but no company created or joined yet. Completed: company created or \
         joined. Revoked: cancelled.",
    ),
    (
        "EventPage:previousStatus",
        "Previous status",
        "The status before the event. Empty for the first event.",
    ),
    (
        "EventPage:sequence",
        "Event number",
        "The number of the event within the invitation, from 1.",
    ),
    ("EventPage:actor", "Actor", "Who caused the event."),
    (
        "EventPage:actor.type",
        "Actor type",
        "Values: recipient, integrator (a program such as a flow), staff (an employee of your \
         company), system (the service).",
    ),
    (
        "EventPage:actor.name",
        "Actor name",
        "The name of the employee, if one caused the event.",
    ),
    (
        "EventPage:company",
        "Company",
        "The company as the customer confirmed it, when it was created or joined. Empty for other \
         events.",
    ),
    (
        "EventPage:company.firstName",
        "Contact first name",
        "The first name of the person who confirmed the company.",
    ),
    (
        "EventPage:company.lastName",
        "Contact last name",
        "The last name of the person who confirmed the company.",
    ),
    (
        "EventPage:company.phone",
        "Contact phone",
        "The phone number of the person who confirmed the company. In international format, such \
         as +41441234567.",
    ),
    (
        "EventPage:company.customerNumber",
        "Company customer number",
        "Your own number for the customer.",
    ),
    (
        "EventPage:companyId",
        "Company ID",
        "The ID of the company that was created or joined. Empty for other events.",
    ),
    (
        "EventPage:account",
        "Account",
        "The account that accepted the invitation, or created or joined the company. Empty for \
         other events.",
    ),
    (
        "EventPage:reason",
        "Reason",
        "Why the invitation was revoked or an e-mail could not be delivered. Empty for other \
         events.",
    ),
    (
        "EventPage:colleague",
        "Suggested colleague e-mail",
        "The e-mail address of the right person, as entered by someone with the link. Not \
         verified. Empty unless the invitation was declined.",
    ),
    (
        "EventPage:situation",
        "Help topic",
        "What the customer needs help with. Values: invitation (the page of the link), sign-in, \
         account (it cannot be used), organization (it has to approve the sign-in app), mailbox \
         (the e-mail address is not confirmed), company (the company details), service (it did not \
         work). Empty for other events.",
    ),
    (
        "EventPage:tenant",
        "Tenant ID",
        "The ID of the organization's tenant, as reported when an administrator approved the \
         sign-in app. Not verified. Empty for other events.",
    ),
    (
        "EventPage:nextCursor",
        "Next cursor",
        "Where the next poll begins. The platform uses it.",
    ),
    (
        "EventPage:url",
        "API URL",
        "The URL at which the API returns the invitation.",
    ),
];
