//! `CreateCompany`: the company data that the seller registered, to check and to correct, and the
//! button that creates the company, once. Where a colleague has created it, it can be joined.

mod join;

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use crate::{
    app::{App, Shared},
    domain::{
        company::{Company, CompanyForm, FieldErrors},
        invitation::Invitation,
    },
    http::{
        cookies::Session,
        error::{AppError, Failure},
        form_token::FormToken,
        forms::OurForm,
        page::{self, FormTarget},
        request_info::RequestInfo,
    },
    journey::{
        guard::{self, LiveSession, SignedIn},
        standing,
    },
    store::Completion,
    telemetry::{self, Step},
    text::Lang,
    views::{CompanyPage, Html},
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
    /// Not empty from the page that joins a company.
    #[serde(default)]
    join: String,
    #[serde(flatten)]
    form: CompanyForm,
}

/// GET.
///
/// # Errors
/// No session, an invitation that is not the session's, a store that is down.
pub async fn show(State(app): State<Shared>, recipient: SignedIn) -> Result<Response, Failure> {
    let SignedIn {
        request,
        session,
        invitation,
        lang,
    } = recipient;
    if invitation.is_completed() {
        return Ok(page::redirect(&app, "Welcome", request.chosen_lang()));
    }
    let draft = app
        .cookies()
        .draft(&request.jar, &form_token(&session).issue(app.sealer()));
    let form = match draft {
        Some(draft) => join::with_registered(draft, &invitation),
        None => registered(&invitation),
    };
    if let Some(existing) = app.store.companies.find_for(&invitation).await? {
        let content = join::Content {
            form: &form,
            errors: &FieldErrors::NONE,
            lang,
            is_late: false,
        };
        let page = join::show(&app, &session, &invitation, &existing, &content).await;
        return page.map_err(|error| guard::fail(&session, error));
    }
    let errors = Company::parse(&form).err().unwrap_or(FieldErrors::NONE);
    let content = Content {
        form: &form,
        errors: &errors,
        lang,
        no_script: request.parameter("scripts") == Ok(Some("no")),
        is_answer_to_get: true,
    };
    let page = company_page(&app, &session, &invitation, &content);
    Ok(page::html(StatusCode::OK, lang, page, FormTarget::Us))
}

/// POST: the button. The draft is kept until the company is created, whatever fails before.
///
/// # Errors
/// As [`show`]; a form that is not ours.
pub async fn submit(
    State(app): State<Shared>,
    request: RequestInfo,
    session: Result<LiveSession, Failure>,
    OurForm(sent): OurForm<Submitted>,
) -> Result<Response, Failure> {
    let (answer, keep_draft) = match session {
        Ok(LiveSession { session, .. }) => {
            let answer = create(&app, &request, &session, &sent).await;
            (answer, !is_stale_tab(&app, &request, &session, &sent.token))
        }
        Err(failure) => (Err(failure), true),
    };
    let (cookies, jar) = (app.cookies(), request.jar);
    let jar = match &answer {
        Ok(response) if response.status().is_redirection() => cookies.drop_draft(jar),
        Ok(_) | Err(_) if keep_draft => cookies.keep_draft(jar, &sent.token, &sent.form),
        Ok(_) | Err(_) => jar,
    };
    Ok((jar, answer).into_response())
}

/// Whether the form belongs to another session than the present one, which has a draft of its own.
fn is_stale_tab(app: &App, request: &RequestInfo, session: &Session, token: &str) -> bool {
    let own = form_token(session);
    let draft = app.cookies().draft(&request.jar, &own.issue(app.sealer()));
    !own.verify(app.sealer(), token) && draft.is_some()
}

