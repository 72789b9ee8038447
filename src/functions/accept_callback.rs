//! `AcceptCallback`: Entra sends the person back. The answer is verified, the person matched to the
//! invitation, the account bound to it, and a short session opened.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};

use crate::{
    app::{App, Shared},
    domain::{invitation::Link, situation::Situation},
    http::{
        cookies::{Session, SessionState, StartedSignIn},
        error::{AppError, Failure},
        observe, page,
        request_info::{Repeated, RequestInfo},
        sign_in_refused::{SignInRefused, Stopped},
    },
    identity::{Claims, Prompt, Refusal, known_error},
    journey::{sign_in, standing},
    telemetry::{self, Step},
    views::mask_email,
};

/// What Entra says, by RFC 6749, 4.1.2.
struct Answer {
    state: String,
    outcome: Result<String, Denied>,
    iss: Option<String>,
}

/// What Entra says instead of a code. Its description is never shown and never logged.
struct Denied {
    error: &'static str,
    refusal: Refusal,
}

/// GET.
///
/// # Errors
/// Everything that keeps the person from being signed in.
pub async fn receive(
    State(app): State<Shared>,
    mut request: RequestInfo,
) -> Result<Response, Failure> {
    let answer = match Answer::read(&request) {
        Ok(answer) => answer,
        Err(error) => return Err(restart(&app, &request, None, error)),
    };
    let Some(started) = app
        .cookies()
        .started_sign_in(&request.jar, &answer.state, app.clock.now())
    else {
        return resume(&app, &request, &answer.state).await;
    };
    observe::record_invitation(started.link.id());
    let (link, lang) = (started.link, started.lang);
    request.jar = app.cookies().end_sign_in(request.jar, &answer.state);
    let jar = request.jar.clone();
    match finish(&app, request, started, answer).await {
        Ok(response) => Ok(response),
        // The attempt is over, whatever it came to; so its cookie goes along with the error.
        Err(failed) => {
            let failed = describe(&app, failed, &link).await;
            Ok((jar, failed.for_link(link).in_lang(lang)).into_response())
        }
    }
}

impl Answer {
    fn read(request: &RequestInfo) -> Result<Self, AppError> {
        let bad = |what| AppError::SignInRestart(what);
        let one = |name| {
            request
                .parameter(name)
                .map_err(|Repeated| bad("a parameter is repeated"))
        };
        let state = one("state")?
            .filter(|state| !state.is_empty())
            .ok_or(bad("no state"))?
            .to_owned();
        let (description, iss) = (
            one("error_description")?.unwrap_or_default(),
            one("iss")?.map(str::to_owned),
        );
        let outcome = match (one("code")?, one("error")?) {
            (Some(code), None) if !code.is_empty() => Ok(code.to_owned()),
            (None, Some(error)) => Err(Denied {
                error: known_error(error),
                refusal: Refusal::of_description(description),
            }),
            _ => return Err(bad("neither a code nor an error, or both")),
        };
        Ok(Self {
            state,
            outcome,
            iss,
        })
    }
}

/// Back, reload, a replay, or an attempt that did not begin in this browser: on to where the
/// session is, or the start.
async fn resume(app: &App, request: &RequestInfo, state: &str) -> Result<Response, Failure> {
    let named = app.cookies().redeem_ticket(state, app.clock.now());
    match (app.cookies().session(&request.jar, app.clock.now()), named) {
        (SessionState::Live(session), Some(link)) if session.link == link => {
            let found = app
                .store
                .invitations
                .find(link.id())
                .await
                .map_err(|error| Failure::from(error).for_link(link))?;
            let bound = found.is_some_and(|invitation| invitation.owner().is_some());
            let there = page::see_other(&app.config.public.api(if bound {
                "CreateCompany"
            } else {
                "ConfirmMailbox"
            }));
            // The attempt, if there was one, is over.
            Ok((request.jar.clone(), there).into_response())
        }
        (_, named) => {
            let error = AppError::SignInRestart("no attempt with this state began in this browser");
            Err(restart(app, request, named, error))
        }
    }
}

/// An error with a way to begin again: for the invitation that the state names, or else the one
/// that this browser was last about.
fn restart(app: &App, request: &RequestInfo, named: Option<Link>, error: AppError) -> Failure {
    let failed = Failure::from(error);
    match named.or_else(|| app.cookies().known_link(&request.jar, app.clock.now())) {
        Some(link) => failed.for_link(link),
        None => failed,
    }
}

