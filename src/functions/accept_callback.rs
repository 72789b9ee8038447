//! `AcceptCallback`: Entra sends the person back. The answer is verified, the person matched to the
//! invitation, the account bound to it, and a short session opened.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use time::OffsetDateTime;

use crate::{
    app::{App, Shared},
    domain::{
        invitation::Link,
        sign_in_refusal::{ErrorNumber, RefusalReason, SignInRefusal},
    },
    http::{
        cookies::{Session, SessionState, StartedSignIn, Ticket},
        error::{AppError, Dependency},
        failure::Failure,
        links, observe, page,
        problem::Kind,
        request_info::RequestInfo,
        sign_in_answer::{Denied, SignInAnswer},
        sign_in_refused::SignInRefused,
    },
    identity::{Claims, Prompt, SignInError},
    journey::{linked::Named, sign_in, standing, stopped},
    store::{StateUse, UsedState, Verified, VersionedInvitation},
    telemetry::{self, CodeKind, Step},
    text::Lang,
};

/// For the log.
const NO_ATTEMPT: &str = "no attempt with this state began in this browser";

/// GET.
///
/// # Errors
/// Everything that keeps the person from being signed in.
pub async fn receive(
    State(app): State<Shared>,
    mut request: RequestInfo,
) -> Result<Response, Failure> {
    let answer = match SignInAnswer::read(&request) {
        Ok(answer) => answer,
        Err(error) => return Err(restart(&app, &request, error)),
    };
    let Some((started, ends)) =
        app.cookies()
            .started_sign_in(&request.jar, &answer.state, app.clock.now())
    else {
        return match &answer.outcome {
            Err(denied) => refused_again(&app, &request, &answer.state, denied).await,
            Ok(_) => resume(&app, &request, &answer.state).await,
        };
    };
    observe::record_invitation(started.link.id());
    let (link, lang) = (started.link, started.lang);
    request.jar = app.cookies().end_sign_in(request.jar, &answer.state);
    let jar = request.jar.clone();
    match finish(&app, request, (started, ends), answer).await {
        Ok(response) => Ok(response),
        // The attempt is over, whatever it came to; so its cookie goes along with the error.
        Err(failed) => Ok((jar, failed.for_link(link).in_lang(lang)).into_response()),
    }
}

/// Back, reload, a replay, or an attempt that did not begin in this browser: on to where the
/// session is, or the start.
async fn resume(app: &App, request: &RequestInfo, state: &str) -> Result<Response, Failure> {
    let now = app.clock.now();
    let named = app.cookies().redeem_ticket(state, now);
    let Some(Ticket {
        link,
        after_loss,
        lang,
    }) = named
    else {
        return Err(restart(app, request, AppError::SignInRestart(NO_ATTEMPT)));
    };
    match app.cookies().session(&request.jar, Some(link.id()), now) {
        SessionState::Live(_) => {
            let found = app.store.invitations.find(link.id()).await;
            let fail = |error| Failure::from(error).for_link(link).in_lang(lang);
            let found = found.map_err(fail)?;
            let is_bound = found.is_some_and(|invitation| invitation.owner().is_some());
            // The attempt, if there was one, is over.
            Ok((request.jar.clone(), next_page(app, &link, is_bound)).into_response())
        }
        SessionState::Over(_) | SessionState::None => {
            // Once may be a tab that was open for long. Twice is a browser without cookies.
            let error = if after_loss && !app.cookies().has_any(&request.jar) {
                AppError::CookiesBlocked(NO_ATTEMPT)
            } else {
                AppError::SignInRestart(NO_ATTEMPT)
            };
            Err(Failure::from(error).for_link(link).in_lang(lang))
        }
    }
}

/// A refusal that was answered before, and whose page is loaded again: it is no error now. Nothing is
/// redeemed, and the page is one that every holder of the link may open.
async fn refused_again(
    app: &App,
    request: &RequestInfo,
    state: &str,
    denied: &Denied,
) -> Result<Response, Failure> {
    let now = app.clock.now();
    let named = app.cookies().redeem_ticket(state, now);
    let session = |link: &Link| app.cookies().session(&request.jar, Some(link.id()), now);
    let ticket = named.filter(|own| !matches!(session(&own.link), SessionState::Live(_)));
    match (ticket, denied.meaning()) {
        (Some(Ticket { link, lang, .. }), Some(refusal)) if !denied.asks_for_interaction() => {
            log_shown(refusal);
            let named = Named::new(request.clone(), link, lang);
            stopped::page(app, &named.read(app).await?, refusal)
        }
        _ => resume(app, request, state).await,
    }
}

