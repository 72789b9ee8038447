//! The desk, where the seller's staff invite.

mod scene;
mod sign_in;
