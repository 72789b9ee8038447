//! The operations with their parameters and responses.

use serde_json::Value;
use utoipa::openapi::{
    ContentBuilder, HttpMethod, Paths, Ref, RefOr, Required, ResponseBuilder, Schema, SchemaFormat,
    path::{Operation, Parameter, ParameterIn},
    request_body::{RequestBody, RequestBodyBuilder},
    schema::{ArrayBuilder, KnownFormat},
};

use super::{
    examples,
    parts::{
        INVITATIONS, JSON, Responses, change, id, if_none_match, json_response, keyed, limit,
        link_by_id, may_be_empty, not_modified, parameter, public, required, response_with_etag,
        text,
    },
    problems::{page, responses_or_pages, text_header},
    version::Version,
};
use crate::{domain::company::RegisteredCompany, http::problem::Kind, text::Lang};

const IDEMPOTENCY_KEY: &str = r#"^([!#-~][!-~]{0,254}|"([!#-\[\]-~]|\\["\\]){1,255}")$"#;

pub(super) fn paths() -> Paths {
    let mut paths = Paths::new();
    let mut add = |path: &str, method, operation: Operation| {
        paths.add_path_operation(path, vec![method], operation)
    };
    add("/api/Invitations", HttpMethod::Post, create());
    add("/api/Invitations", HttpMethod::Get, list());
    add("/api/Invitations/batch", HttpMethod::Post, create_several());
    add("/api/Invitations/{id}", HttpMethod::Get, read());
    add("/api/Invitations/{id}", HttpMethod::Patch, update());
    add(
        "/api/Invitations/{id}/link",
        HttpMethod::Post,
        reveal_link(),
    );
    add("/api/Invitations/{id}/resend", HttpMethod::Post, resend());
    add(
        "/api/Invitations/{id}/redeliver",
        HttpMethod::Post,
        redeliver(),
    );
    add("/api/Invitations/{id}/revoke", HttpMethod::Post, revoke());
    add("/api/Invitations/{id}/erase", HttpMethod::Post, erase());
    add("/api/InviteUser", HttpMethod::Get, link());
    add("/api/openapi.json", HttpMethod::Get, describe());
    paths
}

fn create() -> Operation {
    let created = response_with_etag(
        "The invitation was created; `Location` is its URL, and `link` opens it.",
        "Invitation",
    )
    .header("Location", text_header("The URL of the invitation."));
    let created = [
        "get_invitation",
        "resend_invitation",
        "revoke_invitation",
        "erase_invitation",
    ]
    .into_iter()
    .fold(created, |created, operation| {
        created.link(operation, link_by_id(operation))
    });
    keyed(
        INVITATIONS,
        "create_invitation",
        "Create an invitation",
        "With an `Idempotency-Key` the request can be repeated: the same key and body return the \
         same response and create nothing twice.",
    )
    .parameter(idempotency_key())
    .request_body(Some(body(
        Ref::from_schema_name("NewInvitation"),
        examples::CREATIONS,
    )))
    .response("201", created.build())
    .problems(CREATION_PROBLEMS)
}

fn create_several() -> Operation {
    let results = json_response("A result for each invitation, in order.", "BatchResult");
    keyed(
        INVITATIONS,
        "create_invitations",
        "Create up to 100 invitations",
        "An invalid one does not prevent the others. With an `Idempotency-Key` the request can be \
         repeated: the same key and body return the same response and create nothing twice.",
    )
    .parameter(idempotency_key())
    .request_body(Some(body(
        Ref::from_schema_name("NewInvitations"),
        examples::BATCHES,
    )))
    .response("200", results.build())
    .problems(&[CREATION_PROBLEMS, &[Kind::BatchSize]].concat())
}

const CREATION_PROBLEMS: &[Kind] = &[
    Kind::MalformedJson,
    Kind::IdempotencyKeyMalformed,
    Kind::IdempotencyKeyUnreadable,
    Kind::UnsupportedMediaType,
    Kind::InvalidFields,
    Kind::IdempotencyKeyReused,
    Kind::Throttled,
];

