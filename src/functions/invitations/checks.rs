//! The rules for the members of a body.

use std::collections::BTreeMap;

use time::{Duration, OffsetDateTime, format_description::well_known::Rfc3339};

use super::{
    body::invalid,
    new_invitation::{
        Draft, MAX_METADATA, MAX_METADATA_TEXT, NewInvitation, NewInviter, NewRecipient,
    },
    wrong::{Rejected, Wrong},
};
use crate::{
    domain::{
        company::{self, RegisteredCompany, international_phone},
        email::Email,
        invitation::{Inviter, Recipient, Terms},
    },
    http::{
        problem::{InvalidInput, Problem},
        shape::escaped,
    },
    text::remove_invisible,
};

const MAX_NAME: usize = 100;
const MAX_ORGANIZATION: usize = 200;
const MAX_TEXT: usize = 1000;
const MAX_METADATA_NAME: usize = 40;
const MAX_VALIDITY_YEARS: i32 = 10;

/// Ten years from now, by the calendar.
fn latest_expiry(now: OffsetDateTime) -> OffsetDateTime {
    let year = now.year() + MAX_VALIDITY_YEARS;
    let on_the_day = now.replace_year(year);
    // A leap day: the day before.
    on_the_day.unwrap_or_else(|_| (now - Duration::DAY).replace_year(year).unwrap_or(now))
}

/// Collects everything that is invalid.
#[derive(Default)]
pub(super) struct Checks(Vec<Rejected>);

impl Checks {
    /// After members were taken out because of their types or names.
    pub(super) fn after(problems: Vec<InvalidInput>) -> Self {
        Self(problems.into_iter().map(Rejected::from).collect())
    }

    /// The value, if all is valid.
    pub(super) fn finish<T>(self, value: Option<T>) -> Result<T, Problem> {
        match value {
            Some(value) if self.0.is_empty() => Ok(value),
            _ => Err(invalid(self.0.into_iter().map(|own| own.input).collect())),
        }
    }

    /// Everything that is invalid.
    pub(super) fn into_rejected(self) -> Vec<Rejected> {
        self.0
    }

    pub(super) fn draft(
        &mut self,
        posted: NewInvitation,
        into: Option<&RegisteredCompany>,
        now: OffsetDateTime,
        can_send: bool,
    ) -> Option<Draft> {
        let recipient = self.recipient(posted.recipient);
        let inviter = self.inviter(posted.inviter);
        let company_id = posted.company_id.filter(|id| !id.is_empty());
        let company = match &company_id {
            Some(_) => self.existing_company(posted.company.is_some(), into),
            None => self.company(&posted.company.unwrap_or_default()),
        };
        let message = self.text("/message", posted.message);
        let expires_at = self.expiry(posted.expires_at, now);
        let metadata = self.metadata(posted.metadata.unwrap_or_default());
        let send_email = posted.send_email.unwrap_or(true);
        if send_email && !can_send {
            self.reject(
                "/sendEmail",
                "must be false: this service has no mail server (SMTP_URL is not set)",
            );
        }
        Some(Draft {
            terms: Terms {
                recipient: recipient?,
                inviter: inviter?,
                company: company?,
                company_id: company_id.and_then(|id| id.parse().ok()),
                message,
                send_email,
                metadata,
            },
            expires_at,
        })
    }

    fn recipient(&mut self, posted: NewRecipient) -> Option<Recipient> {
        let email = self.email("/recipient/email", &posted.email);
        let first_name = self.optional_name("/recipient/firstName", &posted.first_name);
        let last_name = self.optional_name("/recipient/lastName", &posted.last_name);
        if first_name.as_deref() == Some("") && last_name.as_deref() == Some("") {
            self.reject("/recipient/firstName", Wrong::NoName);
        }
        Some(Recipient {
            locale: self.locale("/recipient/locale", posted.locale),
            email: email?,
            first_name: first_name?,
            last_name: last_name?,
        })
    }

    fn locale(&mut self, pointer: &str, posted: Option<String>) -> Option<String> {
        let locale = posted.filter(|locale| !locale.is_empty())?;
        if !is_language_tag(&locale) {
            self.reject(pointer, Wrong::Locale);
        }
        Some(locale)
    }

    fn inviter(&mut self, posted: NewInviter) -> Option<Inviter> {
        let name = self.name("/inviter/name", &posted.name, MAX_NAME);
        let organization = self.name(
            "/inviter/organization",
            &posted.organization,
            MAX_ORGANIZATION,
        );
        let email = match posted.email.filter(|email| !email.is_empty()) {
            Some(email) => Some(self.email("/inviter/email", &email)?),
            None => None,
        };
        let phone = posted.phone.filter(|phone| !phone.trim().is_empty());
        let international = phone.as_deref().and_then(international_phone);
        if phone.is_some() && international.is_none() {
            self.reject("/inviter/phone", Wrong::InternationalPhone);
        }
        Some(Inviter {
            phone: international,
            locale: self.locale("/inviter/locale", posted.locale),
            name: name?,
            organization: organization?,
            email,
        })
    }

