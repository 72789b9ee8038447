//! `Welcome`: the end of the journey, with the ways into the platform.

use axum::{extract, http::StatusCode, response::Response};
use url::Url;

use crate::{
    app::{App, Shared},
    domain::{
        company::CompanyForm,
        email::Email,
        invitation::{CreatedCompany, State},
    },
    http::{
        error::Failure,
        page::{self, FormTarget},
    },
    journey::guard::SignedIn,
    views::{Html, WelcomeLink, WelcomePage},
};

/// GET.
///
/// # Errors
/// No session, an invitation that is not the session's, a store that is down.
pub async fn show(
    extract::State(app): extract::State<Shared>,
    recipient: SignedIn,
) -> Result<Response, Failure> {
    match &recipient.invitation.state {
        State::Completed { company, .. } => {
            let registered = registered(&app, &recipient).await?;
            let page = welcome_page(&app, &recipient, company, registered.as_ref());
            Ok(page::html(
                StatusCode::OK,
                recipient.lang,
                page,
                FormTarget::Us,
            ))
        }
        _ => Ok(page::redirect(
            &app,
            "CreateCompany",
            recipient.request.chosen_lang(),
        )),
    }
}

/// The company as the recipient confirmed it.
async fn registered(app: &App, recipient: &SignedIn) -> Result<Option<CompanyForm>, Failure> {
    let id = recipient.session.link.id();
    let history = app.store.invitations.history(id).await?;
    let company = history.and_then(|history| history.company);
    Ok(company.as_ref().map(CompanyForm::from))
}

fn welcome_page(
    app: &App,
    recipient: &SignedIn,
    company: &CreatedCompany,
    registered: Option<&CompanyForm>,
) -> Html {
    let terms = &recipient.invitation.terms;
    let person = &terms.recipient;
    let platform = &app.config.platform;
    let links: Vec<_> = platform
        .links
        .iter()
        .map(|link| WelcomeLink {
            title: link.title(recipient.lang),
            url: link.url.as_str(),
            icon: &link.icon,
        })
        .collect();
    WelcomePage {
        frame: page::frame(app, recipient.lang, Some("/api/Welcome")),
        first_name: &person.first_name,
        last_name: &person.last_name,
        company_name: &company.name,
        registered,
        customer_number: terms.company.customer_number.as_deref(),
        email: person.email.as_str(),
        inviter_name: &terms.inviter.name,
        inviter_email: terms.inviter.email.as_ref().map(Email::as_str),
        links: &links,
        platform_url: platform.url.as_ref().map(Url::as_str),
    }
    .render()
}
