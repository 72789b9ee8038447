//! The time, for stand-ins of machines that have clocks of their own.

#[expect(
    clippy::disallowed_methods,
    reason = "these stand in for other machines, which have clocks of their own"
)]
pub(crate) fn now() -> time::OffsetDateTime {
    time::OffsetDateTime::now_utc()
}
