//! `OpenApi`: the OpenAPI document, derived from the types that the API reads and writes, in three
//! versions of the specification.

mod bodies;
mod companies;
mod document;
mod events;
mod examples;
mod operations;
mod ordered;
mod parts;
mod patch;
mod problems;
mod show;
mod unused;
mod v2_0;
mod v3_0;
mod version;
mod walk;
mod webhooks;

pub use document::{document, document_of, in_version};
pub use ordered::Ordered;
pub use show::{Cached, show};
pub use version::Version;
