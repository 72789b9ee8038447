//! `AcceptCallback`: Entra sends the person back. The answer is verified, the person matched to the
//! invitation, the account bound to it, and a short session opened.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};

use crate::{
    app::{App, Shared, about},
    error::{AppError, Failed},
    identity::{Person, Prompt},
    invitation::{Account, Link, Refusal},
    invite_user, page,
    session::{Begun, Seen, Session},
    store::Outcome,
    telemetry::{self, Step},
    views::mask_email,
    visitor::{Repeated, Visitor},
};

/// What Entra says, by RFC 6749, 4.1.2.
struct Answer {
    state: String,
    outcome: Result<String, String>,
    iss: Option<String>,
}

/// GET.
///
/// # Errors
/// Everything that keeps the person from being signed in.
pub async fn receive(State(app): State<Shared>, mut visitor: Visitor) -> Result<Response, Failed> {
    let answer = match Answer::read(&visitor) {
        Ok(answer) => answer,
        Err(error) => return Err(restart(&app, &visitor, None, error)),
    };
    let Some(begun) = app
        .cookies
        .begun(&visitor.jar, &answer.state, app.clock.now())
    else {
        return where_they_were(&app, &visitor, &answer.state).await;
    };
    about(begun.link.id());
    let (link, lang) = (begun.link, begun.lang);
    visitor.jar = app.cookies.end_attempt(visitor.jar, &answer.state);
    let jar = visitor.jar.clone();
    match finish(&app, visitor, begun, answer).await {
        Ok(response) => Ok(response),
        // The attempt is over, whatever it came to; so its cookie goes along with the error.
        Err(failed) => Ok((jar, failed.about(link).in_lang(lang)).into_response()),
    }
}