async fn finish(
    app: &App,
    request: RequestInfo,
    started: StartedSignIn,
    answer: Answer,
) -> Result<Response, Failure> {
    app.entra
        .check_response_issuer(answer.iss.as_deref())
        .await?;
    let code = match answer.outcome {
        Ok(code) => code,
        Err(denied) => return refused(app, request, started, denied).await,
    };
    if !app
        .store
        .invitations
        .use_state(started.link.id(), &started.attempt.state, app.clock.now())
        .await?
    {
        return resume(app, &request, &started.attempt.state).await;
    }
    let (link, lang) = (started.link, started.lang);
    let claims = app
        .entra
        .redeem(
            code,
            answer.iss.as_deref(),
            started.attempt,
            app.clock.now(),
        )
        .await?;
    let admitted = admit(app, &link, &claims).await;
    let is_proven = admitted.as_ref().is_ok_and(|admission| admission.is_proven);
    tracing::info!(admitted = is_proven, "signed in");
    telemetry::step(Step::SignedIn);
    let Admission {
        is_proven,
        shows_invited,
    } = admitted?;
    telemetry::step(if is_proven {
        Step::Matched
    } else {
        Step::Mismatched
    });
    // The session says who signed in; what that person may do, the invitation says at each step.
    let session = Session {
        link,
        account: claims.account,
        account_name: claims.display_name,
        shows_invited,
        lang,
    };
    let jar = app
        .cookies()
        .open_session(request.jar, &session, app.clock.now());
    let next = if is_proven {
        "CreateCompany"
    } else {
        "ConfirmMailbox"
    };
    Ok((jar, page::see_other(&app.config.public.api(next))).into_response())
}

/// The number of the refusal decides; without one that is known, the code of the error does.
async fn refused(
    app: &App,
    request: RequestInfo,
    started: StartedSignIn,
    Denied { error, refusal }: Denied,
) -> Result<Response, Failure> {
    let is_known = refusal.situation != Situation::Unknown;
    match error {
        _ if is_known => Err(AppError::SignInRefused(SignInRefused::new(refusal, error)).into()),
        "login_required"
        | "interaction_required"
        | "consent_required"
        | "account_selection_required"
            if !started.restarted =>
        {
            interactively(app, request, started).await
        }
        "server_error" | "temporarily_unavailable" => Err(AppError::Unavailable {
            reason: "the sign-in service says so".to_owned(),
            retry_after: None,
        }
        .into()),
        "unauthorized_client"
        | "invalid_request"
        | "invalid_scope"
        | "unsupported_response_type"
        | "invalid_client" => {
            let refusal = Refusal {
                situation: Situation::Configuration,
                ..refusal
            };
            Err(AppError::SignInRefused(SignInRefused::new(refusal, error)).into())
        }
        _ => Err(AppError::SignInRefused(SignInRefused::new(refusal, error)).into()),
    }
}

/// Once more, with the account picker.
async fn interactively(
    app: &App,
    request: RequestInfo,
    started: StartedSignIn,
) -> Result<Response, Failure> {
    let found = app.store.invitations.find(started.link.id()).await?;
    let invitation = found.ok_or(AppError::UnknownInvitation)?;
    let again = StartedSignIn {
        attempt: sign_in::attempt(app, &started.link),
        restarted: true,
        ..started
    };
    sign_in::start(app, request, &invitation, again, Prompt::SelectAccount).await
}

/// Adds to a refusal what its page says about the invitation. A table that is down must not hide
/// the refusal.
async fn describe(app: &App, mut failed: Failure, link: &Link) -> Failure {
    if let AppError::SignInRefused(refused) = &mut failed.error
        && let Ok(Some(invitation)) = app.store.invitations.find(link.id()).await
    {
        refused.invitation = Some(Stopped::of(&invitation, app.clock.now()));
    }
    failed
}

/// How an account is let in.
struct Admission {
    /// Whether the account is bound to the invitation; otherwise it has to confirm the mailbox.
    is_proven: bool,
    /// Whether the account shows the invited address.
    shows_invited: bool,
}

/// Binds the account if it proves that the mailbox is theirs, unless it is bound already.
async fn admit(app: &App, link: &Link, claims: &Claims) -> Result<Admission, AppError> {
    let now = app.clock.now();
    let invitation = app
        .store
        .invitations
        .find(link.id())
        .await?
        .ok_or(AppError::UnknownInvitation)?;
    standing::usable(app, &invitation, now)?;
    let invited = &invitation.terms.recipient.email;
    // Also for an account that is bound: a tenant may have been taken off the list since.
    if !app.entra.allows(claims.account) {
        return Err(AppError::WrongAccount {
            account_name: claims.display_name.clone(),
            masked_mailbox: mask_email(invited.as_str()),
        });
    }
    let admission = |is_proven| Admission {
        is_proven,
        shows_invited: claims.shows(invited),
    };
    match invitation.owner() {
        Some(owner) if owner == claims.account => return Ok(admission(true)),
        Some(_) => return Err(standing::used_by_another(&invitation, &claims.display_name)),
        None => {}
    }
    if !app.entra.proves(claims, invited) {
        return Ok(admission(false));
    }
    let outcome = app
        .store
        .invitations
        .accept(link.id(), claims.account, now)
        .await?;
    standing::changed(app, outcome, &claims.display_name, now)?;
    Ok(admission(true))
}
