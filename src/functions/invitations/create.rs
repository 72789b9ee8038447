//! POST: creates one invitation, or an array of them.
//!
//! Links and time are chosen before anything is written. With an `Idempotency-Key` that plan is
//! stored first, so that a repeated request creates the same invitations.

use std::{sync::Arc, time::Duration};

use axum::{
    Json,
    body::Bytes,
    extract::{
        Path, State,
        rejection::{BytesRejection, PathRejection},
    },
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use futures::{StreamExt, stream};
use serde::Serialize;
use serde_json::{
    Value,
    value::{RawValue, to_raw_value},
};
use tokio::time::{Instant, timeout_at};
use utoipa::ToSchema;

use super::{
    body::{Body, parse_value},
    draft,
    new_invitation::Draft,
    response::{self, InvitationResponse},
};
use crate::{
    app::{App, Shared},
    domain::{
        company::RegisteredCompany,
        invitation::{Invitation, InvitationId, Link, caused_by},
        staff::StaffMember,
    },
    http::{
        error::{AppError, Dependency},
        failure::Failure,
        idempotency_key, invocation, observe, preconditions,
        problem::{Kind, Problem},
    },
    store::{History, Plan, Recalled, Request, StoreError, table::request_deadline},
    telemetry,
};

/// The path segment in place of an id.
const BATCH: &str = "batch";
/// Invitations of an array that are created concurrently.
const CONCURRENCY: usize = 8;
/// Items that are not created by then are reported as unavailable: the request has 30 s in total.
const BATCH_TIMEOUT: Duration = Duration::from_secs(20);

/// A created invitation, serialised: a response by itself or an item of a batch.
struct Created {
    location: String,
    etag: String,
    invitation: Box<RawValue>,
}

/// The result for one invitation of an array.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[schema(as = BatchItem)]
pub(crate) enum BatchItem {
    Created(BatchCreated),
    Failed(BatchFailed),
}

/// The invitation was created.
#[derive(Serialize, ToSchema)]
#[schema(as = BatchCreated)]
pub(crate) struct BatchCreated {
    /// As that of a single creation.
    #[schema(minimum = 201, maximum = 201)]
    status: u16,
    /// The URL of the invitation in the API.
    #[schema(format = "uri")]
    location: String,
    /// The `ETag` of the invitation.
    etag: String,
    /// With its `link`.
    #[schema(value_type = InvitationResponse<'static>)]
    invitation: Box<RawValue>,
}

/// It was not created; `problem` is what a request with this invitation alone would return.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = BatchFailed)]
pub(crate) struct BatchFailed {
    /// As that of a single creation.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// Why it was not created.
    problem: Problem,
    /// In seconds, for 429 and 503.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    retry_after: Option<u64>,
}

impl BatchItem {
    fn failed(problem: Problem, retry_after: Option<u64>) -> Self {
        Self::Failed(BatchFailed {
            status: problem.status(),
            problem,
            retry_after,
        })
    }

    /// With the id of the request in its problem.
    fn of_request(self, id: &str) -> Self {
        match self {
            Self::Failed(failed) => Self::Failed(BatchFailed {
                problem: failed.problem.of_request(id),
                ..failed
            }),
            Self::Created(_) => self,
        }
    }
}

/// What to create: a plan that no longer changes, and the drafts.
struct Order {
    request: Option<Request>,
    plan: Plan,
    /// An earlier request stored the plan, and may have created some of it.
    repeated: bool,
    drafts: Vec<Result<Draft, Problem>>,
}

/// What the invitations of an order have in common.
struct Common {
    request: Option<Request>,
    plan: Plan,
    repeated: bool,
    /// The employee who creates them at the desk.
    by: Option<StaffMember>,
}

/// POST: creates one invitation. An array is created, too: the API had no path of its own for it.
///
/// # Errors
/// A store that is down.
pub async fn create(
    State(app): State<Shared>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Failure> {
    let body = super::read_body(body).map_err(Failure::from)?;
    create_all(app, &headers, &body, Body::parse(&headers, &body)).await
}

/// Of the path of one invitation.
const METHODS_OF_ONE: &str = "GET,HEAD,PATCH";

/// POST with `batch` in place of an id: creates each invitation of an array.
///
/// # Errors
/// A store that is down.
pub async fn create_batch(
    State(app): State<Shared>,
    path: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Failure> {
    if !path.is_ok_and(|Path(id)| id.eq_ignore_ascii_case(BATCH)) {
        let mut refused = Failure::from(AppError::MethodNotAllowed).into_response();
        let methods = HeaderValue::from_static(METHODS_OF_ONE);
        refused.headers_mut().insert(header::ALLOW, methods);
        return Ok(refused);
    }
    let body = super::read_body(body).map_err(Failure::from)?;
    let posted = Body::parse(&headers, &body).and_then(Body::into_batch);
    create_all(app, &headers, &body, posted).await
}

/// Creates the invitation of a body in the name of an employee, as a request with an
/// `Idempotency-Key` does: once for each `key`. The key is one that no request can have: it has a
/// space.
///
/// # Errors
/// A store that is down.
pub(crate) async fn create_keyed(
    app: &App,
    (key, body): (&str, &Value),
    by: &StaffMember,
) -> Result<Result<InvitationId, Problem>, Failure> {
    let item = to_raw_value(body)
        .map_err(|_| AppError::Internal("a body cannot be serialised".to_owned()))?;
    let request = Request::new(key, body);
    let order = match order(app, Some(request), &Body::One([&item])).await? {
        Ok(order) => order,
        Err(problem) => return Ok(Err(problem)),
    };
    Ok(single(app, order, Some(by), |_| {})
        .await?
        .map(|(id, _)| id))
}

async fn create_all(
    app: Shared,
    headers: &HeaderMap,
    body: &[u8],
    posted: Result<Body<'_>, Problem>,
) -> Result<Response, Failure> {
    let read = posted.and_then(|posted| Ok((request(headers, body)?, posted)));
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
        Body::Many(_) => {
            let items = many(app, order).await.into_iter();
            let id = invocation::text(headers);
            let items: Vec<_> = items.map(|item| item.of_request(id)).collect();
            Ok(Json(items).into_response())
        }
    }
}

fn request(headers: &HeaderMap, body: &[u8]) -> Result<Option<Request>, Problem> {
    let Some(key) = idempotency_key::read(headers)? else {
        return Ok(None);
    };
    let body = parse_value(body, "an invitation")?;
    Ok(Some(Request::new(&key, &body)))
}

/// Plans what to create, or finds the plan of an earlier request. A request whose items are all
/// invalid stores nothing.
async fn order(
    app: &App,
    request: Option<Request>,
    posted: &Body<'_>,
) -> Result<Result<Order, Problem>, StoreError> {
    let now = app.clock.now();
    let links = posted.items().iter().map(|_| Link::random()).collect();
    let own = Plan {
        at: now,
        expires_at: app.config.expiry(now),
        links,
    };
    let recalled = match &request {
        Some(request) => app.store.idempotency.recall(request).await?,
        None => Recalled::New,
    };
    // An `expiresAt` that was in the future at the first request stays valid for a repetition.
    let at = if let Recalled::Same(plan) = &recalled {
        plan.at
    } else {
        now
    };
    let links = match &recalled {
        Recalled::Same(plan) => plan.links.clone(),
        _ => Vec::new(),
    };
    let mut drafts = Vec::new();
    for (number, item) in posted.items().iter().enumerate() {
        let into = invited_into(app, item, links.get(number)).await?;
        drafts.push(Draft::parse(item, into.as_ref(), at, app.mailer.is_some()));
    }
    let settled = match (&request, recalled) {
        (Some(request), Recalled::New) if drafts.iter().any(Result::is_ok) => {
            app.store.idempotency.settle(request, own.clone()).await?
        }
        (_, recalled) => recalled,
    };
    Ok(match settled {
        Recalled::New => Ok(Order {
            request,
            plan: own,
            repeated: false,
            drafts,
        }),
        Recalled::Same(plan) => Ok(Order {
            request,
            repeated: plan != own,
            plan,
            drafts,
        }),
        Recalled::OtherBody => Err(Problem::new(Kind::IdempotencyKeyReused)
            .detail("Nothing was created. Use a new key for a new request.")),
        Recalled::Unreadable => Err(Problem::new(Kind::IdempotencyKeyUnreadable).detail(
            "Nothing was created now. The session key that sealed its links was retired: look up \
             what the first request created, or use a new Idempotency-Key.",
        )),
    })
}

/// The company of `companyId`, as the invitation registers it. A repetition of a request whose
/// company is gone finds it in the invitation that the request has created.
async fn invited_into(
    app: &App,
    item: &RawValue,
    created: Option<&Link>,
) -> Result<Option<RegisteredCompany>, StoreError> {
    let Some(id) = draft::company_id(item) else {
        return Ok(None);
    };
    if let Some(existing) = app.store.companies.find(id).await? {
        let number = existing.customer_number.as_deref();
        return Ok(Some((&existing.company, number).into()));
    }
    let Some(link) = created else {
        return Ok(None);
    };
    let invitation = app.store.invitations.find(link.id()).await?;
    Ok(invitation.map(|invitation| invitation.terms.company))
}

async fn one(app: Shared, order: Order) -> Result<Response, Failure> {
    let created = match single(&app, order, None, observe::record_invitation).await? {
        Ok((_, created)) => created,
        Err(problem) => return Ok(problem.into_response()),
    };
    let headers = [
        (header::LOCATION, created.location),
        (header::ETAG, created.etag),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((StatusCode::CREATED, headers, Json(created.invitation)).into_response())
}

/// The one invitation of an order; `record` learns which before it is created.
async fn single(
    app: &App,
    order: Order,
    by: Option<&StaffMember>,
    record: impl FnOnce(InvitationId),
) -> Result<Result<(InvitationId, Created), Problem>, Failure> {
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
        Err(problem) => return Ok(Err(problem)),
    };
    if !repeated {
        telemetry::start_trace(link.id());
    }
    record(link.id());
    let common = Common {
        request,
        plan,
        repeated,
        by: by.cloned(),
    };
    let created = create_once(app, &common, &link, draft).await?;
    Ok(Ok((link.id(), created)))
}

/// In order. An invalid item does not prevent the others.
async fn many(app: Shared, order: Order) -> Vec<BatchItem> {
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
            by: None,
        }),
    );
    let until = Instant::now() + BATCH_TIMEOUT;
    let items = links
        .into_iter()
        .zip(drafts)
        .map(|(link, draft)| item(Arc::clone(&app), Arc::clone(&common), link, draft, until));
    stream::iter(items.collect::<Vec<_>>())
        .buffered(CONCURRENCY)
        .collect()
        .await
}

