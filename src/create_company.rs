//! `CreateCompany`: the company data that the seller registered, to check and to correct, and the
//! button that creates the company, once.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use crate::{
    app::{App, Shared, about},
    company::{Company, CompanyForm, FieldErrors},
    error::{AppError, Failed},
    forms::OurForm,
    invitation::{Invitation, Refusal},
    invite_user,
    page::{self, FormTarget},
    session::{Seen, Session},
    store::Outcome,
    telemetry::{self, Step},
    text::Lang,
    views::{CompanyPage, Html},
    visitor::Visitor,
};

/// The form of the page.
#[derive(Debug, Deserialize)]
pub struct Submitted {
    #[serde(default)]
    token: String,
    #[serde(default)]
    lang: String,
    /// `no` from the page without a script.
    #[serde(default)]
    scripts: String,
    #[serde(flatten)]
    form: CompanyForm,
}

/// GET.
///
/// # Errors
/// No session, an invitation that is not the session's, a store that is down.
pub async fn show(State(app): State<Shared>, visitor: Visitor) -> Result<Response, Failed> {
    let session = live(&app, &visitor)?;
    let invitation = owned(&app, &session).await?;
    if invitation.is_completed() {
        return Ok(page::see_other(&page::in_lang(
            app.config.public.api("Welcome"),
            visitor.chosen_lang(),
        )));
    }
    let draft = app.cookies.draft(&visitor.jar, &form_token(&app, &session));
    let form = draft.unwrap_or_else(|| registered(&invitation));
    let errors = Company::parse(&form).err().unwrap_or(FieldErrors::NONE);
    let lang = visitor.lang(session.lang, invitation.terms.recipient.locale.as_deref());
    let shown = Shown {
        form: &form,
        errors: &errors,
        lang,
        plain: visitor.parameter("scripts") == Ok(Some("no")),
    };
    Ok(page::html(
        StatusCode::OK,
        lang,
        company_page(&app, &session, &invitation, &shown, true),
        FormTarget::Us,
    ))
}

/// POST: the button. What was typed is kept until the company is created, whatever comes between.
///
/// # Errors
/// As [`show`]; a form that is not ours.
pub async fn submit(
    State(app): State<Shared>,
    visitor: Visitor,
    OurForm(sent): OurForm<Submitted>,
) -> Result<Response, Failed> {
    let (answer, keep) = match live(&app, &visitor) {
        Ok(session) => {
            let chosen = Lang::parse(&sent.lang).or(session.lang);
            let answer = create(&app, &visitor, &session, &sent, chosen).await;
            (
                answer.map_err(|failed| failed.about(session.link).in_lang(chosen)),
                !is_of_an_older_tab(&app, &visitor, &session, &sent.token),
            )
        }
        Err(failed) => (Err(failed), true),
    };
    let jar = match &answer {
        Ok(response) if response.status().is_redirection() => app.cookies.drop_draft(visitor.jar),
        Ok(_) | Err(_) if keep => app.cookies.keep_draft(visitor.jar, &sent.token, &sent.form),
        Ok(_) | Err(_) => visitor.jar,
    };
    Ok((jar, answer).into_response())
}

/// Whether the form is not the session's while something is kept that was typed into the session's
/// own.
fn is_of_an_older_tab(app: &App, visitor: &Visitor, session: &Session, token: &str) -> bool {
    !is_token(app, session, token)
        && app
            .cookies
            .draft(&visitor.jar, &form_token(app, session))
            .is_some()
}

