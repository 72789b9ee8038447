//! The integration tests, a module per subject.

#![expect(clippy::unwrap_used, reason = "these are tests")]

mod api;
mod arbitrary_input;
mod browser;
mod changes;
mod check;
mod companies;
mod company_members;
mod confirm_mailbox;
mod contact_inviter;
mod cost;
mod creation;
mod cut_off;
mod delivery;
mod erase;
mod floors;
mod functions;
mod health;
mod independent;
mod infra;
mod invalid_requests;
mod journey;
mod limits;
mod links;
mod list;
mod managed_identity;
mod once;
mod openapi;
mod outbox;
mod package;
mod panics;
mod purge;
mod repeated;
mod run;
mod scale;
mod sign_in;
mod slow_storage;
mod start;
mod storage_calls;
mod table_contract;
mod table_faults;
mod telemetry;
mod tools;
mod transfer;
mod walkthrough;
