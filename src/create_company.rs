//! `CreateCompany`: the company data that the seller registered, to check and to correct, and the button that creates
//! the company, once.

use axum::{extract::State, http::StatusCode, response::Response};
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
    text::Lang,
    views::CompanyPage,
    visitor::Visitor,
};

/// The form of the page.
#[derive(Debug, Deserialize)]
pub struct Submitted {
    #[serde(default)]
    token: String,
    #[serde(default)]
    lang: String,
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
        return Ok(page::see_other(&page::in_lang(app.config.public.api("Welcome"), visitor.chosen_lang())));
    }
    let recipient = &invitation.terms.recipient;
    let form = CompanyForm::from(&invitation.terms.company).with_person(&recipient.first_name, &recipient.last_name);
    let errors = Company::parse(&form).err().unwrap_or(FieldErrors::NONE);
    let lang = visitor.lang(session.lang, recipient.locale.as_deref());
    Ok(page::html(StatusCode::OK, lang, company_page(&app, &session, &invitation, (&form, &errors), lang), FormTarget::Us))
}

/// POST: the button.
///
/// # Errors
/// As [`show`]; a form that is not ours.
pub async fn submit(State(app): State<Shared>, visitor: Visitor, OurForm(sent): OurForm<Submitted>) -> Result<Response, Failed> {
    let session = live(&app, &visitor)?;
    let chosen = Lang::parse(&sent.lang).or(session.lang);
    create(&app, &visitor, &session, &sent, chosen).await.map_err(|failed| failed.about(session.link).in_lang(chosen))
}

async fn create(app: &App, visitor: &Visitor, session: &Session, sent: &Submitted, chosen: Option<Lang>) -> Result<Response, Failed> {
    if !is_token(app, session, &sent.token) {
        return Err(AppError::FormRefused("the token is missing or not of this session").into());
    }
    let company = match Company::parse(&sent.form) {
        Ok(company) => company,
        Err(errors) => {
            let invitation = owned(app, session).await?;
            let lang = visitor.lang(chosen, invitation.terms.recipient.locale.as_deref());
            let page = company_page(app, session, &invitation, (&sent.form, &errors), lang);
            return Ok(page::html(StatusCode::UNPROCESSABLE_ENTITY, lang, page, FormTarget::Us));
        }
    };
    let (id, now) = (session.link.id(), app.clock.now());
    match app.invitations.complete(id, session.account, &company, now).await? {
        Outcome::Done(invitation) => {
            let usual = visitor.lang(session.lang, invitation.terms.recipient.locale.as_deref());
            let chosen = Lang::parse(&sent.lang).filter(|lang| *lang != usual);
            Ok(page::see_other(&page::in_lang(app.config.public.api("Welcome"), chosen)))
        }
        Outcome::Refused(Refusal::AnotherAccount, _) => Err(AppError::UsedByAnother.into()),
        Outcome::Refused(_, invitation) => Err(invite_user::usable(&invitation, now).err().unwrap_or(AppError::SessionOver).into()),
        Outcome::Missing => Err(AppError::UnknownInvitation.into()),
    }
}

/// The session of the browser, if it is not over.
pub(crate) fn live(app: &App, visitor: &Visitor) -> Result<Session, Failed> {
    match app.cookies.session(&visitor.jar, app.clock.now()) {
        Seen::Live(session) => {
            about(session.link.id());
            Ok(session)
        }
        Seen::Over(session) => Err(Failed::from(AppError::SessionOver).about(session.link).in_lang(session.lang)),
        Seen::None => Err(AppError::SessionOver.into()),
    }
}

/// The invitation of the session, if the session's account is the one that it is bound to.
pub(crate) async fn owned(app: &App, session: &Session) -> Result<Invitation, Failed> {
    let fail = |error: AppError| Failed::from(error).about(session.link).in_lang(session.lang);
    let found = app.invitations.find(session.link.id()).await.map_err(|error| fail(error.into()))?;
    let invitation = found.ok_or_else(|| fail(AppError::UnknownInvitation))?;
    invite_user::usable(&invitation, app.clock.now()).map_err(fail)?;
    match invitation.owner() {
        Some(owner) if owner == session.account => Ok(invitation),
        Some(_) => Err(fail(AppError::UsedByAnother)),
        None => Err(fail(AppError::SessionOver)),
    }
}

fn company_page(app: &App, session: &Session, invitation: &Invitation, (form, errors): (&CompanyForm, &FieldErrors), lang: Lang) -> String {
    CompanyPage {
        frame: page::frame(app, lang, Some("/api/CreateCompany")),
        form,
        errors,
        registered: Some(&invitation.terms.company),
        email: invitation.terms.recipient.email.as_str(),
        action: "/api/CreateCompany",
        form_token: &form_token(app, session),
        inviter_organization: &invitation.terms.inviter.organization,
    }
    .render()
}

/// The form belongs to the invitation and the account: a form of another tab, for another invitation, is refused.
fn token_purpose(session: &Session) -> [String; 4] {
    let account = session.account;
    ["company".to_owned(), session.link.reveal(), account.tid.to_string(), account.oid.to_string()]
}

fn form_token(app: &App, session: &Session) -> String {
    app.sealer().token(&token_purpose(session).each_ref().map(String::as_str))
}

fn is_token(app: &App, session: &Session, token: &str) -> bool {
    app.sealer().verify(&token_purpose(session).each_ref().map(String::as_str), token)
}
