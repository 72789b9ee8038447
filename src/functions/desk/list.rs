//! The list of invitations: newest first, in pages.

use axum::{extract::State, http::StatusCode, response::Response};
use time::OffsetDateTime;

use crate::{
    app::{App, Shared},
    domain::{
        email::Email,
        invitation::{Record, Status},
    },
    http::{
        desk::{page, staff::Staff},
        failure::Failure,
        request_info::RequestInfo,
    },
    store::{Filter, Listed, StoreError},
    text::names,
    views::{
        DELIVERY_FAILED, DeskListPage, DeskSection, ListChoice, ListedInvitation, StatusBadge,
    },
};

/// Invitations of a page.
const PAGE_SIZE: usize = 25;

/// GET: a page of the list.
///
/// # Errors
/// A store that is down.
pub(super) async fn show(State(app): State<Shared>, staff: Staff) -> Result<Response, Failure> {
    let choice = choice(&staff.request);
    let now = app.clock.now();
    let (listed, is_first) = find(&app, &staff, &choice, now).await?;
    let here = staff.request.desk_address();
    let page = DeskListPage {
        desk: page::frame(&app, &staff, (Some(DeskSection::Invitations), &here)),
        is_first,
        items: listed
            .items
            .iter()
            .map(|record| item(record, now))
            .collect(),
        older: listed
            .next_cursor
            .map(|cursor| choice.address(Some(&cursor))),
        choice: &choice,
    };
    Ok(page::html(&app, &staff, StatusCode::OK, page.render()))
}

/// The invitations of the page, and whether it is the first one. A text that is searched for is a
/// customer number, or, where there is no such number, the name of a company.
async fn find(
    app: &App,
    staff: &Staff,
    choice: &ListChoice,
    now: OffsetDateTime,
) -> Result<(Listed, bool), StoreError> {
    let (index, cursor) = (&app.store.index, parameter(&staff.request, "cursor"));
    let (likely, other) = filters(choice, staff);
    for filter in [Some(&likely), other.as_ref()].into_iter().flatten() {
        let after = cursor.and_then(|cursor| index.position(filter, cursor));
        if after.is_some() {
            let listed = index.list(filter, PAGE_SIZE, after.as_ref(), now).await?;
            return Ok((listed, false));
        }
    }
    // The first page, also for a cursor that a retired key sealed.
    let listed = index.list(&likely, PAGE_SIZE, None, now).await?;
    Ok(match other {
        Some(other) if listed.items.is_empty() && listed.next_cursor.is_none() => {
            (index.list(&other, PAGE_SIZE, None, now).await?, true)
        }
        _ => (listed, true),
    })
}

/// A parameter that is given once, and not empty.
fn parameter<'a>(request: &'a RequestInfo, name: &str) -> Option<&'a str> {
    let value = request.parameter(name).ok().flatten().map(str::trim);
    value.filter(|value| !value.is_empty())
}

fn choice(request: &RequestInfo) -> ListChoice {
    let status = parameter(request, "status");
    ListChoice {
        mine: parameter(request, "by") == Some("me"),
        status: status.and_then(Status::parse),
        delivery_failed: status == Some(DELIVERY_FAILED),
        search: parameter(request, "search").unwrap_or_default().to_owned(),
    }
}

/// What may be meant: the likelier, and the other.
fn filters(choice: &ListChoice, staff: &Staff) -> (Filter, Option<Filter>) {
    let filter = Filter {
        statuses: choice.status.into_iter().collect(),
        delivery_failed: choice.delivery_failed,
        created_by: choice.mine.then_some(staff.account().oid),
        ..Filter::default()
    };
    if choice.search.is_empty() {
        return (filter, None);
    }
    if let Ok(email) = Email::typed(&choice.search) {
        let email = Some(email);
        return (Filter { email, ..filter }, None);
    }
    let text = Some(choice.search.clone());
    let of_number = Filter {
        customer_number: text.clone(),
        ..filter.clone()
    };
    let of_name = Filter {
        company_name: text,
        ..filter
    };
    (of_number, Some(of_name))
}

fn item(record: &Record, now: OffsetDateTime) -> ListedInvitation<'_> {
    let terms = record.as_live().map(|invitation| &invitation.terms);
    let recipient = terms.map(|terms| &terms.recipient);
    ListedInvitation {
        id: record.id().to_string(),
        name: recipient.map_or_else(String::new, |recipient| {
            names::full(&recipient.first_name, &recipient.last_name)
        }),
        email: recipient.map_or("", |recipient| recipient.email.as_str()),
        company: terms.map_or("", |terms| &terms.company.name),
        customer_number: terms.and_then(|terms| terms.company.customer_number.as_deref()),
        status: StatusBadge::of(record, now),
        created_at: record.created_at(),
    }
}
