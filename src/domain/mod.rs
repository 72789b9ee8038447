//! The rules of the product: invitations, companies, e-mail addresses. Pure: no I/O, no clock.

pub mod company;
pub mod email;
pub mod invitation;
pub mod sheet;
pub mod sign_in_refusal;
pub mod staff;
