//! The page of a sign-in that Microsoft or an organisation refuses.

use axum::{http::StatusCode, response::Response};
use url::{Url, form_urlencoded};

use super::{
    links::{self, Fields},
    page::{self, FormTarget},
    pass,
    sign_in_refused::Stopped,
};
use crate::{
    app::App,
    domain::{invitation::Link, situation::Situation},
    identity::Refusal,
    text::Lang,
    views::{Action, Pass, StoppedPage},
};

/// What the page is about.
#[derive(Clone, Copy, Debug)]
pub struct StoppedSignIn<'a> {
    /// Why.
    pub refusal: Refusal,
    /// The invitation, if it is known.
    pub link: Option<Link>,
    /// What is said about it.
    pub invitation: Option<&'a Stopped>,
    /// This page's path and query, where the invitation is not known.
    pub here: &'a str,
}

/// The address that shows the page of a refusal in any language. It does not show the link.
#[must_use]
pub fn url(app: &App, link: &Link, refusal: &Refusal) -> String {
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("ticket", &app.cookies().ticket(link, app.clock.now()))
        .append_pair("stopped", &refusal.name())
        .finish();
    format!("/api/InviteUser?{query}")
}

/// The page.
#[must_use]
pub fn render(app: &App, lang: Lang, status: StatusCode, stopped: StoppedSignIn<'_>) -> Response {
    let number = stopped.refusal.number.map(|number| number.to_string());
    let here = stopped.link.map_or_else(
        || stopped.here.to_owned(),
        |link| url(app, &link, &stopped.refusal),
    );
    let fields = stopped
        .link
        .filter(|_| stopped.refusal.situation == Situation::Unknown)
        .map(|link| number_fields(app, &link, lang));
    let invite_url = links::invite_url(app);
    let approval = stopped.link.and_then(|link| pass::url(app, link.id()));
    let view = StoppedPage {
        frame: page::frame(app, lang, Some(&here)),
        situation: stopped.refusal.situation,
        number: number.as_deref(),
        invitation: stopped.invitation.map(Stopped::view),
        pass: it_pass(app, lang, &stopped, (number.as_deref(), approval.as_ref())),
        ask_number: fields.as_deref().map(|fields| ("/api/InviteUser", fields)),
        actions: &actions(app, lang, &stopped, invite_url.as_str()),
    };
    page::html(status, lang, view.render(), FormTarget::SignIn)
}

/// Hidden fields of the form that asks for the number.
fn number_fields(app: &App, link: &Link, lang: Lang) -> Fields {
    vec![
        ("ticket", app.cookies().ticket(link, app.clock.now())),
        ("lang", lang.tag().to_owned()),
    ]
}

/// The text for the IT department, where there is something that it can change.
fn it_pass<'a>(
    app: &'a App,
    lang: Lang,
    stopped: &StoppedSignIn<'a>,
    (number, approval): (Option<&'a str>, Option<&'a Url>),
) -> Option<Pass<'a>> {
    let (situation, platform) = (stopped.refusal.situation, &app.config.platform);
    if !matches!(situation, Situation::Approval(_) | Situation::Unknown) {
        return None;
    }
    let invitation = stopped.invitation?.view();
    Some(Pass {
        lang,
        platform: &platform.name,
        organization: invitation.inviter_organization,
        client_id: &app.config.entra.client_id,
        operator: app.config.public.as_str(),
        support_url: platform.support_url.as_ref().map(Url::as_str),
        number,
        situation,
        // An approval is asked for while the invitation is open, and no longer.
        link: approval
            .filter(|_| invitation.expires.is_some())
            .map(Url::as_str),
    })
}

fn actions<'a>(
    app: &'a App,
    lang: Lang,
    stopped: &StoppedSignIn<'_>,
    invite_url: &'a str,
) -> Vec<Action<'a>> {
    let (text, action) = (&lang.organisation().stopped, &lang.text().action);
    let sign_in = |label, prompt: &str, primary| {
        let link = stopped.link?;
        Some(Action::Post {
            label,
            url: invite_url,
            fields: links::restart_fields(app, &link, lang, prompt),
            primary,
        })
    };
    let another = |primary| sign_in(action.use_another_account, "select_account", primary);
    let first = match stopped.refusal.situation {
        Situation::Declined => [sign_in(action.try_again, "", true), None],
        Situation::Approval(_) => [sign_in(text.allowed_now, "", false), another(false)],
        Situation::Account => [another(true), None],
        Situation::Configuration => [sign_in(text.later, "", false), None],
        Situation::Unknown => [sign_in(action.try_again, "", true), another(false)],
    };
    let support = app.config.platform.support_url.as_ref();
    let help = support.map(|url| Action::Link {
        label: action.get_help,
        url: url.as_str(),
        primary: stopped.refusal.situation == Situation::Configuration,
    });
    let mut actions: Vec<_> = first.into_iter().flatten().chain(help).collect();
    // The main one comes first.
    actions.sort_by_key(|action| !action.is_primary());
    actions
}