async fn item(
    app: Shared,
    common: Arc<Common>,
    link: Link,
    draft: Result<Draft, Problem>,
    until: Instant,
) -> BatchItem {
    let draft = match draft {
        Ok(draft) => draft,
        Err(problem) => {
            return BatchItem::failed(problem, None);
        }
    };
    if !common.repeated {
        telemetry::start_trace(link.id());
    }
    let late = || {
        Failure::from(AppError::Unavailable {
            of: Dependency::Table,
            reason: "the batch took too long".to_owned(),
            retry_after: None,
        })
    };
    let made = match Instant::now() < until {
        // Each item has the table deadline of a request of its own.
        true => timeout_at(
            until,
            request_deadline::of_request(create_once(&app, &common, &link, draft)),
        )
        .await
        .unwrap_or_else(|_| Err(late())),
        false => Err(late()),
    };
    match made {
        Ok(Created {
            location,
            etag,
            invitation,
        }) => BatchItem::Created(BatchCreated {
            status: StatusCode::CREATED.as_u16(),
            location,
            etag,
            invitation,
        }),
        Err(failed) => {
            let (problem, retry_after) = failed.into_problem();
            BatchItem::failed(problem, retry_after)
        }
    }
}

/// Creates the invitation unless it exists. The response is the one of the creation, whatever has
/// happened since.
async fn create_once(
    app: &App,
    common: &Common,
    link: &Link,
    draft: Draft,
) -> Result<Created, Failure> {
    let plan = &common.plan;
    let transition = Invitation::create(
        link.id(),
        draft.terms,
        plan.at,
        draft.expires_at.unwrap_or(plan.expires_at),
    );
    let transition = caused_by(transition, common.by.as_ref());
    if !(common.repeated
        && app
            .store
            .invitations
            .find_record(link.id())
            .await?
            .is_some())
    {
        app.store
            .invitations
            .create(link, &transition, common.request.as_ref(), app.clock.now())
            .await?;
        tracing::info!(event = transition.1.kind.name(), created = %link.id(), "invitation created");
    }
    let history = History::of_new(transition);
    let invitation = response::invitation(&history, app.store.channels(), plan.at);
    let etag = preconditions::tag(&invitation);
    let location = app
        .config
        .public
        .api(&format!("Invitations/{}", link.id()))
        .to_string();
    let created = invitation.with_link(app.config.public.invitation(link).to_string());
    let invitation = to_raw_value(&created)
        .map_err(|_| AppError::Internal("the invitation cannot be serialised".to_owned()))?;
    Ok(Created {
        location,
        etag,
        invitation,
    })
}
