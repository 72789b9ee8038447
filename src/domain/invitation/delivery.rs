//! How far the events of an invitation were delivered: one cursor for e-mail, one for the webhook.
//! No I/O, no clock.
//!
//! Events are settled in order, each as delivered, as not for this channel, as superseded, or,
//! after [`RETRY_WINDOW`], as failed.

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

/// How long a delivery is retried.
pub const RETRY_WINDOW: Duration = Duration::days(3);

/// The pauses between attempts, in seconds; the last one repeats.
const PAUSES: [i64; 8] = [5, 20, 60, 300, 900, 3600, 2 * 3600, 4 * 3600];

/// Failures that are remembered.
const MAX_FAILED: usize = 50;

/// Where events are delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Channel {
    /// To people.
    Mail,
    /// To machines.
    Webhook,
}

impl Channel {
    /// Its name in the table and in the API.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Webhook => "webhook",
        }
    }

    /// By its name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Mail, Self::Webhook]
            .into_iter()
            .find(|channel| channel.name() == name)
    }
}

/// An event that could not be delivered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct FailedDelivery {
    /// The event's number.
    #[schema(minimum = 1)]
    pub event: u32,
    /// When it was given up.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// Why, in plain words.
    pub reason: String,
}

/// How far one channel has come.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Progress {
    /// The number of the last event that is settled.
    pub settled: u32,
    /// When an event was last delivered.
    #[serde(
        rename = "lastTold",
        with = "time::serde::rfc3339::option",
        skip_serializing_if = "Option::is_none"
    )]
    pub last_delivered: Option<OffsetDateTime>,
    /// Tries of the next one.
    pub tries: u32,
    /// Since when all tries have failed; events given up since then count.
    #[serde(
        with = "time::serde::rfc3339::option",
        skip_serializing_if = "Option::is_none"
    )]
    pub trying_since: Option<OffsetDateTime>,
    /// When the next will be.
    #[serde(
        with = "time::serde::rfc3339::option",
        skip_serializing_if = "Option::is_none"
    )]
    pub next_try: Option<OffsetDateTime>,
    /// Why the last one failed, in plain words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_error: Option<String>,
    /// The events that were given up.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub failed: Vec<FailedDelivery>,
    /// Whether any event was ever given up; then the index has a row of that.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub has_failed: bool,
}

/// Why a try failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TryFailed {
    /// Later may be better.
    Later(String),
    /// Never: no further try.
    Never(String),
}

impl Progress {
    /// The event of this number is delivered, and those before it are delivered or not for this
    /// channel.
    #[must_use]
    pub fn settle(self, event: u32, now: OffsetDateTime) -> Self {
        Self {
            settled: event,
            last_delivered: Some(now),
            failed: self.failed,
            has_failed: self.has_failed,
            ..Self::default()
        }
    }

    /// The event is superseded: it is not delivered, and not recorded as delivered.
    #[must_use]
    pub fn skip(self, event: u32) -> Self {
        Self {
            settled: event,
            last_delivered: self.last_delivered,
            trying_since: self.trying_since,
            failed: self.failed,
            has_failed: self.has_failed,
            ..Self::default()
        }
    }

    /// The events from this one on are to be delivered again, at once and with a new retry window.
    #[must_use]
    pub fn again_from(self, event: u32) -> Self {
        Self {
            settled: event.saturating_sub(1),
            last_delivered: self.last_delivered,
            has_failed: self.has_failed,
            ..Self::default()
        }
    }

    /// Without the texts of servers, which may hold people's addresses.
    #[must_use]
    pub fn redacted(mut self) -> Self {
        self.last_error = None;
        self.failed
            .iter_mut()
            .for_each(|failed| failed.reason = "erased".to_owned());
        self
    }

    /// Forgets the failures of these events: a later event compensates for them.
    #[must_use]
    pub fn forget(mut self, is_compensated: impl Fn(u32) -> bool) -> Self {
        self.failed.retain(|failed| !is_compensated(failed.event));
        self
    }

    /// An attempt to deliver the event, which happened at `at`, failed: another one follows, or the
    /// event is given up. A receiver that was unreachable for the retry window does not get a new
    /// one for each event that happened during it.
    #[must_use]
    pub fn fail(self, event: u32, at: OffsetDateTime, why: TryFailed, now: OffsetDateTime) -> Self {
        let since = self.trying_since.map_or(now, |since| since.max(at));
        match why {
            TryFailed::Later(reason) if now < since + RETRY_WINDOW => {
                let pause = PAUSES
                    .get(self.tries as usize)
                    .or(PAUSES.last())
                    .copied()
                    .unwrap_or_default();
                Self {
                    tries: self.tries + 1,
                    trying_since: Some(since),
                    next_try: Some(now + Duration::seconds(pause)),
                    last_error: Some(reason),
                    ..self
                }
            }
            TryFailed::Later(reason) => Self {
                trying_since: Some(since),
                ..self.give_up(event, reason, now)
            },
            // An answer, though a refusal: the receiver is reachable.
            TryFailed::Never(reason) => self.give_up(event, reason, now),
        }
    }

