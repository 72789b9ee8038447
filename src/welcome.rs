//! `Welcome`: the end of the journey, and the start of everything else.

use axum::{extract::State, http::StatusCode, response::Response};
use url::Url;

use crate::{
    app::Shared,
    create_company::{live, owned},
    error::Failed,
    invitation::State as Standing,
    page::{self, FormTarget},
    views::{WelcomeLink, WelcomePage},
    visitor::Visitor,
};

/// GET.
///
/// # Errors
/// No session, an invitation that is not the session's, a store that is down.
pub async fn show(State(app): State<Shared>, visitor: Visitor) -> Result<Response, Failed> {
    let session = live(&app, &visitor)?;
    let invitation = owned(&app, &session).await?;
    let Standing::Completed { company, .. } = &invitation.state else {
        return Ok(page::see_other(&page::in_lang(
            app.config.public.api("CreateCompany"),
            visitor.chosen_lang(),
        )));
    };
    let recipient = &invitation.terms.recipient;
    let lang = visitor.lang(session.lang, recipient.locale.as_deref());
    let platform = &app.config.platform;
    let links: Vec<_> = platform
        .links
        .iter()
        .map(|link| WelcomeLink {
            title: link.title(lang),
            url: link.url.as_str(),
            icon: &link.icon,
        })
        .collect();
    let page = WelcomePage {
        frame: page::frame(&app, lang, Some("/api/Welcome")),
        first_name: &recipient.first_name,
        last_name: &recipient.last_name,
        company_name: &company.name,
        links: &links,
        platform_url: platform.url.as_ref().map(Url::as_str),
    };
    Ok(page::html(
        StatusCode::OK,
        lang,
        page.render(),
        FormTarget::Us,
    ))
}
