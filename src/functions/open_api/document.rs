//! The document: title, tags, paths and schemas.

use serde_json::Value;
use url::Url;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        Components, ComponentsBuilder, ContactBuilder, InfoBuilder, LicenseBuilder, OpenApi,
        OpenApiBuilder, Paths, RefOr, Schema, Server,
        extensions::Extensions,
        security::{ApiKey, ApiKeyValue, SecurityScheme},
        tag::TagBuilder,
    },
};

use super::{
    bodies, companies, events, operations, parts, patch, problems, version::Version, webhooks,
};
use crate::{
    config::Config,
    domain::company::RegisteredCompany,
    events::Payload,
    functions::{
        companies::{CompanyList, CompanyResponse},
        events::{EventPage, RedeliveryResponse, TestResponse},
        invitations::{
            BatchItem, InvitationPage, InvitationResponse, NewInvitation, Resending, Revocation,
        },
        invite_user::LinkState,
    },
    http::problem::Problem,
    text::NO_CONTROLS,
};

const ABOUT: &str = "Create invitations, follow their progress, resend, revoke and erase them.\n\n\
     Every error of the service is a problem (RFC 9457); `components/x-problems` lists the types. \
     The Functions host itself answers a wrong method, an unknown path and a missing key, with an \
     empty body.";
/// The document of a deployment, in a version of the specification.
///
/// # Errors
/// A document that cannot be serialised.
pub fn document_of(config: &Config, version: Version) -> serde_json::Result<Value> {
    let platform = &config.platform;
    let support = platform.support_url.as_ref().or(platform.url.as_ref());
    let document = document(&config.public.origin(), &platform.name, support);
    in_version(&document, version)
}

/// The document in a version of the specification.
///
/// # Errors
/// A document that cannot be serialised.
pub fn in_version(document: &OpenApi, version: Version) -> serde_json::Result<Value> {
    Ok(version.convert(serde_json::to_value(document)?))
}

/// The document of the service at this origin, in version 3.1. Its operator is the contact.
#[must_use]
pub fn document(origin: &str, operator: &str, support: Option<&Url>) -> OpenApi {
    let info = InfoBuilder::new()
        .title("Invitations")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(ABOUT))
        .contact(Some(
            ContactBuilder::new()
                .name(Some(operator))
                .url(support.map(Url::as_str))
                .build(),
        ))
        .license(Some(
            LicenseBuilder::new()
                .name("MIT")
                .identifier(Some("MIT"))
                .build(),
        ));
    let tags = [
        (
            parts::INVITATIONS,
            "For the selling company; needs a function key.",
        ),
        (
            companies::COMPANIES,
            "The companies that were created; needs a function key.",
        ),
        (parts::PUBLIC, "Without authentication."),
        (
            events::EVENTS,
            "The events of all invitations; needs a function key.",
        ),
        (
            webhooks::WEBHOOKS,
            "Requests that the service sends to the webhook receiver (Standard Webhooks).",
        ),
    ];
    OpenApiBuilder::new()
        .info(info)
        .servers(Some([Server::new(origin)]))
        .tags(Some(tags.map(|(name, about)| {
            TagBuilder::new()
                .name(name)
                .description(Some(about))
                .build()
        })))
        .paths(paths())
        .webhooks(Some(webhooks::webhooks()))
        .components(Some(components()))
        .build()
}

fn paths() -> Paths {
    let mut paths = operations::paths();
    companies::add_to(&mut paths);
    events::add_to(&mut paths);
    paths
}

fn components() -> Components {
    let header = ApiKeyValue::with_description(
        "x-functions-key",
        "A function key, a host key or the master key.",
    );
    ComponentsBuilder::new()
        .schemas_from_iter(schemas())
        .security_scheme(
            parts::KEY_HEADER,
            SecurityScheme::ApiKey(ApiKey::Header(header)),
        )
        .extensions(Some(Extensions::from_iter([(
            "x-problems",
            problems::table(),
        )])))
        .build()
}

fn schemas() -> Vec<(String, RefOr<Schema>)> {
    let mut all = Vec::new();
    add::<NewInvitation>(&mut all);
    add::<Revocation>(&mut all);
    add::<Resending>(&mut all);
    add::<InvitationResponse<'static>>(&mut all);
    add::<BatchItem>(&mut all);
    add::<InvitationPage<'static>>(&mut all);
    add::<CompanyResponse<'static>>(&mut all);
    add::<CompanyList<'static>>(&mut all);
    add::<RedeliveryResponse>(&mut all);
    add::<TestResponse>(&mut all);
    add::<EventPage<'static>>(&mut all);
    add::<LinkState<'static>>(&mut all);
    add::<Payload<'static>>(&mut all);
    add::<Problem>(&mut all);
    add::<RegisteredCompany>(&mut all);
    all.extend(bodies::schemas());
    all.iter_mut()
        .for_each(|(name, schema)| add_text_pattern(name, schema));
    all.extend(patch::schemas(&all));
    all
}

/// The free text members of each schema.
const FREE_TEXT: [(&str, &[&str]); 5] = [
    ("NewInvitation", &["message"]),
    ("NewRecipient", &["firstName", "lastName"]),
    ("NewInviter", &["name", "organization"]),
    (
        "RegisteredCompany",
        &["name", "street", "city", "region", "customerNumber"],
    ),
    ("Revocation", &["reason"]),
];

/// Adds the pattern of free text, which is too long to repeat on each member.
fn add_text_pattern(name: &str, schema: &mut RefOr<Schema>) {
    let Some((_, members)) = FREE_TEXT.iter().find(|(own, _)| *own == name) else {
        return;
    };
    let RefOr::T(Schema::Object(object)) = schema else {
        return;
    };
    for (_, member) in object
        .properties
        .iter_mut()
        .filter(|(own, _)| members.contains(&own.as_str()))
    {
        if let RefOr::T(Schema::Object(text)) = member {
            text.pattern = Some(NO_CONTROLS.to_owned());
        }
    }
}

fn add<T: ToSchema + PartialSchema>(all: &mut Vec<(String, RefOr<Schema>)>) {
    all.push((T::name().into_owned(), T::schema()));
    T::schemas(all);
}
