//! The bodies that an integrator posts. One response names every invalid field.

use axum::http::{HeaderMap, header};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, value::RawValue};
use time::{Duration, OffsetDateTime, format_description::well_known::Rfc3339};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    domain::{
        company::{self, RegisteredCompany, international_phone},
        email::Email,
        invitation::{Inviter, Recipient, Terms},
    },
    http::problem::{InvalidInput, Kind, Problem},
    text::{Lang, remove_invisible},
};

const MAX_NAME: usize = 100;
const MAX_ORGANIZATION: usize = 200;
const MAX_TEXT: usize = 1000;
/// Invitations of one request.
pub(crate) const MAX_BATCH: usize = 100;
const MAX_VALIDITY: Duration = Duration::days(3650);

/// A valid request.
pub(super) struct Draft {
    pub(super) terms: Terms,
    pub(super) expires_at: Option<OffsetDateTime>,
}

/// An invitation to create.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = NewInvitation)]
pub(crate) struct NewInvitation {
    #[serde(default)]
    #[schema(required = true)]
    recipient: NewRecipient,
    #[serde(default)]
    #[schema(required = true)]
    inviter: NewInviter,
    /// This or `companyId`.
    company: Option<RegisteredCompany>,
    /// Instead of `company`: the company to join.
    #[schema(value_type = Option<String>, format = Uuid)]
    company_id: Option<String>,
    /// A personal line for the e-mail and the page.
    #[schema(max_length = 1000)]
    message: Option<String>,
    /// In the future, within ten years; default: `INVITATION_DAYS` from now.
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<String>,
    /// Default: `true`; must be `false` if the service has no mail server.
    send_email: Option<bool>,
}

/// The person to invite.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = NewRecipient)]
pub(crate) struct NewRecipient {
    #[serde(default)]
    #[schema(value_type = Email, required = true)]
    email: String,
    /// Given name; may be empty if there is a family name.
    #[serde(default)]
    #[schema(max_length = 100)]
    first_name: String,
    /// Family name; may be empty if there is a given name.
    #[serde(default)]
    #[schema(max_length = 100)]
    last_name: String,
    /// BCP 47 tag; the e-mail and the pages are in that language, if it is supported.
    #[schema(
        max_length = 35,
        pattern = "^([A-Za-z]{2,3}([_-][A-Za-z0-9]{1,8})*)?$",
        example = "zh-Hant"
    )]
    locale: Option<String>,
}

/// The person who invites.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = NewInviter)]
pub(crate) struct NewInviter {
    /// The person's name.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 100, required = true)]
    name: String,
    /// The selling company.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 200, required = true)]
    organization: String,
    /// Notified when the recipient asks for a new invitation, and when the company is created.
    #[schema(value_type = Option<Email>)]
    email: Option<String>,
    /// Shown to the recipient. In international form; returned in E.164, with `;ext=`.
    #[schema(max_length = 40)]
    phone: Option<String>,
    /// The language of e-mails to the inviter, as a BCP 47 tag; English by default.
    #[schema(pattern = "^([A-Za-z]{2,3}([_-][A-Za-z0-9]{1,8})*)?$", example = "de")]
    locale: Option<String>,
}

