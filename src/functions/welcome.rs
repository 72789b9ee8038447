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
    http::{failure::Failure, page},
    journey::guard::SignedIn,
    views::{FormTarget, Html, WelcomeLink, WelcomePage},
};

/// The parameter that says that entries came too late.
const UNSAVED: &str = "unsaved";

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
            // The company as the recipient confirmed it.
            let registered = recipient.versioned.company().map(CompanyForm::from);
            let page = welcome_page(&app, &recipient, company, registered.as_ref());
            Ok(page::html(
                StatusCode::OK,
                recipient.lang,
                page,
                FormTarget::Us,
            ))
        }
        State::Pending | State::Accepted { .. } | State::Revoked { .. } => {
            Ok(recipient.redirect_to(&app, "CreateCompany"))
        }
    }
}

/// The address of this page after entries that came too late.
pub(super) fn with_unsaved_entries(mut url: Url) -> Url {
    url.query_pairs_mut().append_pair(UNSAVED, "yes");
    url
}

fn welcome_page(
    app: &App,
    recipient: &SignedIn,
    company: &CreatedCompany,
    registered: Option<&CompanyForm>,
) -> Html {
    let terms = &recipient.invitation.terms;
    let person = &terms.recipient;
    let (platform, inviter) = (&app.config.platform, &terms.inviter);
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
        frame: page::frame(app, recipient.lang, Some(&recipient.address("Welcome")))
            .by(&inviter.name, &inviter.organization),
        first_name: &person.first_name,
        last_name: &person.last_name,
        company_name: &company.name,
        has_joined: recipient.invitation.has_joined(),
        registered,
        customer_number: terms.company.customer_number.as_deref(),
        email: person.email.as_str(),
        inviter_name: &inviter.name,
        inviter_email: inviter.email.as_ref().map(Email::as_str),
        links: &links,
        unsaved: (recipient.request.parameter(UNSAVED) == Ok(Some("yes")))
            .then_some(inviter.name.as_str()),
        platform_url: platform.url.as_ref().map(Url::as_str),
    }
    .render()
}
