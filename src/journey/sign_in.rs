//! Starting a sign-in.

use axum::response::{IntoResponse, Response};

use crate::{
    app::App,
    domain::invitation::{Invitation, Link},
    http::{cookies::StartedSignIn, failure::Failure, page, request_info::RequestInfo},
    identity::{Attempt, Prompt},
    telemetry::{self, Step},
};

/// A new attempt. Its state names the invitation to us alone, and whether the cookie of the attempt
/// before is missing.
#[must_use]
pub fn attempt(app: &App, link: &Link, after_loss: bool) -> Attempt {
    let (cookies, now) = (app.cookies(), app.clock.now());
    Attempt::new(if after_loss {
        cookies.ticket_after_loss(link, now)
    } else {
        cookies.ticket(link, now)
    })
}

/// Sends the recipient to the sign-in service and remembers the attempt in a sealed cookie.
///
/// # Errors
/// A sign-in service that is down.
pub async fn start(
    app: &App,
    request: RequestInfo,
    invitation: &Invitation,
    started: StartedSignIn,
    prompt: Prompt,
) -> Result<Response, Failure> {
    let prompt = match prompt {
        Prompt::Create if !app.entra.offers_sign_up() => Prompt::None,
        prompt => prompt,
    };
    // Someone who chooses another account must not be offered the invited address again.
    let hint = (prompt != Prompt::SelectAccount).then(|| invitation.terms.recipient.email.as_str());
    let lang = request.lang(started.lang, invitation.terms.recipient.locale.as_deref());
    let url = app
        .entra
        .authorize_url(&started.attempt, (hint, lang), prompt)
        .await?;
    tracing::info!(?prompt, "sign-in started");
    telemetry::step(Step::Started);
    let jar = app
        .cookies()
        .start_sign_in(request.jar, &started, app.clock.now());
    Ok((jar, page::see_other(&url)).into_response())
}
