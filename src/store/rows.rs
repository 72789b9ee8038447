//! How an invitation lies in the table: columns that an operator can read, objects as JSON text.
//!
//! | row key | holds |
//! |---|---|
//! | `invitation` | the invitation and its state |
//! | `company` | the company that was created |
//! | `event-000001` … | the timeline |
//! | `colleague-000001` … | an address that someone named with the event of this number, until it is delivered |
//! | `code` | the digests of the codes that were mailed to prove the mailbox, and how often each was tried |
//! | `progress-mail`, `progress-webhook` | how far the events were delivered, and who delivers them now |
//! | `state-…` | whom a sign-in verified, sealed, under the digest of its state |
//!
//! A company that colleagues share has the partition `company-…`, with the row `company` and a row
//! `member-…` for each of them; the claim of its customer number is the row `claim` of the
//! partition `claim-…`. A request that bears an `Idempotency-Key` has a partition of its own, with
//! the one row `request`.

mod carried;
mod columns;
mod company;
mod delivery;
mod event;
mod invitation;
mod lists;
mod request;
pub(super) mod uploads;

use sha2::{Digest, Sha256};

pub(super) use carried::{FEED, carried, feed_reference, read_feed_reference};
pub(super) use company::{
    Claim, SharedCompany, claim, company, member_key, read_claim, read_company, read_member_key,
    read_shared_company, shared_company,
};
pub(super) use delivery::{
    LEASED_UNTIL, PROGRESS, intent, outage, progress, progress_key, read_intent, read_outage,
    read_progress, read_redelivery, redelivery,
};
pub(super) use event::{
    announced_event, colleague, colleague_key, event, event_key, event_number, events,
    is_colleague, read_announced, read_colleague, read_event,
};
pub(super) use invitation::{REQUEST, erased, invitation, read_record, read_tombstone, tombstone};
pub(super) use lists::{aged, aged_request, erasure, read_aged, read_aged_request, read_erasure};
pub(super) use request::{
    STATES, codes, is_invoked_by, is_marked, read_codes, read_request, request, state_key,
    used_state,
};

/// Partitions of the outbox and of the index. An invitation's rows are all in one of each.
pub const SHARDS: u8 = 16;

pub(super) const INVITATION: &str = "invitation";
pub(super) const COMPANY: &str = "company";
pub(super) const CODE: &str = "code";

/// Where a row is: partition and row key.
pub(super) type Place = (String, String);

/// Any text becomes a key of one length.
pub(super) fn digest(purpose: &str, text: &str) -> String {
    let hash = Sha256::new()
        .chain_update(purpose)
        .chain_update(text)
        .finalize();
    hash.iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests;
