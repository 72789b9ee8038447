//! What the functions share of HTTP: layers around each request, cookies, forms, error pages and
//! problems, preconditions.

pub mod approval_cookie;
pub mod body;
pub mod canonical_path;
pub mod cookies;
pub mod error;
mod error_page;
mod error_sources;
pub mod form_token;
pub mod forms;
pub mod function_info;
pub mod idempotency_key;
pub mod link_query;
pub mod links;
mod next_step;
pub mod observe;
pub mod page;
pub mod pass;
pub mod preconditions;
pub mod problem;
pub mod request_info;
pub mod sign_in_refused;
pub mod stopped_page;
