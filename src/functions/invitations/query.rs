//! The query of the list, checked as a whole: one answer names every parameter that is wrong.

use url::form_urlencoded;

use crate::{
    domain::{
        company::{self, RegisteredCompany},
        email::Email,
        invitation::Status,
    },
    http::problem::{Kind, ParameterProblem, Problem},
    store::{Filter, Invitations, Position},
    text::Lang,
};

pub(crate) const DEFAULT_LIMIT: usize = 50;
pub(crate) const MOST: usize = 100;
/// The host's own: the function key may stand in the address.
/// <https://learn.microsoft.com/azure/azure-functions/function-keys-how-to#use-access-keys>
const OF_THE_HOST: [&str; 2] = ["code", "clientId"];

/// A checked query.
pub(super) struct Wanted {
    pub(super) filter: Filter,
    pub(super) limit: usize,
    pub(super) after: Option<Position>,
}

impl Wanted {
    /// An empty parameter is as good as none.
    pub(super) fn read(query: &str, invitations: &Invitations) -> Result<Self, Problem> {
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
            company::plain(text, RegisteredCompany::MAX_CUSTOMER_NUMBER)
                .map_err(|problem| problem.message(Lang::En))
        });
        let limit = parameters.parse("limit", |text| match text.parse() {
            Ok(limit @ 1..=MOST) if text.bytes().all(|byte| byte.is_ascii_digit()) => Ok(limit),
            _ => Err(format!("must be a whole number from 1 to {MOST}")),
        });
        let filter = Filter {
            status,
            email,
            customer_number: customer_number.flatten(),
        };
        // With a wrong filter the cursor would seem to be another filter's.
        let check_cursor = parameters.wrong.is_empty();
        let after = parameters.parse("cursor", |text| match invitations.position(&filter, text) {
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

/// What is left to read, and what is wrong so far.
struct Parameters {
    left: Vec<(String, String)>,
    wrong: Vec<ParameterProblem>,
}

impl Parameters {
    fn of(query: &str) -> Self {
        let all = form_urlencoded::parse(query.as_bytes()).into_owned();
        Self {
            left: all
                .filter(|(name, _)| !OF_THE_HOST.contains(&name.as_str()))
                .collect(),
            wrong: Vec::new(),
        }
    }

    /// Takes the parameter out. `None` where it is absent, empty or wrong.
    fn parse<T>(&mut self, name: &str, parse: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        let (own, left) = std::mem::take(&mut self.left)
            .into_iter()
            .partition(|(other, _)| other == name);
        self.left = left;
        let own: Vec<(String, String)> = own;
        match own.as_slice() {
            [] => None,
            [(_, text)] if text.is_empty() => None,
            [(_, text)] => parse(text)
                .map_err(|detail| self.is_wrong(name, detail))
                .ok(),
            _ => {
                self.is_wrong(name, "must stand once".to_owned());
                None
            }
        }
    }

    fn is_wrong(&mut self, name: &str, detail: String) {
        self.wrong.push(ParameterProblem {
            parameter: name.to_owned(),
            detail,
        });
    }

    /// What nobody has taken is unknown.
    fn finish(mut self) -> Result<(), Problem> {
        for (name, _) in std::mem::take(&mut self.left) {
            self.is_wrong(
                &name,
                "is not known here: status, email, customerNumber, limit and cursor are".to_owned(),
            );
        }
        if self.wrong.is_empty() {
            return Ok(());
        }
        Err(Problem::new(
            Kind::InvalidParameters,
            "Some parameters of the query are wrong.",
        )
        .parameters(self.wrong))
    }
}
