//! The responses that contain an invitation, as serialised.

use std::collections::BTreeMap;

use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    domain::{
        company::{ConfirmedCompany, RegisteredCompany},
        invitation::{
            Account, Channel, End, Erased, Event, EventKind, FailedDelivery, Invitation,
            InvitationId, Inviter, Recipient, Record, State, Status,
        },
    },
    events::Actor,
    store::{Channels, History},
};

/// An invitation. One flat type for every operation, because generators of clients mangle unions:
/// which of the optional members are present depends on the state and on the operation.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Invitation)]
pub(crate) struct InvitationResponse<'a> {
    /// Names the invitation in the API. It does not open it.
    #[schema(pattern = "^[0-9a-f]{32}$")]
    id: String,
    /// Where the invitation is now.
    status: Status,
    /// Absent once erased.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    recipient: Option<&'a Recipient>,
    /// Absent once erased.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    inviter: Option<&'a Inviter>,
    /// As the seller registered it. Absent once erased.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    company: Option<&'a RegisteredCompany>,
    /// The personal line for the e-mail and the page.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    message: Option<&'a str>,
    /// Whether the creation sent an e-mail. Absent once erased.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    send_email: Option<bool>,
    /// Your own data. Absent once erased.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    metadata: Option<&'a BTreeMap<String, String>>,
    /// When it was created.
    #[serde(with = "time::serde::rfc3339")]
    created_at: OffsetDateTime,
    /// Until when the link works.
    #[serde(with = "time::serde::rfc3339")]
    expires_at: OffsetDateTime,
    /// The account that accepted it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    account: Option<Account>,
    /// When an account accepted it.
    #[serde(
        skip_serializing_if = "Option::is_none",
        with = "time::serde::rfc3339::option"
    )]
    #[schema(nullable = false)]
    accepted_at: Option<OffsetDateTime>,
    /// The company that was created or joined, or that the invitation invites into.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    company_id: Option<Uuid>,
    /// Once it is completed; `company` stays what the seller registered. Absent in a list.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    confirmed_company: Option<ConfirmedCompany<'a>>,
    /// When the company was created or joined.
    #[serde(
        skip_serializing_if = "Option::is_none",
        with = "time::serde::rfc3339::option"
    )]
    #[schema(nullable = false)]
    completed_at: Option<OffsetDateTime>,
    /// When it was revoked.
    #[serde(
        skip_serializing_if = "Option::is_none",
        with = "time::serde::rfc3339::option"
    )]
    #[schema(nullable = false)]
    revoked_at: Option<OffsetDateTime>,
    /// Why it was revoked, if a reason was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    revoke_reason: Option<&'a str>,
    /// When personal data was erased.
    #[serde(
        skip_serializing_if = "Option::is_none",
        with = "time::serde::rfc3339::option"
    )]
    #[schema(nullable = false)]
    erased_at: Option<OffsetDateTime>,
    /// Absent in a list.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    delivery: Option<Deliveries<'a>>,
    /// Absent in a list.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    timeline: Option<Vec<TimelineEntry<'a>>>,
    /// Opens the invitation. Only in the responses of its creation and of `link`. Treat it as a
    /// password.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, format = "uri")]
    link: Option<String>,
}

/// The delivery progress of each channel that the deployment has.
#[derive(Serialize, ToSchema)]
#[schema(as = Deliveries)]
pub(crate) struct Deliveries<'a> {
    /// E-mails, those to the inviter included.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    mail: Option<Delivery<'a>>,
    /// Events to the webhook.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    webhook: Option<Delivery<'a>>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Delivery)]
pub(crate) struct Delivery<'a> {
    /// How far it has come.
    state: DeliveryState,
    /// When the last event was delivered.
    #[serde(
        skip_serializing_if = "Option::is_none",
        with = "time::serde::rfc3339::option"
    )]
    #[schema(nullable = false)]
    last_delivered_at: Option<OffsetDateTime>,
    /// Attempts to deliver the next event, so far.
    #[serde(skip_serializing_if = "is_zero")]
    attempts: u32,
    /// When the next attempt is due.
    #[serde(
        skip_serializing_if = "Option::is_none",
        with = "time::serde::rfc3339::option"
    )]
    #[schema(nullable = false)]
    next_attempt: Option<OffsetDateTime>,
    /// Why the last attempt failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    last_error: Option<&'a str>,
    /// The events that were given up.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    failed: &'a [FailedDelivery],
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = DeliveryState)]
pub(crate) enum DeliveryState {
    /// There is nothing to deliver.
    None,
    /// Not attempted yet.
    Queued,
    /// An attempt failed; there will be another.
    Retrying,
    /// Everything was delivered.
    Delivered,
    /// At least one event was given up.
    Failed,
}

#[derive(Serialize, ToSchema)]
#[schema(as = TimelineEntry)]
pub(crate) struct TimelineEntry<'a> {
    /// As `webhook-id` of the webhook.
    #[schema(pattern = "^[0-9a-f]{32}-[1-9][0-9]*$")]
    id: String,
    /// What happened.
    #[schema(schema_with = EventKind::schema)]
    r#type: &'static str,
    /// When it happened.
    #[serde(with = "time::serde::rfc3339")]
    at: OffsetDateTime,
    actor: Actor<'a>,
    /// The tenant that an approval was reported for; it is not verified.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    tenant: Option<Uuid>,
}

