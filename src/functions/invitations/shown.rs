//! An invitation as the API shows it.

use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    domain::{
        company::RegisteredCompany,
        invitation::{
            Account, Channel, End, Event, EventKind, FailedDelivery, Invitation, Inviter, Progress,
            Recipient, Record, State, Status,
        },
    },
    store::{Channels, History},
};

/// The invitation, how far its e-mails and webhooks have come, and its timeline.
#[derive(Serialize, ToSchema)]
#[schema(as = Invitation)]
pub(crate) struct Shown<'a> {
    #[serde(flatten)]
    invitation: Item<'a>,
    delivery: Deliveries<'a>,
    timeline: Vec<Entry>,
}

/// The invitation, as a list shows it.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[schema(as = InvitationItem)]
pub(crate) enum Item<'a> {
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
    standing: Standing<'a>,
}

/// Without the people.
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
    standing: Standing<'static>,
    #[serde(with = "time::serde::rfc3339")]
    erased_at: OffsetDateTime,
}

/// How far it has come.
#[derive(Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Standing)]
pub(crate) struct Standing<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    account: Option<Account>,
    #[serde(
        skip_serializing_if = "Option::is_none",
        with = "time::serde::rfc3339::option"
    )]
    #[schema(nullable = false)]
    accepted_at: Option<OffsetDateTime>,
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

/// Absent: the deployment has no such channel.
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
    #[serde(
        skip_serializing_if = "Option::is_none",
        with = "time::serde::rfc3339::option"
    )]
    #[schema(nullable = false)]
    last_told: Option<OffsetDateTime>,
    #[serde(skip_serializing_if = "is_zero")]
    tries: u32,
    #[serde(
        skip_serializing_if = "Option::is_none",
        with = "time::serde::rfc3339::option"
    )]
    #[schema(nullable = false)]
    next_try: Option<OffsetDateTime>,
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
    /// Nothing is to be told, or not any more.
    None,
    /// Not tried yet.
    Queued,
    /// Tried, and will be again.
    Retrying,
    /// All that was still to be told was told.
    Delivered,
    /// Something was given up.
    Failure,
}

#[derive(Serialize, ToSchema)]
#[schema(as = TimelineEntry)]
pub(crate) struct Entry {
    #[schema(pattern = "^[0-9a-f]{32}-[1-9][0-9]*$")]
    id: String,
    #[schema(schema_with = EventKind::schema)]
    r#type: &'static str,
    #[serde(with = "time::serde::rfc3339")]
    at: OffsetDateTime,
}

pub(super) fn invitation(history: &History, channels: Channels, now: OffsetDateTime) -> Shown<'_> {
    Shown {
        invitation: item(&history.record, now),
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

pub(super) fn item(record: &Record, now: OffsetDateTime) -> Item<'_> {
    match record {
        Record::Live(invitation) => Item::Live(Box::new(live(invitation, now))),
        Record::Erased(erased) => Item::Erased(ErasedItem {
            id: erased.id.to_string(),
            status: erased.status(),
            created_at: erased.created_at,
            expires_at: erased.expires_at,
            standing: end(erased.end),
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
        standing: standing(&invitation.state),
    }
}

fn end(end: End) -> Standing<'static> {
    match end {
        End::Completed { accepted_at, at } => Standing {
            accepted_at: Some(accepted_at),
            completed_at: Some(at),
            ..Standing::default()
        },
        End::Revoked { at } => Standing {
            revoked_at: Some(at),
            ..Standing::default()
        },
    }
}

fn standing(state: &State) -> Standing<'_> {
    match state {
        State::Pending => Standing::default(),
        State::Accepted { by, at } => Standing {
            account: Some(*by),
            accepted_at: Some(*at),
            ..Standing::default()
        },
        State::Completed {
            by,
            accepted_at,
            company,
            at,
        } => Standing {
            account: Some(*by),
            accepted_at: Some(*accepted_at),
            company_id: Some(company.id),
            completed_at: Some(*at),
            ..Standing::default()
        },
        State::Revoked { at, reason } => Standing {
            revoked_at: Some(*at),
            revoke_reason: reason.as_deref(),
            ..Standing::default()
        },
    }
}

fn delivery(history: &History, channels: Channels, channel: Channel) -> Delivery<'_> {
    let progress = history.progress(channel);
    Delivery {
        state: state(history, channels, channel, progress),
        last_told: progress.last_told,
        tries: progress.tries,
        next_try: progress.next_try,
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
    let mut wanted = history
        .events
        .iter()
        .filter(|event| channels.of(&history.record, event).contains(&channel))
        .peekable();
    if wanted.peek().is_none() {
        DeliveryState::None
    } else if wanted.any(|event| event.number > progress.settled) {
        if progress.tries > 0 {
            DeliveryState::Retrying
        } else {
            DeliveryState::Queued
        }
    } else if !progress.failed.is_empty() {
        DeliveryState::Failure
    } else if progress.last_told.is_some() {
        DeliveryState::Delivered
    } else {
        // It came to nothing before it could be told.
        DeliveryState::None
    }
}

fn entry(event: &Event) -> Entry {
    Entry {
        id: event.id(),
        r#type: event.kind.name(),
        at: event.at,
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands over a reference"
)]
fn is_zero(number: &u32) -> bool {
    *number == 0
}
