//! The operations about the events of all invitations.

use utoipa::openapi::{
    HttpMethod, Paths, RefOr, SchemaFormat,
    path::{Operation, ParameterIn},
    schema::{ArrayBuilder, KnownFormat},
};

use super::parts::{
    Responses, json_response, keyed, limit, may_be_empty, parameter, required, text,
};
use crate::{domain::invitation::EventKind, http::problem::Kind};

pub(super) const EVENTS: &str = "Events";

pub(super) fn add_to(paths: &mut Paths) {
    let mut add = |path: &str, method, operation: Operation| {
        paths.add_path_operation(path, vec![method], operation)
    };
    add("/api/Events", HttpMethod::Get, list());
    add("/api/Events/redeliver", HttpMethod::Post, redeliver());
    add("/api/Events/test", HttpMethod::Post, test());
}

fn list() -> Operation {
    let about = "The events of all invitations in the order in which they were recorded, with what \
                 the webhook carries. Follow `nextCursor`, which is never `null`, and no event is \
                 missed; each appears within a minute, and keeps its place. The events of a deleted \
                 invitation leave the feed. Without `after` it begins `EVENT_FEED_DAYS` ago.";
    let after = "`nextCursor` of the previous request, or `latest`: only what happens from now on.";
    let kinds = ArrayBuilder::new().items(RefOr::T(EventKind::schema()));
    let kind = "Only events of this type; of several, if it is repeated.";
    keyed(EVENTS, "list_events", "Follow the events", about)
        .parameter(may_be_empty(parameter(
            "after",
            ParameterIn::Query,
            after,
            text(),
        )))
        .parameter(parameter("type", ParameterIn::Query, kind, kinds))
        .parameter(limit())
        .response("200", json_response("A page.", "EventPage").build())
        .problems(&[
            Kind::InvalidParameters,
            Kind::NotFound,
            Kind::FeedExpired,
            Kind::Throttled,
        ])
}

fn test() -> Operation {
    let about = "Sends an event of the type `webhook.test`, with empty `data`, even to a receiver \
                 that fails or has answered 410. If it accepts, it gets events again.";
    keyed(EVENTS, "test_webhook", "Test the webhook", about)
        .response("200", json_response("Its answer.", "WebhookTest").build())
        .problems(&[Kind::NotFound, Kind::Throttled])
}

fn redeliver() -> Operation {
    let time = text().format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)));
    keyed(
        EVENTS,
        "redeliver_events",
        "Deliver all events again that were given up",
        "The webhook gets every event again that was given up in that period, even if it has \
         answered 410. The timer delivers them, some at a time. No e-mail is sent.",
    )
    .parameter(required(parameter(
        "since",
        ParameterIn::Query,
        "The begin of the period. Its end is the request.",
        time,
    )))
    .response("202", json_response("The period.", "Redelivery").build())
    .problems(&[Kind::InvalidParameters, Kind::Throttled])
}
