//! Settings that are numbers of days.

use time::Duration;

use super::Reader;
use crate::domain::invitation::Reminders;

/// The longest period that a setting may name.
const MAX_DAYS: u16 = 3650;

pub(super) fn read(read: &mut Reader, name: &'static str, default: u16) -> Duration {
    let days = read.parse(name, "a number of days").unwrap_or(default);
    if !(1..=MAX_DAYS).contains(&days) {
        read.problem(name, "must be from 1 to 3650 days");
    }
    Duration::days(i64::from(days))
}

/// 0: there is no feed.
pub(super) fn feed(read: &mut Reader) -> Option<Duration> {
    let name = "EVENT_FEED_DAYS";
    let days = read.parse(name, "a number of days").unwrap_or(30_u16);
    if days > MAX_DAYS {
        read.problem(name, "must be from 0 to 3650 days");
    }
    (days > 0).then(|| Duration::days(i64::from(days)))
}

/// The most reminders of an invitation. Each is a row of the transaction that plans them.
const MAX_REMINDERS: usize = 8;

/// How many days before the expiry recipients are reminded; usually never.
pub(super) fn reminders(read: &mut Reader) -> Reminders {
    let name = "REMIND_DAYS_BEFORE";
    let Some(text) = read.optional(name) else {
        return Reminders::default();
    };
    match text.split(',').map(day).collect::<Option<Vec<u16>>>() {
        Some(mut days) => {
            days.sort_unstable_by(|one, other| other.cmp(one));
            days.dedup();
            if days.len() > MAX_REMINDERS {
                read.problem(name, format!("must name at most {MAX_REMINDERS} days"));
            }
            let before = days.into_iter().map(|days| Duration::days(days.into()));
            Reminders(before.collect())
        }
        None => {
            read.problem(
                name,
                "must be numbers of days from 1 to 3650 with commas between them, such as 7,1",
            );
            Reminders::default()
        }
    }
}

fn day(text: &str) -> Option<u16> {
    let days = text.trim().parse().ok()?;
    (1..=MAX_DAYS).contains(&days).then_some(days)
}
