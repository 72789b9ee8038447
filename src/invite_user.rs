//! `InviteUser`: the page behind the link of the e-mail, and its button.
//!
//! Opening it writes nothing and sets no cookie, so mail scanners may open it any number of times.
//! Pressing the button starts the sign-in, or asks the inviter for a new invitation where this one
//! can no longer be accepted.

use axum::{
    Json,
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use url::{Url, form_urlencoded};
use utoipa::ToSchema;

use crate::{
    app::{App, Shared, about},
    error::{AppError, Failed},
    forms::OurForm,
    identity::{Attempt, Prompt},
    invitation::{Invitation, Link, RENEWAL_PAUSE, Refusal, Status},
    page::{self, FormTarget},
    session::Begun,
    store::Outcome,
    telemetry::{self, Step},
    text::Lang,
    views::{Action, Html, InvitePage, InviteState, Notice, NoticePage, mask_email},
    visitor::Visitor,
};

/// How [`told_again`] names the page after the request for a new invitation.
const RENEWAL_REQUESTED: &str = "renewal-requested";

/// The fields of every form that leads here.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Pressed {
    token: String,
    lang: String,
    prompt: String,
    action: String,
    /// Takes the place of the link on pages that must not show it.
    ticket: String,
}

/// What programs are told of an invitation by its link.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = LinkState)]
pub(crate) struct Summary<'a> {
    status: Status,
    #[serde(with = "time::serde::rfc3339")]
    expires_at: OffsetDateTime,
    platform: &'a str,
    inviter: SummaryInviter<'a>,
    /// The invited mailbox, masked.
    mailbox: String,
}

#[derive(Serialize, ToSchema)]
#[schema(as = LinkInviter)]
pub(crate) struct SummaryInviter<'a> {
    name: &'a str,
    organization: &'a str,
}

/// GET and HEAD.
///
/// # Errors
/// Links that cannot be accepted, a store that is down.
pub async fn show(State(app): State<Shared>, visitor: Visitor) -> Result<Response, Failed> {
    if let (None, Ok(Some(said))) = (visitor.link(), visitor.parameter("said")) {
        return tell_again(&app, &visitor, said).await;
    }
    let link = visitor.link().ok_or(AppError::MalformedLink)?;
    let (invitation, now) = (find(&app, &link).await?, app.clock.now());
    telemetry::step(Step::LookedUp);
    if visitor.wants_json {
        return Ok(summary(&app, &invitation, now));
    }
    let lang = visitor.lang(None, invitation.terms.recipient.locale.as_deref());
    let state = usable(&app, &invitation, now)
        .map_err(|error| Failed::from(error).about(link).in_lang(Some(lang)))?;
    Ok(page::html(
        StatusCode::OK,
        lang,
        invite_page(&app, &invitation, &link, state, (lang, visitor.here())),
        FormTarget::SignIn,
    ))
}

/// POST: a button.
///
/// # Errors
/// As [`show`]; forms that are not ours; a sign-in service that is down.
pub async fn press(
    State(app): State<Shared>,
    visitor: Visitor,
    OurForm(form): OurForm<Pressed>,
) -> Result<Response, Failed> {
    let link = named_link(&app, &visitor, &form)?;
    let chosen = visitor.chosen_lang().or_else(|| Lang::parse(&form.lang));
    let fail = |error: AppError| Failed::from(error).about(link).in_lang(chosen);
    let invitation = find(&app, &link)
        .await
        .map_err(|failed| failed.about(link).in_lang(chosen))?;
    let now = app.clock.now();
    match usable(&app, &invitation, now) {
        Err(AppError::Expired { .. } | AppError::Revoked { .. }) if form.action == "renew" => {
            renew(&app, &visitor, &invitation, &link, chosen)
                .await
                .map_err(|failed| failed.about(link).in_lang(chosen))
        }
        Err(error) => Err(fail(error)),
        // It was renewed meanwhile: on to its page. The page of this form could not lead to the
        // sign-in service.
        Ok(_) if form.action == "renew" => Ok(page::see_other(&page::in_lang(
            app.config.public.invitation(&link),
            chosen,
        ))),
        Ok(_) => {
            let begun = Begun {
                attempt: attempt(&app, &link),
                link,
                lang: chosen,
                restarted: false,
            };
            start(
                &app,
                visitor,
                &invitation,
                begun,
                Prompt::parse(&form.prompt),
            )
            .await
            .map_err(|failed| failed.about(link).in_lang(chosen))
        }
    }
}

