//! The query of the list. One response names every invalid parameter.

use url::form_urlencoded;

use crate::{
    domain::{
        company::{self, RegisteredCompany},
        email::Email,
        invitation::Status,
    },
    http::problem::{Kind, ParameterProblem, Problem},
    store::{Filter, Index, Position},
    text::Lang,
};

pub(crate) const DEFAULT_LIMIT: usize = 50;
pub(crate) const MAX_LIMIT: usize = 100;
/// The host's own parameters: a function key may be sent in the URL.
/// <https://learn.microsoft.com/azure/azure-functions/function-keys-how-to#use-access-keys>
const HOST_PARAMETERS: [&str; 2] = ["code", "clientId"];

/// A valid query.
pub(super) struct ListQuery {
    pub(super) filter: Filter,
    pub(super) limit: usize,
    pub(super) after: Option<Position>,
}

impl ListQuery {
    /// Parses the query; empty parameters are ignored.
    pub(super) fn parse(query: &str, index: &Index) -> Result<Self, Problem> {
        let mut parameters = Parameters::of(query);
        let status = parameters.parse("status", |text| {
            Status::parse(text).ok_or_else(|| {
                "must be pending, expired, accepted, completed or revoked".to_owned()
            })
        });
        let email = parameters.parse("email", |text| {
            text.trim()
                .parse::<Email>()
                .map_err(|_| "must be an e-mail address such as name@example.com".to_owned())
        });
        let customer_number = parameters.parse("customerNumber", |text| {
            company::single_line(text, RegisteredCompany::MAX_CUSTOMER_NUMBER)
                .map_err(|problem| problem.message(Lang::En))
        });
        let limit = parameters.parse("limit", |text| match text.parse() {
            Ok(limit @ 1..=MAX_LIMIT) if text.bytes().all(|byte| byte.is_ascii_digit()) => {
                Ok(limit)
            }
            _ => Err(format!("must be an integer from 1 to {MAX_LIMIT}")),
        });
        let filter = Filter {
            status,
            email,
            customer_number: customer_number.flatten(),
        };
        // An invalid filter would make the cursor appear to be for another one.
        let check_cursor = parameters.problems.is_empty();
        let after = parameters.parse("cursor", |text| match index.position(&filter, text) {
            None if check_cursor => Err(
                "must be the nextCursor of a page with the same status, email and customerNumber"
                    .to_owned(),
            ),
            position => Ok(position),
        });
        parameters.finish()?;
        Ok(Self {
            filter,
            limit: limit.unwrap_or(DEFAULT_LIMIT),
            after: after.flatten(),
        })
    }
}

/// The parameters that were not read yet, and the problems so far.
struct Parameters {
    rest: Vec<(String, String)>,
    problems: Vec<ParameterProblem>,
}

impl Parameters {
    fn of(query: &str) -> Self {
        let all = form_urlencoded::parse(query.as_bytes()).into_owned();
        Self {
            rest: all
                .filter(|(name, _)| !HOST_PARAMETERS.contains(&name.as_str()))
                .collect(),
            problems: Vec::new(),
        }
    }

    /// Takes the parameter out. `None` if it is absent, empty or invalid.
    fn parse<T>(&mut self, name: &str, parse: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        let (own, rest) = std::mem::take(&mut self.rest)
            .into_iter()
            .partition(|(other, _)| other == name);
        self.rest = rest;
        let own: Vec<(String, String)> = own;
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

    fn reject(&mut self, name: &str, detail: String) {
        self.problems.push(ParameterProblem {
            parameter: name.to_owned(),
            detail,
        });
    }

    /// Rejects the parameters that were not read: they are unknown.
    fn finish(mut self) -> Result<(), Problem> {
        for (name, _) in std::mem::take(&mut self.rest) {
            self.reject(
                &name,
                "is unknown; known are status, email, customerNumber, limit and cursor".to_owned(),
            );
        }
        if self.problems.is_empty() {
            return Ok(());
        }
        Err(Problem::new(
            Kind::InvalidParameters,
            "Some query parameters are invalid.",
        )
        .parameters(self.problems))
    }
}
