//! What the trigger returns.

use super::Text;

pub(super) const TEXTS: &[Text] = &[
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
    (
        "EventPage:type",
        "Event",
        "What happened, such as company.created.",
    ),
    ("EventPage:timestamp", "Event time", "When it happened."),
    (
        "EventPage:data",
        "Details",
        "The invitation that it happened to.",
    ),
    (
        "EventPage:invitationId",
        "Invitation ID",
        "The ID of the invitation, for other actions.",
    ),
    (
        "EventPage:status",
        "Status",
        "After the event. Pending: not accepted yet. Expired: no longer valid. Accepted: signed \
         in, no company yet. Completed: company created or joined. Revoked: cancelled.",
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
        "The recipient, a program such as a flow, an employee of your company, or the service \
         itself.",
    ),
    (
        "EventPage:actor.name",
        "Actor name",
        "The name of the employee, if one caused the event.",
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
         link says. Check it before you invite that person.",
    ),
    (
        "EventPage:situation",
        "Situation",
        "When the recipient asked for help: what stopped them.",
    ),
    (
        "EventPage:tenant",
        "Tenant ID",
        "When an administrator allowed the app: the ID of the organization's tenant, as reported. \
         It is not verified.",
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
];
