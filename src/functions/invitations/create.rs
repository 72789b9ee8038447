//! POST: one invitation, or an array of them; the e-mails follow.
//!
//! What a request creates is chosen before anything is written: the links and the time. With an
//! `Idempotency-Key` that choice is kept first, so that a repetition creates the same.

use std::{sync::Arc, time::Duration};

use axum::{
    Json,
    body::Bytes,
    extract::{State, rejection::BytesRejection},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use futures::{StreamExt, stream};
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use tokio::time::{Instant, timeout_at};
use utoipa::ToSchema;

use super::{
    draft::{Body, Draft, whole},
    shown::{self, Shown},
};
use crate::{
    app::{App, Shared},
    domain::invitation::{Invitation, Link},
    http::{
        error::{AppError, Failure},
        idempotency_key, observe, preconditions,
        problem::{Kind, Problem},
    },
    store::{History, Plan, Recalled, Request, StoreError, table::request_deadline},
    telemetry,
};

/// Invitations of an array that are created at the same time.
const AT_ONCE: usize = 8;
/// What is not created by then is told as unavailable: the request as a whole has 30 s.
const LONGEST: Duration = Duration::from_secs(20);

/// The creation answer: the one place beside the e-mail where the link stands.
#[derive(Serialize, ToSchema)]
#[schema(as = CreatedInvitation)]
pub(crate) struct Created<'a> {
    #[serde(flatten)]
    invitation: Shown<'a>,
    /// Opens the invitation; to be kept as a password.
    #[schema(format = "uri")]
    link: String,
}

/// An answer to be, in an array or by itself.
struct Answer {
    location: String,
    etag: String,
    invitation: Box<RawValue>,
}

/// What became of one invitation of an array.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[schema(as = BatchItem)]
pub(crate) enum Item {
    /// It was created.
    Created {
        #[schema(minimum = 201, maximum = 201)]
        status: u16,
        #[schema(format = "uri")]
        location: String,
        etag: String,
        #[schema(value_type = Created<'static>)]
        invitation: Box<RawValue>,
    },
    /// It was not; what a request with this invitation alone would get.
    #[serde(rename_all = "camelCase")]
    Failure {
        #[schema(minimum = 400, maximum = 599)]
        status: u16,
        problem: Problem,
        /// Seconds; with 429 and 503.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        retry_after: Option<u64>,
    },
}

/// What is to be created, chosen for good.
struct Order {
    request: Option<Request>,
    plan: Plan,
    /// Somebody has begun before us, and may be done.
    repeated: bool,
    drafts: Vec<Result<Draft, Problem>>,
}

/// What all invitations of an order have in common.
struct Common {
    request: Option<Request>,
    plan: Plan,
    repeated: bool,
}

