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
    /// Six fields, or five without the seconds. A day has to fit both its fields, as in NCrontab
    /// and unlike Unix.
    pub(super) fn parse(expression: &str) -> Result<Self, String> {
        let refuse = |why: String| format!("\"{expression}\" is not an NCRONTAB schedule: {why}");
        let fields: Vec<_> = expression.split_whitespace().collect();
        if !matches!(fields.len(), 5 | 6) {
            return Err(refuse(format!(
                "it has {} fields instead of six",
                fields.len()
            )));
        }
        foreign_syntax(&fields).map_or(Ok(()), |why| Err(refuse(why)))?;
        let parser = CronParser::builder()
            .seconds(Seconds::Optional)
            .year(Year::Disallowed)
            .dom_and_dow(true)
            .sloppy_ranges(true)
            .build();
        parser
            .parse(expression)
            .map(Self)
            .map_err(|error| refuse(error.to_string()))
    }

    pub(super) fn next_after(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.0.find_next_occurrence(&now, false).ok()
    }
}

/// What other dialects of cron allow and NCrontab does not: `?`, `L`, `W`, `#`, `@daily`, 7 for
/// Sunday.
fn foreign_syntax(fields: &[&str]) -> Option<String> {
    let known = |c: char| c.is_ascii_alphanumeric() || "*,-/".contains(c);
    if let Some(sign) = fields
        .iter()
        .flat_map(|field| field.chars())
        .find(|c| !known(*c))
    {
        return Some(format!("\"{sign}\" has no meaning there"));
    }
    let words = fields
        .iter()
        .flat_map(|field| field.split(|c: char| !c.is_ascii_alphabetic()));
    if let Some(word) = words
        .filter(|word| !word.is_empty())
        .find(|word| word.len() < 3)
    {
        return Some(format!("\"{word}\" has no meaning there"));
    }
    let weekdays = fields
        .last()
        .map(|field| field.split(',').filter_map(|item| item.split('/').next()))?;
    let sunday_again = weekdays
        .flat_map(|range| range.split('-'))
        .any(|day| day == "7");
    sunday_again.then(|| "Sunday is 0, there is no day 7".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(expression: &str, now: &str) -> String {
        let now = now.parse::<DateTime<Utc>>().unwrap();
        Schedule::parse(expression)
            .unwrap()
            .next_after(now)
            .unwrap()
            .to_rfc3339()
    }

    #[test]
    fn the_first_of_six_fields_are_the_seconds() {
        assert_eq!(
            next("0 * * * * *", "2026-03-01T10:00:30Z"),
            "2026-03-01T10:01:00+00:00"
        );
        assert_eq!(
            next("*/10 * * * * *", "2026-03-01T10:00:30Z"),
            "2026-03-01T10:00:40+00:00"
        );
        assert_eq!(
            next("0 30 3 * * *", "2026-03-01T10:00:00Z"),
            "2026-03-02T03:30:00+00:00"
        );
        assert_eq!(
            next("30 3 * * *", "2026-03-01T10:00:00Z"),
            "2026-03-02T03:30:00+00:00"
        );
        assert_eq!(
            next("0 0/20 * * * *", "2026-03-01T10:01:00Z"),
            "2026-03-01T10:20:00+00:00"
        );
    }

    #[test]
    fn sunday_is_zero_and_a_day_must_fit_both_fields() {
        assert_eq!(
            next("0 0 9 * * 0", "2026-03-02T00:00:00Z"),
            "2026-03-08T09:00:00+00:00"
        );
        assert_eq!(
            next("0 0 9 * * Mon-Fri", "2026-03-07T00:00:00Z"),
            "2026-03-09T09:00:00+00:00"
        );
        assert_eq!(
            next("0 0 0 13 * 5", "2026-01-01T00:00:00Z"),
            "2026-02-13T00:00:00+00:00"
        );
    }

    #[test]
    fn what_ncrontab_does_not_know_is_refused() {
        let bad = [
            "",
            "* * *",
            "61 * * * * *",
            "0 0 0 * * 7",
            "0 0 0 L * *",
            "0 0 0 ? * *",
            "@daily",
            "00:05:00",
            "0 0 0 * * 5#2",
            "0 0 0 * * * 2027",
        ];
        for expression in bad {
            assert!(Schedule::parse(expression).is_err(), "{expression}");
        }
    }
}
