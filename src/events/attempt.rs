//! One attempt to deliver the open events of an invitation on a channel, under a lease.

use std::{pin::pin, time::Duration};

use futures::future::{Either, select};
use time::OffsetDateTime;
use tokio::time::{Instant, timeout};

use super::{
    Deliverer, Receiver,
    breaker::Admission,
    emails,
    payload::Payload,
    webhook::{GONE, NotDelivered},
};
use crate::{
    domain::invitation::{Channel, Event, Progress, RETRY_WINDOW, TryFailed},
    mail::MailError,
    store::{EmailOutcome, History, LEASE, Lease, StoreError},
    telemetry,
};

/// How much of a lease passes, while an event is being delivered, before it is renewed: 4 of 15
/// seconds.
const RENEWAL_SHARE: f64 = 4.0 / 15.0;

/// What became of the delivery of one event.
enum Outcome {
    /// The channel has it.
    Delivered,
    /// The channel has it, and it was the invitation itself, which the timeline records.
    InvitationSent,
    /// Nothing is left to deliver.
    Superseded,
}

impl Outcome {
    fn log(&self, channel: Channel, event: &Event, took: std::time::Duration) {
        let (channel, kind) = (channel.name(), event.kind.name());
        let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        let (outcome, what) = match self {
            Self::Delivered | Self::InvitationSent => ("delivered", "delivered"),
            Self::Superseded => ("superseded", "superseded, so not delivered"),
        };
        tracing::info!(invitation = %event.invitation, event = event.number, kind, channel, ms, "{what}");
        telemetry::count_delivery(channel, outcome);
    }
}

impl From<MailError> for TryFailed {
    fn from(error: MailError) -> Self {
        match error {
            MailError::Refused(_) => Self::Never(error.to_string()),
            MailError::Unavailable(_) => Self::Later(error.to_string()),
        }
    }
}

impl Deliverer {
    /// Delivers the events in order and releases the lease. Returns the time of the next attempt
    /// where one failed.
    pub(super) async fn deliver_all(
        &self,
        history: &History,
        open: &[&Event],
        mut lease: Lease,
    ) -> Result<Option<OffsetDateTime>, StoreError> {
        let channel = lease.channel();
        let mut progress = history.progress(channel).clone();
        for (at, event) in open.iter().enumerate() {
            let started = Instant::now();
            let delivery = self.deliver_event(channel, history, event);
            let Some(outcome) = self.while_leased(&mut lease, &progress, delivery).await else {
                return Ok(Some(self.clock.now() + time::Duration::SECOND));
            };
            let now = self.clock.now();
            if let Ok(outcome) = &outcome {
                outcome.log(channel, event, started.elapsed());
            }
            let (next, email) = match outcome {
                Ok(Outcome::Delivered) => (progress.settle(event.number, now), None),
                Ok(Outcome::Superseded) => (progress.skip(event.number), None),
                Ok(Outcome::InvitationSent) => (
                    progress
                        .settle(event.number, now)
                        .forget(|failed| is_compensated(history, failed)),
                    Some(true),
                ),
                Err(why) => self.failed(progress, channel, event, why, now),
            };
            let given_up = next
                .failed
                .last()
                .is_some_and(|last| last.event == event.number);
            if given_up {
                self.note_given_up(channel, history, now).await?;
            }
            progress = next;
            let over = at + 1 == open.len() || progress.settled < event.number;
            let lease_until = (!over).then(|| now + LEASE);
            let kept = match email {
                Some(sent) => {
                    let email = EmailOutcome { history, sent };
                    self.store
                        .deliveries
                        .record_email(&mut lease, email, &progress, lease_until, now)
                        .await?
                }
                None => {
                    self.store
                        .deliveries
                        .record(&mut lease, &progress, lease_until)
                        .await?
                }
            };
            if !kept {
                // Another worker took over.
                return Ok(Some(now + time::Duration::SECOND));
            }
            if over {
                break;
            }
        }
        Ok(progress.next_try)
    }

    /// What finds an event that is about to be given up.
    async fn note_given_up(
        &self,
        channel: Channel,
        history: &History,
        now: OffsetDateTime,
    ) -> Result<(), StoreError> {
        if channel == Channel::Webhook {
            self.store.given_up.note(history.record.id(), now).await?;
        }
        self.store.index.add_failed(&history.record).await
    }

    /// Does the work and renews the lease while it lasts: so the lease need not be as long as the
    /// slowest receiver takes, and when the process is killed, another one takes over soon. `None`
    /// where the lease was lost: another worker does the work then.
    async fn while_leased<T>(
        &self,
        lease: &mut Lease,
        progress: &Progress,
        work: impl Future<Output = T>,
    ) -> Option<T> {
        let mut work = pin!(work);
        loop {
            // A head start ends sooner than a lease.
            let left = Duration::try_from(lease.until() - self.clock.now()).unwrap_or_default();
            if let Ok(done) = timeout(left.mul_f64(RENEWAL_SHARE), work.as_mut()).await {
                return Some(done);
            }
            match select(work.as_mut(), pin!(self.renew(lease, progress))).await {
                Either::Left((done, renewal)) => {
                    // The outcome is recorded on the version that the renewal has written.
                    renewal.await;
                    return Some(done);
                }
                Either::Right((true, _)) => {}
                Either::Right((false, _)) => return None,
            }
        }
    }

