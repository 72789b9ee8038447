//! Microsoft sends an employee back: the answer is verified, and a session opened.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use time::OffsetDateTime;

use crate::{
    app::{App, Desk, Shared},
    domain::{invitation::InvitationId, staff::Role},
    http::{
        cookies::{STAFF_SESSION_LIFETIME, StaffSession, StartedStaffSignIn},
        desk::{
            page::redirect_to,
            staff::{self, Staff},
        },
        error::AppError,
        failure::Failure,
        links,
        request_info::RequestInfo,
        sign_in_answer::SignInAnswer,
        sign_in_refused::SignInRefused,
    },
    identity::{Claims, Prompt},
    store::StateUse,
    text::Lang,
};

use super::sign_in;

/// For the log.
const NO_ATTEMPT: AppError = AppError::SignInRestart("no attempt with this state began here");
const USED: AppError = AppError::SignInRestart("the state was used before");

/// GET.
///
/// # Errors
/// Everything that keeps the person from being signed in.
pub(super) async fn receive(
    State(app): State<Shared>,
    mut request: RequestInfo,
) -> Result<Response, Failure> {
    let desk = staff::configured(&app)?;
    let answer = SignInAnswer::read(&request)?;
    let (cookies, now) = (app.cookies(), app.clock.now());
    let started = cookies.started_staff_sign_in(&request.jar, &answer.state, now);
    let Some((started, ends)) = started else {
        return resume(&app, request);
    };
    let jar = cookies.end_staff_sign_in(request.jar.clone(), &answer.state);
    let (next, lang, restarted) = (started.next.clone(), started.lang, started.restarted);
    let verified = verify((&app, desk), (started, ends), answer, request.invocation).await;
    let verified = match verified {
        Ok(None) if !restarted => {
            request.jar = jar;
            return start_again((&app, desk), request, (next, lang)).await;
        }
        verified => verified.and_then(|claims| claims.ok_or(USED)),
    };
    let claims = match verified.and_then(|claims| Ok((role(desk, &claims)?, claims))) {
        Ok(admitted) => admitted,
        // The attempt is over, whatever it came to.
        Err(error) => {
            let jar = match error {
                // So is a session from when the account had a role.
                AppError::RoleMissing { .. } => cookies.end_staff_session(jar),
                _ => jar,
            };
            return Ok((jar, Failure::from(error).in_lang(lang)).into_response());
        }
    };
    let (role, claims) = claims;
    tracing::info!(?role, "signed in to the desk");
    let session = StaffSession {
        account: claims.account,
        name: claims.name.unwrap_or_else(|| claims.display_name.clone()),
        user_name: claims.display_name,
        role,
        lang,
        ends: now + STAFF_SESSION_LIFETIME,
    };
    let jar = app.cookies().open_staff_session(jar, &session);
    let next = next.strip_prefix(links::DESK).unwrap_or_default();
    Ok((jar, redirect_to(&app, next)).into_response())
}

/// Back, reload, or an attempt that did not begin in this browser.
fn resume(app: &App, request: RequestInfo) -> Result<Response, Failure> {
    match Staff::of(app, request) {
        Ok(_) => Ok(redirect_to(app, "")),
        Err(_) => Err(NO_ATTEMPT.into()),
    }
}

/// Nothing is kept of an employee's token, and the code may be used up. A new sign-in now needs no
/// typing.
async fn start_again(
    (app, desk): (&App, &Desk),
    request: RequestInfo,
    (next, lang): (String, Option<Lang>),
) -> Result<Response, Failure> {
    let again = StartedStaffSignIn {
        attempt: sign_in::attempt(),
        next,
        lang,
        restarted: true,
    };
    sign_in::start((app, desk), request, again, Prompt::None).await
}

/// `None`: the host repeats the invocation that has used the state.
async fn verify(
    (app, desk): (&App, &Desk),
    (started, ends): (StartedStaffSignIn, OffsetDateTime),
    answer: SignInAnswer,
    invocation: Option<uuid::Uuid>,
) -> Result<Option<Claims>, AppError> {
    let iss = answer.iss.as_deref();
    desk.entra.check_response_issuer(iss).await?;
    let code = answer.outcome.map_err(|denied| {
        let (refusal, error) = (denied.refusal, denied.error);
        AppError::SignInRefused(SignInRefused { refusal, error })
    })?;
    let (state, now) = (&started.attempt.state, app.clock.now());
    let id: InvitationId = state.parse().map_err(|_| NO_ATTEMPT)?;
    let states = &app.store.states;
    match states.use_once(id, (state, ends), invocation, now).await? {
        StateUse::First(_) => {}
        StateUse::Repeated(_) => return Ok(None),
        StateUse::Spent => return Err(USED),
    }
    let claims = desk.entra.redeem(code, iss, started.attempt, now).await?;
    Ok(Some(claims))
}

/// What the account may do, by its roles in the seller's tenant.
fn role(desk: &Desk, claims: &Claims) -> Result<Role, AppError> {
    if !desk.entra.allows(claims.account) {
        return Err(AppError::SignInFailed(
            "the account belongs to another tenant".to_owned(),
        ));
    }
    Role::of(&claims.roles).ok_or_else(|| AppError::RoleMissing {
        account_name: claims.display_name.clone(),
        reads: false,
    })
}