fn idempotency_key() -> Parameter {
    let key = text()
        .min_length(Some(1))
        .max_length(Some(512))
        .pattern(Some(IDEMPOTENCY_KEY));
    parameter(
        "Idempotency-Key",
        ParameterIn::Header,
        "A new one for each request; bare or as a quoted string.",
        key,
    )
}

fn body(schema: impl Into<RefOr<Schema>>, examples: &[examples::Example]) -> RequestBody {
    let content = ContentBuilder::new()
        .schema(Some(schema))
        .examples_from_iter(examples.iter().map(examples::Example::to_open_api));
    RequestBodyBuilder::new()
        .content(JSON, content.build())
        .required(Some(Required::True))
        .build()
}

fn list() -> Operation {
    let statuses = ArrayBuilder::new().items(Ref::from_schema_name("Status"));
    let email = || Ref::from_schema_name("Email").into();
    let time = || {
        let format = SchemaFormat::KnownFormat(KnownFormat::DateTime);
        text().format(Some(format)).into()
    };
    let failed = text().enum_values(Some(["failed"]));
    let number = text().max_length(Some(RegisteredCompany::MAX_CUSTOMER_NUMBER));
    let query = |name, about, schema: RefOr<Schema>| {
        may_be_empty(parameter(name, ParameterIn::Query, about, schema))
    };
    keyed(
        INVITATIONS,
        "list_invitations",
        "List invitations, newest first",
        "Items match all given parameters. A page may have fewer items than `limit`, even none, \
         and still have a `nextCursor`.",
    )
    .parameter(parameter(
        "status",
        ParameterIn::Query,
        "The current status; one of several, if it is repeated.",
        statuses,
    ))
    .parameter(query(
        "email",
        "The recipient's mailbox, ignoring case.",
        email(),
    ))
    .parameter(query("customerNumber", "An exact match.", number.into()))
    .parameter(query(
        "inviterEmail",
        "The inviter's mailbox, ignoring case.",
        email(),
    ))
    .parameter(query("createdAfter", "Created later than this.", time()))
    .parameter(query("createdBefore", "Created earlier than this.", time()))
    .parameter(query(
        "delivery",
        "`failed`: an e-mail or a webhook was given up (`failed` in `delivery`).",
        failed.into(),
    ))
    .parameter(limit())
    .parameter(query(
        "cursor",
        "`nextCursor` of the previous page, with the same filter.",
        text().into(),
    ))
    .response("200", json_response("A page.", "InvitationPage").build())
    .problems(&[Kind::InvalidParameters, Kind::Throttled])
}

fn read() -> Operation {
    keyed(
        INVITATIONS,
        "get_invitation",
        "Read an invitation",
        "With its delivery progress and its timeline.",
    )
    .parameter(id())
    .parameter(if_none_match())
    .response(
        "200",
        response_with_etag("The invitation.", "Invitation").build(),
    )
    .response("304", not_modified())
    .problems(&[Kind::UnknownInvitation, Kind::Throttled])
}

fn resend() -> Operation {
    let about = "Sends the e-mail of a pending or expired invitation again, at most five times in \
                 24 hours, and extends its validity to `INVITATION_DAYS` from now, unless \
                 `expiresAt` is later. Also retries failed deliveries; if there are any, it \
                 returns 200 in any state. With `sendEmail: false` it only extends the validity.";
    let body = optional_body("Resending", examples::resending());
    change("resend_invitation", "Send the e-mail again", about)
        .request_body(Some(body))
        .problems(&[
            Kind::MalformedJson,
            Kind::UnsupportedMediaType,
            Kind::UnknownInvitation,
            Kind::InvalidState,
            Kind::PreconditionFailed,
            Kind::InvalidFields,
            Kind::TooManyEmails,
            Kind::Contended,
            Kind::Throttled,
        ])
}

fn redeliver() -> Operation {
    let about = "Delivers all events of the invitation to the webhook again, whether they were \
                 given up or not, in order and with the same `webhook-id`. Sends no e-mail.";
    change("redeliver_invitation", "Deliver its events again", about).problems(&[
        Kind::UnknownInvitation,
        Kind::NotFound,
        Kind::PreconditionFailed,
        Kind::Contended,
        Kind::Throttled,
    ])
}

