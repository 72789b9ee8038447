//! The host with a real handler process. Quotations are measured facts about the real host.

mod app;
mod life;
mod proxying;
mod routing;
mod support;
mod timers;
