//! Where the pages lead: their addresses, and the hidden fields of the forms that go there.

use url::Url;

use super::{form_token::FormToken, page};
use crate::{
    app::App,
    domain::invitation::{Account, InvitationId, Known, Link},
    text::Lang,
    views::ApprovalNotice,
};

/// The path of the function `AdminConsent`: the host keeps every route that begins with "admin"
/// for itself.
pub const ADMIN_CONSENT: &str = "AppConsent";

/// The path of the desk.
pub const DESK: &str = "/api/desk";

/// Hidden fields of a form: name and value.
pub type Fields = Vec<(&'static str, String)>;

/// The target of every form that starts a sign-in.
#[must_use]
pub fn invite_url(app: &App) -> Url {
    app.config.public.api("InviteUser")
}

/// The link of the e-mail, in the language that was chosen on a page.
#[must_use]
pub fn invitation_url(app: &App, link: &Link, chosen: Option<Lang>) -> Url {
    page::in_lang(app.config.public.invitation(link), chosen)
}

/// The path of a page of a session, in the language that was chosen on a page. It names the
/// invitation, so that two of them in one browser are never mistaken for each other.
#[must_use]
pub fn session_path(function: &str, invitation: InvitationId, chosen: Option<Lang>) -> String {
    page::path_in_lang(&format!("/api/{function}?invitation={invitation}"), chosen)
}

/// As [`session_path`], with scheme and host.
#[must_use]
pub fn session_url(
    app: &App,
    function: &str,
    invitation: InvitationId,
    chosen: Option<Lang>,
) -> Url {
    let mut url = app.config.public.api(function);
    url.query_pairs_mut()
        .append_pair("invitation", &invitation.to_string());
    page::in_lang(url, chosen)
}

/// The path of the page that says what became of an approval.
#[must_use]
pub fn approval_result(notice: ApprovalNotice) -> String {
    format!("/api/{ADMIN_CONSENT}?result={}", notice.name())
}

/// The hidden fields of a button that starts the sign-in again. They do not show the link.
#[must_use]
pub fn restart_fields(app: &App, link: &Link, lang: Lang, prompt: &str) -> Fields {
    let ticket = app.cookies().ticket(link, app.clock.now());
    fields_of(app, ticket, lang, prompt)
}

/// The same on a page that misses the cookie of a sign-in.
#[must_use]
pub fn restart_fields_after_loss(app: &App, link: &Link, lang: Lang) -> Fields {
    let ticket = app.cookies().ticket_after_loss(link, app.clock.now());
    fields_of(app, ticket, lang, "")
}

fn fields_of(app: &App, ticket: String, lang: Lang, prompt: &str) -> Fields {
    let token = FormToken::Restart(&ticket).issue(app.sealer());
    vec![
        ("ticket", ticket),
        ("token", token),
        ("lang", lang.tag().to_owned()),
        ("prompt", prompt.to_owned()),
    ]
}

/// The hidden fields of the button "Send a code". `known`: the newest code that its page knows, so
/// that a double click sends one code.
#[must_use]
pub fn send_code_fields(
    app: &App,
    (link, account): (&Link, Account),
    Known(known): Known,
) -> Fields {
    let known = known.map(|at| at.unix_timestamp_nanos().to_string());
    let token = FormToken::ConfirmMailbox(link, account).issue(app.sealer());
    vec![
        ("action", "send".to_owned()),
        ("known", known.unwrap_or_default()),
        ("token", token),
        ("ticket", app.cookies().ticket(link, app.clock.now())),
    ]
}
