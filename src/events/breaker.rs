//! The circuit breaker of the receiver of webhooks, shared by all instances: while the receiver
//! fails, one event a minute is sent as a probe and the others wait.

use std::sync::atomic::{AtomicU32, Ordering};

use time::{Duration, OffsetDateTime};
use tokio::sync::Mutex;

use super::webhook::NotDelivered;
use crate::{
    domain::invitation::TryFailed,
    store::{Circuit, Outage, Receivers, StoreError},
};

/// How long what the table says is trusted: the row is the same for all events of all instances.
const TRUSTED: Duration = Duration::seconds(30);
/// Consecutive failures that open the circuit.
const MAX_FAILURES: u32 = 5;

/// The circuit of one receiver, as this instance knows it.
#[derive(Debug)]
pub(super) struct Breaker {
    receivers: Receivers,
    receiver: String,
    known: Mutex<Option<(OffsetDateTime, Circuit)>>,
    failures: AtomicU32,
}

/// Whether an event may be sent.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Admission {
    /// It may.
    Send,
    /// It may, to see whether the receiver works again.
    Probe {
        /// When the circuit was opened.
        since: OffsetDateTime,
    },
    /// As [`Admission::Probe`], of a receiver that answered 410.
    ProbeGone,
    /// It waits: the receiver has failed since then.
    Wait {
        /// When the circuit was opened.
        since: OffsetDateTime,
        /// How the receiver failed.
        reason: String,
    },
    /// It is given up: the receiver answered 410.
    Gone,
}

impl Breaker {
    pub(super) fn new(receivers: Receivers, receiver: &str) -> Self {
        Self {
            receivers,
            receiver: receiver.to_owned(),
            known: Mutex::new(None),
            failures: AtomicU32::new(0),
        }
    }

    /// The outage of a receiver that fails; `None` where events may be sent, or are given up.
    pub(super) async fn outage(&self, now: OffsetDateTime) -> Result<Option<Outage>, StoreError> {
        match self.circuit(now).await? {
            Circuit::Open(outage) => Ok(Some(outage)),
            Circuit::Closed | Circuit::Gone(_) => Ok(None),
        }
    }

    /// The outage of a receiver that fails or has answered 410.
    pub(super) async fn any_outage(
        &self,
        now: OffsetDateTime,
    ) -> Result<Option<Outage>, StoreError> {
        Ok(self.circuit(now).await?.outage().cloned())
    }

    /// Logs an outage, for the operators' alert `delivery-paused`.
    pub(super) async fn log_outage(&self, now: OffsetDateTime) -> Result<(), StoreError> {
        let circuit = self.circuit(now).await?;
        if let Some(outage) = circuit.outage() {
            tracing::warn!(
                reason = outage.reason,
                gone = matches!(circuit, Circuit::Gone(_)),
                failing_seconds = (now - outage.since).whole_seconds(),
                "the receiver of the webhook gets no events"
            );
        }
        Ok(())
    }

    async fn circuit(&self, now: OffsetDateTime) -> Result<Circuit, StoreError> {
        self.circuit_unless(|_| false, now).await
    }

    /// The circuit as this instance knows it, unless that is too old or of this kind: then as the
    /// table says.
    async fn circuit_unless(
        &self,
        is_doubted: fn(&Circuit) -> bool,
        now: OffsetDateTime,
    ) -> Result<Circuit, StoreError> {
        let mut known = self.known.lock().await;
        if let Some((at, circuit)) = &*known
            && now < *at + TRUSTED
            && !is_doubted(circuit)
        {
            return Ok(circuit.clone());
        }
        let circuit = self.receivers.circuit(&self.receiver).await?;
        *known = Some((now, circuit.clone()));
        Ok(circuit)
    }

    /// Whether the next event may be sent. Only one worker of all instances probes.
    pub(super) async fn admit(&self, now: OffsetDateTime) -> Result<Admission, StoreError> {
        // An event that is given up is not tried again, and another instance may have closed the
        // circuit.
        let is_gone = |circuit: &Circuit| matches!(circuit, Circuit::Gone(_));
        let circuit = self.circuit_unless(is_gone, now).await?;
        let (probe, otherwise) = match &circuit {
            Circuit::Closed => return Ok(Admission::Send),
            Circuit::Open(Outage { since, reason, .. }) => {
                let (since, reason) = (*since, reason.clone());
                let wait = Admission::Wait { since, reason };
                (Admission::Probe { since }, wait)
            }
            Circuit::Gone(_) => (Admission::ProbeGone, Admission::Gone),
        };
        if circuit.outage().is_some_and(|outage| now < outage.probe_at) {
            return Ok(otherwise);
        }
        let claimed = self
            .receivers
            .claim_probe(&self.receiver, &circuit, now)
            .await?;
        let admission = if claimed.is_some() { probe } else { otherwise };
        // Where another worker was faster, the table says what it has made of it.
        *self.known.lock().await = claimed.map(|circuit| (now, circuit));
        Ok(admission)
    }

    /// Takes note of what became of an event that was sent.
    pub(super) async fn record(
        &self,
        result: &Result<(), NotDelivered>,
        now: OffsetDateTime,
    ) -> Result<(), StoreError> {
        match result {
            Ok(()) => self.succeeded(now).await,
            Err(NotDelivered::Gone) => {
                let gone = self.receivers.record_gone(&self.receiver, now).await?;
                *self.known.lock().await = Some((now, gone));
                Ok(())
            }
            Err(NotDelivered::Failed(TryFailed::Later(reason) | TryFailed::Never(reason))) => {
                self.failed(reason, now).await
            }
            Err(NotDelivered::Rejected(_)) => self.rejected(now).await,
        }
    }

    /// The receiver works; it does not accept this event.
    async fn rejected(&self, now: OffsetDateTime) -> Result<(), StoreError> {
        let is_open = matches!(&*self.known.lock().await, Some((_, Circuit::Open(_))));
        if is_open {
            self.succeeded(now).await?;
        }
        Ok(())
    }

    async fn succeeded(&self, now: OffsetDateTime) -> Result<(), StoreError> {
        self.failures.store(0, Ordering::Relaxed);
        let mut known = self.known.lock().await;
        let was_closed = matches!(&*known, Some((_, Circuit::Closed)));
        *known = Some((now, Circuit::Closed));
        drop(known);
        if was_closed {
            return Ok(());
        }
        tracing::info!("the receiver of the webhook works again");
        self.receivers.close(&self.receiver).await
    }

    async fn failed(&self, reason: &str, now: OffsetDateTime) -> Result<(), StoreError> {
        let failures = self.failures.fetch_add(1, Ordering::Relaxed) + 1;
        let mut known = self.known.lock().await;
        let is_closed = !matches!(&*known, Some((_, Circuit::Open(_) | Circuit::Gone(_))));
        if failures < MAX_FAILURES || !is_closed {
            return Ok(());
        }
        tracing::warn!("the receiver of the webhook fails: one event a minute is sent to it");
        let opened = self.receivers.open(&self.receiver, reason, now).await?;
        *known = Some((now, opened));
        Ok(())
    }

    /// Sends events again, as an operator requested.
    pub(super) async fn reset(&self, now: OffsetDateTime) -> Result<(), StoreError> {
        self.failures.store(0, Ordering::Relaxed);
        self.receivers.close(&self.receiver).await?;
        *self.known.lock().await = Some((now, Circuit::Closed));
        Ok(())
    }
}
