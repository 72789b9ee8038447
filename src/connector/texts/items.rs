//! What an item of a list is, where the words of the API say it differently.

/// Path of the list, description.
pub(super) const ITEMS: [(&str, &str); 4] = [
    ("EventPage:items", "An event of an invitation."),
    ("Invitation:timeline", "An event of the invitation."),
    (
        "Invitation:delivery.mail.failed",
        "An e-mail that could not be delivered.",
    ),
    ("Problem:errors", "One invalid input."),
];
