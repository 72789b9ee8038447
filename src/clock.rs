//! The one place that knows what time it is; everything else is told.

use std::{fmt, sync::Arc};

use time::OffsetDateTime;

/// Tells the time, in UTC. A test hands in its own.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> OffsetDateTime + Send + Sync>);

impl Clock {
    /// The clock of the machine.
    #[must_use]
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the clock that is handed in everywhere else"
    )]
    pub fn system() -> Self {
        Self(Arc::new(OffsetDateTime::now_utc))
    }

    /// A clock that says what `tell` says.
    pub fn from_fn(tell: impl Fn() -> OffsetDateTime + Send + Sync + 'static) -> Self {
        Self(Arc::new(tell))
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> OffsetDateTime {
        (self.0)()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}
