//! The query parameters of a request to the API. One response names every invalid one.

use time::{
    OffsetDateTime,
    format_description::well_known::{Iso8601, Rfc3339},
};
use url::form_urlencoded;

use crate::http::problem::{InvalidInput, Kind, Problem};

/// The host's own parameters: a function key may be sent in the URL.
/// <https://learn.microsoft.com/azure/azure-functions/function-keys-how-to#use-access-keys>
const HOST_PARAMETERS: [&str; 2] = ["code", "clientId"];

/// A time.
pub(crate) fn parse_time(text: &str) -> Result<OffsetDateTime, String> {
    // The Python client of openapi-generator writes an offset without a colon.
    OffsetDateTime::parse(text, &Rfc3339)
        .or_else(|_| OffsetDateTime::parse(text, &Iso8601::DEFAULT))
        .map_err(|_| "must be a time such as 2026-11-22T12:00:00Z (RFC 3339)".to_owned())
}

/// The parameters that were not read yet, and the problems so far.
pub(crate) struct Parameters {
    rest: Vec<(String, String)>,
    read: Vec<String>,
    problems: Vec<InvalidInput>,
}

impl Parameters {
    /// Of a raw query.
    pub(crate) fn of(query: &str) -> Self {
        let all = form_urlencoded::parse(query.as_bytes()).into_owned();
        Self {
            rest: all
                .filter(|(name, _)| !HOST_PARAMETERS.contains(&name.as_str()))
                .collect(),
            read: Vec::new(),
            problems: Vec::new(),
        }
    }

    /// Takes the parameter out. `None` if it is absent, empty or invalid.
    pub(crate) fn parse<T>(
        &mut self,
        name: &str,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        let (own, rest) = std::mem::take(&mut self.rest)
            .into_iter()
            .partition(|(other, _)| other == name);
        self.rest = rest;
        let own: Vec<(String, String)> = own;
        if own.iter().any(|(_, text)| !text.trim().is_empty()) {
            self.read.push(name.to_owned());
        }
        match own.as_slice() {
            [] => None,
            [(_, text)] if text.is_empty() => None,
            [(_, text)] => parse(text).map_err(|detail| self.reject(name, detail)).ok(),
            _ => {
                self.reject(name, "must not be repeated".to_owned());
                None
            }
        }
    }

    /// Takes out a parameter that may have several values: repeated, or separated by commas. Empty
    /// if it is absent, empty or invalid.
    pub(crate) fn parse_all<T>(
        &mut self,
        name: &str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Vec<T> {
        let (own, rest) = std::mem::take(&mut self.rest)
            .into_iter()
            .partition(|(other, _)| other == name);
        self.rest = rest;
        let own: Vec<(String, String)> = own;
        let each = own.iter().flat_map(|(_, text)| text.split(','));
        let parsed: Result<Vec<T>, String> = each
            .map(str::trim)
            .filter(|text| !text.is_empty())
            .map(parse)
            .collect();
        parsed.unwrap_or_else(|detail| {
            self.reject(name, detail);
            Vec::new()
        })
    }

    /// Rejects the request if the parameter, which was parsed before, is absent or empty.
    pub(crate) fn require(&mut self, name: &str) {
        if !self.read.iter().any(|read| read == name) {
            self.reject(name, "must be given".to_owned());
        }
    }

    /// Whether nothing is invalid so far.
    pub(crate) fn are_valid(&self) -> bool {
        self.problems.is_empty()
    }

    fn reject(&mut self, name: &str, detail: String) {
        self.problems.push(InvalidInput::parameter(name, detail));
    }

    /// Rejects the parameters that were not read: they are unknown.
    ///
    /// # Errors
    /// Everything that is invalid; `known` names the parameters that there are.
    pub(crate) fn finish(mut self, known: &str) -> Result<(), Problem> {
        for (name, _) in std::mem::take(&mut self.rest) {
            self.reject(&name, format!("is unknown; {known}"));
        }
        if self.problems.is_empty() {
            return Ok(());
        }
        Err(Problem::new(Kind::InvalidParameters).errors(self.problems))
    }
}