/// The address that says again what came of a form or a sign-in, for the language links: neither
/// can be repeated. It does not show the link.
pub(crate) fn told_again(app: &App, link: &Link, said: &str) -> String {
    let ticket = app.cookies.ticket(link, app.clock.now());
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("ticket", &ticket)
        .append_pair("said", said)
        .finish();
    format!("/api/InviteUser?{query}")
}

/// What became of the invitation since is said instead, where it can no longer be used.
async fn tell_again(app: &App, visitor: &Visitor, said: &str) -> Result<Response, Failed> {
    let ticket = visitor
        .parameter("ticket")
        .ok()
        .flatten()
        .unwrap_or_default();
    let link = app
        .cookies
        .redeem_ticket(ticket, app.clock.now())
        .ok_or(AppError::SignInRestart("the ticket is too old"))?;
    let invitation = find(app, &link)
        .await
        .map_err(|failed| failed.about(link))?;
    let lang = visitor.lang(None, invitation.terms.recipient.locale.as_deref());
    match usable(app, &invitation, app.clock.now()) {
        Err(_) if said == RENEWAL_REQUESTED && invitation.renewal_requested_at.is_some() => {
            Ok(renewal_requested(app, &link, lang))
        }
        Err(error) => Err(Failed::from(error).about(link).in_lang(Some(lang))),
        Ok(_) => Err(Failed::told_again(said).about(link).in_lang(Some(lang))),
    }
}

/// Sends the person to the sign-in service and remembers the attempt in a sealed cookie.
pub(crate) async fn start(
    app: &App,
    visitor: Visitor,
    invitation: &Invitation,
    begun: Begun,
    prompt: Prompt,
) -> Result<Response, Failed> {
    let prompt = if prompt == Prompt::Create && !app.entra.offers_sign_up() {
        Prompt::None
    } else {
        prompt
    };
    // Who chooses another account must not be offered the invited address again.
    let hint = (prompt != Prompt::SelectAccount).then(|| invitation.terms.recipient.email.as_str());
    let url = app
        .entra
        .authorize_url(&begun.attempt, hint, prompt)
        .await?;
    tracing::info!(?prompt, "the sign-in starts");
    telemetry::step(Step::Started);
    let jar = app.cookies.begin(visitor.jar, &begun, app.clock.now());
    Ok((jar, page::see_other(&url)).into_response())
}

/// A new attempt whose state names the invitation to us alone.
pub(crate) fn attempt(app: &App, link: &Link) -> Attempt {
    Attempt::new(app.cookies.ticket(link, app.clock.now()))
}

/// Where all forms that begin a sign-in lead.
pub(crate) fn url(app: &App) -> Url {
    app.config.public.api("InviteUser")
}

/// The hidden fields of a button that begins the sign-in again. They do not show the link.
pub(crate) fn restart_fields(
    app: &App,
    link: &Link,
    lang: Lang,
    prompt: &str,
) -> Vec<(&'static str, String)> {
    let ticket = app.cookies.ticket(link, app.clock.now());
    let token = app.sealer().token(&["restart", &ticket]);
    vec![
        ("ticket", ticket),
        ("token", token),
        ("lang", lang.tag().to_owned()),
        ("prompt", prompt.to_owned()),
    ]
}

/// The hidden fields of the button that asks for a new invitation, on the page of the link.
pub(crate) fn renewal_fields(app: &App, link: &Link, lang: Lang) -> Vec<(&'static str, String)> {
    let token = app.sealer().token(&["start", &link.reveal()]);
    vec![
        ("action", "renew".to_owned()),
        ("token", token),
        ("lang", lang.tag().to_owned()),
    ]
}

/// The same on any other page: they do not show the link.
pub(crate) fn late_renewal_fields(
    app: &App,
    link: &Link,
    lang: Lang,
) -> Vec<(&'static str, String)> {
    let mut fields = restart_fields(app, link, lang, "");
    fields.push(("action", "renew".to_owned()));
    fields
}

/// The invitation that a form is about; its token must be made for it.
fn named_link(app: &App, visitor: &Visitor, form: &Pressed) -> Result<Link, Failed> {
    let refused = Failed::from(AppError::FormRefused("the token is missing or not ours"));
    if !form.ticket.is_empty() {
        let link = app
            .cookies
            .redeem_ticket(&form.ticket, app.clock.now())
            .ok_or(AppError::SignInRestart("the ticket is too old"))?;
        return if app.sealer().verify(&["restart", &form.ticket], &form.token) {
            Ok(link)
        } else {
            Err(refused)
        };
    }
    let link = visitor.link().ok_or(AppError::MalformedLink)?;
    if app.sealer().verify(&["start", &link.reveal()], &form.token) {
        Ok(link)
    } else {
        Err(refused)
    }
}

