//! What the pages of the desk share: who is signed in ([`staff`]), their forms ([`form`]), the
//! frame of a page ([`page`]), and errors ([`notice`]).

pub mod form;
pub mod notice;
pub mod page;
pub mod staff;
