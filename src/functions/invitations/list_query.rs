//! The query of the list. One response names every invalid parameter.

use crate::{
    domain::{
        company::{self, RegisteredCompany},
        email::Email,
        invitation::Status,
    },
    http::{
        problem::Problem,
        query::{Parameters, parse_time},
    },
    store::{Filter, Index, Position},
    text::Lang,
};

pub(crate) const DEFAULT_LIMIT: usize = 50;
pub(crate) const MAX_LIMIT: usize = 100;

fn parse_email(text: &str) -> Result<Email, String> {
    Email::typed(text).map_err(|_| "must be an e-mail address such as name@example.com".to_owned())
}

/// The number of items of a page.
pub(crate) fn parse_limit(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(limit @ 1..=MAX_LIMIT) if text.bytes().all(|byte| byte.is_ascii_digit()) => Ok(limit),
        _ => Err(format!("must be an integer from 1 to {MAX_LIMIT}")),
    }
}

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
        let statuses = parameters.parse_all("status", |text| {
            Status::parse(text).ok_or_else(|| {
                "must be pending, expired, accepted, completed or revoked".to_owned()
            })
        });
        let email = parameters.parse("email", parse_email);
        let inviter_email = parameters.parse("inviterEmail", parse_email);
        let created_after = parameters.parse("createdAfter", parse_time);
        let created_before = parameters.parse("createdBefore", parse_time);
        let delivery = parameters.parse("delivery", |text| match text {
            "failed" => Ok(()),
            _ => Err("must be failed".to_owned()),
        });
        let customer_number = parameters.parse("customerNumber", |text| {
            company::single_line(text, RegisteredCompany::MAX_CUSTOMER_NUMBER)
                .map_err(|problem| problem.message(Lang::En))
        });
        let limit = parameters.parse("limit", parse_limit);
        let filter = Filter {
            statuses,
            email,
            customer_number: customer_number.flatten(),
            inviter_email,
            created_after,
            created_before,
            delivery_failed: delivery.is_some(),
            ..Filter::default()
        };
        // An invalid filter would make the cursor appear to be for another one.
        let check_cursor = parameters.are_valid();
        let after = parameters.parse("cursor", |text| match index.position(&filter, text) {
            None if check_cursor => {
                Err("must be the nextCursor of a page with the same filter".to_owned())
            }
            position => Ok(position),
        });
        parameters.finish(
            "known are status, email, customerNumber, inviterEmail, createdAfter, createdBefore, \
             delivery, limit and cursor",
        )?;
        Ok(Self {
            filter,
            limit: limit.unwrap_or(DEFAULT_LIMIT),
            after: after.flatten(),
        })
    }
}