/// The body of a creation, split into its items, which are not parsed yet.
pub(super) enum Body<'a> {
    /// One invitation.
    One([&'a RawValue; 1]),
    /// An array of them.
    Many(Vec<&'a RawValue>),
}

impl<'a> Body<'a> {
    pub(super) fn parse(headers: &HeaderMap, body: &'a [u8]) -> Result<Self, Problem> {
        let kind = headers
            .get(header::CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok())
            .unwrap_or_default();
        if !kind
            .split(';')
            .next()
            .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
        {
            return Err(Problem::new(
                Kind::UnsupportedMediaType,
                "The content type must be application/json.",
            ));
        }
        if body.trim_ascii_start().first() != Some(&b'[') {
            return Ok(Self::One([
                serde_json::from_slice(body).map_err(|error| malformed(&error))?
            ]));
        }
        let items: Vec<&RawValue> =
            serde_json::from_slice(body).map_err(|error| malformed(&error))?;
        if items.is_empty() || items.len() > MAX_BATCH {
            return Err(Problem::new(
                Kind::BatchSize,
                format!("An array must have 1 to {MAX_BATCH} invitations; nothing was created."),
            )
            .detail(format!("This one has {}.", items.len())));
        }
        Ok(Self::Many(items))
    }

    /// An array, and nothing else.
    pub(super) fn into_batch(self) -> Result<Self, Problem> {
        match self {
            Self::One(_) => Err(invalid(vec![InvalidInput::member(
                "",
                format!("must be an array of 1 to {MAX_BATCH} invitations"),
            )])),
            Self::Many(_) => Ok(self),
        }
    }

    /// The invitations, in order.
    pub(super) fn items(&self) -> &[&'a RawValue] {
        match self {
            Self::One(item) => item,
            Self::Many(items) => items,
        }
    }
}

/// The `companyId` of an invitation that is not parsed yet, if it may be one.
pub(super) fn company_id(item: &RawValue) -> Option<Uuid> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Into {
        company_id: Option<String>,
    }
    let into: Into = serde_json::from_str(item.get()).ok()?;
    into.company_id?.parse().ok()
}

/// The body as a JSON value.
pub(super) fn parse_value(body: &[u8]) -> Result<Value, Problem> {
    serde_json::from_slice(body).map_err(|error| malformed(&error))
}

impl Draft {
    pub(super) fn parse(
        item: &RawValue,
        into: Option<&RegisteredCompany>,
        now: OffsetDateTime,
        can_send: bool,
    ) -> Result<Self, Problem> {
        let posted: NewInvitation = deserialize(item.get().as_bytes())?;
        let mut checks = Checks::default();
        let draft = checks.draft(posted, into, now, can_send);
        match draft {
            Some(draft) if checks.0.is_empty() => Ok(draft),
            _ => Err(invalid(checks.0)),
        }
    }
}

/// Why an invitation is revoked.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Revocation)]
pub(crate) struct Revocation {
    /// Returned by the API only; the recipient does not see it.
    #[schema(max_length = 1000)]
    reason: Option<String>,
}

/// The reason of a revocation: no body, or `{"reason": …}`.
pub(super) fn parse_reason(body: &[u8]) -> Result<Option<String>, Problem> {
    if body.is_empty() {
        return Ok(None);
    }
    let posted: Revocation = deserialize(body)?;
    let mut checks = Checks::default();
    let reason = checks.text("/reason", posted.reason);
    if checks.0.is_empty() {
        Ok(reason)
    } else {
        Err(invalid(checks.0))
    }
}

fn invalid(errors: Vec<InvalidInput>) -> Problem {
    Problem::new(
        Kind::InvalidFields,
        "Some fields are missing or invalid; nothing was created.",
    )
    .errors(errors)
}

fn deserialize<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    let value: Value = serde_json::from_slice(body).map_err(|error| malformed(&error))?;
    if let Some(pointer) = array_in(&value) {
        return Err(invalid(vec![InvalidInput::member(
            pointer,
            "must not be an array",
        )]));
    }
    let mut json = serde_json::Deserializer::from_slice(body);
    let posted = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let pointer = pointer(error.path());
        let inner = error.into_inner();
        match inner.classify() {
            serde_json::error::Category::Data => {
                invalid(vec![InvalidInput::member(pointer, describe(&inner))])
            }
            _ => malformed(&inner),
        }
    })?;
    json.end().map_err(|error| malformed(&error))?;
    Ok(posted)
}