    fn give_up(mut self, event: u32, reason: String, now: OffsetDateTime) -> Self {
        self.failed.push(FailedDelivery {
            event,
            at: now,
            reason,
        });
        // The row must stay within what a table holds, however often a resend fails.
        let surplus = self.failed.len().saturating_sub(MAX_FAILED);
        self.failed.drain(..surplus);
        Self {
            settled: event,
            last_delivered: self.last_delivered,
            failed: self.failed,
            has_failed: true,
            ..Self::default()
        }
    }

    /// Whether the next event may be tried now.
    #[must_use]
    pub fn is_due(&self, now: OffsetDateTime) -> bool {
        self.next_try.is_none_or(|at| at <= now)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::macros::datetime;

    use super::*;

    const START: OffsetDateTime = datetime!(2026-11-22 12:00 UTC);

    #[test]
    fn attempts_grow_apart_and_end_after_three_days() {
        let (mut progress, mut now, mut tries) = (Progress::default(), START, 0);
        while progress.settled == 0 {
            progress = progress.fail(1, START, TryFailed::Later("no answer".into()), now);
            tries += 1;
            if let Some(next) = progress.next_try {
                assert!(next > now && next - now <= Duration::hours(4));
                assert!(!progress.is_due(now) && progress.is_due(next));
                now = next;
            }
        }
        assert!(
            now - START >= RETRY_WINDOW && now - START < RETRY_WINDOW + Duration::hours(5),
            "{}",
            now - START
        );
        assert!((15..40).contains(&tries), "{tries}");
        assert_eq!(
            progress.failed,
            [FailedDelivery {
                event: 1,
                at: now,
                reason: "no answer".into()
            }]
        );
        assert_eq!((progress.tries, progress.last_error), (0, None));
    }

    #[test]
    fn a_final_refusal_gives_up_at_once() {
        let progress = Progress::default().settle(1, START).fail(
            2,
            START,
            TryFailed::Never("550".into()),
            START,
        );
        assert_eq!((progress.settled, progress.failed[0].event), (2, 2));
        assert!(progress.is_due(START));
    }

    /// As in a table, tried until it is given up; with the time of that.
    fn given_up(
        mut progress: Progress,
        event: u32,
        at: OffsetDateTime,
        mut now: OffsetDateTime,
    ) -> (Progress, OffsetDateTime) {
        while progress.settled < event {
            progress = progress.fail(event, at, TryFailed::Later("no answer".into()), now);
            now = progress.next_try.unwrap_or(now);
        }
        (progress, now)
    }

    #[test]
    fn one_retry_window_covers_events_of_an_outage() {
        let (progress, over) = given_up(Progress::default(), 1, START, START);
        let (progress, at_once) = given_up(progress, 2, START + Duration::HOUR, over);
        assert_eq!((at_once, progress.failed.len()), (over, 2));
        let late = START + Duration::days(2);
        let (progress, later) = given_up(progress, 3, late, over);
        assert!(
            later >= late + RETRY_WINDOW && later < late + RETRY_WINDOW + Duration::hours(5),
            "its own three days: {}",
            later - late
        );
        let reached = progress.settle(4, later);
        let (_, last) = given_up(reached, 5, START, later);
        assert!(
            last >= later + RETRY_WINDOW,
            "who was reached is waited for again"
        );
    }

    #[test]
    fn a_superseded_event_is_not_recorded_as_delivered() {
        let tried = Progress::default().fail(1, START, TryFailed::Later("451".into()), START);
        let skipped = tried.skip(1);
        assert_eq!(
            (
                skipped.settled,
                skipped.last_delivered,
                skipped.tries,
                skipped.last_error
            ),
            (1, None, 0, None)
        );
        assert_eq!(
            Progress::default().settle(1, START).skip(2).last_delivered,
            Some(START)
        );
    }

    proptest! {
        #[test]
        fn every_event_is_settled_once_and_in_order(outcomes in proptest::collection::vec(0..3u8, 0..60)) {
            let mut progress = Progress::default();
            for outcome in outcomes {
                let before = progress.settled;
                progress = match outcome {
                    0 => progress.settle(before + 1, START),
                    1 => progress.fail(before + 1, START, TryFailed::Never("no".into()), START),
                    _ => progress.fail(before + 1, START, TryFailed::Later("later".into()), START),
                };
                prop_assert!(progress.settled == before + u32::from(outcome < 2));
            }
            prop_assert!(progress.failed.len() <= MAX_FAILED);
            prop_assert!(progress.failed.windows(2).all(|pair| pair[0].event < pair[1].event));
        }
    }
}
