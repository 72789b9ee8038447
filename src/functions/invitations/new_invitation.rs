//! An invitation as an integrator posts it.

use std::{collections::BTreeMap, sync::LazyLock};

use serde::Deserialize;
use time::OffsetDateTime;
use utoipa::{
    ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, Type, schema::SchemaType},
};

use crate::{
    domain::{company::RegisteredCompany, email::Email, invitation::Terms},
    http::shape::Shape,
};

pub(super) const MAX_METADATA: usize = 20;
pub(super) const MAX_METADATA_TEXT: usize = 500;

/// What [`NewInvitation`] may contain.
pub(super) static NEW_INVITATION: LazyLock<Shape> = LazyLock::new(Shape::of::<NewInvitation>);

/// A valid request.
pub(crate) struct Draft {
    pub(crate) terms: Terms,
    pub(crate) expires_at: Option<OffsetDateTime>,
}

/// An invitation to create.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = NewInvitation)]
pub(crate) struct NewInvitation {
    /// The person to invite.
    #[serde(default)]
    #[schema(required = true)]
    pub(super) recipient: NewRecipient,
    /// The person who invites.
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
    /// The mailbox to invite. Only its owner can accept.
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
