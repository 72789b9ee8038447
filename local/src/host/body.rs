//! Streaming bodies that are watched: for their size, and for going on at all.

use std::{
    pin::Pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use axum::body::{Body, Bytes};
use http_body::{Frame, SizeHint};
use tokio::time::{Instant, Sleep, sleep_until};

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// When a byte last went in either direction of one request.
#[derive(Debug, Clone)]
pub(super) struct Activity {
    last: Arc<Mutex<Instant>>,
    idle: Duration,
}

impl Activity {
    pub(super) fn new(idle: Duration) -> Self {
        Self {
            last: Arc::new(Mutex::new(Instant::now())),
            idle,
        }
    }

    /// The future's output, or `None` if nothing moved for too long.
    pub(super) async fn or_idle<T>(&self, future: impl Future<Output = T>) -> Option<T> {
        tokio::pin!(future);
        loop {
            tokio::select! {
                output = &mut future => return Some(output),
                () = sleep_until(self.deadline()) => if self.deadline() <= Instant::now() { return None },
            }
        }
    }

    fn touch(&self) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    fn deadline(&self) -> Instant {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) + self.idle
    }
}

/// A request body that fails once it is longer than allowed, and says so through `overrun`.
pub(super) struct Inbound {
    pub(super) inner: Body,
    pub(super) left: u64,
    pub(super) overrun: Arc<AtomicBool>,
    pub(super) activity: Activity,
}

impl http_body::Body for Inbound {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let Some(frame) = std::task::ready!(Pin::new(&mut self.inner).poll_frame(cx)) else {
            return Poll::Ready(None);
        };
        let frame = frame?;
        self.activity.touch();
        let length = frame.data_ref().map_or(0, |data| data.len() as u64);
        match self.left.checked_sub(length) {
            Some(left) => {
                self.left = left;
                Poll::Ready(Some(Ok(frame)))
            }
            None => {
                self.overrun.store(true, Ordering::Relaxed);
                Poll::Ready(Some(Err("the request body is too large".into())))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

/// A response body that fails when it stands still for too long.
pub(super) struct Outbound {
    inner: Body,
    activity: Activity,
    alarm: Pin<Box<Sleep>>,
}

impl Outbound {
    pub(super) fn new(inner: Body, activity: Activity) -> Self {
        let alarm = Box::pin(sleep_until(activity.deadline()));
        Self {
            inner,
            activity,
            alarm,
        }
    }
}

impl http_body::Body for Outbound {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.inner).poll_frame(cx) {
            self.activity.touch();
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        while self.alarm.as_mut().poll(cx).is_ready() {
            let deadline = self.activity.deadline();
            if deadline <= Instant::now() {
                return Poll::Ready(Some(Err("nothing moved for too long".into())));
            }
            self.alarm.as_mut().reset(deadline);
        }
        Poll::Pending
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