/// A browser without the cookie also gets here on the first refusal: so it is logged; as an error only
/// where an operator has to act.
fn log_shown(refusal: SignInRefusal) {
    let (reason, aadsts) = (
        refusal.reason.name(),
        refusal.number.map(ErrorNumber::value),
    );
    if refusal.reason == RefusalReason::Configuration {
        let outcome = Kind::Misconfigured.code();
        tracing::error!(outcome, reason, aadsts, "a refusal is shown");
    } else {
        tracing::info!(outcome = "ok", reason, aadsts, "a refusal is shown");
    }
}

/// The page after a sign-in.
fn next_page(app: &App, link: &Link, is_bound: bool) -> Response {
    let function = if is_bound {
        "CreateCompany"
    } else {
        "ConfirmMailbox"
    };
    page::see_other(&links::session_url(app, function, link.id(), None))
}

/// An error with a way to begin again, for the invitation that this browser was last about.
fn restart(app: &App, request: &RequestInfo, error: AppError) -> Failure {
    let failed = Failure::from(error);
    match app.cookies().known_link(&request.jar, app.clock.now()) {
        Some(link) => failed.for_link(link),
        None => failed,
    }
}

async fn finish(
    app: &App,
    request: RequestInfo,
    (started, ends): (StartedSignIn, OffsetDateTime),
    answer: SignInAnswer,
) -> Result<Response, Failure> {
    app.entra
        .check_response_issuer(answer.iss.as_deref())
        .await?;
    let code = match answer.outcome {
        Ok(code) => code,
        Err(denied) => return refused(app, request, started, denied).await,
    };
    let (id, state, now) = (started.link.id(), &started.attempt.state, app.clock.now());
    let use_once = app
        .store
        .states
        .use_once(id, (state, ends), request.invocation, now);
    let used = match use_once.await? {
        StateUse::First(used) => used,
        StateUse::Repeated(verified) => return repeat(app, request, started, verified).await,
        StateUse::Spent => return resume(app, &request, state).await,
    };
    let iss = answer.iss.as_deref();
    let redeemed = app.entra.redeem(code, iss, started.attempt, now).await;
    let claims = redeemed.inspect_err(|error| {
        if matches!(error, SignInError::CodeRefused(_)) {
            telemetry::count_rejected_code(CodeKind::Authorization);
        }
    })?;
    let verified = request.invocation.and(to_keep(app, used, &claims));
    let admission = admit(app, &started.link, &claims, verified).await;
    open_session(
        app,
        request,
        (started.link, started.lang),
        claims,
        admission,
    )
}

/// The claims, for a repetition of this request. Without them it begins the sign-in again.
fn to_keep(app: &App, used: UsedState, claims: &Claims) -> Option<Verified> {
    let claims = serde_json::to_vec(claims).ok()?;
    app.store.states.verified(used, &claims).ok()
}

/// The host sends the request again, as the process was killed before it had answered: on to where
/// the first one led, without another token request.
async fn repeat(
    app: &App,
    request: RequestInfo,
    started: StartedSignIn,
    verified: Option<Vec<u8>>,
) -> Result<Response, Failure> {
    let claims = verified.and_then(|json| serde_json::from_slice::<Claims>(&json).ok());
    match claims {
        Some(claims) => {
            let admission = admit(app, &started.link, &claims, None).await;
            open_session(
                app,
                request,
                (started.link, started.lang),
                claims,
                admission,
            )
        }
        // The code may be used up already, but a new sign-in now needs no typing.
        None if !started.restarted => start_again(app, request, started, Prompt::None).await,
        None => resume(app, &request, &started.attempt.state).await,
    }
}

