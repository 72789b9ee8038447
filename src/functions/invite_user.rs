//! `InviteUser`: the page behind the link in the e-mail, and its button.
//!
//! Opening it writes nothing and sets no cookie, so mail scanners may open it any number of times.
//! The button starts the sign-in.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::{
    app::{App, Shared},
    domain::invitation::{Invitation, Situation, Status},
    http::{
        cookies::Ticket,
        error::AppError,
        failure::Failure,
        form_token::FormToken,
        forms::{SameOriginForm, Sender},
        links,
        notice_page::{self, Shown},
        observe, page,
        request_info::RequestInfo,
    },
    identity::Prompt,
    journey::{
        linked::{Linked, Named},
        sign_in, standing, stopped,
    },
    telemetry::{self, Step},
    text::Lang,
    views::{FormTarget, Html, InvitePage, InviteState, mask_email},
};

/// The fields of every form that leads here.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Submitted {
    token: String,
    lang: String,
    prompt: String,
    /// In place of the link, on pages that must not show it.
    ticket: String,
}

/// The state of an invitation, for programs that know its link.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LinkState<'a> {
    /// Where the invitation is now.
    status: Status,
    /// Until when the link works.
    #[serde(with = "time::serde::rfc3339")]
    expires_at: OffsetDateTime,
    /// The name of the platform.
    platform: &'a str,
    /// Who invites.
    inviter: LinkInviter<'a>,
    /// The invited mailbox, masked.
    mailbox: String,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct LinkInviter<'a> {
    /// The person's name.
    name: &'a str,
    /// The selling company.
    organization: &'a str,
}

/// For the log.
const TOO_OLD: &str = "the ticket is too old";

/// GET and HEAD.
///
/// # Errors
/// Links that cannot be accepted, a store that is down.
pub async fn show(
    State(app): State<Shared>,
    request: RequestInfo,
    linked: Result<Linked, Failure>,
) -> Result<Response, Failure> {
    if request.stopped().is_some() {
        return stopped::show(&app, &linked?);
    }
    if let (None, Ok(Some(sealed))) = (request.link(), request.parameter("shown")) {
        return show_again(&app, &request, sealed).await;
    }
    let linked = linked?;
    telemetry::step(Step::LookedUp);
    if request.wants_json {
        return Ok(link_state(&linked.invitation, &app));
    }
    let page = invite_page(&app, &linked, linked.invite_state(&app)?);
    Ok(page::html(
        StatusCode::OK,
        linked.lang,
        page,
        FormTarget::SignIn,
    ))
}

/// POST: a button.
///
/// # Errors
/// As [`show`]; forms that are not ours; a sign-in service that is down.
pub async fn submit(
    State(app): State<Shared>,
    request: RequestInfo,
    headers: HeaderMap,
    form: Result<SameOriginForm<Submitted>, Failure>,
) -> Result<Response, Failure> {
    let SameOriginForm(form) = match (form, request.link()) {
        (Ok(form), _) => form,
        // Opened at another host name, where neither cookies nor the redirect of the sign-in work.
        (Err(failure), Some(link))
            if Sender::of(&headers, &app.config.public) == Sender::OtherHostName =>
        {
            return Ok(page::see_other(
                &Named::new(request, link, failure.lang).url(&app),
            ));
        }
        (Err(failure), _) => return Err(failure),
    };
    let Ticket {
        link, after_loss, ..
    } = form_ticket(&app, &request, &form)?;
    let named = Named::new(request, link, Lang::parse(&form.lang));
    let linked = named.read(&app).await?;
    linked.invite_state(&app)?;
    sign_in::start(
        &app,
        linked,
        (after_loss, false),
        Prompt::parse(&form.prompt),
    )
    .await
}

/// Shows a page again, in another language; or, if the invitation can no longer be used, what has
/// become of it. It was logged the first time, and is no error now.
async fn show_again(app: &App, request: &RequestInfo, sealed: &str) -> Result<Response, Failure> {
    let opened = Shown::at_address(app, sealed);
    let (link, mut shown) = opened.ok_or(AppError::SignInRestart(TOO_OLD))?;
    let found = match &link {
        Some(link) => {
            observe::record_invitation(link.id());
            notice_page::look_up(app, link.id()).await
        }
        None => None,
    };
    let standing = found
        .as_ref()
        .map(|own| standing::invite_state(own, app.clock.now()));
    match (standing, &link) {
        (Some(Err(error)), _) => shown = shown.unless_over(&error),
        // It was sent again since.
        (Some(Ok(_)), Some(link)) if shown.says_it_is_over() => {
            let url = links::invitation_url(app, link, request.chosen_lang());
            return Ok(page::see_other(&url));
        }
        _ => {}
    }
    Ok(notice_page::about(
        (app, request),
        StatusCode::OK,
        &shown,
        link,
        (found.as_ref(), None),
    ))
}

/// The invitation that a form is about; its token must be made for it.
fn form_ticket(app: &App, request: &RequestInfo, form: &Submitted) -> Result<Ticket, AppError> {
    let (ticket, expected) = if form.ticket.is_empty() {
        let link = request.link().ok_or(AppError::MalformedLink)?;
        let ticket = Ticket {
            link,
            after_loss: false,
            lang: None,
        };
        (ticket, None)
    } else {
        let redeemed = app.cookies().redeem_ticket(&form.ticket, app.clock.now());
        let ticket = redeemed.ok_or(AppError::SignInRestart(TOO_OLD))?;
        (ticket, Some(form.ticket.as_str()))
    };
    let expected = expected.map_or(FormToken::Start(&ticket.link), FormToken::Restart);
    if expected.verify(app.sealer(), &form.token) {
        Ok(ticket)
    } else {
        Err(AppError::FormRefused("the token is missing or not ours"))
    }
}

fn link_state(invitation: &Invitation, app: &App) -> Response {
    let inviter = &invitation.terms.inviter;
    let state = LinkState {
        status: invitation.status(app.clock.now()),
        expires_at: invitation.expires_at,
        platform: &app.config.platform.name,
        inviter: LinkInviter {
            name: &inviter.name,
            organization: &inviter.organization,
        },
        mailbox: mask_email(invitation.terms.recipient.email.as_str()),
    };
    let no_store = [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    (no_store, Json(state)).into_response()
}

fn invite_page(app: &App, linked: &Linked, state: InviteState) -> Html {
    let (terms, lang, here) = (&linked.invitation.terms, linked.lang, linked.request.here());
    InvitePage {
        frame: page::frame(app, lang, Some(here)),
        inviter_name: &terms.inviter.name,
        inviter_organization: &terms.inviter.organization,
        recipient_first_name: &terms.recipient.first_name,
        recipient_last_name: &terms.recipient.last_name,
        masked_mailbox: &mask_email(terms.recipient.email.as_str()),
        message: terms.message.as_deref(),
        expires: linked.invitation.expires_at,
        now: app.clock.now(),
        purpose: app
            .config
            .platform
            .purpose
            .as_ref()
            .map(|text| text.get(lang)),
        company_name: linked.invitation.company_name(),
        action: here,
        form_token: &FormToken::Start(&linked.link).issue(app.sealer()),
        contact: Some(&linked.contact(app, Situation::Invitation)),
        sign_up_button: app.entra.offers_sign_up(),
        state,
    }
    .render()
}
