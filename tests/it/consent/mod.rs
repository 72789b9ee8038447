//! What happens when Microsoft, the organisation of an account or our own configuration says no.

mod approval;
mod stopped;