    /// Answers whether the lease is still held.
    async fn renew(&self, lease: &mut Lease, progress: &Progress) -> bool {
        let (invitation, channel) = (lease.invitation(), lease.channel().name());
        let held = match self
            .store
            .deliveries
            .record(lease, progress, Some(self.clock.now() + LEASE))
            .await
        {
            Ok(held) => held,
            Err(error) => {
                tracing::warn!(%invitation, channel, %error, "a lease cannot be renewed");
                self.clock.now() < lease.until()
            }
        };
        if !held {
            tracing::warn!(%invitation, channel, "a lease was lost; its new holder delivers the event again");
        }
        held
    }

    /// An attempt failed: another one follows, or the event is given up, which for an e-mail to the
    /// recipient is an event of its own.
    fn failed(
        &self,
        progress: Progress,
        channel: Channel,
        event: &Event,
        why: TryFailed,
        now: OffsetDateTime,
    ) -> (Progress, Option<bool>) {
        let next = progress.fail(event.number, event.at, why, now);
        let given_up = next.settled >= event.number;
        telemetry::count_delivery(channel.name(), if given_up { "given_up" } else { "failed" });
        tracing::warn!(invitation = %event.invitation, event = event.number, kind = event.kind.name(), given_up, "a delivery failed");
        let is_recorded = given_up && channel == Channel::Mail && emails::brings_the_link(event);
        (next, is_recorded.then_some(false))
    }

    async fn deliver_event(
        &self,
        channel: Channel,
        history: &History,
        event: &Event,
    ) -> Result<Outcome, TryFailed> {
        match (channel, &self.mailer, &self.receiver) {
            (Channel::Mail, Some(mailer), _) => {
                let email = emails::of(
                    &self.store.invitations,
                    &self.config,
                    history,
                    event,
                    self.clock.now(),
                )?;
                let Some((to, email)) = email else {
                    return Ok(Outcome::Superseded);
                };
                mailer.send(&to, &email, &event.id()).await?;
                Ok(if emails::is_invitation(event) {
                    Outcome::InvitationSent
                } else {
                    Outcome::Delivered
                })
            }
            (Channel::Webhook, _, Some(receiver)) => {
                self.send_webhook(receiver, history, event).await?;
                Ok(Outcome::Delivered)
            }
            // The channel was configured when the intent was written, and is not any more.
            (Channel::Mail, None, _) | (Channel::Webhook, _, None) => Ok(Outcome::Superseded),
        }
    }

    /// A receiver that answered 410 gets no more events, from any instance, until its address
    /// changes, a daily probe succeeds or an operator resends.
    async fn send_webhook(
        &self,
        receiver: &Receiver,
        history: &History,
        event: &Event,
    ) -> Result<(), TryFailed> {
        let now = self.clock.now();
        let admission = receiver.breaker.admit(now).await;
        let admission = admission.map_err(|error| TryFailed::Later(error.to_string()))?;
        match admission {
            Admission::Gone => return Err(gone()),
            Admission::Wait { since, reason } => {
                return Err(during_outage(since, reason, event, now));
            }
            Admission::Send | Admission::Probe { .. } | Admission::ProbeGone => {}
        }
        let payload = Payload::new(history, event, &self.config.public);
        let result = receiver.webhook.send(&event.id(), &payload, now).await;
        if let Err(error) = receiver.breaker.record(&result, self.clock.now()).await {
            tracing::warn!(%error, "the state of the circuit breaker could not be saved");
        }
        match (result, admission) {
            (Ok(()), _) => Ok(()),
            (Err(NotDelivered::Gone), _) | (Err(_), Admission::ProbeGone) => Err(gone()),
            (Err(NotDelivered::Failed(TryFailed::Later(reason))), Admission::Probe { since }) => {
                Err(during_outage(since, reason, event, now))
            }
            (Err(NotDelivered::Failed(why) | NotDelivered::Rejected(why)), _) => Err(why),
        }
    }
}

fn gone() -> TryFailed {
    TryFailed::Never(GONE.to_owned())
}

/// The receiver has failed since then: an event that was sent as a probe, or not at all, does not
/// get a retry window of its own.
fn during_outage(
    since: OffsetDateTime,
    reason: String,
    event: &Event,
    now: OffsetDateTime,
) -> TryFailed {
    if now > since.max(event.at) + RETRY_WINDOW {
        TryFailed::Never(reason)
    } else {
        TryFailed::Later(reason)
    }
}

/// Whether a later e-mail with the invitation makes up for the one that the event of this number
/// causes.
fn is_compensated(history: &History, number: u32) -> bool {
    history
        .events
        .iter()
        .any(|event| event.number == number && emails::is_about_the_link(event))
}
