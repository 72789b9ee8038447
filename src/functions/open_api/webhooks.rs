//! What the service tells the receiver of the webhook.

use utoipa::openapi::{
    ContentBuilder, HttpMethod, ObjectBuilder, PathItem, Paths, PathsBuilder, Ref, Required,
    Response, SchemaFormat, Type,
    path::{OperationBuilder, Parameter, ParameterBuilder, ParameterIn},
    request_body::RequestBodyBuilder,
    schema::KnownFormat,
};

use super::examples;

pub(super) const EVENTS: &str = "Events";

const ABOUT: &str = "Comes at least once, and in order for each invitation. Anything but 2xx within 15 seconds is tried again with \
     growing pauses for three days. The body is that of Standard Webhooks 1.0: verify it with one of their libraries.";

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
        .tag(EVENTS)
        .operation_id(Some("receiveEvent"))
        .summary(Some("An event of an invitation"))
        .description(Some(ABOUT))
        .parameters(Some(headers()))
        .request_body(Some(body))
        .securities(Some([]))
        .response("2XX", Response::new("It was received."))
        .response(
            "410",
            Response::new(
                "No more events are wanted, until `WEBHOOK_URL` changes or somebody resends.",
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
            "The id of the event: the same whenever it is told again.",
            text().pattern(Some("^[0-9a-f]{32}-[1-9][0-9]*$")),
        ),
        header(
            "webhook-timestamp",
            "When it was sent, in seconds since 1970.",
            seconds,
        ),
        header(
            "webhook-signature",
            "`v1,` and a base64 HMAC-SHA256; one for each secret, with a space between them.",
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