/// The invitation with its delivery progress and its timeline.
pub(super) fn invitation(
    history: &History,
    channels: Channels,
    now: OffsetDateTime,
) -> InvitationResponse<'_> {
    InvitationResponse {
        confirmed_company: history.confirmed_company(),
        delivery: Some(Deliveries {
            mail: channels
                .mail
                .then(|| delivery(history, channels, Channel::Mail)),
            webhook: channels
                .webhook
                .then(|| delivery(history, channels, Channel::Webhook)),
        }),
        timeline: Some(
            history
                .events
                .iter()
                .map(|event| entry(&history.record, event))
                .collect(),
        ),
        ..item(&history.record, now)
    }
}

/// The invitation as an item of a list.
pub(super) fn item(record: &Record, now: OffsetDateTime) -> InvitationResponse<'_> {
    match record {
        Record::Live(invitation) => live(invitation, now),
        Record::Erased(erased) => of_erased(erased),
    }
}

impl InvitationResponse<'_> {
    /// As the response of the creation, which contains the link.
    pub(super) fn with_link(self, link: String) -> Self {
        Self {
            link: Some(link),
            ..self
        }
    }

    /// The members that every invitation has.
    fn of(
        id: InvitationId,
        status: Status,
        created_at: OffsetDateTime,
        expires_at: OffsetDateTime,
    ) -> Self {
        Self {
            id: id.to_string(),
            status,
            recipient: None,
            inviter: None,
            company: None,
            message: None,
            send_email: None,
            metadata: None,
            created_at,
            expires_at,
            account: None,
            accepted_at: None,
            company_id: None,
            confirmed_company: None,
            completed_at: None,
            revoked_at: None,
            revoke_reason: None,
            erased_at: None,
            delivery: None,
            timeline: None,
            link: None,
        }
    }
}

fn live(invitation: &Invitation, now: OffsetDateTime) -> InvitationResponse<'_> {
    let terms = &invitation.terms;
    let response = InvitationResponse {
        recipient: Some(&terms.recipient),
        inviter: Some(&terms.inviter),
        company: Some(&terms.company),
        company_id: invitation.company_id().or(terms.company_id),
        message: terms.message.as_deref(),
        send_email: Some(terms.send_email),
        metadata: Some(&terms.metadata),
        ..InvitationResponse::of(
            invitation.id,
            invitation.status(now),
            invitation.created_at,
            invitation.expires_at,
        )
    };
    match &invitation.state {
        State::Pending => response,
        State::Accepted { by, at } => InvitationResponse {
            account: Some(*by),
            accepted_at: Some(*at),
            ..response
        },
        State::Completed {
            by,
            accepted_at,
            company: _,
            at,
        } => InvitationResponse {
            account: Some(*by),
            accepted_at: Some(*accepted_at),
            completed_at: Some(*at),
            ..response
        },
        State::Revoked { at, reason } => InvitationResponse {
            revoked_at: Some(*at),
            revoke_reason: reason.as_deref(),
            ..response
        },
    }
}

/// No personal data is left.
fn of_erased(erased: &Erased) -> InvitationResponse<'static> {
    let response = InvitationResponse {
        erased_at: Some(erased.at),
        ..InvitationResponse::of(
            erased.id,
            erased.status(),
            erased.created_at,
            erased.expires_at,
        )
    };
    match erased.end {
        End::Completed { accepted_at, at } => InvitationResponse {
            accepted_at: Some(accepted_at),
            completed_at: Some(at),
            ..response
        },
        End::Revoked { at } => InvitationResponse {
            revoked_at: Some(at),
            ..response
        },
    }
}

fn delivery(history: &History, channels: Channels, channel: Channel) -> Delivery<'_> {
    let progress = history.progress(channel);
    Delivery {
        state: state(history, channels, channel),
        last_delivered_at: progress.last_delivered,
        attempts: progress.tries,
        next_attempt: progress.next_try,
        last_error: progress.last_error.as_deref(),
        failed: &progress.failed,
    }
}

/// How far the channel has come.
pub(crate) fn state(history: &History, channels: Channels, channel: Channel) -> DeliveryState {
    let progress = history.progress(channel);
    let mut relevant = history
        .events
        .iter()
        .filter(|event| channels.of(&history.record, event).contains(&channel))
        .peekable();
    if relevant.peek().is_none() {
        DeliveryState::None
    } else if relevant.any(|event| event.number > progress.settled) {
        if progress.tries > 0 {
            DeliveryState::Retrying
        } else {
            DeliveryState::Queued
        }
    } else if !progress.failed.is_empty() {
        DeliveryState::Failed
    } else if progress.last_delivered.is_some() {
        DeliveryState::Delivered
    } else {
        // Every event was superseded before it was delivered.
        DeliveryState::None
    }
}

fn entry<'a>(record: &'a Record, event: &Event) -> TimelineEntry<'a> {
    TimelineEntry {
        id: event.id(),
        r#type: event.kind.name(),
        at: event.at,
        actor: Actor::of(record, event),
        tenant: event.details.tenant,
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference"
)]
fn is_zero(number: &u32) -> bool {
    *number == 0
}
