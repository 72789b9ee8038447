//! The operations about the events of all invitations.

use utoipa::openapi::{
    HttpMethod, Paths, SchemaFormat,
    path::{Operation, ParameterIn},
    schema::KnownFormat,
};

use super::operations::{Responses, json_response, keyed, parameter, required, text};
use crate::http::problem::Kind;

pub(super) const EVENTS: &str = "Events";

pub(super) fn add_to(paths: &mut Paths) {
    let path = "/api/Events/redeliver";
    paths.add_path_operation(path, vec![HttpMethod::Post], redeliver());
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
