//! "Did Microsoft stop you?": some refusals end on a page of Microsoft and never come back to us,
//! so this page needs neither a callback nor a cookie. It writes nothing.

use axum::{http::StatusCode, response::Response};

use crate::{
    app::App,
    domain::sign_in_refusal::SignInRefusal,
    http::{failure::Failure, notice_page::Shown, sign_in_refused},
    journey::linked::Linked,
    views::Notice,
};

/// The page that the request asks for.
///
/// # Errors
/// Invitations that can no longer be used.
pub fn show(app: &App, linked: &Linked) -> Result<Response, Failure> {
    let text = linked.request.stopped().unwrap_or_default();
    page(app, linked, SignInRefusal::parse(text))
}

/// The page of a refusal.
///
/// # Errors
/// As [`show`].
pub fn page(app: &App, linked: &Linked, refusal: SignInRefusal) -> Result<Response, Failure> {
    linked.invite_state(app)?;
    let situation = sign_in_refused::situation(refusal.reason);
    let shown = Shown::of(Notice::Stopped(refusal), situation);
    Ok(linked.notice(app, StatusCode::OK, &shown))
}