async fn find(app: &App, link: &Link) -> Result<Invitation, Failed> {
    let id = link.id();
    about(id);
    Ok(app
        .invitations
        .find(id)
        .await?
        .ok_or(AppError::UnknownInvitation)?)
}

/// How far the invitation has come, where it can still be used.
pub(crate) fn usable(
    app: &App,
    invitation: &Invitation,
    now: OffsetDateTime,
) -> Result<InviteState, AppError> {
    let can_renew = is_told_to_somebody(app, invitation)
        && invitation
            .renewal_requested_at
            .is_none_or(|at| now >= at + RENEWAL_PAUSE);
    match invitation.status(now) {
        Status::Pending => Ok(InviteState::Pending),
        Status::Accepted => Ok(InviteState::Accepted),
        Status::Completed => Ok(InviteState::Completed),
        Status::Expired => Err(AppError::Expired { can_renew }),
        Status::Revoked => Err(AppError::Revoked { can_renew }),
    }
}

/// Whether a request for a new invitation reaches anybody: the inviter by letter, or the seller's
/// system by webhook. The page must not promise what nobody will hear of.
fn is_told_to_somebody(app: &App, invitation: &Invitation) -> bool {
    let channels = app.invitations.channels();
    channels.webhook || channels.mail && invitation.terms.inviter.email.is_some()
}

fn invite_page(
    app: &App,
    invitation: &Invitation,
    link: &Link,
    state: InviteState,
    (lang, here): (Lang, &str),
) -> Html {
    let terms = &invitation.terms;
    InvitePage {
        frame: page::frame(app, lang, Some(here)),
        inviter_name: &terms.inviter.name,
        inviter_organization: &terms.inviter.organization,
        recipient_first_name: &terms.recipient.first_name,
        recipient_last_name: &terms.recipient.last_name,
        masked_mailbox: &mask_email(terms.recipient.email.as_str()),
        message: terms.message.as_deref(),
        expires: invitation.expires_at,
        company_name: &terms.company.name,
        action: here,
        form_token: &app.sealer().token(&["start", &link.reveal()]),
        sign_up_button: app.entra.offers_sign_up(),
        state,
    }
    .render()
}

fn summary(app: &App, invitation: &Invitation, now: OffsetDateTime) -> Response {
    let inviter = &invitation.terms.inviter;
    let summary = Summary {
        status: invitation.status(now),
        expires_at: invitation.expires_at,
        platform: &app.config.platform.name,
        inviter: SummaryInviter {
            name: &inviter.name,
            organization: &inviter.organization,
        },
        mailbox: mask_email(invitation.terms.recipient.email.as_str()),
    };
    (
        [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))],
        Json(summary),
    )
        .into_response()
}

/// Records the request for a new invitation, of which the inviter is told. A second one within a
/// day is answered alike.
async fn renew(
    app: &App,
    visitor: &Visitor,
    invitation: &Invitation,
    link: &Link,
    chosen: Option<Lang>,
) -> Result<Response, Failed> {
    let lang = visitor.lang(chosen, invitation.terms.recipient.locale.as_deref());
    if !is_told_to_somebody(app, invitation) {
        return Err(usable(app, invitation, app.clock.now())
            .err()
            .unwrap_or(AppError::UnknownInvitation)
            .into());
    }
    match app
        .invitations
        .request_renewal(link.id(), app.clock.now())
        .await?
    {
        Outcome::Done(_) | Outcome::Refused(Refusal::AskedToday, _) => {}
        Outcome::Refused(Refusal::Status(_) | Refusal::AnotherAccount, _) => {
            return Ok(page::see_other(&page::in_lang(
                app.config.public.invitation(link),
                chosen,
            )));
        }
        Outcome::Erased | Outcome::Missing => return Err(AppError::UnknownInvitation.into()),
    }
    Ok(renewal_requested(app, link, lang))
}

fn renewal_requested(app: &App, link: &Link, lang: Lang) -> Response {
    let help = app.config.platform.support_url.as_ref().map(Url::as_str);
    let actions: Vec<_> = help
        .map(|url| Action::Link {
            label: lang.text().action.get_help,
            url,
            primary: false,
        })
        .into_iter()
        .collect();
    let here = told_again(app, link, RENEWAL_REQUESTED);
    let page = NoticePage {
        frame: page::frame(app, lang, Some(&here)),
        notice: Notice::RenewalRequested,
        actions: &actions,
    };
    page::html(StatusCode::OK, lang, page.render(), FormTarget::Us)
}
