//! What the recipient's pages share: who is signed in and for which invitation ([`guard`]), what an
//! invitation still allows ([`standing`]), and starting a sign-in ([`sign_in`]).

pub mod guard;
pub mod sign_in;
pub mod standing;
