//! How far the delivery has come.

use super::Text;

pub(super) const TEXTS: &[Text] = &[
    (
        "delivery",
        "Delivery",
        "The delivery status of e-mails and events. Empty in \"Find invitations\".",
    ),
    (
        "delivery.mail",
        "E-mails",
        "The e-mails of the invitation, including those to the inviter.",
    ),
    (
        "delivery.mail.state",
        "E-mail state",
        "None: there is no e-mail. Queued: the next one has not been attempted yet. Retrying: its \
         last attempt failed. Delivered: all were delivered. Failed: at least one could not be \
         delivered.",
    ),
    (
        "delivery.mail.attempts",
        "E-mail attempts",
        "The number of attempts to deliver the next e-mail so far.",
    ),
    (
        "delivery.mail.nextAttempt",
        "Next e-mail attempt",
        "When the next attempt is due.",
    ),
    (
        "delivery.mail.lastDeliveredAt",
        "Last e-mail delivered at",
        "When the last e-mail was delivered.",
    ),
    (
        "delivery.mail.lastError",
        "Last e-mail error",
        "Why the last attempt failed.",
    ),
    (
        "delivery.mail.failed",
        "Failed e-mails",
        "The e-mails that could not be delivered.",
    ),
    (
        "delivery.mail.failed.event",
        "Failed e-mail event number",
        "The number of the event that caused the e-mail.",
    ),
    (
        "delivery.mail.failed.at",
        "Failed e-mail time",
        "When the service stopped trying to deliver the e-mail.",
    ),
    (
        "delivery.mail.failed.reason",
        "Failed e-mail reason",
        "Why the e-mail could not be delivered.",
    ),
    (
        "delivery.webhook",
        "Webhook",
        "The events of the invitation that the service sends to a system of your company.",
    ),
    (
        "delivery.webhook.state",
        "Webhook state",
        "None: there is no event. Queued: the next one has not been attempted yet. Retrying: its \
         last attempt failed. Delivered: all were delivered. Failed: at least one could not be \
         delivered.",
    ),
    (
        "delivery.webhook.attempts",
        "Webhook attempts",
        "The number of attempts to deliver the next event so far.",
    ),
    (
        "delivery.webhook.nextAttempt",
        "Next webhook attempt",
        "When the next attempt is due.",
    ),
    (
        "delivery.webhook.lastDeliveredAt",
        "Last webhook delivered at",
        "When the last event was delivered.",
    ),
    (
        "delivery.webhook.lastError",
        "Last webhook error",
        "Why the last attempt failed.",
    ),
    (
        "delivery.webhook.failed",
        "Failed webhook events",
        "The events that could not be delivered.",
    ),
    (
        "delivery.webhook.failed.event",
        "Failed webhook event number",
        "The number of the event within the invitation.",
    ),
    (
        "delivery.webhook.failed.at",
        "Failed webhook event time",
        "When the service stopped trying to deliver the event.",
    ),
    (
        "delivery.webhook.failed.reason",
        "Failed webhook event reason",
        "Why the event could not be delivered.",
    ),
];
