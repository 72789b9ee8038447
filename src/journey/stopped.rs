//! "Did Microsoft stop you?": some refusals end on a page of Microsoft and never come back to us,
//! so this page needs neither a callback nor a cookie. It writes nothing.

use axum::{http::StatusCode, response::Response};

use crate::{
    app::App,
    domain::{invitation::Link, sign_in_refusal::SignInRefusal},
    http::{
        error::AppError,
        failure::Failure,
        notice_page::{self, Shown},
        observe,
        request_info::RequestInfo,
        sign_in_refused,
    },
    journey::standing,
    views::Notice,
};

/// The parameter that asks for this page: a number that Microsoft shows, or a reason.
const PARAMETER: &str = "stopped";

/// Whether the request asks for this page.
#[must_use]
pub fn is_asked_for(request: &RequestInfo) -> bool {
    matches!(request.parameter(PARAMETER), Ok(Some(_)))
}

/// The page, for the invitation of the link or of a ticket.
///
/// # Errors
/// Invitations that can no longer be used; a store that is down.
pub async fn show(app: &App, request: &RequestInfo) -> Result<Response, Failure> {
    let link = link(app, request)?;
    let text = request.parameter(PARAMETER).ok().flatten();
    page(
        app,
        request,
        link,
        SignInRefusal::parse(text.unwrap_or_default()),
    )
    .await
}

/// The page of a refusal, for the invitation of the link.
///
/// # Errors
/// As [`show`].
pub async fn page(
    app: &App,
    request: &RequestInfo,
    link: Link,
    refusal: SignInRefusal,
) -> Result<Response, Failure> {
    let fail = |failure: Failure| failure.for_link(link);
    observe::record_invitation(link.id());
    let found = app.store.invitations.find(link.id()).await;
    let found = found.map_err(|error| fail(error.into()))?;
    let invitation = found.ok_or_else(|| fail(AppError::UnknownInvitation.into()))?;
    standing::usable(&invitation, app.clock.now())
        .map_err(|error| fail(Failure::from(error).about(&invitation)))?;
    let situation = sign_in_refused::situation(refusal.reason);
    let shown = Shown::of(Notice::Stopped(refusal), situation);
    Ok(notice_page::about(
        (app, request),
        StatusCode::OK,
        &shown,
        Some(link),
        (Some(&invitation), None),
    ))
}

fn link(app: &App, request: &RequestInfo) -> Result<Link, AppError> {
    if let Some(link) = request.link() {
        return Ok(link);
    }
    let ticket = request.parameter("ticket").ok().flatten();
    let redeemed = app
        .cookies()
        .redeem_ticket(ticket.unwrap_or_default(), app.clock.now());
    let ticket = redeemed.ok_or(AppError::SignInRestart("the ticket is too old"))?;
    Ok(ticket.link)
}
