//! What the functions share of HTTP: the layer around each request, cookies, forms, error pages and
//! problems, preconditions.

pub mod body;
pub mod canonical_path;
pub mod contact;
pub mod cookies;
pub mod desk;
pub mod error;
mod error_sources;
pub mod failure;
pub mod form_token;
pub mod forms;
pub mod function_info;
pub mod idempotency_key;
pub mod invocation;
pub mod link_query;
pub mod links;
pub mod next;
pub mod notice_page;
pub mod observe;
pub mod page;
pub mod pass;
pub mod preconditions;
pub mod problem;
pub(crate) mod query;
pub mod request_info;
pub(crate) mod shape;
pub mod sign_in_answer;
pub mod sign_in_refused;
pub mod stopped_page;
