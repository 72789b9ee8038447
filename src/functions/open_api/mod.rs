//! `OpenApi`: the OpenAPI 3.1 document, derived from the types that the API reads and writes.
//!
//! It is built on the first request and cached.

mod companies;
mod events;
mod examples;
mod operations;
mod patch;
mod problems;
mod webhooks;

use std::sync::{Arc, OnceLock};

use axum::{
    Extension,
    body::Bytes,
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
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

use crate::{
    app::Shared,
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
    http::{error::AppError, failure::Failure, preconditions, problem::Problem},
    text::NO_CONTROLS,
};

const ABOUT: &str = "Create invitations, follow their progress, resend, revoke and erase them.\n\n\
     Every error of the service is a problem (RFC 9457); `components/x-problems` lists the types. \
     The Functions host itself answers a wrong method, an unknown path and a missing key, with an \
     empty body.";
const HEADERS: [(HeaderName, &str); 4] = [
    (header::CONTENT_TYPE, "application/json"),
    (header::CACHE_CONTROL, "public, max-age=300"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; frame-ancestors 'none'",
    ),
];

/// The document and its ETag, built on the first request.
#[derive(Clone, Debug, Default)]
pub struct Cached(Arc<OnceLock<(Bytes, String)>>);

/// GET: the document.
///
/// # Errors
/// A document that cannot be serialised.
pub async fn show(
    State(app): State<Shared>,
    Extension(cached): Extension<Cached>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let (bytes, tag) = match cached.0.get() {
        Some(cached) => cached,
        None => {
            let (public, platform) = (&app.config.public, &app.config.platform);
            let support = platform.support_url.as_ref().or(platform.url.as_ref());
            let text = document(&public.origin(), &platform.name, support).to_json();
            let bytes = Bytes::from(text.map_err(|error| {
                AppError::Internal(format!(
                    "the OpenAPI document cannot be serialised: {error}"
                ))
            })?);
            let tag = preconditions::tag_of(&bytes);
            cached.0.get_or_init(|| (bytes, tag))
        }
    };
    let mut response = if preconditions::is_known(&headers, tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        bytes.clone().into_response()
    };
    for (name, value) in HEADERS {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    response
        .headers_mut()
        .insert(header::ETAG, preconditions::value(tag));
    Ok(response)
}

/// The document of the service at this origin. Its operator is the contact.
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
            operations::INVITATIONS,
            "For the selling company; needs a function key.",
        ),
        (
            companies::COMPANIES,
            "The companies that were created; needs a function key.",
        ),
        (operations::PUBLIC, "Without authentication."),
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
            operations::KEY_HEADER,
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
