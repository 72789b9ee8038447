//! What the recipient's pages share: who is signed in and for which invitation ([`guard`]), what an
//! invitation still allows ([`standing`]), starting a sign-in ([`sign_in`]), and what helps when
//! Microsoft stops it ([`stopped`]).

pub mod guard;
pub mod sign_in;
pub mod standing;
pub mod stopped;
