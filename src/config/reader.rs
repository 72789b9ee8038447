//! Reads settings one by one and collects all errors instead of stopping at the first.

use std::{fmt::Display, str::FromStr};

use url::Url;
use uuid::Uuid;

pub(super) struct Reader<'a> {
    lookup: &'a dyn Fn(&str) -> Option<String>,
    problems: Vec<String>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(lookup: &'a dyn Fn(&str) -> Option<String>) -> Self {
        Self {
            lookup,
            problems: Vec::new(),
        }
    }

    /// The value, trimmed; an empty one counts as not set.
    pub(super) fn optional(&self, name: &str) -> Option<String> {
        (self.lookup)(name)
            .map(|value| value.trim().to_owned())
            .filter(|value| !value.is_empty())
    }

    pub(super) fn required(&mut self, name: &str, hint: &str) -> Option<String> {
        self.optional(name).or_else(|| self.missing(name, hint))
    }

    pub(super) fn missing<T>(&mut self, name: &str, hint: &str) -> Option<T> {
        self.problems.push(format!("{name} is not set: {hint}"));
        None
    }

    pub(super) fn problem(&mut self, name: &str, what: impl Display) {
        self.problems.push(format!("{name} {what}"));
    }

    pub(super) fn check<T, E: Display>(&mut self, name: &str, result: Result<T, E>) -> Option<T> {
        result.map_err(|what| self.problem(name, what)).ok()
    }

    pub(super) fn parse<T: FromStr>(&mut self, name: &str, what: &str) -> Option<T> {
        let text = self.optional(name)?;
        self.check(name, text.parse().map_err(|_| format!("must be {what}")))
    }

    pub(super) fn uuids(&mut self, name: &str) -> Vec<Uuid> {
        let text = self.optional(name).unwrap_or_default();
        let ids: Result<Vec<Uuid>, _> = text
            .split(',')
            .map(str::trim)
            .filter(|id| !id.is_empty())
            .map(str::parse)
            .collect();
        self.check(
            name,
            ids.map_err(|_| "must be tenant ids (GUIDs), comma separated"),
        )
        .unwrap_or_default()
    }

    pub(super) fn web_url(&mut self, name: &str) -> Option<Url> {
        let text = self.optional(name)?;
        let url = Url::parse(&text)
            .ok()
            .filter(|url| matches!(url.scheme(), "https" | "http" | "mailto"));
        self.check(name, url.ok_or("must be an http(s) URL"))
    }

    pub(super) fn finish(self) -> Vec<String> {
        self.problems
    }
}
