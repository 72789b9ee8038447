//! The query of the list. One response names every invalid parameter.

use crate::{
    domain::{
        company::{self, RegisteredCompany},
        email::Email,
        invitation::Status,
    },
    http::{problem::Problem, query::Parameters},
    store::{Filter, Index, Position},
    text::Lang,
};

pub(crate) const DEFAULT_LIMIT: usize = 50;
pub(crate) const MAX_LIMIT: usize = 100;

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
        let check_cursor = parameters.are_valid();
        let after = parameters.parse("cursor", |text| match index.position(&filter, text) {
            None if check_cursor => Err(
                "must be the nextCursor of a page with the same status, email and customerNumber"
                    .to_owned(),
            ),
            position => Ok(position),
        });
        parameters.finish("known are status, email, customerNumber, limit and cursor")?;
        Ok(Self {
            filter,
            limit: limit.unwrap_or(DEFAULT_LIMIT),
            after: after.flatten(),
        })
    }
}
