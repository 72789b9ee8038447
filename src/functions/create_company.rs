//! `CreateCompany`: the company data that the seller registered, to check and to correct, and the
//! button that creates the company, once. Where a colleague has created it, it can be joined.

mod join;

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use time::OffsetDateTime;

use super::welcome;
use crate::{
    app::{App, Shared},
    domain::{
        company::{self, Company, CompanyForm, FieldErrors},
        invitation::{self, Invitation, Situation},
    },
    http::{
        cookies::Session, error::AppError, failure::Failure, form_token::FormToken,
        forms::SameOriginForm, page, request_info::RequestInfo,
    },
    journey::{
        guard::{self, SignedIn},
        standing,
    },
    store::{Completion, VersionedInvitation},
    telemetry::{self, Step},
    views::{CompanyPage, Contact, FormTarget, Html},
};

/// The form of the page.
#[derive(Debug, Deserialize)]
pub struct Submitted {
    #[serde(default)]
    token: String,
    /// Names the invitation where the session is lost.
    #[serde(default)]
    ticket: String,
    /// `no` from the page without a script.
    #[serde(default)]
    scripts: String,
    /// From the page that joins a company: the id of the one that it showed.
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
    if let Some(other) = other_step(&app, &recipient) {
        return Ok(other);
    }
    form(&app, &recipient)
        .await
        .map_err(|error| recipient.fail(error))
}

/// The form, or that of a colleague's company.
async fn form(app: &App, recipient: &SignedIn) -> Result<Response, AppError> {
    let request = &recipient.request;
    let draft = app.cookies().draft(
        &request.jar,
        &form_token(&recipient.session).issue(app.sealer()),
    );
    let registered = registered(&recipient.invitation);
    let form = match draft {
        Some(draft) => join::with_registered(draft, &registered),
        None => registered.clone(),
    };
    let companies = &app.store.companies;
    let existing = companies.find_for(&recipient.invitation).await?;
    // One's own: the button was pressed in another tab since the invitation was read, or the table
    // was restored from an export. Pressing it leads on in both.
    if let Some(existing) = existing.filter(|own| own.created_by != recipient.invitation.id) {
        let content = join::Content {
            form: &form,
            errors: &FieldErrors::NONE,
            is_late: false,
        };
        return join::show(app, recipient, &existing, &content).await;
    }
    let company = Company::parse(&form);
    let content = Content {
        form: &form,
        registered: &registered,
        company: company.as_ref(),
        no_script: request.parameter("scripts") == Ok(Some("no")),
        is_answer_to_get: true,
    };
    let page = company_page(app, recipient, &content);
    Ok(page::html(
        StatusCode::OK,
        recipient.lang,
        page,
        FormTarget::Us,
    ))
}

/// The page that is next, where it is not this one.
fn other_step(app: &App, recipient: &SignedIn) -> Option<Response> {
    if recipient.invitation.is_completed() {
        Some(recipient.redirect_to(app, "Welcome"))
    } else if recipient.is_bound() {
        None
    } else {
        Some(recipient.redirect_to(app, "ConfirmMailbox"))
    }
}

/// POST: the button. What a form of ours sent is kept as a draft until the company is created,
/// whatever fails before.
///
/// # Errors
/// As [`show`]; a form that is not ours.
pub async fn submit(
    State(app): State<Shared>,
    request: RequestInfo,
    recipient: Result<SignedIn, Failure>,
    SameOriginForm(sent): SameOriginForm<Submitted>,
) -> Result<Response, Failure> {
    let answer = match recipient {
        Ok(recipient) => create(&app, &recipient, &sent)
            .await
            .map_err(|failure| recipient.fail(failure)),
        Err(failure) => Err(guard::after_loss(&app, &request, failure, &sent.ticket)),
    };
    let (cookies, jar) = (app.cookies(), request.jar);
    let is_created = matches!(&answer, Ok(Submission::Created(_)));
    let (jar, is_kept) = if is_created {
        (cookies.drop_draft(jar, &sent.token), false)
    } else {
        cookies.keep_draft(jar, &sent.token, &sent.form)
    };
    let answer = answer
        .map(Submission::into_response)
        .map_err(|failure| Failure {
            draft_saved: is_kept,
            ..failure
        });
    Ok((jar, answer).into_response())
}

/// What the button led to.
enum Submission {
    /// The company exists.
    Created(Response),
    /// It does not yet.
    NotYet(Response),
}

impl Submission {
    fn into_response(self) -> Response {
        match self {
            Self::Created(response) | Self::NotYet(response) => response,
        }
    }
}

