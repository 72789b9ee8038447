//! GET: the feed.

use axum::{
    Json,
    extract::{RawQuery, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::{
    app::Shared,
    domain::invitation::EventKind,
    events::FeedEvent,
    functions::invitations::list_query,
    http::{
        failure::Failure,
        problem::{Kind, Problem},
        query::Parameters,
    },
    store::{FeedPage, FeedPosition, Kinds, SETTLED},
};

/// The value of `after` that begins without the events so far.
const LATEST: &str = "latest";

/// A part of the feed.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = EventPage)]
pub(crate) struct EventPage<'a> {
    /// The events, in the order in which they were recorded.
    items: Vec<FeedEvent<'a>>,
    /// The `after` of the next request; also where there is nothing yet.
    next_cursor: String,
}

/// A valid query.
#[derive(Debug)]
struct FeedQuery {
    after: After,
    kinds: Kinds,
    limit: usize,
}

#[derive(Debug, PartialEq, Eq)]
enum After {
    Begin,
    Latest,
    Position(FeedPosition),
}

/// GET without an action: events in the order in which they were recorded.
///
/// # Errors
/// A store that is down.
pub async fn list(
    State(app): State<Shared>,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let FeedQuery {
        after,
        kinds,
        limit,
    } = match FeedQuery::parse(query.as_deref().unwrap_or_default()) {
        Ok(query) => query,
        Err(problem) => return Ok(problem.into_response()),
    };
    let now = app.clock.now();
    let Some(begin) = app.store.feed.begin(now) else {
        return Ok(off().into_response());
    };
    let from = match after {
        After::Begin => FeedPosition::at(begin),
        After::Position(position) if position.time() < begin => return Ok(expired(begin)),
        After::Position(position) => position,
        After::Latest => FeedPosition::at(now - SETTLED),
    };
    let page = app.store.feed.page(&from, &kinds, limit, now).await?;
    let FeedPage { events, next } = &page;
    let items = events
        .iter()
        .map(|(history, event)| FeedEvent::new(history, event, &app.config.public));
    let body = Json(EventPage {
        items: items.collect(),
        next_cursor: next.cursor(),
    });
    let no_store = (header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(([no_store], body).into_response())
}

impl FeedQuery {
    fn parse(query: &str) -> Result<Self, Problem> {
        let mut parameters = Parameters::of(query);
        let after = parameters.parse("after", |text| match text {
            LATEST => Ok(After::Latest),
            _ => FeedPosition::parse(text)
                .map(After::Position)
                .ok_or_else(|| "must be a nextCursor of the feed, or latest".to_owned()),
        });
        let kinds = parameters.parse_all("type", |text| {
            EventKind::parse(text)
                .ok_or_else(|| "must be types of events such as invitation.accepted".to_owned())
        });
        let limit = parameters.parse("limit", list_query::parse_limit);
        parameters.finish("known are after, type and limit")?;
        Ok(Self {
            after: after.unwrap_or(After::Begin),
            kinds: Kinds(kinds),
            limit: limit.unwrap_or(list_query::DEFAULT_LIMIT),
        })
    }
}

fn off() -> Problem {
    Problem::new(Kind::NotFound).detail(
        "This deployment keeps no feed. Its operator can set EVENT_FEED_DAYS, or deliver the events by webhook.",
    )
}

fn expired(begin: OffsetDateTime) -> Response {
    let begin = begin.date();
    let detail = format!(
        "The feed goes back to {begin} (UTC). Read the invitations anew, then follow the feed \
         without `after`, or with `after=latest`."
    );
    Problem::new(Kind::FeedExpired)
        .detail(detail)
        .into_response()
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn a_cursor_names_its_position() {
        let position = FeedPosition::at(datetime!(2026-11-22 12:00 UTC));
        let query = FeedQuery::parse(&format!("after={}", position.cursor())).unwrap();
        assert_eq!(query.after, After::Position(position));
    }

    #[test]
    fn types_are_repeated_or_separated_by_commas() {
        for query in [
            "type=invitation.sent&type=company.created",
            "type=invitation.sent,company.created",
        ] {
            let kinds = FeedQuery::parse(query).unwrap().kinds.0;
            assert_eq!(kinds, [EventKind::Sent, EventKind::CompanyCreated]);
        }
    }

    #[test]
    fn wrong_parameters_are_rejected() {
        for wrong in [
            "after=x",
            "after=bGlzdC0x",
            "type=sent",
            "limit=0",
            "limit=101",
            "cursor=x",
        ] {
            assert!(FeedQuery::parse(wrong).is_err(), "{wrong}");
        }
    }
}
