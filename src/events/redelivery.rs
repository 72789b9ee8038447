//! Delivery once more, as an operator requests it.

use futures::{StreamExt, future, stream};
use time::OffsetDateTime;
use tokio::time::Instant;
use uuid::Uuid;

use super::{Deliverer, emails};
use crate::{
    domain::invitation::{Channel, Event, InvitationId, State},
    store::{GivenUpPage, History, Outage, Redelivery, SHARDS, StoreError, table::Continuation},
};

/// How often a redelivery is retried while a worker delivers events.
const ATTEMPTS: usize = 8;
/// Invitations of a shard whose webhooks are scheduled again concurrently.
const CONCURRENCY: usize = 4;

/// What is to be delivered again.
struct Request<'a> {
    channels: &'a [Channel],
    /// Even to a receiver that fails or answered 410.
    resets: bool,
    /// The host's invocation that asks for it.
    invocation: Option<Uuid>,
}

impl Deliverer {
    /// Delivers again what was given up, even to a receiver that answered 410, and at once what
    /// waits for its next attempt. `false` where there is nothing to deliver again; that includes
    /// the e-mails of an invitation that can be renewed, since the renewal sends one and supersedes
    /// the others. A channel on which this invocation of the host has done that already is left as
    /// it is, and counts.
    ///
    /// # Errors
    /// Where the table fails, or people contend for the invitation.
    pub async fn redeliver(
        &self,
        id: InvitationId,
        invocation: Option<Uuid>,
    ) -> Result<bool, StoreError> {
        let request = Request {
            channels: &[Channel::Mail, Channel::Webhook],
            resets: true,
            invocation,
        };
        self.redeliver_on(id, request).await
    }

    /// Delivers all webhooks of the invitation again, whatever became of them, even to a receiver
    /// that fails or has answered 410; no e-mail. `false` where there is no such invitation. The
    /// repetition of an invocation does nothing.
    ///
    /// # Errors
    /// Where the table fails, or people contend for the invitation.
    pub async fn redeliver_webhooks(
        &self,
        id: InvitationId,
        invocation: Option<Uuid>,
    ) -> Result<bool, StoreError> {
        for _ in 0..ATTEMPTS {
            let Some(history) = self.store.invitations.history(id).await? else {
                return Ok(false);
            };
            let progress = history.progress(Channel::Webhook);
            if progress.is_redelivered_by(invocation) {
                return Ok(true);
            }
            if let Some(receiver) = &self.receiver {
                receiver.breaker.reset(self.clock.now()).await?;
            }
            let (deliveries, now) = (&self.store.deliveries, self.clock.now());
            let again = deliveries.redeliver(&history, Channel::Webhook, (1, invocation), now);
            if again.await? {
                return Ok(true);
            }
        }
        Err(StoreError::contended("the progress of a delivery"))
    }

    async fn redeliver_on(
        &self,
        id: InvitationId,
        request: Request<'_>,
    ) -> Result<bool, StoreError> {
        let Request {
            channels,
            resets,
            invocation,
        } = request;
        let mut again = vec![false; channels.len()];
        for _ in 0..ATTEMPTS {
            let Some(history) = self.store.invitations.history(id).await? else {
                return Ok(false);
            };
            let mut overtaken = false;
            for (&channel, done) in channels.iter().zip(&mut again) {
                *done |= history.progress(channel).is_redelivered_by(invocation);
                if !*done && let Some(first) = self.first_again(&history, channel, self.clock.now())
                {
                    let (deliveries, now) = (&self.store.deliveries, self.clock.now());
                    if let (true, Channel::Webhook, Some(receiver)) =
                        (resets, channel, &self.receiver)
                    {
                        receiver.breaker.reset(now).await?;
                    }
                    let first = (first, invocation);
                    *done = deliveries.redeliver(&history, channel, first, now).await?;
                    overtaken |= !*done;
                }
            }
            if !overtaken {
                return Ok(again.contains(&true));
            }
        }
        Err(StoreError::contended("the progress of a delivery"))
    }

