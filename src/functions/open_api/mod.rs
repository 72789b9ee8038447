//! `OpenApi`: what the API can do, for programs (OpenAPI 3.1), made from the types that it reads
//! and writes.
//!
//! Nothing is done at the start: the first who asks has the document made, and everybody gets the
//! same bytes.

mod examples;
mod operations;
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
use serde_json::Value;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        Components, ComponentsBuilder, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, RefOr,
        Schema, Server,
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
        invitations::{BatchItem, Created, Listing, Posted, PostedReason, Shown},
        invite_user::LinkState,
    },
    http::{
        error::{AppError, Failure},
        preconditions,
        problem::Problem,
    },
    text::VISIBLE,
};

const ABOUT: &str = "Invites people to create their company, follows what becomes of it, and takes it back or erases it.\n\n\
     Every error of the service is a problem (RFC 9457); `components/x-problems` lists the types. A wrong method, a wrong address \
     and a missing key are answered by the Functions host instead, with an empty body.";
const HEADERS: [(HeaderName, &str); 4] = [
    (header::CONTENT_TYPE, "application/json"),
    (header::CACHE_CONTROL, "public, max-age=300"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; frame-ancestors 'none'",
    ),
];

/// The document and its tag, made on the first request.
#[derive(Clone, Debug, Default)]
pub struct Cached(Arc<OnceLock<(Bytes, String)>>);

/// GET: the document.
///
/// # Errors
/// A document that cannot be written.
pub async fn show(
    State(app): State<Shared>,
    Extension(cached): Extension<Cached>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let (bytes, tag) = match cached.0.get() {
        Some(made) => made,
        None => {
            let text = document(&app.config.public.origin()).to_json();
            let bytes = Bytes::from(text.map_err(|error| {
                AppError::Internal(format!("the OpenAPI document cannot be written: {error}"))
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

/// The document of the service at this origin.
#[must_use]
pub fn document(origin: &str) -> OpenApi {
    let info = InfoBuilder::new()
        .title("Invitations")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(ABOUT))
        .license(Some(
            LicenseBuilder::new()
                .name("MIT")
                .identifier(Some("MIT"))
                .build(),
        ));
    let tags = [
        (
            operations::INVITATIONS,
            "For the selling company, with a function key.",
        ),
        (operations::PUBLIC, "For anybody."),
        (
            webhooks::EVENTS,
            "What the service tells a receiver (Standard Webhooks).",
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
        .paths(operations::paths())
        .webhooks(Some(webhooks::webhooks()))
        .components(Some(components()))
        .build()
}

fn components() -> Components {
    let header = ApiKeyValue::with_description(
        "x-functions-key",
        "A function key, a host key or the master key.",
    );
    let query = ApiKeyValue::with_description(
        "code",
        "The same; the header is better, since addresses are logged.",
    );
    ComponentsBuilder::new()
        .schemas_from_iter(schemas())
        .security_scheme(
            operations::KEY_HEADER,
            SecurityScheme::ApiKey(ApiKey::Header(header)),
        )
        .security_scheme(
            operations::KEY_QUERY,
            SecurityScheme::ApiKey(ApiKey::Query(query)),
        )
        .extensions(Some(Extensions::from_iter([(
            "x-problems",
            problems::table(),
        )])))
        .build()
}

fn schemas() -> Vec<(String, RefOr<Schema>)> {
    let mut all = Vec::new();
    add::<Posted>(&mut all);
    add::<PostedReason>(&mut all);
    add::<Created<'static>>(&mut all);
    add::<Shown<'static>>(&mut all);
    add::<BatchItem>(&mut all);
    add::<Listing<'static>>(&mut all);
    add::<LinkState<'static>>(&mut all);
    add::<Payload<'static>>(&mut all);
    add::<Problem>(&mut all);
    add::<RegisteredCompany>(&mut all);
    all.iter_mut()
        .for_each(|(name, schema)| show_visible(name, schema));
    all
}

/// The members that are free text, by schema.
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

/// Adds the pattern of free text, which is too long to be repeated at each member.
fn show_visible(name: &str, schema: &mut RefOr<Schema>) {
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
            text.pattern = Some(VISIBLE.to_owned());
        }
    }
}

fn add<T: ToSchema + PartialSchema>(all: &mut Vec<(String, RefOr<Schema>)>) {
    all.push((T::name().into_owned(), T::schema()));
    T::schemas(all);
}

/// An example of a request, by its name in the document, as the tests send it.
#[must_use]
pub fn request_examples() -> Vec<(&'static str, Value)> {
    examples::CREATIONS
        .iter()
        .map(|example| (example.name, (example.value)()))
        .collect()
}
