//! How far the delivery has come.

use super::Text;

pub(super) const TEXTS: &[Text] = &[
    (
        "delivery",
        "Delivery",
        "How far e-mails and events have come. Empty in \"Find invitations\".",
    ),
    (
        "delivery.mail",
        "E-mails",
        "The e-mails of the invitation, those to the inviter included.",
    ),
    (
        "delivery.mail.state",
        "E-mail state",
        "None: there is no e-mail. Queued: the next one waits. Retrying: its last attempt failed. \
         Delivered: all of them. Failed: one was given up.",
    ),
    (
        "delivery.mail.attempts",
        "E-mail attempts",
        "Attempts to deliver the next e-mail, so far.",
    ),
    (
        "delivery.mail.nextAttempt",
        "E-mail next attempt",
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
        "The e-mails that were given up.",
    ),
    (
        "delivery.mail.failed.event",
        "Failed e-mail event number",
        "The number of the event that caused the e-mail.",
    ),
    (
        "delivery.mail.failed.at",
        "Failed e-mail time",
        "When the e-mail was given up.",
    ),
    (
        "delivery.mail.failed.reason",
        "Failed e-mail reason",
        "Why the e-mail was given up.",
    ),
    (
        "delivery.webhook",
        "Webhook",
        "The events of the invitation that the service sends to a system of your company.",
    ),
    (
        "delivery.webhook.state",
        "Webhook state",
        "None: there is no event. Queued: the next one waits. Retrying: its last attempt failed. \
         Delivered: all of them. Failed: one was given up.",
    ),
    (
        "delivery.webhook.attempts",
        "Webhook attempts",
        "Attempts to deliver the next event, so far.",
    ),
    (
        "delivery.webhook.nextAttempt",
        "Webhook next attempt",
        "When the next attempt is due.",
    ),
    (
        "delivery.webhook.lastDeliveredAt",
        "Webhook last delivered at",
        "When the last event was delivered.",
    ),
    (
        "delivery.webhook.lastError",
        "Webhook last error",
        "Why the last attempt failed.",
    ),
    (
        "delivery.webhook.failed",
        "Webhook failed events",
        "The events that were given up.",
    ),
    (
        "delivery.webhook.failed.event",
        "Webhook failed event number",
        "The number of the event within the invitation.",
    ),
    (
        "delivery.webhook.failed.at",
        "Webhook failed event time",
        "When the event was given up.",
    ),
    (
        "delivery.webhook.failed.reason",
        "Webhook failed event reason",
        "Why the event was given up.",
    ),
];
