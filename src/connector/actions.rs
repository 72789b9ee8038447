//! The operations of the API that the connector offers, in the words of people who build flows.

/// An action, or the trigger.
#[derive(Debug)]
pub(super) struct Action {
    /// The operation of the API.
    pub(super) operation: &'static str,
    /// The name in flows.
    pub(super) id: &'static str,
    pub(super) summary: &'static str,
    pub(super) about: &'static str,
    /// What it returns.
    pub(super) returns: &'static str,
    /// The inputs that are shown at first. The others are under "advanced".
    pub(super) first: &'static [&'static str],
}

/// The trigger, which polls the feed.
pub(super) const TRIGGER: &str = "OnInvitationEvent";

pub(super) const ACTIONS: &[Action] = &[
    Action {
        operation: "list_events",
        id: TRIGGER,
        summary: "When something happens to an invitation",
        about: "Starts the flow for every invitation event, or only for the type chosen under \
                Event. Events from before the flow was turned on are not included. If the trigger \
                fails with status 410, turn the flow off and on again.",
        returns: "The events since the previous poll.",
        first: &["type"],
    },
    Action {
        operation: "create_invitation",
        id: "CreateInvitation",
        summary: "Invite a customer",
        about: "Creates an invitation and sends the invitation e-mail, unless you turn it off. \
                The customer opens the link, signs in with Microsoft, checks the company details, \
                and creates or joins the company.",
        returns: "The new invitation, with its link.",
        first: &[
            "recipient",
            "recipient.email",
            "recipient.firstName",
            "recipient.lastName",
            "recipient.locale",
            "inviter",
            "inviter.name",
            "inviter.organization",
            "inviter.email",
            "company",
            "company.name",
            "company.street",
            "company.postalCode",
            "company.city",
            "company.country",
            "company.customerNumber",
        ],
    },
    Action {
        operation: "get_invitation",
        id: "GetInvitation",
        summary: "Get an invitation",
        about: "Returns an invitation with its company, the delivery of its e-mails and its \
                history.",
        returns: "The invitation.",
        first: &["id"],
    },
    Action {
        operation: "list_invitations",
        id: "FindInvitations",
        summary: "Find invitations",
        about: "Returns the invitations that match all inputs, newest first. Empty inputs are \
                ignored. Returns one page; Next cursor leads to the next.",
        returns: "The invitations that match, a page at a time.",
        first: &["email", "customerNumber", "status"],
    },
    Action {
        operation: "update_invitation",
        id: "UpdateInvitation",
        summary: "Correct an invitation",
        about: "Changes an invitation that has not been accepted yet. Empty inputs change \
                nothing. No e-mail is sent, and the link stays the same: use \"Resend an \
                invitation\" afterwards if the customer should get a new e-mail.",
        returns: "The invitation as it is now.",
        first: &[
            "id",
            "recipient",
            "recipient.email",
            "recipient.firstName",
            "recipient.lastName",
        ],
    },
    Action {
        operation: "resend_invitation",
        id: "ResendInvitation",
        summary: "Resend an invitation",
        about: "Sends the e-mail again and extends the validity of an invitation that has not \
                been accepted. At most five times in 24 hours.",
        returns: "The invitation as it is now.",
        first: &["id"],
    },
    Action {
        operation: "revoke_invitation",
        id: "RevokeInvitation",
        summary: "Revoke an invitation",
        about: "Cancels an invitation that is not completed yet. Its link stops working.",
        returns: "The invitation as it is now.",
        first: &["id", "reason"],
    },
    Action {
        operation: "find_company",
        id: "FindCompany",
        summary: "Find a company",
        about: "Returns the company that was created for this customer number, with the people \
                who created or joined it. The list is empty until the company exists.",
        returns: "The company, if there is one.",
        first: &["customerNumber"],
    },
];
