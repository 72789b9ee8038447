//! The schedules of the timers. The Functions host reads them (`%DELIVER_SCHEDULE%` in
//! function.json); where one is missing or wrong, it runs everything but that timer.

use super::Reader;

/// Setting, timer, and the usual schedule.
const SCHEDULES: [(&str, &str, &str); 2] = [
    ("DELIVER_SCHEDULE", "DeliverEvents", "0 * * * * *"),
    ("PURGE_SCHEDULE", "PurgeInvitations", "0 17 * * * *"),
];

/// Reports schedules that the host could not use. `is_hosted`: there is a host that needs them.
pub(super) fn check(read: &mut Reader, is_hosted: bool) {
    for (name, timer, usual) in SCHEDULES {
        match read.optional(name) {
            Some(text) if !is_ncrontab(&text) => read.problem(
                name,
                format!("must be an NCRONTAB schedule of six fields, such as {usual}"),
            ),
            None if is_hosted => read
                .missing(name, &format!("the schedule of {timer}, such as {usual}"))
                .unwrap_or_default(),
            Some(_) | None => {}
        }
    }
}

/// Six fields, or five without the seconds; the host checks further.
/// <https://learn.microsoft.com/azure/azure-functions/functions-bindings-timer#ncrontab-expressions>
fn is_ncrontab(text: &str) -> bool {
    let is_field = |field: &str| {
        let known = |c: char| c.is_ascii_alphanumeric() || "*,-/".contains(c);
        field.chars().all(known)
    };
    matches!(text.split_whitespace().count(), 5 | 6) && text.split_whitespace().all(is_field)
}