    /// Has all webhooks delivered again that were given up since then, even to a receiver that
    /// answered 410: by the timer, which goes on where an instance was killed. Returns until when:
    /// the repetition of an invocation, until when that one has requested it.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn redeliver_since(
        &self,
        since: OffsetDateTime,
        invocation: Option<Uuid>,
    ) -> Result<OffsetDateTime, StoreError> {
        // Before the request: an event that is given up later is not part of it.
        if let Some(receiver) = &self.receiver {
            receiver.breaker.reset(self.clock.now()).await?;
        }
        let (given_up, now) = (&self.store.given_up, self.clock.now());
        given_up.request(since, invocation, now).await
    }

    /// Sends `webhook.test` to the receiver, even to one that fails or has answered 410; if it
    /// accepts, it gets events again. Returns what it answered, in plain words where it did not
    /// accept; `None` where there is no receiver. The receiver recognises the repetition of an
    /// invocation by its `webhook-id`.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn test_receiver(
        &self,
        invocation: Option<Uuid>,
    ) -> Result<Option<Result<(), String>>, StoreError> {
        let Some(receiver) = &self.receiver else {
            return Ok(None);
        };
        let test = receiver.webhook.send_test(invocation, self.clock.now());
        let (result, breaker) = (test.await, &receiver.breaker);
        match &result {
            // Whatever this instance remembers: another one may have opened the circuit.
            Ok(()) => breaker.reset(self.clock.now()).await?,
            Err(_) => breaker.record(&result, self.clock.now()).await?,
        }
        Ok(Some(result.map_err(|why| why.to_string())))
    }

    /// Since when the receiver gets no events, as it fails or has answered 410.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn receiver_outage(&self) -> Result<Option<Outage>, StoreError> {
        match &self.receiver {
            Some(receiver) => receiver.breaker.any_outage(self.clock.now()).await,
            None => Ok(None),
        }
    }

    /// Works off what [`Self::redeliver_since`] has requested, as far as the time allows.
    pub(super) async fn redeliver_given_up(&self, until: Instant) -> Result<(), StoreError> {
        for request in self.store.given_up.requested().await? {
            let shards = (0..SHARDS).map(|shard| self.redeliver_shard(shard, &request, until));
            let shards = future::join_all(shards).await;
            let is_over: Result<Vec<bool>, _> = shards.into_iter().collect();
            if !is_over?.contains(&false) {
                self.store.given_up.finish(&request).await?;
                tracing::info!("the webhooks that were given up are scheduled again");
            }
        }
        Ok(())
    }

    /// Whether nothing is left in the shard.
    async fn redeliver_shard(
        &self,
        shard: u8,
        request: &Redelivery,
        until: Instant,
    ) -> Result<bool, StoreError> {
        let mut after: Option<Continuation> = None;
        while Instant::now() < until {
            let (given_up, period) = (&self.store.given_up, (request.since, request.until));
            let GivenUpPage { webhooks, next } =
                given_up.page(shard, period, after.as_ref()).await?;
            let again = stream::iter(webhooks).map(|webhook| async move {
                let request = Request {
                    channels: &[Channel::Webhook],
                    resets: false,
                    invocation: None,
                };
                match self.redeliver_on(webhook.id, request).await {
                    Err(error) if error.is_temporary() => return Err(error),
                    // It must not hold up the others for ever.
                    Err(error) => {
                        tracing::error!(invitation = %webhook.id, %error, "a webhook cannot be delivered again");
                    }
                    Ok(_) => {}
                }
                Ok(webhook)
            });
            let again: Vec<_> = again.buffer_unordered(CONCURRENCY).collect().await;
            let (done, failed): (Vec<_>, Vec<_>) = again.into_iter().partition(Result::is_ok);
            let done: Vec<_> = done.into_iter().filter_map(Result::ok).collect();
            given_up.forget(shard, &done).await?;
            // What fails is found again by the next tick.
            if let Some(error) = failed.into_iter().find_map(Result::err) {
                return Err(error);
            }
            after = next;
            if after.is_none() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The first event that was given up or waits for its next attempt, and is still to be
    /// delivered.
    fn first_again(&self, history: &History, channel: Channel, now: OffsetDateTime) -> Option<u32> {
        let progress = history.progress(channel);
        let is_renewed = history
            .record
            .as_live()
            .is_some_and(|invitation| invitation.state == State::Pending);
        let is_wanted = |event: &&Event| match channel {
            Channel::Mail => !is_renewed && !emails::is_superseded(history, event, now),
            Channel::Webhook => true,
        };
        let open = history
            .open_events(self.store.channels(), channel)
            .into_iter();
        let tried = open.take(usize::from(progress.tries > 0));
        let given_up = history.events.iter().filter(|event| {
            progress
                .failed
                .iter()
                .any(|failed| failed.event == event.number)
        });
        given_up
            .chain(tried)
            .filter(is_wanted)
            .map(|event| event.number)
            .min()
    }
}
