//! The bodies that an integrator sends. One response names everything that is invalid.

use std::{collections::BTreeMap, sync::LazyLock};

use axum::http::HeaderMap;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, value::RawValue};
use time::OffsetDateTime;
use utoipa::{
    ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, Type, schema::SchemaType},
};
use uuid::Uuid;

use super::{
    body::{parse_value, require_uncompressed},
    checks::{Checks, MAX_METADATA, MAX_METADATA_TEXT},
};
use crate::{
    domain::{company::RegisteredCompany, email::Email, invitation::Terms},
    http::{
        problem::{InvalidInput, Kind, Problem},
        shape::Shape,
    },
};

/// What [`NewInvitation`] may contain.
pub(super) static NEW_INVITATION: LazyLock<Shape> = LazyLock::new(Shape::of::<NewInvitation>);

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
    pub(super) recipient: NewRecipient,
    #[serde(default)]
    #[schema(required = true)]
    pub(super) inviter: NewInviter,
    /// This or `companyId`.
    pub(super) company: Option<RegisteredCompany>,
    /// Instead of `company`: the company to join.
    #[schema(value_type = Option<String>, format = Uuid)]
    pub(super) company_id: Option<String>,
    /// A personal line for the e-mail and the page.
    #[schema(max_length = 1000)]
    pub(super) message: Option<String>,
    /// In the future, within ten years; default: `INVITATION_DAYS` from now.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(super) expires_at: Option<String>,
    /// Default: `true`; must be `false` if the service has no mail server.
    pub(super) send_email: Option<bool>,
    /// Your own data.
    #[schema(schema_with = metadata)]
    pub(super) metadata: Option<BTreeMap<String, String>>,
}

fn metadata() -> Schema {
    let text = ObjectBuilder::new()
        .schema_type(Type::String)
        .max_length(Some(MAX_METADATA_TEXT));
    ObjectBuilder::new()
        .schema_type(SchemaType::Array(vec![Type::Object, Type::Null]))
        .description(Some(
            "Your own data; names of up to 40 characters. Returned, and sent with every event.",
        ))
        .max_properties(Some(MAX_METADATA))
        .additional_properties(Some(RefOr::T(Schema::from(text))))
        .into()
}

/// The person to invite.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = NewRecipient)]
pub(crate) struct NewRecipient {
    #[serde(default)]
    #[schema(value_type = Email, required = true)]
    pub(super) email: String,
    /// Given name; may be empty if there is a family name.
    #[serde(default)]
    #[schema(max_length = 100)]
    pub(super) first_name: String,
    /// Family name; may be empty if there is a given name.
    #[serde(default)]
    #[schema(max_length = 100)]
    pub(super) last_name: String,
    /// BCP 47 tag; the e-mail and the pages are in that language, if it is supported.
    #[schema(
        max_length = 35,
        pattern = "^([A-Za-z]{2,3}([_-][A-Za-z0-9]{1,8})*)?$",
        example = "zh-Hant"
    )]
    pub(super) locale: Option<String>,
}

/// The person who invites.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = NewInviter)]
pub(crate) struct NewInviter {
    /// The person's name.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 100, required = true)]
    pub(super) name: String,
    /// The selling company.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 200, required = true)]
    pub(super) organization: String,
    /// Notified when the recipient asks for a new invitation, and when the company is created.
    #[schema(value_type = Option<Email>)]
    pub(super) email: Option<String>,
    /// Shown to the recipient. In international form; returned in E.164, with `;ext=`.
    #[schema(max_length = 40)]
    pub(super) phone: Option<String>,
    /// The language of e-mails to the inviter, as a BCP 47 tag; English by default.
    #[schema(pattern = "^([A-Za-z]{2,3}([_-][A-Za-z0-9]{1,8})*)?$", example = "de")]
    pub(super) locale: Option<String>,
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

impl Draft {
    pub(super) fn parse(
        item: &RawValue,
        into: Option<&RegisteredCompany>,
        now: OffsetDateTime,
        can_send: bool,
    ) -> Result<Self, Problem> {
        let item = parse_value(item.get().as_bytes(), "an invitation")?;
        let (posted, mut checks) = read(&NEW_INVITATION, item)?;
        let draft = checks.draft(posted, into, now, can_send);
        checks.finish(draft)
    }
}

/// The members that fit, and what is to be said of the others.
pub(super) fn read<T: DeserializeOwned>(
    shape: &Shape,
    mut body: Value,
) -> Result<(T, Checks), Problem> {
    let checks = Checks::after(shape.prune(&mut body));
    let posted = serde_json::from_value(body)
        .map_err(|error| invalid(vec![InvalidInput::member("", error.to_string())]))?;
    Ok((posted, checks))
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

/// How an invitation is sent again.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = Resending)]
pub(crate) struct Resending {
    /// `false`: extends the validity, and sends no e-mail. Default: `true`.
    send_email: Option<bool>,
}

/// The reason of a revocation: no body, or `{"reason": …}`.
pub(super) fn parse_reason(headers: &HeaderMap, body: &[u8]) -> Result<Option<String>, Problem> {
    static SHAPE: LazyLock<Shape> = LazyLock::new(Shape::of::<Revocation>);
    let (posted, mut checks) = read_optional::<Revocation>(&SHAPE, headers, body)?;
    let reason = checks.text("/reason", posted.reason);
    checks.finish(Some(reason))
}

/// Whether to send an e-mail: no body, or `{"sendEmail": …}`.
pub(super) fn parse_resending(headers: &HeaderMap, body: &[u8]) -> Result<bool, Problem> {
    static SHAPE: LazyLock<Shape> = LazyLock::new(Shape::of::<Resending>);
    let (posted, checks) = read_optional::<Resending>(&SHAPE, headers, body)?;
    checks.finish(Some(posted.send_email.unwrap_or(true)))
}

/// A body that may be absent.
fn read_optional<T: Default + DeserializeOwned>(
    shape: &Shape,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<(T, Checks), Problem> {
    require_uncompressed(headers)?;
    if body.trim_ascii().is_empty() {
        return Ok((T::default(), Checks::default()));
    }
    read(shape, parse_value(body, "an object")?)
}

pub(super) fn invalid(errors: Vec<InvalidInput>) -> Problem {
    Problem::new(
        Kind::InvalidFields,
        "Some members are missing or invalid; nothing was changed.",
    )
    .errors(errors)
}
