//! The pages of the sign-in service.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
};
use uuid::Uuid;

use super::{
    accounts::Account,
    model::{Attempt, Request, Step},
    service::Service,
    session,
    words::{EN, Words},
};

// No form-action: browsers apply it to the redirect back to the app, too.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'";

#[derive(Template)]
#[template(path = "signin/pages/step.html")]
struct StepPage<'a> {
    id: Uuid,
    request: &'a Request,
    step: &'a Step,
    signed_in: &'a [Account],
    app: &'a str,
    words: &'static Words,
}

#[derive(Template)]
#[template(path = "signin/pages/message.html")]
struct MessagePage<'a> {
    words: &'static Words,
    heading: &'a str,
    text: &'a str,
    detail: &'a str,
}

#[derive(Template)]
#[template(path = "signin/pages/home.html")]
struct HomePage<'a> {
    words: &'static Words,
    base: &'a str,
    accounts: &'a [Account],
    signed_in: &'a [Account],
}

/// The page of an attempt's current step.
pub(super) fn step(
    service: &Service,
    id: Uuid,
    attempt: &Attempt,
    signed_in: &[Account],
) -> Response {
    let Attempt { request, step } = attempt;
    let app = &service.options.client_id;
    render(
        StatusCode::OK,
        &StepPage {
            id,
            request,
            step,
            signed_in,
            app,
            words: request.words,
        },
    )
}

/// An error that cannot be sent to an app.
pub(super) fn refused(detail: &str) -> Response {
    let heading = "Sorry, we cannot sign you in";
    let text = "The app sent a request that is not valid. Go back to it and try again.";
    render(
        StatusCode::BAD_REQUEST,
        &MessagePage {
            words: &EN,
            heading,
            text,
            detail,
        },
    )
}

/// A page of an attempt that is not known, perhaps because the service was restarted.
pub(super) fn expired() -> Response {
    let (heading, detail) = ("Start again", "");
    let text = "This sign-in has ended. Go back to the app and start it again.";
    render(
        StatusCode::NOT_FOUND,
        &MessagePage {
            words: &EN,
            heading,
            text,
            detail,
        },
    )
}

pub(super) async fn home(State(service): State<Arc<Service>>, headers: HeaderMap) -> Response {
    let accounts = &service.accounts.all();
    let signed_in = &session::accounts(&service, &headers);
    render(
        StatusCode::OK,
        &HomePage {
            words: &EN,
            base: &service.base,
            accounts,
            signed_in,
        },
    )
}

/// Signs out of this service, not of the app.
pub(super) async fn sign_out(State(service): State<Arc<Service>>, headers: HeaderMap) -> Redirect {
    session::sign_out(&service, &headers);
    Redirect::to("/")
}

pub(super) fn render(status: StatusCode, page: &impl Template) -> Response {
    let headers = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    match page.render() {
        Ok(html) => (status, headers, Html(html)).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
