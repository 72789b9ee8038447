//! Joining the company that a colleague has created.

use axum::{http::StatusCode, response::Response};

use super::{Submitted, form_token, registered, to_welcome};
use crate::{
    app::App,
    domain::{
        company::{Company, CompanyForm, FieldErrors},
        invitation::Invitation,
    },
    http::{
        cookies::Session,
        error::{AppError, Failure},
        page::{self, FormTarget},
        request_info::RequestInfo,
    },
    journey::{guard, standing},
    store::Existing,
    telemetry::{self, Step},
    text::Lang,
    views::JoinPage,
};

/// What the page shows beside the company.
pub(super) struct Content<'a> {
    pub(super) form: &'a CompanyForm,
    pub(super) errors: &'a FieldErrors,
    pub(super) lang: Lang,
    /// The company was created while the form of a new one was open.
    pub(super) is_late: bool,
}

/// The page.
///
/// # Errors
/// A store that is down.
pub(super) async fn show(
    app: &App,
    session: &Session,
    invitation: &Invitation,
    existing: &Existing,
    content: &Content<'_>,
) -> Result<Response, AppError> {
    let creator = app.store.companies.creator(existing).await?;
    let page = JoinPage {
        frame: page::frame(app, content.lang, Some("/api/CreateCompany")),
        company: &existing.company,
        customer_number: existing.customer_number.as_deref(),
        creator: creator.as_ref(),
        created_at: existing.created_at,
        is_late: content.is_late,
        form: content.form,
        errors: content.errors,
        email: invitation.terms.recipient.email.as_str(),
        action: "/api/CreateCompany",
        form_token: &form_token(session).issue(app.sealer()),
    };
    let status = if content.errors.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    Ok(page::html(
        status,
        content.lang,
        page.render(),
        FormTarget::Us,
    ))
}

/// For a recipient who pressed after a colleague: the page, with what they typed about themselves.
///
/// # Errors
/// As [`show`].
pub(super) async fn offer(
    app: &App,
    request: &RequestInfo,
    session: &Session,
    sent: &Submitted,
    existing: &Existing,
) -> Result<Response, Failure> {
    let chosen = Lang::parse(&sent.lang).or(session.lang);
    let fail = |error: AppError| guard::fail(session, error).in_lang(chosen);
    let invitation = guard::accepted(app, session).await.map_err(fail)?;
    let content = Content {
        form: &sent.form,
        errors: &FieldErrors::NONE,
        lang: request.lang(chosen, invitation.terms.recipient.locale.as_deref()),
        is_late: true,
    };
    let page = show(app, session, &invitation, existing, &content).await;
    page.map_err(fail)
}

/// The button. Where the last colleague has left at the same moment, the recipient creates the
/// company: `CreateCompany` shows its form with what they typed.
pub(super) async fn submit(
    app: &App,
    request: &RequestInfo,
    session: &Session,
    sent: &Submitted,
) -> Result<Response, Failure> {
    let chosen = Lang::parse(&sent.lang).or(session.lang);
    let fail = |error: AppError| guard::fail(session, error).in_lang(chosen);
    let invitation = guard::accepted(app, session).await.map_err(fail)?;
    if invitation.is_completed() {
        return Ok(to_welcome(app, request, session, sent, &invitation));
    }
    let companies = &app.store.companies;
    let found = companies.find_for(&invitation).await;
    let Some(existing) = found.map_err(|error| fail(error.into()))? else {
        return Ok(page::redirect(app, "CreateCompany", chosen));
    };
    if let Err(errors) = existing.company.for_colleague(&sent.form) {
        let content = Content {
            form: &sent.form,
            errors: &errors,
            lang: request.lang(chosen, invitation.terms.recipient.locale.as_deref()),
            is_late: false,
        };
        let page = show(app, session, &invitation, &existing, &content).await;
        return page.map_err(fail);
    }
    // The form was checked against the country that is part of the company.
    let with_person = |company: &Company| {
        company
            .for_colleague(&sent.form)
            .unwrap_or_else(|_| company.clone())
    };
    let (id, now) = (session.link.id(), app.clock.now());
    let joined = companies.join(id, session.account, with_person, now).await;
    let Some(outcome) = joined.map_err(|error| fail(error.into()))? else {
        return Ok(page::redirect(app, "CreateCompany", chosen));
    };
    let invitation = standing::changed(app, outcome, &session.account_name, now).map_err(fail)?;
    telemetry::step(Step::Created);
    Ok(to_welcome(app, request, session, sent, &invitation))
}

/// What to show in a form that was kept: the joining page sends the person alone.
pub(super) fn with_registered(draft: CompanyForm, invitation: &Invitation) -> CompanyForm {
    let is_person_alone = [&draft.company_name, &draft.street, &draft.country]
        .into_iter()
        .all(String::is_empty);
    if is_person_alone {
        CompanyForm {
            phone: draft.phone,
            ..registered(invitation).with_person(&draft.first_name, &draft.last_name)
        }
    } else {
        draft
    }
}
