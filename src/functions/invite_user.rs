//! `InviteUser`: the page behind the link in the e-mail, and its button.
//!
//! Opening it writes nothing and sets no cookie, so mail scanners may open it any number of times.
//! The button starts the sign-in, or asks the inviter for a new invitation if this one can no
//! longer be accepted.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use url::Url;
use utoipa::ToSchema;

use crate::{
    app::{App, Shared},
    domain::invitation::{Invitation, Link, Refusal, Status},
    http::{
        cookies::StartedSignIn,
        error::{AppError, Failure},
        form_token::FormToken,
        forms::{OurForm, Sender},
        links, observe,
        page::{self, FormTarget},
        problem::Kind,
        request_info::RequestInfo,
    },
    identity::Prompt,
    journey::{sign_in, standing, stopped},
    store::Outcome,
    telemetry::{self, Step},
    text::Lang,
    views::{Action, Html, InvitePage, InviteState, Notice, NoticePage, mask_email},
};

/// The name of the page after a request for a new invitation, in [`links::notice_url`].
const RENEWAL_REQUESTED: &str = "renewal-requested";

/// The fields of every form that leads here.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Submitted {
    token: String,
    lang: String,
    prompt: String,
    /// `renew`: ask for a new invitation. Otherwise the sign-in starts.
    action: String,
    /// In place of the link, on pages that must not show it.
    ticket: String,
}

/// The state of an invitation, for programs that know its link.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LinkState<'a> {
    status: Status,
    #[serde(with = "time::serde::rfc3339")]
    expires_at: OffsetDateTime,
    platform: &'a str,
    inviter: LinkInviter<'a>,
    /// The invited mailbox, masked.
    mailbox: String,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct LinkInviter<'a> {
    name: &'a str,
    organization: &'a str,
}

/// An invitation that was found by its link.
struct Invited {
    request: RequestInfo,
    link: Link,
    invitation: Invitation,
    /// The language that was chosen on a page.
    chosen: Option<Lang>,
    now: OffsetDateTime,
}

/// GET and HEAD.
///
/// # Errors
/// Links that cannot be accepted, a store that is down.
pub async fn show(State(app): State<Shared>, request: RequestInfo) -> Result<Response, Failure> {
    if stopped::is_asked_for(&request) {
        return stopped::show(&app, &request).await;
    }
    if let (None, Ok(Some(notice))) = (request.link(), request.parameter("said")) {
        return show_notice(&app, &request, notice).await;
    }
    let link = request.link().ok_or(AppError::MalformedLink)?;
    let (invitation, now) = (find(&app, &link).await?, app.clock.now());
    telemetry::step(Step::LookedUp);
    if request.wants_json {
        return Ok(link_state(&app, &invitation, now));
    }
    let lang = request.lang(None, invitation.terms.recipient.locale.as_deref());
    let state = standing::usable(&app, &invitation, now)
        .map_err(|error| Failure::from(error).for_link(link).in_lang(Some(lang)))?;
    let page = invite_page(&app, (&invitation, &link), (lang, request.here()), state);
    Ok(page::html(StatusCode::OK, lang, page, FormTarget::SignIn))
}

/// POST: a button.
///
/// # Errors
/// As [`show`]; forms that are not ours; a sign-in service that is down.
pub async fn submit(
    State(app): State<Shared>,
    request: RequestInfo,
    headers: HeaderMap,
    form: Result<OurForm<Submitted>, Failure>,
) -> Result<Response, Failure> {
    let OurForm(form) = match (form, request.link()) {
        (Ok(form), _) => form,
        // Opened at another host name, where neither cookies nor the redirect of the sign-in work.
        (Err(_), Some(link))
            if Sender::of(&headers, &app.config.public) == Sender::OtherHostName =>
        {
            return Ok(to_link(&app, &link, request.chosen_lang()));
        }
        (Err(failure), _) => return Err(failure),
    };
    let link = form_link(&app, &request, &form)?;
    let chosen = request.chosen_lang().or_else(|| Lang::parse(&form.lang));
    let fail = |failure: Failure| failure.for_link(link).in_lang(chosen);
    let invited = Invited {
        invitation: find(&app, &link).await.map_err(fail)?,
        now: app.clock.now(),
        request,
        link,
        chosen,
    };
    act(&app, invited, &form).await.map_err(fail)
}

async fn act(app: &App, invited: Invited, form: &Submitted) -> Result<Response, Failure> {
    match standing::usable(app, &invited.invitation, invited.now) {
        Err(AppError::Expired { .. } | AppError::Revoked { .. }) if form.action == "renew" => {
            renew(app, &invited).await
        }
        Err(error) => Err(error.into()),
        // It was renewed since: on to its page. The page of this form could not lead to the sign-in
        // service.
        Ok(_) if form.action == "renew" => Ok(to_link(app, &invited.link, invited.chosen)),
        Ok(_) => {
            let started = StartedSignIn {
                attempt: sign_in::attempt(app, &invited.link),
                link: invited.link,
                lang: invited.chosen,
                restarted: false,
            };
            let prompt = Prompt::parse(&form.prompt);
            sign_in::start(app, invited.request, &invited.invitation, started, prompt).await
        }
    }
}