async fn create(
    app: &App,
    request: &RequestInfo,
    session: &Session,
    sent: &Submitted,
) -> Result<Response, Failure> {
    let chosen = Lang::parse(&sent.lang).or(session.lang);
    let fail = |error: AppError| guard::fail(session, error).in_lang(chosen);
    if !form_token(session).verify(app.sealer(), &sent.token) {
        return Err(fail(AppError::FormRefused(
            "the token is missing or not of this session",
        )));
    }
    if !sent.join.is_empty() {
        return join::submit(app, request, session, sent).await;
    }
    let company = match Company::parse(&sent.form) {
        Ok(company) => company,
        Err(errors) => return correct(app, request, session, sent, &errors).await,
    };
    let (id, now) = (session.link.id(), app.clock.now());
    let companies = &app.store.companies;
    let created = companies.create(id, session.account, &company, now).await;
    let outcome = match created.map_err(|error| fail(error.into()))? {
        Completion::Done(outcome) => outcome,
        Completion::Exists(existing) => {
            return join::offer(app, request, session, sent, &existing).await;
        }
    };
    let invitation = standing::changed(app, outcome, &session.account_name, now).map_err(fail)?;
    telemetry::step(Step::Created);
    Ok(to_welcome(app, request, session, sent, &invitation))
}

/// On to the welcome page, in the language that was chosen on this one.
fn to_welcome(
    app: &App,
    request: &RequestInfo,
    session: &Session,
    sent: &Submitted,
    invitation: &Invitation,
) -> Response {
    let locale = invitation.terms.recipient.locale.as_deref();
    let usual = request.lang(session.lang, locale);
    let chosen = Lang::parse(&sent.lang).filter(|lang| *lang != usual);
    page::redirect(app, "Welcome", chosen)
}

/// The form again, with what is wrong.
async fn correct(
    app: &App,
    request: &RequestInfo,
    session: &Session,
    sent: &Submitted,
    errors: &FieldErrors,
) -> Result<Response, Failure> {
    let chosen = Lang::parse(&sent.lang).or(session.lang);
    let invitation = guard::accepted(app, session)
        .await
        .map_err(|error| guard::fail(session, error).in_lang(chosen))?;
    let lang = request.lang(chosen, invitation.terms.recipient.locale.as_deref());
    let content = Content {
        form: &sent.form,
        errors,
        lang,
        no_script: sent.scripts == "no",
        is_answer_to_get: false,
    };
    let page = company_page(app, session, &invitation, &content);
    Ok(page::html(
        StatusCode::UNPROCESSABLE_ENTITY,
        lang,
        page,
        FormTarget::Us,
    ))
}

/// What the page shows, and how.
struct Content<'a> {
    form: &'a CompanyForm,
    errors: &'a FieldErrors,
    lang: Lang,
    no_script: bool,
    /// The page can be requested again.
    is_answer_to_get: bool,
}

/// What the seller registered, and whom they invited.
fn registered(invitation: &Invitation) -> CompanyForm {
    let recipient = &invitation.terms.recipient;
    CompanyForm::from(&invitation.terms.company)
        .with_person(&recipient.first_name, &recipient.last_name)
}

fn company_page(
    app: &App,
    session: &Session,
    invitation: &Invitation,
    content: &Content<'_>,
) -> Html {
    let lang = content.lang;
    let no_script_url = format!("/api/CreateCompany?scripts=no&lang={}", lang.tag());
    let offers_no_script = content.is_answer_to_get && !content.no_script;
    CompanyPage {
        frame: page::frame(app, lang, Some("/api/CreateCompany")),
        form: content.form,
        errors: content.errors,
        registered: &registered(invitation),
        customer_number: invitation.terms.company.customer_number.as_deref(),
        email: invitation.terms.recipient.email.as_str(),
        action: "/api/CreateCompany",
        form_token: &form_token(session).issue(app.sealer()),
        inviter_organization: &invitation.terms.inviter.organization,
        no_script: content.no_script,
        no_script_url: offers_no_script.then_some(&no_script_url),
        focus_error: !content.is_answer_to_get,
    }
    .render()
}

fn form_token(session: &Session) -> FormToken<'_> {
    FormToken::CreateCompany(&session.link, session.account)
}
