//! `ConfirmMailbox`: proof of the invited mailbox for an account whose token does not give it. A
//! code is mailed there; who enters it is bound to the invitation.

use axum::{extract::State, http::StatusCode, response::Response};
use serde::Deserialize;
use uuid::Uuid;

use crate::{
    app::{App, Shared},
    create_company::live,
    error::{AppError, Failed},
    forms::OurForm,
    invitation::{Account, CODE_LIFETIME, Invitation, Link, Refusal},
    invite_user, mail,
    page::{self, FormTarget},
    session::Session,
    store::{Entered, Outcome},
    telemetry::{self, Step},
    text::Lang,
    views::{Action, CodeProblem, ConfirmPage, mask_email},
    visitor::Visitor,
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
pub async fn show(State(app): State<Shared>, visitor: Visitor) -> Result<Response, Failed> {
    let session = live(&app, &visitor)?;
    let answer = async {
        let invitation = acceptable(&app, &session).await?;
        if invitation.owner().is_some() {
            return Ok(on(&app, visitor.chosen_lang()));
        }
        if app
            .invitations
            .has_code(invitation.id, session.account, app.clock.now())
            .await?
        {
            return Ok(page(&app, &visitor, &session, &invitation, None));
        }
        Err(AppError::WrongAccount {
            account_name: session.account_name.clone(),
            masked_mailbox: mask_email(invitation.terms.recipient.email.as_str()),
            may_confirm: Some(session.account),
        }
        .into())
    };
    answer
        .await
        .map_err(|failed: Failed| failed.about(session.link).in_lang(session.lang))
}

/// POST: a code is wanted, or entered.
///
/// # Errors
/// As [`show`]; a form that is not ours; too many codes; a mail server that is down.
pub async fn submit(
    State(app): State<Shared>,
    visitor: Visitor,
    OurForm(sent): OurForm<Submitted>,
) -> Result<Response, Failed> {
    let mut session = live(&app, &visitor)?;
    let chosen = Lang::parse(&sent.lang).filter(|lang| Some(*lang) != session.lang);
    session.lang = Lang::parse(&sent.lang).or(session.lang);
    let answer = async {
        if !is_token(&app, &session.link, session.account, &sent.token) {
            return Err(
                AppError::FormRefused("the token is missing or not of this session").into(),
            );
        }
        let invitation = acceptable(&app, &session).await?;
        if invitation.owner().is_some() {
            return Ok(on(&app, chosen));
        }
        match sent.action.as_str() {
            "send" => send(&app, &visitor, &session, &invitation).await,
            _ => match enter(&app, &session, &invitation, &sent.code).await? {
                None => Ok(on(&app, chosen)),
                Some(problem) => Ok(page(&app, &visitor, &session, &invitation, Some(problem))),
            },
        }
    };
    answer
        .await
        .map_err(|failed: Failed| failed.about(session.link).in_lang(session.lang))
}

/// Where the button "Send a code" leads.
pub(crate) fn url(app: &App) -> String {
    app.config.public.api("ConfirmMailbox").to_string()
}

/// The hidden fields of that button.
pub(crate) fn send_fields(
    app: &App,
    link: &Link,
    account: Account,
    lang: Lang,
) -> Vec<(&'static str, String)> {
    vec![
        ("action", "send".to_owned()),
        ("token", token(app, link, account)),
        ("lang", lang.tag().to_owned()),
    ]
}

/// The session's invitation, where it is pending or bound to the session's account.
async fn acceptable(app: &App, session: &Session) -> Result<Invitation, Failed> {
    let invitation = app
        .invitations
        .find(session.link.id())
        .await?
        .ok_or(AppError::UnknownInvitation)?;
    invite_user::usable(app, &invitation, app.clock.now())?;
    match invitation.owner() {
        Some(owner) if owner != session.account => Err(AppError::UsedByAnother.into()),
        None if !app.entra.allows(session.account) => Err(AppError::SessionOver.into()),
        _ => Ok(invitation),
    }
}

async fn send(
    app: &App,
    visitor: &Visitor,
    session: &Session,
    invitation: &Invitation,
) -> Result<Response, Failed> {
    let Some(mailer) = &app.mailer else {
        return Err(AppError::NotFound.into());
    };
    let now = app.clock.now();
    let Ok(code) = app
        .invitations
        .issue_code(invitation.id, session.account, now)
        .await?
    else {
        return Err(AppError::TooManyCodes.into());
    };
    let lang = visitor.lang(session.lang, invitation.terms.recipient.locale.as_deref());
    let letter = mail::with_code(&app.config, invitation, &code, CODE_LIFETIME, lang);
    // Each code is a letter of its own, however soon after another: a mailbox may hide what bears
    // the same name.
    let id = format!("{}-code-{}", invitation.id, Uuid::new_v4().simple());
    mailer
        .send(&invitation.terms.recipient.email, &letter, &id)
        .await?;
    tracing::info!("a code was sent");
    Ok(page(app, visitor, session, invitation, None))
}

/// What is wrong with the code; nothing, and the invitation is accepted.
async fn enter(
    app: &App,
    session: &Session,
    invitation: &Invitation,
    code: &str,
) -> Result<Option<CodeProblem>, Failed> {
    let digits: String = code.chars().filter(char::is_ascii_digit).collect();
    let problem = match app
        .invitations
        .enter_code(invitation.id, session.account, &digits, app.clock.now())
        .await?
    {
        Entered::Right(outcome) => return accepted(app, *outcome).map(|()| None),
        Entered::Wrong => CodeProblem::Wrong,
        Entered::Useless => CodeProblem::Expired,
    };
    tracing::info!(?problem, "the code is not accepted");
    Ok(Some(problem))
}

fn accepted(app: &App, outcome: Outcome) -> Result<(), Failed> {
    match outcome {
        Outcome::Done(_) => {
            tracing::info!("the mailbox is confirmed");
            telemetry::step(Step::Matched);
            Ok(())
        }
        Outcome::Refused(Refusal::AnotherAccount, _) => Err(AppError::UsedByAnother.into()),
        Outcome::Refused(_, invitation) => {
            Err(invite_user::usable(app, &invitation, app.clock.now())
                .err()
                .unwrap_or(AppError::SessionOver)
                .into())
        }
        Outcome::Erased | Outcome::Missing => Err(AppError::UnknownInvitation.into()),
    }
}

fn on(app: &App, chosen: Option<Lang>) -> Response {
    page::see_other(&page::in_lang(
        app.config.public.api("CreateCompany"),
        chosen,
    ))
}

fn page(
    app: &App,
    visitor: &Visitor,
    session: &Session,
    invitation: &Invitation,
    problem: Option<CodeProblem>,
) -> Response {
    let recipient = &invitation.terms.recipient;
    let lang = visitor.lang(session.lang, recipient.locale.as_deref());
    let text = &lang.text();
    let (again, other) = (url(app), invite_user::url(app).to_string());
    let actions = [
        Action::Post {
            label: text.confirm.send_again,
            url: &again,
            fields: send_fields(app, &session.link, session.account, lang),
            primary: false,
        },
        Action::Post {
            label: text.action.use_another_account,
            url: &other,
            fields: invite_user::restart_fields(app, &session.link, lang, "select_account"),
            primary: false,
        },
    ];
    let page = ConfirmPage {
        frame: page::frame(app, lang, Some("/api/ConfirmMailbox")),
        masked_mailbox: &mask_email(recipient.email.as_str()),
        problem,
        action: "/api/ConfirmMailbox",
        form_token: &token(app, &session.link, session.account),
        actions: &actions,
    };
    let status = if problem.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    page::html(status, lang, page.render(), FormTarget::SignIn)
}

fn purpose(link: &Link, account: Account) -> [String; 4] {
    [
        "confirm".to_owned(),
        link.reveal(),
        account.tid.to_string(),
        account.oid.to_string(),
    ]
}

fn token(app: &App, link: &Link, account: Account) -> String {
    app.sealer()
        .token(&purpose(link, account).each_ref().map(String::as_str))
}

fn is_token(app: &App, link: &Link, account: Account, token: &str) -> bool {
    app.sealer().verify(
        &purpose(link, account).each_ref().map(String::as_str),
        token,
    )
}
