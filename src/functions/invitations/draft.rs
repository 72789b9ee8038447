//! The bodies that an integrator sends. One response names everything that is invalid.

use std::sync::LazyLock;

use axum::http::HeaderMap;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, value::RawValue};
use time::OffsetDateTime;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    body::{invalid, parse_value, require_uncompressed},
    checks::Checks,
    new_invitation::{Draft, NEW_INVITATION},
    wrong::Rejected,
};
use crate::{
    domain::company::RegisteredCompany,
    http::{
        problem::{InvalidInput, Problem},
        shape::Shape,
    },
};

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

/// The invitation that a body describes, or everything that is wrong with it, as for a creation now.
pub(crate) fn check(
    body: Value,
    now: OffsetDateTime,
    can_send: bool,
) -> Result<Draft, Vec<Rejected>> {
    let (posted, mut checks) = read(&NEW_INVITATION, body).map_err(|_| Vec::new())?;
    let draft = checks.draft(posted, None, now, can_send);
    let rejected = checks.into_rejected();
    draft.filter(|_| rejected.is_empty()).ok_or(rejected)
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
    let (posted, checks) = read_optional::<Revocation>(&SHAPE, headers, body)?;
    reason_of(posted, checks)
}

/// The reason of a revocation as a form has it.
pub(crate) fn check_reason(reason: Option<String>) -> Result<Option<String>, Problem> {
    reason_of(Revocation { reason }, Checks::default())
}

fn reason_of(posted: Revocation, mut checks: Checks) -> Result<Option<String>, Problem> {
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
