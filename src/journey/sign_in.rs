//! Starting a sign-in.

use axum::response::{IntoResponse, Response};

use crate::{
    app::App,
    http::{
        cookies::{StartedSignIn, Ticket},
        failure::Failure,
        page,
    },
    identity::{Attempt, Prompt},
    journey::linked::Linked,
    telemetry::{self, Step},
};

/// Sends the recipient to the sign-in service and remembers the attempt in a sealed cookie.
/// `after_loss`: the cookie of the attempt before is missing. `restarted`: without an error page in
/// between, which happens once.
///
/// # Errors
/// A sign-in service that is down.
pub async fn start(
    app: &App,
    linked: Linked,
    (after_loss, restarted): (bool, bool),
    prompt: Prompt,
) -> Result<Response, Failure> {
    let prompt = match prompt {
        Prompt::Create if !app.entra.offers_sign_up() => Prompt::None,
        prompt => prompt,
    };
    // The state names the invitation to us alone.
    let ticket = Ticket {
        link: linked.link,
        after_loss,
        lang: linked.chosen,
    };
    let attempt = Attempt::new(app.cookies().seal_ticket(ticket, app.clock.now()));
    let invited = linked.invitation.terms.recipient.email.as_str();
    // Someone who chooses another account must not be offered the invited address again.
    let hint = (prompt != Prompt::SelectAccount).then_some(invited);
    let url = app
        .entra
        .authorize_url(&attempt, (hint, linked.lang), prompt)
        .await
        .map_err(|error| linked.fail(error))?;
    tracing::info!(?prompt, "sign-in started");
    telemetry::step(Step::Started);
    let started = StartedSignIn {
        attempt,
        link: linked.link,
        lang: linked.chosen,
        restarted,
    };
    let jar = app
        .cookies()
        .start_sign_in(linked.request.jar, &started, app.clock.now());
    Ok((jar, page::see_other(&url)).into_response())
}
