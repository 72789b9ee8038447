//! The desk, where the seller's staff invite.

mod browser;
mod changes;
mod index;
mod list;
mod many;
mod new;
pub(crate) mod office;
mod pages;
mod roles;
mod scene;
mod session;
mod sign_in;