/// Opens the session of an account that was verified.
fn open_session(
    app: &App,
    request: RequestInfo,
    (link, lang): (Link, Option<Lang>),
    claims: Claims,
    admission: Result<Admission, AppError>,
) -> Result<Response, Failure> {
    telemetry::step(Step::SignedIn);
    let Admission {
        is_proven,
        shows_invited,
    } = admission?;
    telemetry::step(if is_proven {
        Step::Matched
    } else {
        Step::Mismatched
    });
    // The session says who signed in; what that person may do, the invitation says at each step.
    let session = Session {
        link,
        account: claims.account,
        is_guest: claims.is_guest(),
        account_name: claims.display_name,
        shows_invited,
        lang,
    };
    let jar = app
        .cookies()
        .open_session(request.jar, &session, app.clock.now());
    Ok((jar, next_page(app, &link, is_proven)).into_response())
}

/// Sends the person to the sign-in service once more, without an error page in between.
async fn start_again(
    app: &App,
    request: RequestInfo,
    started: StartedSignIn,
    prompt: Prompt,
) -> Result<Response, Failure> {
    let linked = Named::recorded(request, started.link, started.lang)
        .read(app)
        .await?;
    sign_in::start(app, linked, (false, true), prompt).await
}

/// Why there is no code: another attempt follows, or a page that says so.
async fn refused(
    app: &App,
    request: RequestInfo,
    started: StartedSignIn,
    denied: Denied,
) -> Result<Response, Failure> {
    if denied.asks_for_interaction() && !started.restarted {
        return start_again(app, request, started, Prompt::SelectAccount).await;
    }
    let error = match denied.meaning() {
        Some(refusal) => AppError::SignInRefused(SignInRefused {
            refusal,
            error: denied.error,
        }),
        None => AppError::Unavailable {
            of: Dependency::SignIn,
            reason: "the sign-in service says so".to_owned(),
            retry_after: None,
        },
    };
    Err(error.into())
}

/// How an account is let in.
struct Admission {
    /// Whether the account is bound to the invitation; otherwise it has to confirm the mailbox.
    is_proven: bool,
    /// Whether the account shows the invited address.
    shows_invited: bool,
}

/// Binds the account if it proves that the mailbox is theirs, unless it is bound already. What was
/// verified is kept in the same transaction, or by itself.
async fn admit(
    app: &App,
    link: &Link,
    claims: &Claims,
    verified: Option<Verified>,
) -> Result<Admission, AppError> {
    match judge(app, link, claims).await {
        Ok((admission, Some(read))) => {
            let (invitations, now) = (&app.store.invitations, app.clock.now());
            let accepted = invitations.accept_if_unchanged(read, claims.account, verified, now);
            standing::changed(accepted.await?, &claims.display_name, now)?;
            Ok(admission)
        }
        judged => {
            record(app, verified).await;
            let (admission, _) = judged?;
            // If the account was bound, that is logged already.
            tracing::info!(admitted = admission.is_proven, "signed in");
            Ok(admission)
        }
    }
}

async fn record(app: &App, verified: Option<Verified>) {
    let Some(verified) = verified else { return };
    if let Err(error) = app.store.states.record(verified).await {
        tracing::warn!(%error, "the verified account could not be stored for a repeated request");
    }
}

/// How the account is let in, with the invitation where it is to be bound to that.
async fn judge(
    app: &App,
    link: &Link,
    claims: &Claims,
) -> Result<(Admission, Option<VersionedInvitation>), AppError> {
    let read = app.store.invitations.find_for_update(link.id()).await?;
    let read = read.ok_or(AppError::UnknownInvitation)?;
    let invitation = read.invitation();
    standing::invite_state(invitation, app.clock.now())?;
    let invited = &invitation.terms.recipient.email;
    // Also for an account that is bound: a tenant may have been taken off the list since.
    if !app.entra.allows(claims.account) {
        let refused = standing::not_allowed(invitation, claims.account, &claims.display_name);
        return Err(refused);
    }
    let admission = |is_proven| Admission {
        is_proven,
        shows_invited: claims.shows(invited),
    };
    match invitation.owner() {
        Some(owner) if owner == claims.account => Ok((admission(true), None)),
        Some(_) => Err(standing::used_by_another(invitation, &claims.display_name)),
        None if !app.entra.proves(claims, invited) => Ok((admission(false), None)),
        None => {
            let admission = admission(true);
            Ok((admission, Some(read)))
        }
    }
}