fn update() -> Operation {
    let about = "A JSON Merge Patch (RFC 7396) of a pending or expired invitation, by the rules of \
                 a creation: `null` removes an optional member. It sends no e-mail, and the link \
                 stays the same. If the mailbox changes, e-mails and codes to the old one become \
                 void; `resend` writes to the new one.";
    let content = || {
        ContentBuilder::new()
            .schema(Some(Ref::from_schema_name("InvitationPatch")))
            .example(Some(examples::patch()))
            .build()
    };
    let body = RequestBodyBuilder::new()
        .content("application/merge-patch+json", content())
        .content(JSON, content())
        .required(Some(Required::True))
        .build();
    change("update_invitation", "Change an invitation", about)
        .request_body(Some(body))
        .problems(&[
            Kind::MalformedJson,
            Kind::UnsupportedMediaType,
            Kind::UnknownInvitation,
            Kind::InvalidState,
            Kind::PreconditionFailed,
            Kind::InvalidFields,
            Kind::Contended,
            Kind::Throttled,
        ])
}

fn reveal_link() -> Operation {
    let about = "The invitation with its `link`. The timeline records `invitation.link_revealed`.";
    change("reveal_link", "Get the link again", about).problems(&[
        Kind::UnknownInvitation,
        Kind::InvalidState,
        Kind::LinkUnreadable,
        Kind::PreconditionFailed,
        Kind::Contended,
        Kind::Throttled,
    ])
}

fn optional_body(schema: &str, example: Value) -> RequestBody {
    let content = ContentBuilder::new()
        .schema(Some(Ref::from_schema_name(schema)))
        .example(Some(example))
        .build();
    RequestBodyBuilder::new()
        .content(JSON, content)
        .required(Some(Required::False))
        .build()
}

fn revoke() -> Operation {
    let body = optional_body("Revocation", examples::revocation());
    change(
        "revoke_invitation",
        "Revoke the invitation",
        "Possible while it is pending, expired or accepted.",
    )
    .request_body(Some(body))
    .problems(&[
        Kind::MalformedJson,
        Kind::UnsupportedMediaType,
        Kind::UnknownInvitation,
        Kind::InvalidState,
        Kind::PreconditionFailed,
        Kind::Contended,
        Kind::Throttled,
        Kind::InvalidFields,
    ])
}

fn erase() -> Operation {
    let about = "Erases personal data, in every state. Cannot be undone, and may be repeated.";
    change("erase_invitation", "Erase personal data", about).problems(&[
        Kind::UnknownInvitation,
        Kind::PreconditionFailed,
        Kind::Contended,
        Kind::Throttled,
    ])
}

fn link() -> Operation {
    let uuid = text().format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid)));
    let langs = format!(
        "The language of the page: {}. Other values are ignored.",
        Lang::ALL.map(Lang::tag).join(", ")
    );
    let about = "The page that the link in the e-mail opens. With `Accept: application/json` \
                 it returns the state of the link.";
    let ok = json_response("The state of the link, or the page.", "LinkState")
        .content("text/html", page());
    let gone = ResponseBuilder::new()
        .description("The page of an invitation that can no longer be accepted.")
        .content("text/html", page());
    public("open_link", "Open the link of an invitation", about)
        .parameter(required(parameter(
            "invitationId",
            ParameterIn::Query,
            "The GUID of the link.",
            uuid,
        )))
        .parameter(parameter("lang", ParameterIn::Query, &langs, text()))
        .response("200", ok.build())
        .response("410", gone.build())
        .with(responses_or_pages(&[
            Kind::MalformedLink,
            Kind::UnknownInvitation,
            Kind::Throttled,
        ]))
}

fn describe() -> Operation {
    let versions = text().enum_values(Some(Version::ALL.map(Version::number)));
    let ok = json_response("The document.", "OpenApiDocument")
        .header("ETag", text_header("A digest of the document."));
    let about = "In OpenAPI 3.1, or in the version that the parameter names. The earlier ones \
                 leave out the webhook.";
    public("get_openapi_document", "Read this document", about)
        .parameter(may_be_empty(parameter(
            "version",
            ParameterIn::Query,
            "The version of the specification; default: 3.1.",
            versions,
        )))
        .parameter(if_none_match())
        .response("200", ok.build())
        .response("304", not_modified())
        .problems(&[Kind::InvalidParameters])
}
