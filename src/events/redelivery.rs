//! Delivery once more, as an operator requests it.

use time::OffsetDateTime;

use super::{Deliverer, emails};
use crate::{
    domain::invitation::{Channel, Event, InvitationId, State},
    store::{History, StoreError},
};

/// How often a redelivery is retried while a worker delivers events.
const ATTEMPTS: usize = 8;

impl Deliverer {
    /// Delivers again what was given up, even to a receiver that answered 410, and at once what
    /// waits for its next attempt. `false` where there is nothing to deliver again; that includes
    /// the e-mails of an invitation that can be renewed, since the renewal sends one and supersedes
    /// the others.
    ///
    /// # Errors
    /// Where the table fails, or people contend for the invitation.
    pub async fn redeliver(&self, id: InvitationId) -> Result<bool, StoreError> {
        let mut again = [false; 2];
        for _ in 0..ATTEMPTS {
            let Some(history) = self.store.invitations.history(id).await? else {
                return Ok(false);
            };
            let mut overtaken = false;
            for (channel, done) in [Channel::Mail, Channel::Webhook]
                .into_iter()
                .zip(&mut again)
            {
                if !*done && let Some(first) = self.first_again(&history, channel, self.clock.now())
                {
                    *done = self.redeliver_on(&history, channel, first).await?;
                    overtaken |= !*done;
                }
            }
            if !overtaken {
                return Ok(again.contains(&true));
            }
        }
        Err(StoreError::Unavailable {
            reason: "the events are being delivered".to_owned(),
            retry_after: None,
            throttled: false,
        })
    }

    /// `false` where the channel has advanced since.
    async fn redeliver_on(
        &self,
        history: &History,
        channel: Channel,
        first: u32,
    ) -> Result<bool, StoreError> {
        if let (Channel::Webhook, Some(receiver)) = (channel, &self.receiver) {
            receiver.breaker.reset(self.clock.now()).await?;
        }
        self.store
            .deliveries
            .redeliver(history, channel, first, self.clock.now())
            .await
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