impl Answer {
    fn read(visitor: &Visitor) -> Result<Self, AppError> {
        let bad = |what| AppError::SignInRestart(what);
        let one = |name| {
            visitor
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
            // The person declined to consent: some ways to that come without `access_denied`.
            (None, Some(_)) if description.contains("AADSTS65004") => {
                Err("access_denied".to_owned())
            }
            (None, Some(error)) => Err(error.to_owned()),
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
async fn where_they_were(app: &App, visitor: &Visitor, state: &str) -> Result<Response, Failed> {
    let named = app.cookies.redeem_ticket(state, app.clock.now());
    match (app.cookies.session(&visitor.jar, app.clock.now()), named) {
        (Seen::Live(session), Some(link)) if session.link == link => {
            let found = app
                .invitations
                .find(link.id())
                .await
                .map_err(|error| Failed::from(error).about(link))?;
            let bound = found.is_some_and(|invitation| invitation.owner().is_some());
            let there = page::see_other(&app.config.public.api(if bound {
                "CreateCompany"
            } else {
                "ConfirmMailbox"
            }));
            // The attempt, if there was one, is over.
            Ok((visitor.jar.clone(), there).into_response())
        }
        (_, named) => {
            let error = AppError::SignInRestart("no attempt with this state began in this browser");
            Err(restart(app, visitor, named, error))
        }
    }
}

/// An error with a way to begin again: for the invitation that the state names, or else the one
/// that this browser was last about.
fn restart(app: &App, visitor: &Visitor, named: Option<Link>, error: AppError) -> Failed {
    let failed = Failed::from(error);
    match named.or_else(|| app.cookies.known_link(&visitor.jar, app.clock.now())) {
        Some(link) => failed.about(link),
        None => failed,
    }
}

async fn finish(
    app: &App,
    visitor: Visitor,
    begun: Begun,
    answer: Answer,
) -> Result<Response, Failed> {
    app.entra
        .check_response_issuer(answer.iss.as_deref())
        .await?;
    let code = match answer.outcome {
        Ok(code) => code,
        Err(error) => return declined(app, visitor, begun, &error).await,
    };
    if !app
        .invitations
        .use_state(begun.link.id(), &begun.attempt.state, app.clock.now())
        .await?
    {
        return where_they_were(app, &visitor, &begun.attempt.state).await;
    }
    let (link, lang) = (begun.link, begun.lang);
    let person = app
        .entra
        .redeem(code, answer.iss.as_deref(), begun.attempt, app.clock.now())
        .await?;
    let admitted = admit(app, &link, &person).await;
    tracing::info!(admitted = admitted.is_ok(), "signed in");
    telemetry::step(Step::SignedIn);
    if admitted.is_ok() {
        telemetry::step(Step::Matched);
    }
    // The session says who signed in; what that person may do, the invitation says at each step.
    let session = Session {
        link,
        account: person.account,
        account_name: person.shown_name,
        lang,
    };
    let jar = app
        .cookies
        .open_session(visitor.jar.clone(), &session, app.clock.now());
    match admitted {
        Ok(()) => Ok((
            jar,
            page::see_other(&app.config.public.api("CreateCompany")),
        )
            .into_response()),
        Err(
            error @ AppError::WrongAccount {
                may_confirm: Some(_),
                ..
            },
        ) => Ok((jar, Failed::from(error).about(link).in_lang(lang)).into_response()),
        Err(error) => Err(error.into()),
    }
}

/// What the provider says instead of a code. Its description is never shown and never logged.
async fn declined(
    app: &App,
    visitor: Visitor,
    begun: Begun,
    error: &str,
) -> Result<Response, Failed> {
    match error {
        "access_denied" => Err(AppError::ConsentDeclined.into()),
        "login_required"
        | "interaction_required"
        | "consent_required"
        | "account_selection_required"
            if !begun.restarted =>
        {
            let invitation = app
                .invitations
                .find(begun.link.id())
                .await?
                .ok_or(AppError::UnknownInvitation)?;
            let again = Begun {
                attempt: invite_user::attempt(app, &begun.link),
                restarted: true,
                ..begun
            };
            invite_user::start(app, visitor, &invitation, again, Prompt::SelectAccount).await
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
        | "invalid_client" => Err(AppError::Misconfigured(error.to_owned()).into()),
        _ => Err(AppError::SignInFailed(
            "the sign-in service answered with another error".to_owned(),
        )
        .into()),
    }
}

/// Lets the person in: the account is bound already, or is bound now because it proves that the
/// mailbox is theirs.
async fn admit(app: &App, link: &Link, person: &Person) -> Result<(), AppError> {
    let now = app.clock.now();
    let invitation = app
        .invitations
        .find(link.id())
        .await?
        .ok_or(AppError::UnknownInvitation)?;
    invite_user::usable(app, &invitation, now)?;
    let invited = &invitation.terms.recipient.email;
    let wrong_account = |may_confirm: Option<Account>| AppError::WrongAccount {
        account_name: person.shown_name.clone(),
        masked_mailbox: mask_email(invited.as_str()),
        may_confirm,
    };
    // Also for an account that is bound: a tenant may have been taken off the list since.
    if !app.entra.allows(person.account) {
        return Err(wrong_account(None));
    }
    match invitation.owner() {
        Some(owner) if owner == person.account => return Ok(()),
        Some(_) => return Err(AppError::UsedByAnother),
        None => {}
    }
    if !app.entra.proves(person, invited) {
        return Err(wrong_account(
            app.mailer.is_some().then_some(person.account),
        ));
    }
    match app
        .invitations
        .accept(link.id(), person.account, now)
        .await?
    {
        Outcome::Done(_) => Ok(()),
        Outcome::Refused(Refusal::AnotherAccount, _) => Err(AppError::UsedByAnother),
        Outcome::Refused(_, invitation) => Err(invite_user::usable(app, &invitation, now)
            .err()
            .unwrap_or(AppError::UsedByAnother)),
        Outcome::Erased | Outcome::Missing => Err(AppError::UnknownInvitation),
    }
}
