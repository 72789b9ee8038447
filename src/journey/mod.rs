//! What the recipient's pages share: which invitation they are about ([`linked`]), who is signed in
//! for it ([`guard`]), who holds a pass for it ([`passed`]), what it still allows ([`standing`]),
//! starting a sign-in ([`sign_in`]), and what helps when Microsoft stops it ([`stopped`]).

pub mod guard;
pub mod linked;
pub mod passed;
pub mod sign_in;
pub mod standing;
pub mod stopped;
