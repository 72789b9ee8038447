//! `ConfirmMailbox`: proof of the invited mailbox for an account whose token does not give it. A
//! code is mailed there; the account that enters it is bound to the invitation.

use axum::{extract::State, http::StatusCode, response::Response};
use serde::Deserialize;
use uuid::Uuid;

use crate::{
    app::{App, Shared},
    domain::invitation::{CODE_LIFETIME, Invitation},
    http::{
        cookies::Session,
        error::{AppError, Failure},
        form_token::FormToken,
        forms::OurForm,
        links,
        page::{self, FormTarget},
        request_info::RequestInfo,
    },
    journey::{
        guard::{self, LiveSession},
        standing,
    },
    mail,
    store::Entered,
    telemetry::{self, Step},
    text::Lang,
    views::{Action, CodeProblem, ConfirmPage, mask_email},
};

/// The fields of the forms that lead here.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Submitted {
    token: String,
    lang: String,
    /// `send`: mail a code. Otherwise a code is entered.
    action: String,
    code: String,
}

/// GET: where the code is entered.
///
/// # Errors
/// No session, an invitation that cannot be accepted, a store that is down.
pub async fn show(
    State(app): State<Shared>,
    LiveSession { request, session }: LiveSession,
) -> Result<Response, Failure> {
    let fail = |failure: Failure| guard::fail(&session, failure);
    let invitation = acceptable(&app, &session).await.map_err(fail)?;
    if invitation.owner().is_some() {
        return Ok(page::redirect(&app, "CreateCompany", request.chosen_lang()));
    }
    let has_code = app
        .store
        .codes
        .has(invitation.id, session.account, app.clock.now())
        .await
        .map_err(|error| fail(error.into()))?;
    if has_code {
        return Ok(page(&app, &request, &session, &invitation, None));
    }
    Err(guard::fail(
        &session,
        AppError::WrongAccount {
            account_name: session.account_name.clone(),
            masked_mailbox: mask_email(invitation.terms.recipient.email.as_str()),
            may_confirm: Some(session.account),
        },
    ))
}

/// POST: a code is requested, or entered.
///
/// # Errors
/// As [`show`]; a form that is not ours; too many codes; a mail server that is down.
pub async fn submit(
    State(app): State<Shared>,
    LiveSession {
        request,
        mut session,
    }: LiveSession,
    OurForm(sent): OurForm<Submitted>,
) -> Result<Response, Failure> {
    let chosen = Lang::parse(&sent.lang).filter(|lang| Some(*lang) != session.lang);
    session.lang = Lang::parse(&sent.lang).or(session.lang);
    let answer = act(&app, &request, &session, &sent).await;
    match answer.map_err(|failure| guard::fail(&session, failure))? {
        Some(page) => Ok(page),
        None => Ok(page::redirect(&app, "CreateCompany", chosen)),
    }
}

/// The page to show; `None` once the invitation is accepted.
async fn act(
    app: &App,
    request: &RequestInfo,
    session: &Session,
    sent: &Submitted,
) -> Result<Option<Response>, Failure> {
    if !form_token(session).verify(app.sealer(), &sent.token) {
        return Err(AppError::FormRefused("the token is missing or not of this session").into());
    }
    let invitation = acceptable(app, session).await?;
    if invitation.owner().is_some() {
        return Ok(None);
    }
    let problem = match sent.action.as_str() {
        "send" => {
            send(app, request, session, &invitation).await?;
            None
        }
        _ => match enter(app, session, &invitation, &sent.code).await? {
            Some(problem) => Some(problem),
            None => return Ok(None),
        },
    };
    Ok(Some(page(app, request, session, &invitation, problem)))
}

/// The session's invitation, if it is pending or bound to the session's account.
async fn acceptable(app: &App, session: &Session) -> Result<Invitation, Failure> {
    let found = app.store.invitations.find(session.link.id()).await?;
    let invitation = found.ok_or(AppError::UnknownInvitation)?;
    standing::usable(app, &invitation, app.clock.now())?;
    match invitation.owner() {
        Some(owner) if owner != session.account => Err(AppError::UsedByAnother.into()),
        None if !app.entra.allows(session.account) => Err(AppError::SessionOver.into()),
        _ => Ok(invitation),
    }
}

async fn send(
    app: &App,
    request: &RequestInfo,
    session: &Session,
    invitation: &Invitation,
) -> Result<(), Failure> {
    let mailer = app.mailer.as_ref().ok_or(AppError::NotFound)?;
    let issued = app
        .store
        .codes
        .issue(invitation.id, session.account, app.clock.now())
        .await?;
    let code = issued.map_err(|_| AppError::TooManyCodes)?;
    let recipient = &invitation.terms.recipient;
    let lang = request.lang(session.lang, recipient.locale.as_deref());
    let email = mail::code_email(&app.config, invitation, &code, CODE_LIFETIME, lang);
    // Each code has a Message-ID of its own: mailboxes may hide an e-mail that repeats one.
    let id = format!("{}-code-{}", invitation.id, Uuid::new_v4().simple());
    mailer.send(&recipient.email, &email, &id).await?;
    tracing::info!("a code was sent");
    Ok(())
}

/// What is wrong with the code; if nothing is, the invitation is accepted.
async fn enter(
    app: &App,
    session: &Session,
    invitation: &Invitation,
    code: &str,
) -> Result<Option<CodeProblem>, Failure> {
    let digits: String = code.chars().filter(char::is_ascii_digit).collect();
    let now = app.clock.now();
    let problem = match app
        .store
        .codes
        .enter(invitation.id, session.account, &digits, now)
        .await?
    {
        Entered::Right(outcome) => {
            standing::changed(app, *outcome, now)?;
            tracing::info!("the mailbox is confirmed");
            telemetry::step(Step::Matched);
            return Ok(None);
        }
        Entered::Wrong => CodeProblem::Wrong,
        Entered::Useless => CodeProblem::Expired,
    };
    tracing::info!(?problem, "the code was not accepted");
    Ok(Some(problem))
}

fn page(
    app: &App,
    request: &RequestInfo,
    session: &Session,
    invitation: &Invitation,
    problem: Option<CodeProblem>,
) -> Response {
    let recipient = &invitation.terms.recipient;
    let lang = request.lang(session.lang, recipient.locale.as_deref());
    let text = &lang.text();
    let (again, other) = (links::confirm_url(app), links::invite_url(app).to_string());
    let actions = [
        Action::Post {
            label: text.confirm.send_again,
            url: &again,
            fields: links::send_code_fields(app, &session.link, session.account, lang),
            primary: false,
        },
        Action::Post {
            label: text.action.use_another_account,
            url: &other,
            fields: links::restart_fields(app, &session.link, lang, "select_account"),
            primary: false,
        },
    ];
    let page = ConfirmPage {
        frame: page::frame(app, lang, Some("/api/ConfirmMailbox")),
        masked_mailbox: &mask_email(recipient.email.as_str()),
        problem,
        action: "/api/ConfirmMailbox",
        form_token: &form_token(session).issue(app.sealer()),
        actions: &actions,
    };
    let status = match problem {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    page::html(status, lang, page.render(), FormTarget::SignIn)
}

fn form_token(session: &Session) -> FormToken<'_> {
    FormToken::ConfirmMailbox(&session.link, session.account)
}
