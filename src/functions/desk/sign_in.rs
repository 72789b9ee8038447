//! Signing in to the desk, and out of it.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use crate::{
    app::{App, Desk, Shared},
    domain::invitation::Link,
    http::{
        cookies::StartedStaffSignIn,
        desk::{
            form::StaffForm,
            notice,
            page::redirect_to,
            staff::{self, Staff},
        },
        error::AppError,
        failure::Failure,
        form_token::FormToken,
        forms::SameOriginForm,
        links, page,
        request_info::RequestInfo,
    },
    identity::{Attempt, Prompt},
    views::DeskNotice,
};

/// The fields of the form that starts the sign-in.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Submitted {
    next: String,
    token: String,
    prompt: String,
}

/// A form with nothing but its token.
#[derive(Debug, Deserialize)]
pub(super) struct Nothing {}

/// The state is marked as used as that of an invitation is, under an id of its own.
pub(super) fn attempt() -> Attempt {
    Attempt::new(Link::random().id().to_string())
}

/// POST `sign-in`: on to Microsoft.
///
/// # Errors
/// Forms that are not ours; a sign-in service that is down.
pub(super) async fn submit(
    State(app): State<Shared>,
    request: RequestInfo,
    form: Result<SameOriginForm<Submitted>, Failure>,
) -> Result<Response, Failure> {
    let desk = staff::configured(&app)?;
    let SameOriginForm(form) = form?;
    if !FormToken::StaffSignIn(&form.next).verify(app.sealer(), &form.token) {
        return Err(AppError::FormRefused("the token is missing or not ours").into());
    }
    let chosen = request.chosen_lang();
    let started = StartedStaffSignIn {
        attempt: attempt(),
        next: form.next,
        lang: chosen,
        restarted: false,
    };
    start((&app, desk), request, started, Prompt::parse(&form.prompt)).await
}

/// On to Microsoft.
pub(super) async fn start(
    (app, desk): (&App, &Desk),
    request: RequestInfo,
    started: StartedStaffSignIn,
    prompt: Prompt,
) -> Result<Response, Failure> {
    let lang = request.lang(started.lang, None);
    let url = desk
        .entra
        .authorize_url(&started.attempt, (None, lang), prompt)
        .await?;
    tracing::info!(?prompt, "sign-in to the desk started");
    let (cookies, now) = (app.cookies(), app.clock.now());
    let jar = cookies.start_staff_sign_in(request.jar, &started, now);
    Ok((jar, page::see_other(&url)).into_response())
}

/// POST `sign-out`: ends the session in this browser.
///
/// # Errors
/// Forms that are not ours.
pub(super) async fn sign_out(
    State(app): State<Shared>,
    form: Result<StaffForm<Nothing>, Failure>,
) -> Result<Response, Failure> {
    let jar = match form {
        Ok(StaffForm { staff, .. }) => staff.request.jar,
        Err(failure) if matches!(failure.error, AppError::SessionExpired) => {
            return Ok(redirect_to(&app, "/signed-out"));
        }
        Err(failure) => return Err(failure),
    };
    tracing::info!("signed out of the desk");
    let jar = app.cookies().end_staff_session(jar);
    Ok((jar, redirect_to(&app, "/signed-out")).into_response())
}

/// GET `signed-out`: what comes after that.
///
/// # Errors
/// There is none without a desk.
pub(super) async fn signed_out(
    State(app): State<Shared>,
    request: RequestInfo,
) -> Result<Response, Failure> {
    staff::configured(&app)?;
    if Staff::of(&app, request.clone()).is_ok() {
        return Ok(redirect_to(&app, ""));
    }
    Ok(notice::show(
        (&app, &request),
        StatusCode::OK,
        &DeskNotice::SignedOut,
        links::DESK,
    ))
}
