//! The store: the table port, the two tables that can stand behind it, and a counter of the calls
//! to it.

pub mod table;

mod codes;
mod elsewhere;
mod erasure;
mod idempotency;
mod index;
mod invitations;
mod outbox;
mod purge;
mod rows;

pub use codes::Entered;
pub use idempotency::{Plan, Recalled, Request};
pub use index::{Filter, Listed, Position};
pub use invitations::{Invitations, Outcome, StoreError};
pub use outbox::{Channels, History, Intent, LEASE, Lease, SHARDS};
pub use purge::{Aged, Purged};
