//! What an integrator posts, checked as a whole: one answer names every field that is wrong.

use axum::http::{HeaderMap, header};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, value::RawValue};
use time::{Duration, OffsetDateTime, format_description::well_known::Rfc3339};
use utoipa::ToSchema;

use crate::{
    domain::{
        company::{self, RegisteredCompany},
        email::Email,
        invitation::{Inviter, Recipient, Terms},
    },
    http::problem::{FieldProblem, Kind, Problem},
    text::{Lang, is_invisible},
};

const LONGEST_NAME: usize = 100;
const LONGEST_ORGANIZATION: usize = 200;
const LONGEST_TEXT: usize = 1000;
/// Invitations of one request.
pub(crate) const LARGEST_ARRAY: usize = 100;
const FURTHEST_EXPIRY: Duration = Duration::days(3650);

/// A checked request.
pub(super) struct Draft {
    pub(super) terms: Terms,
    pub(super) expires_at: Option<OffsetDateTime>,
}

/// An invitation to create.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = NewInvitation)]
pub(crate) struct Posted {
    #[serde(default)]
    #[schema(required = true)]
    recipient: PostedRecipient,
    #[serde(default)]
    #[schema(required = true)]
    inviter: PostedInviter,
    #[serde(default)]
    #[schema(required = true)]
    company: RegisteredCompany,
    /// A personal line for the e-mail and the page.
    #[schema(max_length = 1000)]
    message: Option<String>,
    /// In the future, within ten years; otherwise `INVITATION_DAYS` from now.
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<String>,
    /// `true` unless said otherwise; must be `false` where the service has no mail server.
    send_email: Option<bool>,
}

/// Who is to be invited.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = NewRecipient)]
pub(crate) struct PostedRecipient {
    #[serde(default)]
    #[schema(value_type = Email, required = true)]
    email: String,
    /// Given name.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 100, required = true)]
    first_name: String,
    /// Family name.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 100, required = true)]
    last_name: String,
    /// BCP 47 tag; the e-mail and the pages are in that language if it is spoken here.
    #[schema(
        max_length = 35,
        pattern = "^([A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*)?$",
        example = "zh-Hant"
    )]
    locale: Option<String>,
}

/// Who invites.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = NewInviter)]
pub(crate) struct PostedInviter {
    /// The person's name.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 100, required = true)]
    name: String,
    /// The selling company.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 200, required = true)]
    organization: String,
    /// Is told when the recipient asks for a new invitation.
    #[schema(value_type = Option<Email>)]
    email: Option<String>,
}

/// What was posted, not yet checked.
pub(super) enum Body<'a> {
    /// One invitation.
    One([&'a RawValue; 1]),
    /// An array of them.
    Many(Vec<&'a RawValue>),
}

impl<'a> Body<'a> {
    pub(super) fn read(headers: &HeaderMap, body: &'a [u8]) -> Result<Self, Problem> {
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
                "Send the invitation as application/json.",
            ));
        }
        if body.trim_ascii_start().first() != Some(&b'[') {
            return Ok(Self::One([
                serde_json::from_slice(body).map_err(|error| malformed(&error))?
            ]));
        }
        let items: Vec<&RawValue> =
            serde_json::from_slice(body).map_err(|error| malformed(&error))?;
        if items.is_empty() || items.len() > LARGEST_ARRAY {
            return Err(Problem::new(
                Kind::BatchSize,
                format!("An array has 1 to {LARGEST_ARRAY} invitations; nothing was created."),
            )
            .detail(format!("This one has {}.", items.len())));
        }
        Ok(Self::Many(items))
    }

    /// The invitations, in order.
    pub(super) fn items(&self) -> &[&'a RawValue] {
        match self {
            Self::One(item) => item,
            Self::Many(items) => items,
        }
    }
}

/// All of a body, as a value.
pub(super) fn whole(body: &[u8]) -> Result<Value, Problem> {
    serde_json::from_slice(body).map_err(|error| malformed(&error))
}

impl Draft {
    pub(super) fn read(
        item: &RawValue,
        now: OffsetDateTime,
        can_send: bool,
    ) -> Result<Self, Problem> {
        let posted: Posted = parse(item.get().as_bytes())?;
        let mut checks = Checks::default();
        let draft = checks.draft(posted, now, can_send);
        match draft {
            Some(draft) if checks.0.is_empty() => Ok(draft),
            _ => Err(invalid(checks.0)),
        }
    }
}

/// Why an invitation is taken back.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Revocation)]
pub(crate) struct PostedReason {
    /// Is shown to who reads the invitation by the API, and to nobody else.
    #[schema(max_length = 1000)]
    reason: Option<String>,
}

/// The reason of a revocation: no body, or `{"reason": …}`.
pub(super) fn read_reason(body: &[u8]) -> Result<Option<String>, Problem> {
    if body.is_empty() {
        return Ok(None);
    }
    let posted: PostedReason = parse(body)?;
    let mut checks = Checks::default();
    let reason = checks.text("/reason", posted.reason);
    if checks.0.is_empty() {
        Ok(reason)
    } else {
        Err(invalid(checks.0))
    }
}

