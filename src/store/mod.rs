//! The store.

pub mod table;