/// The pointer of the first array. No invitation contains one, and serde would accept an array in
/// place of an object, member by member.
fn array_in(value: &Value) -> Option<String> {
    match value {
        Value::Array(_) => Some(String::new()),
        Value::Object(members) => members
            .iter()
            .find_map(|(key, value)| Some(step(key) + &array_in(value)?)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}

fn malformed(error: &serde_json::Error) -> Problem {
    Problem::new(Kind::MalformedJson, "The body is not well-formed JSON.").detail(format!(
        "Line {}, column {}.",
        error.line(),
        error.column()
    ))
}

/// serde's message, without the value that it may quote and the position that the pointer replaces.
fn describe(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let text = text.split(" at line ").next().unwrap_or_default();
    match text.split_once(", expected ") {
        Some((what, expected))
            if what.starts_with("invalid type") && expected.starts_with("struct ") =>
        {
            "must be an object".to_owned()
        }
        Some((what, expected)) if what.starts_with("invalid type") => format!("must be {expected}"),
        _ => text.to_owned(),
    }
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    path.iter()
        .map(|segment| match segment {
            serde_path_to_error::Segment::Map { key } => step(key),
            serde_path_to_error::Segment::Seq { index } => format!("/{index}"),
            serde_path_to_error::Segment::Enum { .. } | serde_path_to_error::Segment::Unknown => {
                String::new()
            }
        })
        .collect()
}

fn step(key: &str) -> String {
    format!("/{}", key.replace('~', "~0").replace('/', "~1"))
}

/// Collects every invalid field.
#[derive(Default)]
struct Checks(Vec<InvalidInput>);

impl Checks {
    fn draft(
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
            },
            expires_at,
        })
    }

    fn recipient(&mut self, posted: NewRecipient) -> Option<Recipient> {
        let email = self.email("/recipient/email", &posted.email);
        let first_name = self.optional_name("/recipient/firstName", &posted.first_name);
        let last_name = self.optional_name("/recipient/lastName", &posted.last_name);
        if first_name.as_deref() == Some("") && last_name.as_deref() == Some("") {
            self.reject(
                "/recipient/firstName",
                "must not be empty without a lastName",
            );
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
            self.reject(
                pointer,
                "must be a language tag (BCP 47) such as en or zh-Hant",
            );
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
            self.reject(
                "/inviter/phone",
                "must be a phone number with + and the country code",
            );
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
                    self.reject(&format!("/company/{field}"), &problem.message(Lang::En));
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

    /// Free text with line breaks.
    fn text(&mut self, pointer: &str, posted: Option<String>) -> Option<String> {
        let text = remove_invisible(&posted?).trim().to_owned();
        if text.chars().count() > MAX_TEXT {
            self.reject(pointer, &format!("must have at most {MAX_TEXT} characters"));
        }
        if text
            .chars()
            .any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
        {
            self.reject(pointer, "must not contain control characters");
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
                self.reject(
                    "/expiresAt",
                    "must be a date and time (RFC 3339) such as 2030-01-31T12:00:00Z",
                );
                return None;
            }
        };
        if at <= now || at > now + MAX_VALIDITY {
            self.reject("/expiresAt", "must be in the future, within ten years");
        }
        Some(at)
    }

    fn email(&mut self, pointer: &str, text: &str) -> Option<Email> {
        remove_invisible(text)
            .trim()
            .parse()
            .map_err(|_| {
                self.reject(
                    pointer,
                    "must be an e-mail address such as name@example.com",
                )
            })
            .ok()
    }

    fn name(&mut self, pointer: &str, text: &str, max: usize) -> Option<String> {
        match company::single_line(text, max) {
            Ok(Some(name)) => Some(name),
            Ok(None) => {
                self.reject(pointer, "must not be empty");
                None
            }
            Err(problem) => {
                self.reject(pointer, &problem.message(Lang::En));
                None
            }
        }
    }

    /// A name that may be empty, if the person has another one.
    fn optional_name(&mut self, pointer: &str, text: &str) -> Option<String> {
        match company::single_line(text, MAX_NAME) {
            Ok(name) => Some(name.unwrap_or_default()),
            Err(problem) => {
                self.reject(pointer, &problem.message(Lang::En));
                None
            }
        }
    }

    fn reject(&mut self, pointer: &str, detail: &str) {
        self.0.push(InvalidInput::member(pointer, detail));
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
