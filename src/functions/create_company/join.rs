//! Joining the company that a colleague has created.

use axum::{http::StatusCode, response::Response};

use super::{Submission, Submitted, finished, form_token, repeated};
use crate::{
    app::App,
    domain::{
        company::{Company, CompanyForm, FieldErrors},
        invitation::Situation,
    },
    http::{error::AppError, failure::Failure, page},
    journey::{guard::SignedIn, standing},
    store::Existing,
    views::{Contact, FormTarget, JoinPage},
};

/// What the page shows beside the company.
pub(super) struct Content<'a> {
    pub(super) form: &'a CompanyForm,
    pub(super) errors: &'a FieldErrors,
    /// The company was created while the form of a new one was open.
    pub(super) is_late: bool,
}

/// The page.
///
/// # Errors
/// A store that is down.
pub(super) async fn show(
    app: &App,
    recipient: &SignedIn,
    existing: &Existing,
    content: &Content<'_>,
) -> Result<Response, AppError> {
    let creator = app.store.companies.creator(existing).await?;
    let address = recipient.address("CreateCompany");
    let page = JoinPage {
        frame: page::frame(app, recipient.lang, Some(&address)),
        id: existing.id,
        company: &existing.company,
        customer_number: existing.customer_number.as_deref(),
        creator: creator.as_ref(),
        created_at: existing.created_at,
        is_late: content.is_late,
        form: content.form,
        errors: content.errors,
        email: recipient.invitation.terms.recipient.email.as_str(),
        action: &recipient.action("CreateCompany"),
        form_token: &form_token(&recipient.session).issue(app.sealer()),
        ticket: &app
            .cookies()
            .ticket(&recipient.session.link, app.clock.now()),
        contact: Some(&Contact {
            form: Some("join"),
            ..recipient.contact(app, Situation::Company)
        }),
    };
    let status = if content.errors.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    Ok(page::html(
        status,
        recipient.lang,
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
    recipient: &SignedIn,
    sent: &Submitted,
    existing: &Existing,
) -> Result<Response, AppError> {
    let content = Content {
        form: &sent.form,
        errors: &FieldErrors::NONE,
        is_late: true,
    };
    show(app, recipient, existing, &content).await
}

/// The button: joins the company that the page showed. Where the last colleague has left since,
/// the recipient creates the company: `CreateCompany` shows its form with what they typed. Where
/// there is another company by now, its page is shown first.
pub(super) async fn submit(
    app: &App,
    recipient: &SignedIn,
    sent: &Submitted,
) -> Result<Submission, Failure> {
    let form = || Submission::NotYet(recipient.redirect_to(app, "CreateCompany"));
    if recipient.invitation.is_completed() {
        let own = recipient.versioned.company();
        let typed = own.and_then(|own| own.for_colleague(&sent.form).ok());
        return Ok(repeated(app, recipient, own, typed.as_ref()));
    }
    let companies = &app.store.companies;
    let Some(existing) = companies.find_for(&recipient.invitation).await? else {
        return Ok(form());
    };
    if existing.id.to_string() != sent.join {
        return Ok(Submission::NotYet(
            offer(app, recipient, sent, &existing).await?,
        ));
    }
    if let Err(errors) = existing.company.for_colleague(&sent.form) {
        let content = Content {
            form: &sent.form,
            errors: &errors,
            is_late: false,
        };
        let page = show(app, recipient, &existing, &content).await?;
        return Ok(Submission::NotYet(page));
    }
    // The form was checked against the country that is part of the company.
    let with_person = |company: &Company| {
        company
            .for_colleague(&sent.form)
            .unwrap_or_else(|_| company.clone())
    };
    let (id, session) = (recipient.invitation.id, &recipient.session);
    let now = app.clock.now();
    let Some(outcome) = companies
        .join(id, session.account, existing.id, with_person, now)
        .await?
    else {
        return Ok(form());
    };
    let invitation = standing::changed(outcome, &session.account_name, now)?;
    let typed = |own: &Company| own.for_colleague(&sent.form).ok();
    finished(app, recipient, &invitation, now, typed).await
}

/// What to show in a form that was kept: the joining page sends the person alone.
pub(super) fn with_registered(draft: CompanyForm, registered: &CompanyForm) -> CompanyForm {
    let is_person_alone = [&draft.company_name, &draft.street, &draft.country]
        .into_iter()
        .all(String::is_empty);
    if is_person_alone {
        CompanyForm {
            phone: draft.phone,
            ..registered
                .clone()
                .with_person(&draft.first_name, &draft.last_name)
        }
    } else {
        draft
    }
}