    fn company(&mut self, posted: &RegisteredCompany) -> Option<RegisteredCompany> {
        posted
            .parse()
            .map_err(|problems| {
                for (field, problem) in problems {
                    let country = posted.country.clone();
                    let wrong = Wrong::Value { problem, country };
                    self.reject(&format!("/company/{field}"), wrong);
                }
            })
            .ok()
    }

    /// The company of `companyId`, as it was found.
    fn existing_company(
        &mut self,
        has_company: bool,
        into: Option<&RegisteredCompany>,
    ) -> Option<RegisteredCompany> {
        if has_company {
            self.reject("/companyId", "must not be given together with company");
        } else if into.is_none() {
            self.reject("/companyId", "must be the id of a company");
        }
        into.cloned()
    }

    fn metadata(&mut self, posted: BTreeMap<String, String>) -> BTreeMap<String, String> {
        if posted.len() > MAX_METADATA {
            self.reject(
                "/metadata",
                format!("must have at most {MAX_METADATA} members"),
            );
        }
        for (name, text) in &posted {
            let pointer = format!("/metadata/{}", escaped(name));
            if !(1..=MAX_METADATA_NAME).contains(&name.chars().count()) {
                let detail = format!("must have a name of 1 to {MAX_METADATA_NAME} characters");
                self.reject(&pointer, detail);
            }
            if text.chars().count() > MAX_METADATA_TEXT {
                let detail = format!("must have at most {MAX_METADATA_TEXT} characters");
                self.reject(&pointer, detail);
            }
            if name.chars().chain(text.chars()).any(char::is_control) {
                self.reject(&pointer, "must not contain control characters");
            }
        }
        posted
    }

    /// Free text with line breaks.
    pub(super) fn text(&mut self, pointer: &str, posted: Option<String>) -> Option<String> {
        let text = remove_invisible(&posted?).trim().to_owned();
        if text.chars().count() > MAX_TEXT {
            self.reject(pointer, company::Problem::TooLong { max: MAX_TEXT });
        }
        if text
            .chars()
            .any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
        {
            self.reject(pointer, company::Problem::ControlCharacters);
        }
        Some(text).filter(|text| !text.is_empty())
    }

    fn expiry(&mut self, posted: Option<String>, now: OffsetDateTime) -> Option<OffsetDateTime> {
        let at = match OffsetDateTime::parse(&posted?, &Rfc3339)
            .ok()
            .and_then(|at| at.checked_to_offset(time::UtcOffset::UTC))
        {
            Some(at) => at,
            None => {
                self.reject("/expiresAt", Wrong::Time);
                return None;
            }
        };
        if at <= now || at > latest_expiry(now) {
            self.reject("/expiresAt", Wrong::Expiry);
        }
        Some(at)
    }

    fn email(&mut self, pointer: &str, text: &str) -> Option<Email> {
        Email::typed(text)
            .map_err(|_| self.reject(pointer, Wrong::Email))
            .ok()
    }

    fn name(&mut self, pointer: &str, text: &str, max: usize) -> Option<String> {
        match company::single_line(text, max) {
            Ok(Some(name)) => Some(name),
            Ok(None) => {
                self.reject(pointer, company::Problem::Missing);
                None
            }
            Err(problem) => {
                self.reject(pointer, problem);
                None
            }
        }
    }

    /// A name that may be empty, if the person has another one.
    fn optional_name(&mut self, pointer: &str, text: &str) -> Option<String> {
        match company::single_line(text, MAX_NAME) {
            Ok(name) => Some(name.unwrap_or_default()),
            Err(problem) => {
                self.reject(pointer, problem);
                None
            }
        }
    }

    /// What was taken out because of its type is not reported as missing, too.
    pub(super) fn reject(&mut self, pointer: &str, wrong: impl Into<Wrong>) {
        if !self.0.iter().any(|known| known.input.covers(pointer)) {
            self.0.push(Rejected::new(pointer, wrong.into()));
        }
    }
}

/// Whether the tag is well-formed (RFC 5646), also with `_` as in POSIX locales. An unsupported
/// language is valid.
fn is_language_tag(text: &str) -> bool {
    let mut subtags = text.split(['-', '_']);
    let primary = subtags.next().is_some_and(|tag| {
        (2..=3).contains(&tag.len()) && tag.bytes().all(|b| b.is_ascii_alphabetic())
    });
    primary
        && text.len() <= 35
        && subtags.all(|tag| {
            (1..=8).contains(&tag.len()) && tag.bytes().all(|b| b.is_ascii_alphanumeric())
        })
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn ten_years_are_counted_by_the_calendar() {
        for (now, latest) in [
            (
                datetime!(2026-11-28 15:30 UTC),
                datetime!(2036-11-28 15:30 UTC),
            ),
            (
                datetime!(2028-02-29 15:30 UTC),
                datetime!(2038-02-28 15:30 UTC),
            ),
        ] {
            assert_eq!(latest_expiry(now), latest);
            let check = |at: OffsetDateTime| {
                let mut checks = Checks::default();
                checks.expiry(Some(at.format(&Rfc3339).unwrap()), now);
                checks.0.is_empty()
            };
            assert!(check(latest) && !check(latest + Duration::SECOND));
        }
    }
}