async fn create(app: &App, recipient: &SignedIn, sent: &Submitted) -> Result<Submission, Failure> {
    let session = &recipient.session;
    if !form_token(session).verify(app.sealer(), &sent.token) {
        return Err(AppError::FormRefused("the token is missing or not of this session").into());
    }
    if !recipient.is_bound() {
        return Ok(Submission::NotYet(
            recipient.redirect_to(app, "ConfirmMailbox"),
        ));
    }
    if !sent.join.is_empty() {
        return join::submit(app, recipient, sent).await;
    }
    let company = match Company::parse(&sent.form) {
        Ok(company) => company,
        Err(errors) => return Ok(Submission::NotYet(correct(app, recipient, sent, &errors))),
    };
    if recipient.invitation.is_completed() {
        let confirmed = recipient.versioned.company();
        return Ok(repeated(app, recipient, confirmed, Some(&company)));
    }
    let (versioned, now) = (recipient.versioned.clone(), app.clock.now());
    let companies = &app.store.companies;
    let created = companies.create_if_unchanged(versioned, session.account, &company, now);
    let outcome = match created.await? {
        Completion::Done(outcome) => outcome,
        Completion::Exists(existing) => {
            let page = join::offer(app, recipient, sent, &existing).await?;
            return Ok(Submission::NotYet(page));
        }
    };
    let invitation = standing::changed(outcome, &session.account_name, now)?;
    finished(app, recipient, &invitation, now, |_| Some(company)).await
}

/// The invitation is completed: by this press at `now`, or by one in another tab at the same moment,
/// which may have sent something else.
async fn finished(
    app: &App,
    recipient: &SignedIn,
    invitation: &Invitation,
    now: OffsetDateTime,
    typed: impl FnOnce(&Company) -> Option<Company>,
) -> Result<Submission, Failure> {
    if matches!(invitation.state, invitation::State::Completed { at, .. } if at != now) {
        let found = app.store.invitations.find_for_update(invitation.id).await?;
        let confirmed = found.as_ref().and_then(VersionedInvitation::company);
        let typed = confirmed.and_then(typed);
        return Ok(repeated(app, recipient, confirmed, typed.as_ref()));
    }
    telemetry::step(Step::Created);
    Ok(Submission::Created(recipient.redirect_to(app, "Welcome")))
}

/// The invitation is completed: the button was pressed twice; or in two tabs, and what was typed in
/// the second one is not dropped in silence.
fn repeated(
    app: &App,
    recipient: &SignedIn,
    confirmed: Option<&Company>,
    typed: Option<&Company>,
) -> Submission {
    let welcome = recipient.url(app, "Welcome");
    let is_same = typed.is_none() || confirmed.is_none() || typed == confirmed;
    Submission::Created(page::see_other(&if is_same {
        welcome
    } else {
        welcome::with_unsaved_entries(welcome)
    }))
}

/// The form again, with what is wrong.
fn correct(app: &App, recipient: &SignedIn, sent: &Submitted, errors: &FieldErrors) -> Response {
    let content = Content {
        form: &sent.form,
        registered: &registered(&recipient.invitation),
        company: Err(errors),
        no_script: sent.scripts == "no",
        is_answer_to_get: false,
    };
    page::html(
        StatusCode::UNPROCESSABLE_ENTITY,
        recipient.lang,
        company_page(app, recipient, &content),
        FormTarget::Us,
    )
}

/// What the page shows, and how.
struct Content<'a> {
    form: &'a CompanyForm,
    registered: &'a CompanyForm,
    /// As the form would create it, or what is wrong.
    company: Result<&'a Company, &'a FieldErrors>,
    no_script: bool,
    /// The page can be requested again.
    is_answer_to_get: bool,
}

/// What the seller registered, as people write it, and whom they invited.
fn registered(invitation: &Invitation) -> CompanyForm {
    let recipient = &invitation.terms.recipient;
    company::readable(CompanyForm::from(&invitation.terms.company))
        .with_person(&recipient.first_name, &recipient.last_name)
}

fn company_page(app: &App, recipient: &SignedIn, content: &Content<'_>) -> Html {
    let (invitation, lang) = (&recipient.invitation, recipient.lang);
    let (address, inviter) = (
        recipient.address("CreateCompany"),
        &invitation.terms.inviter,
    );
    let no_script_url = format!("{address}&scripts=no&lang={}", lang.tag());
    let offers_no_script = content.is_answer_to_get && !content.no_script;
    let link = &recipient.session.link;
    CompanyPage {
        frame: page::frame(app, lang, Some(&address)),
        form: content.form,
        company: content.company.ok(),
        errors: content.company.err().unwrap_or(&FieldErrors::NONE),
        registered: content.registered,
        customer_number: invitation.terms.company.customer_number.as_deref(),
        email: invitation.terms.recipient.email.as_str(),
        action: &recipient.action("CreateCompany"),
        form_token: &form_token(&recipient.session).issue(app.sealer()),
        ticket: &app.cookies().ticket(link, app.clock.now()),
        inviter_organization: &inviter.organization,
        no_script: content.no_script,
        no_script_url: offers_no_script.then_some(&no_script_url),
        focus_error: !content.is_answer_to_get,
        contact: Some(&Contact {
            // With scripts, the script keeps what was typed.
            form: content.no_script.then_some("company"),
            ..recipient.contact(app, Situation::Company)
        }),
    }
    .render()
}

fn form_token(session: &Session) -> FormToken<'_> {
    FormToken::CreateCompany(&session.link, session.account)
}