async fn create(
    app: &App,
    visitor: &Visitor,
    session: &Session,
    sent: &Submitted,
    chosen: Option<Lang>,
) -> Result<Response, Failed> {
    if !is_token(app, session, &sent.token) {
        return Err(AppError::FormRefused("the token is missing or not of this session").into());
    }
    let company = match Company::parse(&sent.form) {
        Ok(company) => company,
        Err(errors) => {
            let invitation = owned(app, session).await?;
            let lang = visitor.lang(chosen, invitation.terms.recipient.locale.as_deref());
            let shown = Shown {
                form: &sent.form,
                errors: &errors,
                lang,
                plain: sent.scripts == "no",
            };
            let page = company_page(app, session, &invitation, &shown, false);
            return Ok(page::html(
                StatusCode::UNPROCESSABLE_ENTITY,
                lang,
                page,
                FormTarget::Us,
            ));
        }
    };
    let (id, now) = (session.link.id(), app.clock.now());
    match app
        .invitations
        .complete(id, session.account, &company, now)
        .await?
    {
        Outcome::Done(invitation) => {
            telemetry::step(Step::Created);
            let usual = visitor.lang(session.lang, invitation.terms.recipient.locale.as_deref());
            let chosen = Lang::parse(&sent.lang).filter(|lang| *lang != usual);
            Ok(page::see_other(&page::in_lang(
                app.config.public.api("Welcome"),
                chosen,
            )))
        }
        Outcome::Refused(Refusal::AnotherAccount, _) => Err(AppError::UsedByAnother.into()),
        Outcome::Refused(_, invitation) => Err(invite_user::usable(app, &invitation, now)
            .err()
            .unwrap_or(AppError::SessionOver)
            .into()),
        Outcome::Erased | Outcome::Missing => Err(AppError::UnknownInvitation.into()),
    }
}

/// The session of the browser, if it is not over.
pub(crate) fn live(app: &App, visitor: &Visitor) -> Result<Session, Failed> {
    match app.cookies.session(&visitor.jar, app.clock.now()) {
        Seen::Live(session) => {
            about(session.link.id());
            Ok(session)
        }
        Seen::Over(session) => Err(Failed::from(AppError::SessionOver)
            .about(session.link)
            .in_lang(session.lang)),
        Seen::None => Err(AppError::SessionOver.into()),
    }
}

/// The invitation of the session, if the session's account is the one that it is bound to.
pub(crate) async fn owned(app: &App, session: &Session) -> Result<Invitation, Failed> {
    let fail = |error: AppError| {
        Failed::from(error)
            .about(session.link)
            .in_lang(session.lang)
    };
    let found = app
        .invitations
        .find(session.link.id())
        .await
        .map_err(|error| fail(error.into()))?;
    let invitation = found.ok_or_else(|| fail(AppError::UnknownInvitation))?;
    invite_user::usable(app, &invitation, app.clock.now()).map_err(fail)?;
    match invitation.owner() {
        Some(owner) if owner == session.account => Ok(invitation),
        Some(_) => Err(fail(AppError::UsedByAnother)),
        None => Err(fail(AppError::SessionOver)),
    }
}

/// What the page shows, and how.
struct Shown<'a> {
    form: &'a CompanyForm,
    errors: &'a FieldErrors,
    lang: Lang,
    plain: bool,
}

/// What the seller registered, and whom they invited.
fn registered(invitation: &Invitation) -> CompanyForm {
    let recipient = &invitation.terms.recipient;
    CompanyForm::from(&invitation.terms.company)
        .with_person(&recipient.first_name, &recipient.last_name)
}

/// `read`: as the answer to a GET, which can be asked again.
fn company_page(
    app: &App,
    session: &Session,
    invitation: &Invitation,
    shown: &Shown<'_>,
    read: bool,
) -> Html {
    let plain_url = format!("/api/CreateCompany?scripts=no&lang={}", shown.lang.tag());
    CompanyPage {
        frame: page::frame(app, shown.lang, Some("/api/CreateCompany")),
        form: shown.form,
        errors: shown.errors,
        registered: &registered(invitation),
        customer_number: invitation.terms.company.customer_number.as_deref(),
        email: invitation.terms.recipient.email.as_str(),
        action: "/api/CreateCompany",
        form_token: &form_token(app, session),
        inviter_organization: &invitation.terms.inviter.organization,
        plain: shown.plain,
        plain_url: (read && !shown.plain).then_some(&plain_url),
        focus_error: !read,
    }
    .render()
}

/// The form belongs to the invitation and the account: a form of another tab, for another
/// invitation, is refused.
fn token_purpose(session: &Session) -> [String; 4] {
    let account = session.account;
    [
        "company".to_owned(),
        session.link.reveal(),
        account.tid.to_string(),
        account.oid.to_string(),
    ]
}

fn form_token(app: &App, session: &Session) -> String {
    app.sealer()
        .token(&token_purpose(session).each_ref().map(String::as_str))
}

fn is_token(app: &App, session: &Session, token: &str) -> bool {
    app.sealer().verify(
        &token_purpose(session).each_ref().map(String::as_str),
        token,
    )
}
