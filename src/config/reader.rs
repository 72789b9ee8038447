//! Reads settings one by one and collects all errors instead of stopping at the first.

use std::{fmt::Display, str::FromStr};

use url::Url;
use uuid::Uuid;

/// Begins a value that Azure replaces by a secret of the key vault, unless it cannot read that.
/// <https://learn.microsoft.com/azure/app-service/app-service-key-vault-references>
const REFERENCE: &str = "@Microsoft.KeyVault(";

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

    /// Whether the value is a reference to the key vault that was not resolved.
    pub(super) fn is_unresolved(&self, name: &str) -> bool {
        self.optional(name).is_some_and(|value| {
            let start = value.get(..REFERENCE.len()).unwrap_or_default();
            start.eq_ignore_ascii_case(REFERENCE)
        })
    }

    pub(super) fn required(&mut self, name: &str, hint: &str) -> Option<String> {
        self.optional(name).or_else(|| self.missing(name, hint))
    }

    pub(super) fn missing<T>(&mut self, name: &str, hint: &str) -> Option<T> {
        self.problems.push(format!("{name} is not set: {hint}"));
        None
    }

    pub(super) fn problem(&mut self, name: &str, what: impl Display) {
        let line = if self.is_unresolved(name) {
            format!(
                "{name} still reads {REFERENCE}…): the key vault has no such secret, or the app's identity may not read it; run infra/refresh-secrets"
            )
        } else {
            format!("{name} {what}")
        };
        if !self.problems.contains(&line) {
            self.problems.push(line);
        }
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

    /// All problems. References to the key vault among these settings are problems even where any
    /// text would do.
    pub(super) fn finish(mut self, names: &[&str]) -> Vec<String> {
        for name in names {
            if self.is_unresolved(name) {
                self.problem(name, "");
            }
        }
        self.problems
    }
}
