//! The functions: a module for each folder with a `function.json`, of the same name.

pub mod accept_callback;
pub mod admin_consent;
pub mod check;
pub mod companies;
pub mod confirm_mailbox;
pub mod contact_inviter;
pub mod create_company;
pub mod deliver_events;
pub mod desk;
pub mod events;
pub mod health;
pub mod invitations;
pub mod invite_user;
pub mod open_api;
pub mod purge_invitations;
pub mod welcome;
