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
        invitation::{ContactKind, EventDetails, Invitation, Refusal},
    },
    http::{
        contact::{self, ContactTicket},
        cookies::Age,
        error::AppError,
        failure::Failure,
        forms::SameOriginForm,
        links,
        notice_page::{self, Shown},
        observe, page,
        request_info::RequestInfo,
    },
    store::Outcome,
    text::{Lang, remove_invisible},
    views::{Contacted, Notice},
};

/// The longest address that is read (RFC 5321, 4.5.3.1.3).
const MAX_ADDRESS: usize = 254;

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
    let answer = ask(&app, &request, &sent).await;
    if sent.token.is_empty() {
        return answer.into_response();
    }
    let (jar, _) = app
        .cookies()
        .keep_draft(request.jar, &sent.token, &sent.form);
    (jar, answer).into_response()
}

async fn ask(app: &App, request: &RequestInfo, sent: &Submitted) -> Result<Response, Failure> {
    let sealed = if sent.contact.is_empty() {
        &sent.ticket
    } else {
        &sent.contact
    };
    let opened = ContactTicket::open(app, sealed);
    let (ticket, age) = opened.ok_or(AppError::FormRefused("the ticket is missing"))?;
    let kind = ContactKind::parse(&sent.kind).ok_or(AppError::FormMalformed)?;
    let id = ticket.link.id();
    observe::record_invitation(id);
    let chosen = request.chosen_lang().or_else(|| Lang::parse(&sent.lang));
    let fail = |error: AppError| Failure::from(error).for_link(ticket.link).in_lang(chosen);
    if age == Age::Outdated {
        let asked = (kind, sent.colleague.as_str());
        return outdated(app, &ticket, asked, chosen).await.map_err(fail);
    }
    let Ok(colleague) = colleague(kind, &sent.colleague) else {
        let page = correct(app, request, (&ticket, kept(&sent.colleague)), chosen).await;
        return page.map_err(fail);
    };
    let details = EventDetails {
        situation: Some(ticket.situation).filter(|_| kind == ContactKind::Help),
        colleague,
        ..EventDetails::default()
    };
    let invitations = &app.store.invitations;
    let outcome = invitations.contact(id, kind, &details, app.clock.now());
    let outcome = outcome.await.map_err(|error| fail(error.into()))?;
    let to_link = || links::invitation_url(app, &ticket.link, chosen);
    let url = match outcome {
        Outcome::Done(invitation) | Outcome::Refused(Refusal::AskedToday, invitation) => {
            page::in_lang(answer_url(app, &invitation, &ticket, kind), chosen)
        }
        // It has another state by now, which its page shows.
        Outcome::Refused(
            Refusal::Status(_)
            | Refusal::AnotherAccount
            | Refusal::ApprovedToday
            | Refusal::TooManyEmails(_),
            _,
        ) => to_link(),
        Outcome::Erased | Outcome::Missing => return Err(fail(AppError::UnknownInvitation)),
    };
    Ok(page::see_other(&url))
}

/// The page was open for too long: it is offered again, with what was typed. What cannot be asked
/// any more is shown by the page of the link.
async fn outdated(
    app: &App,
    ticket: &ContactTicket,
    (kind, typed): (ContactKind, &str),
    chosen: Option<Lang>,
) -> Result<Response, AppError> {
    let found = app.store.invitations.find(ticket.link.id()).await?;
    let invitation = found.ok_or(AppError::UnknownInvitation)?;
    if !contact::is_open(app, &invitation, kind) {
        let url = links::invitation_url(app, &ticket.link, chosen);
        return Ok(page::see_other(&url));
    }
    Err(AppError::PageOutdated {
        kind,
        typed: kept(typed),
        situation: ticket.situation,
    })
}

/// What is shown again of what was typed.
fn kept(typed: &str) -> String {
    typed.chars().take(MAX_ADDRESS).collect()
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

/// What was done, by a redirect, so that a reload asks for nothing.
fn answer_url(
    app: &App,
    invitation: &Invitation,
    ticket: &ContactTicket,
    kind: ContactKind,
) -> Url {
    let notice = Notice::Contacted(Contacted {
        kind,
        inviter: invitation.terms.inviter.name.clone(),
        is_mailed: contact::reaches_inviter(app, invitation),
    });
    Shown::of(notice, ticket.situation).url(app, Some(&ticket.link))
}

/// The form again, where the colleague's address cannot be one.
async fn correct(
    app: &App,
    request: &RequestInfo,
    (ticket, typed): (&ContactTicket, String),
    chosen: Option<Lang>,
) -> Result<Response, AppError> {
    let invitation = app.store.invitations.find(ticket.link.id()).await?;
    let shown = Shown::of(Notice::NoAddress { typed }, ticket.situation);
    Ok(notice_page::about(
        (app, request),
        StatusCode::UNPROCESSABLE_ENTITY,
        &shown,
        Some(ticket.link),
        (invitation.as_ref(), chosen),
    ))
}
