//! NCRONTAB, the schedules of timers: `{second} {minute} {hour} {day} {month} {day of week}`, in
//! UTC.
//!
//! <https://learn.microsoft.com/azure/azure-functions/functions-bindings-timer#ncrontab-expressions>

use chrono::{DateTime, Utc};
use croner::{
    Cron,
    parser::{CronParser, Seconds, Year},
};

#[derive(Debug, Clone)]
pub(super) struct Schedule(Cron);

impl Schedule {
    /// Six fields, or five without the seconds. A day has to match both its fields, as in NCrontab
    /// and unlike Unix.
    pub(super) fn parse(expression: &str) -> Result<Self, String> {
        // croner also knows `?`, `L`, `#` and `@daily`, which NCrontab does not.
        let known = |c: char| c.is_ascii_alphanumeric() || "*,-/ ".contains(c);
        let parser = CronParser::builder()
            .seconds(Seconds::Optional)
            .year(Year::Disallowed)
            .dom_and_dow(true)
            .sloppy_ranges(true)
            .build();
        match parser.parse(expression) {
            Ok(cron) if expression.chars().all(known) => Ok(Self(cron)),
            _ => Err(format!("\"{expression}\" is not an NCRONTAB schedule")),
        }
    }

    pub(super) fn next_after(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.0.find_next_occurrence(&now, false).ok()
    }
}

/// The setting's name, if a schedule is `%SETTING%`.
pub(super) fn setting_in(schedule: &str) -> Option<&str> {
    schedule.strip_prefix('%')?.strip_suffix('%')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schedules_have_seconds_and_both_day_fields() {
        for (expression, now, next) in [
            (
                "0 * * * * *",
                "2026-03-01T10:00:30Z",
                "2026-03-01T10:01:00Z",
            ),
            (
                "*/10 * * * * *",
                "2026-03-01T10:00:30Z",
                "2026-03-01T10:00:40Z",
            ),
            (
                "0 30 3 * * *",
                "2026-03-01T10:00:00Z",
                "2026-03-02T03:30:00Z",
            ),
            ("30 3 * * *", "2026-03-01T10:00:00Z", "2026-03-02T03:30:00Z"),
            (
                "0 0/20 * * * *",
                "2026-03-01T10:01:00Z",
                "2026-03-01T10:20:00Z",
            ),
            (
                "0 0 9 * * 0",
                "2026-03-02T00:00:00Z",
                "2026-03-08T09:00:00Z",
            ),
            (
                "0 0 9 * * Mon-Fri",
                "2026-03-07T00:00:00Z",
                "2026-03-09T09:00:00Z",
            ),
            (
                "0 0 0 13 * 5",
                "2026-01-01T00:00:00Z",
                "2026-02-13T00:00:00Z",
            ),
        ] {
            let found = Schedule::parse(expression)
                .unwrap()
                .next_after(now.parse().unwrap());
            assert_eq!(found, Some(next.parse().unwrap()), "{expression}");
        }
        for bad in [
            "",
            "* * *",
            "61 * * * * *",
            "0 0 0 ? * *",
            "@daily",
            "00:05:00",
        ] {
            assert!(Schedule::parse(bad).is_err(), "{bad}");
        }
    }
}