fn invalid(errors: Vec<FieldProblem>) -> Problem {
    Problem::new(
        Kind::InvalidFields,
        "Some fields are missing or wrong; nothing was created.",
    )
    .errors(errors)
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    let value: Value = serde_json::from_slice(body).map_err(|error| malformed(&error))?;
    if let Some(pointer) = array_in(&value) {
        return Err(invalid(vec![FieldProblem {
            pointer,
            detail: "must not be an array".to_owned(),
        }]));
    }
    let mut json = serde_json::Deserializer::from_slice(body);
    let posted = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let pointer = pointer(error.path());
        let inner = error.into_inner();
        match inner.classify() {
            serde_json::error::Category::Data => invalid(vec![FieldProblem {
                pointer,
                detail: shape(&inner),
            }]),
            _ => malformed(&inner),
        }
    })?;
    json.end().map_err(|error| malformed(&error))?;
    Ok(posted)
}

/// Where the first array is. No invitation has one, and serde would read one by position in place
/// of an object.
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

/// serde's sentence, without the value that it may quote and the position that a pointer replaces.
fn shape(error: &serde_json::Error) -> String {
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

/// Collects what is wrong.
#[derive(Default)]
struct Checks(Vec<FieldProblem>);

impl Checks {
    fn draft(&mut self, posted: Posted, now: OffsetDateTime, can_send: bool) -> Option<Draft> {
        let recipient = self.recipient(posted.recipient);
        let inviter = self.inviter(posted.inviter);
        let company = self.company(&posted.company);
        let message = self.text("/message", posted.message);
        let expires_at = self.expiry(posted.expires_at, now);
        let send_email = posted.send_email.unwrap_or(true);
        if send_email && !can_send {
            self.wrong(
                "/sendEmail",
                "must be false: this service has no mail server (SMTP_URL is not set)",
            );
        }
        Some(Draft {
            terms: Terms {
                recipient: recipient?,
                inviter: inviter?,
                company: company?,
                message,
                send_email,
            },
            expires_at,
        })
    }

    fn recipient(&mut self, posted: PostedRecipient) -> Option<Recipient> {
        let email = self.email("/recipient/email", &posted.email);
        let first_name = self.name("/recipient/firstName", &posted.first_name, LONGEST_NAME);
        let last_name = self.name("/recipient/lastName", &posted.last_name, LONGEST_NAME);
        let locale = posted.locale.filter(|locale| !locale.is_empty());
        if locale
            .as_deref()
            .is_some_and(|locale| !is_language_tag(locale))
        {
            self.wrong(
                "/recipient/locale",
                "must be a language tag (BCP 47) such as en or zh-Hant",
            );
        }
        Some(Recipient {
            email: email?,
            first_name: first_name?,
            last_name: last_name?,
            locale,
        })
    }

    fn inviter(&mut self, posted: PostedInviter) -> Option<Inviter> {
        let name = self.name("/inviter/name", &posted.name, LONGEST_NAME);
        let organization = self.name(
            "/inviter/organization",
            &posted.organization,
            LONGEST_ORGANIZATION,
        );
        let email = match posted.email.filter(|email| !email.is_empty()) {
            Some(email) => Some(self.email("/inviter/email", &email)?),
            None => None,
        };
        Some(Inviter {
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
                    self.wrong(&format!("/company/{field}"), &problem.message(Lang::En));
                }
            })
            .ok()
    }

    /// Free text, of several lines.
    fn text(&mut self, pointer: &str, posted: Option<String>) -> Option<String> {
        let text = posted?.trim().to_owned();
        if text.chars().count() > LONGEST_TEXT {
            self.wrong(
                pointer,
                &format!("must have at most {LONGEST_TEXT} characters"),
            );
        }
        if text
            .chars()
            .any(|c| is_invisible(c) && !matches!(c, '\n' | '\r' | '\t'))
        {
            self.wrong(
                pointer,
                "must not contain control characters or invisible characters",
            );
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
                self.wrong(
                    "/expiresAt",
                    "must be a date and time (RFC 3339) such as 2030-01-31T12:00:00Z",
                );
                return None;
            }
        };
        if at <= now || at > now + FURTHEST_EXPIRY {
            self.wrong("/expiresAt", "must lie in the future, within ten years");
        }
        Some(at)
    }

    fn email(&mut self, pointer: &str, text: &str) -> Option<Email> {
        text.trim()
            .parse()
            .map_err(|_| {
                self.wrong(
                    pointer,
                    "must be an e-mail address such as name@example.com",
                )
            })
            .ok()
    }

    fn name(&mut self, pointer: &str, text: &str, longest: usize) -> Option<String> {
        match company::plain(text, longest) {
            Ok(Some(name)) => Some(name),
            Ok(None) => {
                self.wrong(pointer, "must not be empty");
                None
            }
            Err(problem) => {
                self.wrong(pointer, &problem.message(Lang::En));
                None
            }
        }
    }

    fn wrong(&mut self, pointer: &str, detail: &str) {
        self.0.push(FieldProblem {
            pointer: pointer.to_owned(),
            detail: detail.to_owned(),
        });
    }
}

/// The shape of a tag (RFC 5646); whether we speak the language is another matter.
fn is_language_tag(text: &str) -> bool {
    let mut subtags = text.split('-');
    let primary = subtags.next().is_some_and(|tag| {
        (2..=3).contains(&tag.len()) && tag.bytes().all(|b| b.is_ascii_alphabetic())
    });
    primary
        && text.len() <= 35
        && subtags.all(|tag| {
            (1..=8).contains(&tag.len()) && tag.bytes().all(|b| b.is_ascii_alphanumeric())
        })
}
