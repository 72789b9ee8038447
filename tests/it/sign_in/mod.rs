//! Who may accept an invitation, and what must never happen: each row of the table in
//! `docs/SECURITY.md` that concerns the sign-in, driven through the running service.

mod authorize;
mod callback;
mod cookies;
mod drafts;
mod forms;
mod headers;
mod keys;
mod link;
mod matching;
mod replay;
pub(crate) mod scene;
mod token_endpoint;
mod tokens;
