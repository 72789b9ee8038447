//! From the invitation e-mail to the welcome page.

pub mod store;
