//! PATCH: a JSON Merge Patch (RFC 7396) of what the creation said. The result obeys the rules of a
//! creation.

use serde_json::{Map, Value, json};
use time::OffsetDateTime;

use super::{
    checks::Checks,
    draft::read,
    new_invitation::{Draft, NEW_INVITATION},
};
use crate::{
    domain::invitation::{Invitation, Terms},
    http::problem::Problem,
};

/// Set at the creation for good.
const FIXED: [&str; 2] = ["sendEmail", "companyId"];

/// A patch that is a JSON object.
pub(crate) struct Patch(Map<String, Value>);

impl Patch {
    pub(crate) fn parse(body: Value) -> Result<Self, Problem> {
        match body {
            Value::Object(members) => Ok(Self(members)),
            _ => {
                let mut checks = Checks::default();
                checks.reject("", "must be an object");
                checks.finish(None)
            }
        }
    }

    /// What the seller says after the patch, and until when the invitation is valid; `None` if
    /// nothing changes. `default_expiry` is that of a new invitation.
    pub(super) fn apply(
        &self,
        invitation: &Invitation,
        default_expiry: OffsetDateTime,
        now: OffsetDateTime,
    ) -> Result<Option<(Terms, OffsetDateTime)>, Problem> {
        let before = posted(&invitation.terms);
        let mut body = before.clone();
        let fixed = fixed(invitation);
        let is_fixed = |name: &str| fixed.iter().any(|(own, _)| *own == name);
        let members = self.0.iter().filter(|(name, _)| !is_fixed(name));
        let changes = members.map(|(name, value)| (name.clone(), value.clone()));
        json_patch::merge(&mut body, &Value::Object(changes.collect()));
        let (new, mut checks) = read(&NEW_INVITATION, body)?;
        for (name, detail) in fixed.iter().filter(|(name, _)| self.0.contains_key(*name)) {
            checks.reject(&format!("/{name}"), *detail);
        }
        let into = invitation
            .terms
            .company_id
            .map(|_| &invitation.terms.company);
        let draft = checks.draft(new, into, now, true);
        let Draft { terms, expires_at } = checks.finish(draft)?;
        let terms = Terms {
            send_email: invitation.terms.send_email,
            ..terms
        };
        let expires_at = match (self.0.contains_key("expiresAt"), expires_at) {
            (false, _) => invitation.expires_at,
            (true, at) => at.unwrap_or(default_expiry),
        };
        let is_same = posted(&terms) == before && expires_at == invitation.expires_at;
        Ok((!is_same).then_some((terms, expires_at)))
    }
}

/// The members that cannot be changed, with the reason.
fn fixed(invitation: &Invitation) -> Vec<(&'static str, &'static str)> {
    let of_company = invitation.terms.company_id.map(|_| {
        (
            "company",
            "cannot be changed: the invitation is for the company of its companyId",
        )
    });
    FIXED
        .iter()
        .map(|name| (*name, "cannot be changed"))
        .chain(of_company)
        .collect()
}

/// The terms as a creation would say them.
pub(super) fn posted(terms: &Terms) -> Value {
    let Terms {
        recipient,
        inviter,
        company,
        company_id,
        message,
        send_email: _,
        metadata,
    } = terms;
    let mut body = json!({
        "recipient": recipient,
        "inviter": inviter,
        "message": message,
        "metadata": metadata,
    });
    match company_id {
        Some(id) => body["companyId"] = json!(id),
        None => body["company"] = json!(company),
    }
    body
}
