//! The desk, where the seller's staff invite.

mod many;
mod new;
mod office;
mod scene;
mod sign_in;
