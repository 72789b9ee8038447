//! `Companies`: the companies that were created, with their members, for the selling company.

use axum::{
    Json,
    extract::{Path, RawQuery, State, rejection::PathRejection},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    app::{App, Shared},
    domain::{
        company::{self, ConfirmedCompany, Person, RegisteredCompany},
        email::Email,
        invitation::Account,
    },
    http::{
        failure::Failure,
        preconditions,
        problem::{Kind, Problem},
        query::Parameters,
    },
    store::{Existing, Member},
    text::{Lang, names},
};

/// A company with its members.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Company)]
pub(crate) struct CompanyResponse<'a> {
    /// As `companyId` of the invitations of its members.
    id: Uuid,
    /// As its creator confirmed it, without people.
    company: ConfirmedCompany<'a>,
    /// The seller's own number.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    customer_number: Option<&'a str>,
    /// When it was created.
    #[serde(with = "time::serde::rfc3339")]
    created_at: OffsetDateTime,
    /// The first to complete first.
    members: Vec<MemberItem<'a>>,
}

/// A person who created or joined the company.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Member)]
pub(crate) struct MemberItem<'a> {
    /// The invitation of the person.
    #[schema(pattern = "^[0-9a-f]{32}$")]
    invitation_id: String,
    /// The account that the person signed in with.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    account: Option<Account>,
    /// As the person wrote it.
    name: String,
    /// The invited mailbox.
    email: &'a Email,
    /// Whether the person created the company or joined it.
    role: Role,
    /// When the person created or joined the company.
    #[serde(with = "time::serde::rfc3339")]
    at: OffsetDateTime,
}

#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = Role)]
pub(crate) enum Role {
    /// The first of the company.
    Created,
    /// A colleague.
    Joined,
}

/// The companies of a customer number: one or none.
#[derive(Serialize, ToSchema)]
#[schema(as = CompanyList)]
pub(crate) struct CompanyList<'a> {
    /// The company, if there is one.
    #[schema(max_items = 1)]
    items: Vec<CompanyResponse<'a>>,
}

/// GET: the company of a customer number.
///
/// # Errors
/// A store that is down.
pub async fn list(
    State(app): State<Shared>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let number = match parse(query.as_deref().unwrap_or_default()) {
        Ok(number) => number,
        Err(problem) => return Ok(problem.into_response()),
    };
    let found = app.store.companies.find_by_number(&number).await?;
    let members = match &found {
        Some(existing) => app.store.companies.members(existing.id).await?,
        None => Vec::new(),
    };
    let items = found.iter().map(|own| response(own, &members)).collect();
    Ok(show(&headers, &CompanyList { items }))
}

/// GET with an id.
///
/// # Errors
/// A store that is down.
pub async fn get(
    State(app): State<Shared>,
    path: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let id = path.ok().and_then(|Path(id)| id.parse().ok());
    let found = match id {
        Some(id) => find(&app, id).await?,
        None => None,
    };
    Ok(match &found {
        Some((existing, members)) => show(&headers, &response(existing, members)),
        None => Problem::new(Kind::UnknownCompany).into_response(),
    })
}

async fn find(app: &App, id: Uuid) -> Result<Option<(Existing, Vec<Member>)>, Failure> {
    let Some(existing) = app.store.companies.find(id).await? else {
        return Ok(None);
    };
    let members = app.store.companies.members(id).await?;
    Ok(Some((existing, members)))
}

fn parse(query: &str) -> Result<String, Problem> {
    let mut parameters = Parameters::of(query);
    let number = parameters.parse("customerNumber", |text| {
        company::single_line(text, RegisteredCompany::MAX_CUSTOMER_NUMBER)
            .map_err(|problem| problem.message(Lang::En))
    });
    parameters.require("customerNumber");
    parameters.finish("known is customerNumber")?;
    Ok(number.flatten().unwrap_or_default())
}

fn response<'a>(existing: &'a Existing, members: &'a [Member]) -> CompanyResponse<'a> {
    let customer_number = existing.customer_number.as_deref();
    CompanyResponse {
        id: existing.id,
        company: ConfirmedCompany::new(&existing.company, customer_number),
        customer_number,
        created_at: existing.created_at,
        members: members.iter().map(member).collect(),
    }
}

fn member(member: &Member) -> MemberItem<'_> {
    let recipient = &member.invitation.terms.recipient;
    let name = match member.company.as_ref().map(|company| company.contact()) {
        Some(Person {
            first_name,
            last_name,
        }) => names::full(first_name, last_name),
        None => names::full(&recipient.first_name, &recipient.last_name),
    };
    MemberItem {
        invitation_id: member.invitation.id.to_string(),
        account: member.invitation.owner(),
        name,
        email: &recipient.email,
        role: if member.invitation.has_joined() {
            Role::Joined
        } else {
            Role::Created
        },
        at: member.at,
    }
}

/// The body with its `ETag`, unless the caller has it already.
fn show(headers: &HeaderMap, body: &impl Serialize) -> Response {
    let tag = preconditions::tag(body);
    let is_known = preconditions::is_known(headers, &tag);
    let headers = [
        (header::ETAG, preconditions::value(&tag)),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    if is_known {
        (StatusCode::NOT_MODIFIED, headers).into_response()
    } else {
        (headers, Json(body)).into_response()
    }
}
