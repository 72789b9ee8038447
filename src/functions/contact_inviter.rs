//! `ContactInviter`: the recipient asks the inviter for help or for a new invitation, or says not to
//! be the right person. The forms are on the pages of the journey.
//!
//! Nothing is addressed by a URL: a form holds a sealed ticket of one day. The e-mail to the inviter
//! follows from the event, so that each kind is sent once a day however often a button is pressed.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use url::Url;

use crate::{
    app::{App, Shared},
    domain::{
        company::CompanyForm,
        email::Email,
        invitation::{ContactKind, EventDetails, Refusal, Situation},
    },
    http::{
        contact::{self, ContactTicket, MAX_ADDRESS, kept},
        cookies::Age,
        error::AppError,
        failure::Failure,
        forms::SameOriginForm,
        notice_page::Shown,
        page,
        request_info::RequestInfo,
    },
    journey::linked::Named,
    store::Outcome,
    text::{Lang, remove_invisible},
    views::{Contacted, Notice},
};

/// The fields of every form that leads here.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Submitted {
    ticket: String,
    kind: String,
    /// The right person's address, if one is given; the only free text.
    colleague: String,
    lang: String,
    /// In place of `ticket`, from the form of the company.
    contact: String,
    /// That form's token, and what was typed into it.
    token: String,
    #[serde(flatten)]
    form: CompanyForm,
}

/// GET: nothing is addressed by a URL.
///
/// # Errors
/// Always: the page leads back to the e-mail.
pub async fn show() -> Result<Response, Failure> {
    Err(AppError::MalformedLink.into())
}

/// POST: a button. What was typed into the form of the company is kept, as when that is sent.
///
/// # Errors
/// A form that is not ours or too old, an invitation that is gone, a store that is down.
pub async fn submit(
    State(app): State<Shared>,
    request: RequestInfo,
    SameOriginForm(sent): SameOriginForm<Submitted>,
) -> Response {
    let sealed = if sent.contact.is_empty() {
        &sent.ticket
    } else {
        &sent.contact
    };
    let Some(opened) = ContactTicket::open(&app, sealed) else {
        return Failure::from(AppError::FormRefused("the ticket is missing")).into_response();
    };
    let answer = receive(&app, request.clone(), opened, &sent).await;
    if sent.token.is_empty() {
        return answer.into_response();
    }
    let (jar, draft_saved) = app
        .cookies()
        .keep_draft(request.jar, &sent.token, &sent.form);
    let answer = answer.map_err(|failure| Failure {
        draft_saved,
        ..failure
    });
    (jar, answer).into_response()
}

async fn receive(
    app: &App,
    request: RequestInfo,
    (ticket, age): (ContactTicket, Age),
    sent: &Submitted,
) -> Result<Response, Failure> {
    let kind = ContactKind::parse(&sent.kind).ok_or(AppError::FormMalformed)?;
    let named = Named::new(request, ticket.link, Lang::parse(&sent.lang));
    let asked = (kind, ticket.situation);
    if age == Age::Outdated {
        return outdated(app, named, asked, &sent.colleague).await;
    }
    let Ok(colleague) = colleague(kind, &sent.colleague) else {
        return correct(app, named, ticket.situation, &sent.colleague).await;
    };
    let asked = ask(app, &named, asked, colleague).await;
    let url = asked.map_err(|error| named.fail(error))?;
    Ok(page::see_other(&url))
}

/// Records it, unless that was done already, and leads to the page that says so.
async fn ask(
    app: &App,
    named: &Named,
    (kind, situation): (ContactKind, Situation),
    colleague: Option<Email>,
) -> Result<Url, AppError> {
    let names_colleague = colleague.is_some();
    let details = EventDetails {
        situation: Some(situation).filter(|_| kind == ContactKind::Help),
        colleague,
        ..EventDetails::default()
    };
    let (invitations, id) = (&app.store.invitations, named.id);
    let outcome = invitations.contact(id, kind, &details, app.clock.now());
    let outcome = outcome.await?;
    let is_new = matches!(outcome, Outcome::Done(_));
    match outcome {
        Outcome::Done(invitation) | Outcome::Refused(Refusal::AskedToday, invitation) => {
            let notice = Notice::Contacted(Contacted {
                kind,
                inviter: invitation.terms.inviter.name.clone(),
                is_mailed: contact::reaches_inviter(app, &invitation),
                // The address may be the one that was passed on, if the button was pressed twice.
                said_before: invitation
                    .contacts
                    .last(kind)
                    .filter(|_| !is_new && names_colleague),
            });
            // By a redirect, so that a reload asks for nothing.
            let url = Shown::of(notice, situation).url(app, Some(&named.link));
            Ok(page::in_lang(url, named.chosen))
        }
        // It has another state by now, which its page shows.
        Outcome::Refused(
            Refusal::Status(_)
            | Refusal::AnotherAccount
            | Refusal::ApprovedToday
            | Refusal::TooManyEmails(_),
            _,
        ) => Ok(named.url(app)),
        Outcome::Erased | Outcome::Missing => Err(AppError::UnknownInvitation),
    }
}

/// The page was open for too long: it is offered again, with what was typed. What cannot be asked
/// any more is shown by the page of the link.
async fn outdated(
    app: &App,
    named: Named,
    (kind, situation): (ContactKind, Situation),
    typed: &str,
) -> Result<Response, Failure> {
    let url = named.url(app);
    let linked = named.read(app).await?;
    if !contact::is_open(&linked.invitation, kind, app.clock.now()) {
        return Ok(page::see_other(&url));
    }
    Err(linked.fail(AppError::PageOutdated {
        kind,
        typed: kept(typed),
        situation,
    }))
}

/// The form again, where the colleague's address cannot be one.
async fn correct(
    app: &App,
    named: Named,
    situation: Situation,
    typed: &str,
) -> Result<Response, Failure> {
    let typed = kept(typed);
    let shown = Shown::of(Notice::NoAddress { typed }, situation);
    let linked = named.read(app).await?;
    Ok(linked.notice(app, StatusCode::UNPROCESSABLE_ENTITY, &shown))
}

/// The address that is named, if one is.
fn colleague(kind: ContactKind, typed: &str) -> Result<Option<Email>, ()> {
    let typed = remove_invisible(typed);
    let typed = typed.trim();
    if kind != ContactKind::NotMe || typed.is_empty() {
        return Ok(None);
    }
    if typed.len() > MAX_ADDRESS {
        return Err(());
    }
    typed.parse().map(Some).map_err(|_| ())
}