/// Shows a notice again, in another language; or, if the invitation can no longer be used, what
/// has become of it.
async fn show_notice(app: &App, request: &RequestInfo, notice: &str) -> Result<Response, Failure> {
    let ticket = request.parameter("ticket").ok().flatten();
    let link = redeem(app, ticket.unwrap_or_default())?;
    let invitation = find(app, &link)
        .await
        .map_err(|failure| failure.for_link(link))?;
    let lang = request.lang(None, invitation.terms.recipient.locale.as_deref());
    let failure = match standing::usable(app, &invitation, app.clock.now()) {
        Err(_) if notice == RENEWAL_REQUESTED && invitation.renewal_requested_at.is_some() => {
            return Ok(renewal_requested(app, &link, lang));
        }
        Err(error) => Failure::from(error),
        Ok(_) if notice == Kind::UsedByAnother.code() => Failure {
            is_repeated: true,
            ..standing::used_by_another(&invitation, "").into()
        },
        Ok(_) => Failure::repeated(notice),
    };
    Err(failure.for_link(link).in_lang(Some(lang)))
}

/// The invitation that a form is about; its token must be made for it.
fn form_link(app: &App, request: &RequestInfo, form: &Submitted) -> Result<Link, AppError> {
    let (link, expected) = if form.ticket.is_empty() {
        (request.link().ok_or(AppError::MalformedLink)?, None)
    } else {
        (redeem(app, &form.ticket)?, Some(form.ticket.as_str()))
    };
    let expected = expected.map_or(FormToken::Start(&link), FormToken::Restart);
    if expected.verify(app.sealer(), &form.token) {
        Ok(link)
    } else {
        Err(AppError::FormRefused("the token is missing or not ours"))
    }
}

fn redeem(app: &App, ticket: &str) -> Result<Link, AppError> {
    app.cookies()
        .redeem_ticket(ticket, app.clock.now())
        .ok_or(AppError::SignInRestart("the ticket is too old"))
}

async fn find(app: &App, link: &Link) -> Result<Invitation, Failure> {
    let id = link.id();
    observe::record_invitation(id);
    let found = app.store.invitations.find(id).await?;
    Ok(found.ok_or(AppError::UnknownInvitation)?)
}

fn link_state(app: &App, invitation: &Invitation, now: OffsetDateTime) -> Response {
    let inviter = &invitation.terms.inviter;
    let state = LinkState {
        status: invitation.status(now),
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

/// Records the request for a new invitation, which the inviter gets. A second one on the same day
/// is answered alike.
async fn renew(app: &App, invited: &Invited) -> Result<Response, Failure> {
    let (invitation, link) = (&invited.invitation, &invited.link);
    let locale = invitation.terms.recipient.locale.as_deref();
    let lang = invited.request.lang(invited.chosen, locale);
    if !standing::reaches_inviter(app, invitation) {
        let error = standing::usable(app, invitation, app.clock.now()).err();
        return Err(error.unwrap_or(AppError::UnknownInvitation).into());
    }
    let outcome = app
        .store
        .invitations
        .request_renewal(link.id(), app.clock.now())
        .await?;
    match outcome {
        Outcome::Done(_) | Outcome::Refused(Refusal::AskedToday, _) => {
            Ok(renewal_requested(app, link, lang))
        }
        Outcome::Refused(
            Refusal::Status(_) | Refusal::AnotherAccount | Refusal::ApprovedToday,
            _,
        ) => Ok(to_link(app, link, invited.chosen)),
        Outcome::Erased | Outcome::Missing => Err(AppError::UnknownInvitation.into()),
    }
}

fn to_link(app: &App, link: &Link, chosen: Option<Lang>) -> Response {
    let url = app.config.public.invitation(link);
    page::see_other(&page::in_lang(url, chosen))
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
    let here = links::notice_url(app, link, RENEWAL_REQUESTED);
    let page = NoticePage {
        frame: page::frame(app, lang, Some(&here)),
        notice: Notice::RenewalRequested,
        actions: &actions,
    };
    page::html(StatusCode::OK, lang, page.render(), FormTarget::Us)
}

fn invite_page(
    app: &App,
    (invitation, link): (&Invitation, &Link),
    (lang, here): (Lang, &str),
    state: InviteState,
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
        form_token: &FormToken::Start(link).issue(app.sealer()),
        sign_up_button: app.entra.offers_sign_up(),
        state,
    }
    .render()
}
