//! The responses that contain an invitation, as serialised.

use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    domain::{
        company::{ConfirmedCompany, RegisteredCompany},
        invitation::{
            Account, Channel, End, Event, EventKind, FailedDelivery, Invitation, Inviter, Progress,
            Recipient, Record, State, Status,
        },
    },
    store::{Channels, History},
};

/// An invitation with its delivery progress and its timeline.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Invitation)]
pub(crate) struct InvitationResponse<'a> {
    #[serde(flatten)]
    invitation: InvitationItem<'a>,
    /// Once it is completed; `company` stays what the seller registered.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    confirmed_company: Option<ConfirmedCompany<'a>>,
    delivery: Deliveries<'a>,
    timeline: Vec<TimelineEntry>,
}

/// An invitation as an item of a list.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[schema(as = InvitationItem)]
pub(crate) enum InvitationItem<'a> {
    Live(Box<LiveItem<'a>>),
    Erased(ErasedItem),
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = LiveInvitation)]
pub(crate) struct LiveItem<'a> {
    #[schema(pattern = "^[0-9a-f]{32}$")]
    id: String,
    status: Status,
    recipient: &'a Recipient,
    inviter: &'a Inviter,
    company: &'a RegisteredCompany,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    message: Option<&'a str>,
    #[serde(with = "time::serde::rfc3339")]
    created_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    expires_at: OffsetDateTime,
    #[serde(flatten)]
    state_data: StateData<'a>,
}

/// An erased invitation: no personal data is left.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ErasedInvitation)]
pub(crate) struct ErasedItem {
    #[schema(pattern = "^[0-9a-f]{32}$")]
    id: String,
    status: Status,
    #[serde(with = "time::serde::rfc3339")]
    created_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    expires_at: OffsetDateTime,
    #[serde(flatten)]
    state_data: StateData<'static>,
    #[serde(with = "time::serde::rfc3339")]
    erased_at: OffsetDateTime,
}

/// The data of the state that the invitation is in.
#[derive(Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = StateData)]
pub(crate) struct StateData<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    account: Option<Account>,
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
    #[serde(
        skip_serializing_if = "Option::is_none",
        with = "time::serde::rfc3339::option"
    )]
    #[schema(nullable = false)]
    completed_at: Option<OffsetDateTime>,
    #[serde(
        skip_serializing_if = "Option::is_none",
        with = "time::serde::rfc3339::option"
    )]
    #[schema(nullable = false)]
    revoked_at: Option<OffsetDateTime>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    revoke_reason: Option<&'a str>,
}

/// The delivery progress of each channel that the deployment has.
#[derive(Serialize, ToSchema)]
#[schema(as = Deliveries)]
pub(crate) struct Deliveries<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    mail: Option<Delivery<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    webhook: Option<Delivery<'a>>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Delivery)]
pub(crate) struct Delivery<'a> {
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
    #[serde(
        skip_serializing_if = "Option::is_none",
        with = "time::serde::rfc3339::option"
    )]
    #[schema(nullable = false)]
    next_attempt: Option<OffsetDateTime>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    last_error: Option<&'a str>,
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
pub(crate) struct TimelineEntry {
    #[schema(pattern = "^[0-9a-f]{32}-[1-9][0-9]*$")]
    id: String,
    #[schema(schema_with = EventKind::schema)]
    r#type: &'static str,
    #[serde(with = "time::serde::rfc3339")]
    at: OffsetDateTime,
    /// The tenant that an approval was reported for; it is not verified.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    tenant: Option<Uuid>,
}

pub(super) fn invitation(
    history: &History,
    channels: Channels,
    now: OffsetDateTime,
) -> InvitationResponse<'_> {
    InvitationResponse {
        invitation: item(&history.record, now),
        confirmed_company: history.confirmed_company(),
        delivery: Deliveries {
            mail: channels
                .mail
                .then(|| delivery(history, channels, Channel::Mail)),
            webhook: channels
                .webhook
                .then(|| delivery(history, channels, Channel::Webhook)),
        },
        timeline: history.events.iter().map(entry).collect(),
    }
}

pub(super) fn item(record: &Record, now: OffsetDateTime) -> InvitationItem<'_> {
    match record {
        Record::Live(invitation) => InvitationItem::Live(Box::new(live(invitation, now))),
        Record::Erased(erased) => InvitationItem::Erased(ErasedItem {
            id: erased.id.to_string(),
            status: erased.status(),
            created_at: erased.created_at,
            expires_at: erased.expires_at,
            state_data: of_end(erased.end),
            erased_at: erased.at,
        }),
    }
}

fn live(invitation: &Invitation, now: OffsetDateTime) -> LiveItem<'_> {
    let terms = &invitation.terms;
    LiveItem {
        id: invitation.id.to_string(),
        status: invitation.status(now),
        recipient: &terms.recipient,
        inviter: &terms.inviter,
        company: &terms.company,
        message: terms.message.as_deref(),
        created_at: invitation.created_at,
        expires_at: invitation.expires_at,
        state_data: StateData {
            company_id: invitation.company_id().or(terms.company_id),
            ..of_state(&invitation.state)
        },
    }
}

fn of_end(end: End) -> StateData<'static> {
    match end {
        End::Completed { accepted_at, at } => StateData {
            accepted_at: Some(accepted_at),
            completed_at: Some(at),
            ..StateData::default()
        },
        End::Revoked { at } => StateData {
            revoked_at: Some(at),
            ..StateData::default()
        },
    }
}

fn of_state(state: &State) -> StateData<'_> {
    match state {
        State::Pending => StateData::default(),
        State::Accepted { by, at } => StateData {
            account: Some(*by),
            accepted_at: Some(*at),
            ..StateData::default()
        },
        State::Completed {
            by,
            accepted_at,
            company: _,
            at,
        } => StateData {
            account: Some(*by),
            accepted_at: Some(*accepted_at),
            completed_at: Some(*at),
            ..StateData::default()
        },
        State::Revoked { at, reason } => StateData {
            revoked_at: Some(*at),
            revoke_reason: reason.as_deref(),
            ..StateData::default()
        },
    }
}

fn delivery(history: &History, channels: Channels, channel: Channel) -> Delivery<'_> {
    let progress = history.progress(channel);
    Delivery {
        state: state(history, channels, channel, progress),
        last_delivered_at: progress.last_delivered,
        attempts: progress.tries,
        next_attempt: progress.next_try,
        last_error: progress.last_error.as_deref(),
        failed: &progress.failed,
    }
}

fn state(
    history: &History,
    channels: Channels,
    channel: Channel,
    progress: &Progress,
) -> DeliveryState {
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

fn entry(event: &Event) -> TimelineEntry {
    TimelineEntry {
        id: event.id(),
        r#type: event.kind.name(),
        at: event.at,
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
