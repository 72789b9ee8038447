//! Where the pages lead: their addresses, and the hidden fields of the forms that go there.

use url::{Url, form_urlencoded};

use super::form_token::FormToken;
use crate::{
    app::App,
    domain::invitation::{Account, Known, Link},
    text::Lang,
};

/// The path of the function `AdminConsent`: the host keeps every route that begins with "admin"
/// for itself.
pub const ADMIN_CONSENT: &str = "AppConsent";

/// Hidden fields of a form: name and value.
pub type Fields = Vec<(&'static str, String)>;

/// The target of every form that starts a sign-in or asks for a new invitation.
#[must_use]
pub fn invite_url(app: &App) -> Url {
    app.config.public.api("InviteUser")
}

/// The target of the forms that send or enter a code.
#[must_use]
pub fn confirm_url(app: &App) -> String {
    app.config.public.api("ConfirmMailbox").to_string()
}

/// The address that shows a notice again, for the language links: what led to it, a form or a
/// sign-in, cannot be repeated. It does not show the link.
#[must_use]
pub fn notice_url(app: &App, link: &Link, notice: &str) -> String {
    let ticket = app.cookies().ticket(link, app.clock.now());
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("ticket", &ticket)
        .append_pair("said", notice)
        .finish();
    format!("/api/InviteUser?{query}")
}

/// The hidden fields of a button that starts the sign-in again. They do not show the link.
#[must_use]
pub fn restart_fields(app: &App, link: &Link, lang: Lang, prompt: &str) -> Fields {
    let ticket = app.cookies().ticket(link, app.clock.now());
    let token = FormToken::Restart(&ticket).issue(app.sealer());
    vec![
        ("ticket", ticket),
        ("token", token),
        ("lang", lang.tag().to_owned()),
        ("prompt", prompt.to_owned()),
    ]
}

/// The hidden fields of the button that asks for a new invitation, on the page of the link.
#[must_use]
pub fn renewal_fields(app: &App, link: &Link, lang: Lang) -> Fields {
    let token = FormToken::Start(link).issue(app.sealer());
    vec![
        ("action", "renew".to_owned()),
        ("token", token),
        ("lang", lang.tag().to_owned()),
    ]
}

/// The same on any other page: these do not show the link.
#[must_use]
pub fn renewal_fields_without_link(app: &App, link: &Link, lang: Lang) -> Fields {
    let mut fields = restart_fields(app, link, lang, "");
    fields.push(("action", "renew".to_owned()));
    fields
}

/// The hidden fields of the button "Send a code". `known`: the newest code that its page knows, so
/// that a double click sends one code.
#[must_use]
pub fn send_code_fields(
    app: &App,
    (link, account): (&Link, Account),
    Known(known): Known,
    lang: Lang,
) -> Fields {
    let known = known.map(|at| at.unix_timestamp_nanos().to_string());
    let token = FormToken::ConfirmMailbox(link, account).issue(app.sealer());
    vec![
        ("action", "send".to_owned()),
        ("known", known.unwrap_or_default()),
        ("token", token),
        ("lang", lang.tag().to_owned()),
    ]
}
