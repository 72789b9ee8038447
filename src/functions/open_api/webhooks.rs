//! The requests that the service sends to the webhook receiver.

use utoipa::openapi::{
    ContentBuilder, HttpMethod, ObjectBuilder, PathItem, Paths, PathsBuilder, Ref, Required,
    Response, SchemaFormat, Type,
    path::{OperationBuilder, Parameter, ParameterBuilder, ParameterIn},
    request_body::RequestBodyBuilder,
    schema::KnownFormat,
};

use super::examples;

/// A tag of its own: openapi-generator writes one file for each tag, and that of a webhook over
/// that of the operations.
pub(super) const WEBHOOKS: &str = "Webhooks";

const ABOUT: &str = "Delivered at least once, and in order for each invitation. Any response \
     other than 2xx within 15 seconds is retried with increasing delays for three days. The \
     request follows Standard Webhooks 1.0: verify it with one of their libraries.";

pub(super) fn webhooks() -> Paths {
    let body = ContentBuilder::new()
        .schema(Some(Ref::from_schema_name("WebhookEvent")))
        .example(Some(examples::event()))
        .build();
    let body = RequestBodyBuilder::new()
        .content("application/json", body)
        .required(Some(Required::True))
        .build();
    let operation = OperationBuilder::new()
        .tag(WEBHOOKS)
        .operation_id(Some("receive_event"))
        .summary(Some("An event of an invitation"))
        .description(Some(ABOUT))
        .parameters(Some(headers()))
        .request_body(Some(body))
        .securities(Some([]))
        .response("2XX", Response::new("The event was received."))
        .response(
            "410",
            Response::new(
                "Stops deliveries until `WEBHOOK_URL` changes or an invitation is resent.",
            ),
        );
    PathsBuilder::new()
        .path("event", PathItem::new(HttpMethod::Post, operation))
        .build()
}

fn headers() -> [Parameter; 3] {
    let text = || ObjectBuilder::new().schema_type(Type::String);
    let seconds = ObjectBuilder::new()
        .schema_type(Type::Integer)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int64)));
    [
        header(
            "webhook-id",
            "The id of the event; the same in every attempt.",
            text().pattern(Some("^[0-9a-f]{32}-[1-9][0-9]*$")),
        ),
        header(
            "webhook-timestamp",
            "When the request was sent, in seconds since 1970 (UTC).",
            seconds,
        ),
        header(
            "webhook-signature",
            "`v1,` and the HMAC-SHA256 in base64; one for each secret, separated by spaces.",
            text(),
        ),
    ]
}

fn header(name: &str, about: &str, schema: ObjectBuilder) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Header)
        .required(Required::True)
        .description(Some(about))
        .schema(Some(schema))
        .build()
}
