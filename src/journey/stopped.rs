//! "Did Microsoft stop you?": some refusals end on a page of Microsoft and never come back to us,
//! so this page needs neither a callback nor a cookie. It is also the address at which the page of a
//! refusal is shown again. It writes nothing.

use axum::{http::StatusCode, response::Response};

use crate::{
    app::App,
    domain::invitation::Link,
    http::{
        error::{AppError, Failure},
        observe,
        request_info::RequestInfo,
        sign_in_refused::Stopped,
        stopped_page::{self, StoppedSignIn},
    },
    identity::Refusal,
    journey::standing,
};

/// The parameter that asks for this page: a number that Microsoft shows, or a situation.
pub const PARAMETER: &str = "stopped";

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
    page(app, request, link)
        .await
        .map_err(|failure| failure.for_link(link))
}

async fn page(app: &App, request: &RequestInfo, link: Link) -> Result<Response, Failure> {
    observe::record_invitation(link.id());
    let now = app.clock.now();
    let found = app.store.invitations.find(link.id()).await?;
    let invitation = found.ok_or(AppError::UnknownInvitation)?;
    let lang = request.lang(None, invitation.terms.recipient.locale.as_deref());
    standing::usable(app, &invitation, now)
        .map_err(|error| Failure::from(error).in_lang(Some(lang)))?;
    let text = request.parameter(PARAMETER).ok().flatten();
    let stopped = StoppedSignIn {
        refusal: Refusal::parse(text.unwrap_or_default()),
        link: Some(link),
        invitation: Some(&Stopped::of(&invitation, now)),
        here: request.here(),
    };
    Ok(stopped_page::render(app, lang, StatusCode::OK, stopped))
}

fn link(app: &App, request: &RequestInfo) -> Result<Link, AppError> {
    if let Some(link) = request.link() {
        return Ok(link);
    }
    let ticket = request.parameter("ticket").ok().flatten();
    app.cookies()
        .redeem_ticket(ticket.unwrap_or_default(), app.clock.now())
        .ok_or(AppError::SignInRestart("the ticket is too old"))
}