/// Creates the invitation, or those of an array.
///
/// # Errors
/// A store that is down.
pub async fn create(
    State(app): State<Shared>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Failure> {
    let body = super::whole(body).map_err(Failure::from)?;
    let read =
        Body::read(&headers, &body).and_then(|posted| Ok((request(&headers, &body)?, posted)));
    let (request, posted) = match read {
        Ok(read) => read,
        Err(problem) => return Ok(problem.into_response()),
    };
    let order = match order(&app, request, &posted).await? {
        Ok(order) => order,
        Err(problem) => return Ok(problem.into_response()),
    };
    match posted {
        Body::One(_) => one(app, order).await,
        Body::Many(_) => Ok(Json(many(app, order).await).into_response()),
    }
}

fn request(headers: &HeaderMap, body: &[u8]) -> Result<Option<Request>, Problem> {
    let Some(key) = idempotency_key::read(headers)? else {
        return Ok(None);
    };
    Ok(Some(Request::new(&key, &whole(body)?)))
}

/// Chooses what to create, or finds what was chosen before. Nothing is kept of a request in which
/// all is wrong.
async fn order(
    app: &App,
    request: Option<Request>,
    posted: &Body<'_>,
) -> Result<Result<Order, Problem>, StoreError> {
    let now = app.clock.now();
    let links = posted.items().iter().map(|_| Link::random()).collect();
    let own = Plan {
        at: now,
        expires_at: now + app.config.valid_for,
        links,
    };
    let recalled = match &request {
        Some(request) => app.invitations.recall(request).await?,
        None => Recalled::New,
    };
    // What was in the future when the request first came still makes the same answer.
    let at = if let Recalled::Same(plan) = &recalled {
        plan.at
    } else {
        now
    };
    let drafts: Vec<_> = posted
        .items()
        .iter()
        .map(|item| Draft::read(item, at, app.mailer.is_some()))
        .collect();
    let settled = match (&request, recalled) {
        (Some(request), Recalled::New) if drafts.iter().any(Result::is_ok) => {
            app.invitations.settle(request, own.clone()).await?
        }
        (_, recalled) => recalled,
    };
    Ok(match settled {
        Recalled::New => Ok(Order { request, plan: own, repeated: false, drafts }),
        Recalled::Same(plan) => Ok(Order { request, repeated: plan != own, plan, drafts }),
        Recalled::OtherBody => Err(Problem::new(Kind::IdempotencyKeyReused,
            "This Idempotency-Key was used for another request.",
        )
        .detail("Nothing was created. Take a new key for a new request.")),
        Recalled::Unreadable => Err(Problem::new(Kind::IdempotencyKeyUnreadable,
            "This request came before, but its answer cannot be given again.",
        )
        .detail("Nothing was created now. The key in SESSION_KEYS that sealed its links is retired; look for what it created, or take a new key.")),
    })
}

async fn one(app: Shared, order: Order) -> Result<Response, Failure> {
    let Order {
        request,
        plan,
        repeated,
        drafts,
    } = order;
    let (Some(link), Some(draft)) = (plan.links.first().copied(), drafts.into_iter().next()) else {
        return Err(AppError::Internal("an order without an invitation".to_owned()).into());
    };
    let draft = match draft {
        Ok(draft) => draft,
        Err(problem) => return Ok(problem.into_response()),
    };
    if !repeated {
        telemetry::born(link.id());
    }
    observe::record_invitation(link.id());
    let Answer {
        location,
        etag,
        invitation,
    } = make(
        &app,
        &Common {
            request,
            plan,
            repeated,
        },
        &link,
        draft,
    )
    .await?;
    let headers = [
        (header::LOCATION, location),
        (header::ETAG, etag),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((StatusCode::CREATED, headers, Json(invitation)).into_response())
}

/// In order. What is wrong with one does not keep the others.
async fn many(app: Shared, order: Order) -> Vec<Item> {
    let Order {
        request,
        plan,
        repeated,
        drafts,
    } = order;
    let (links, common) = (
        plan.links.clone(),
        Arc::new(Common {
            request,
            plan,
            repeated,
        }),
    );
    let until = Instant::now() + LONGEST;
    let items = links
        .into_iter()
        .zip(drafts)
        .map(|(link, draft)| item(Arc::clone(&app), Arc::clone(&common), link, draft, until));
    stream::iter(items.collect::<Vec<_>>())
        .buffered(AT_ONCE)
        .collect()
        .await
}

async fn item(
    app: Shared,
    common: Arc<Common>,
    link: Link,
    draft: Result<Draft, Problem>,
    until: Instant,
) -> Item {
    let draft = match draft {
        Ok(draft) => draft,
        Err(problem) => {
            return Item::Failure {
                status: problem.status(),
                problem,
                retry_after: None,
            };
        }
    };
    if !common.repeated {
        telemetry::born(link.id());
    }
    let late = || {
        Failure::from(AppError::Unavailable {
            reason: "the array took too long".to_owned(),
            retry_after: None,
        })
    };
    let made = match Instant::now() < until {
        // Each waits for the table as a request by itself would.
        true => timeout_at(
            until,
            request_deadline::of_request(make(&app, &common, &link, draft)),
        )
        .await
        .unwrap_or_else(|_| Err(late())),
        false => Err(late()),
    };
    match made {
        Ok(Answer {
            location,
            etag,
            invitation,
        }) => Item::Created {
            status: StatusCode::CREATED.as_u16(),
            location,
            etag,
            invitation,
        },
        Err(failed) => {
            let (problem, retry_after) = failed.into_problem();
            Item::Failure {
                status: problem.status(),
                problem,
                retry_after,
            }
        }
    }
}

/// Creates what does not exist yet. The answer is that of the first time, whatever has happened
/// since.
async fn make(app: &App, common: &Common, link: &Link, draft: Draft) -> Result<Answer, Failure> {
    let plan = &common.plan;
    let transition = Invitation::create(
        link.id(),
        draft.terms,
        plan.at,
        draft.expires_at.unwrap_or(plan.expires_at),
    );
    if !(common.repeated && app.invitations.find_record(link.id()).await?.is_some()) {
        app.invitations
            .create(link, &transition, common.request.as_ref(), app.clock.now())
            .await?;
        tracing::info!(event = transition.1.kind.name(), created = %link.id(), "created");
    }
    let history = History::of_new(transition);
    let invitation = shown::invitation(&history, app.invitations.channels(), plan.at);
    let etag = preconditions::tag(&invitation);
    let location = app
        .config
        .public
        .api(&format!("Invitations/{}", link.id()))
        .to_string();
    let created = Created {
        invitation,
        link: app.config.public.invitation(link).to_string(),
    };
    let invitation = to_raw_value(&created)
        .map_err(|_| AppError::Internal("the invitation cannot be shown".to_owned()))?;
    Ok(Answer {
        location,
        etag,
        invitation,
    })
}
