//! `AdminConsent`: the page behind the text for an IT department, the way to Microsoft's approval
//! for an organisation, and its answer.
//!
//! The answer comes through a browser and proves nothing. It counts only in the browser that began
//! the approval, and once; it leaves an event and at most one e-mail a day to the recipient, and
//! decides nothing else.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use openidconnect::CsrfToken;
use serde::Deserialize;
use url::Url;
use uuid::Uuid;

use crate::{
    app::{App, Shared},
    domain::{
        invitation::InvitationId,
        sign_in_refusal::{ErrorNumber, RefusalReason, SignInRefusal},
    },
    http::{
        cookies::StartedApproval,
        error::AppError,
        failure::Failure,
        form_token::FormToken,
        forms::SameOriginForm,
        links, observe, page, pass,
        problem::Kind,
        request_info::{Repeated, RequestInfo},
    },
    identity::known_error,
    journey::passed::Passed,
    store::Approval,
    text::Lang,
    views::{Action, ApprovalNotice, ApprovalPage, FormTarget, Notice, NoticePage},
};

/// The fields of the form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Submitted {
    pass: String,
    token: String,
    lang: String,
}

/// GET: the page, its result, or the answer of Microsoft.
///
/// # Errors
/// A pass that is no longer open, an answer that did not begin here, a store that is down.
pub async fn show(State(app): State<Shared>, request: RequestInfo) -> Result<Response, Failure> {
    require_administrators(&app)?;
    let has = |name| !matches!(request.parameter(name), Ok(None));
    if has("state") || has("admin_consent") || has("error") {
        return answer(&app, request).await;
    }
    let parameter = |name| request.parameter(name).ok().flatten();
    match parameter("result").and_then(ApprovalNotice::parse) {
        Some(notice) => Ok(result(&app, &request, notice, parameter("pass"))),
        None => {
            let pass = parameter("pass").unwrap_or_default();
            let passed = Passed::open(&app, request.clone(), pass, None).await?;
            Ok(ask(&app, &passed))
        }
    }
}

/// POST: on to Microsoft.
///
/// # Errors
/// As [`show`]; forms that are not ours.
pub async fn submit(
    State(app): State<Shared>,
    request: RequestInfo,
    SameOriginForm(form): SameOriginForm<Submitted>,
) -> Result<Response, Failure> {
    require_administrators(&app)?;
    if !FormToken::AdminConsent(&form.pass).verify(app.sealer(), &form.token) {
        return Err(AppError::FormRefused("the token is missing or not ours").into());
    }
    let passed = Passed::open(&app, request, &form.pass, Lang::parse(&form.lang)).await?;
    let state = CsrfToken::new_random().into_secret();
    let url = app
        .entra
        .admin_consent_url(&app.config.public.api(links::ADMIN_CONSENT), &state)
        .ok_or(AppError::NotFound)?;
    tracing::info!("admin consent requested");
    let (id, lang) = (passed.invitation.id, passed.chosen);
    let started = StartedApproval { id, lang };
    let jar = app
        .cookies()
        .start_approval(passed.request.jar, &state, started, app.clock.now());
    Ok((jar, page::see_other(&url)).into_response())
}

/// Personal accounts and those of External ID have no administrator.
fn require_administrators(app: &App) -> Result<(), AppError> {
    if app.entra.takes_admin_consent() {
        Ok(())
    } else {
        Err(AppError::NotFound)
    }
}

fn ask(app: &App, passed: &Passed) -> Response {
    let here = path_and_query(&address(app, &passed.pass, None));
    let page = ApprovalPage {
        frame: page::frame(app, passed.lang, Some(&here)),
        organization: &passed.invitation.terms.inviter.organization,
        client_id: &app.config.entra.client_id,
        operator: app.config.public.as_str(),
        pass: &passed.pass,
        form_token: &FormToken::AdminConsent(&passed.pass).issue(app.sealer()),
    };
    page::html(
        StatusCode::OK,
        passed.lang,
        page.render(),
        FormTarget::SignIn,
    )
}

/// What became of the approval. Anyone can open this address: it shows words, and nothing else.
fn result(
    app: &App,
    request: &RequestInfo,
    notice: ApprovalNotice,
    pass: Option<&str>,
) -> Response {
    let lang = request.lang(None, None);
    let pass = pass.and_then(|text| pass::find(app, text));
    let pass = pass.map(|(pass, _)| pass);
    let again = pass.as_deref().map(|pass| address(app, pass, None));
    let again = again
        .as_ref()
        .filter(|_| notice == ApprovalNotice::NotApproved);
    let help = app.config.platform.support_url.as_ref();
    let labels = &lang.text().action;
    let link = |(label, url, primary)| Action::Link {
        label,
        url: Url::as_str(url),
        primary,
    };
    let actions: Vec<_> = [
        again.map(|url| (labels.try_again, url, true)),
        help.map(|url| (labels.get_help, url, false)),
    ]
    .into_iter()
    .flatten()
    .map(link)
    .collect();
    let here = address(app, pass.as_deref().unwrap_or_default(), Some(notice));
    let here = path_and_query(&here);
    let page = NoticePage {
        frame: page::frame(app, lang, Some(&here)),
        notice: Notice::Approval(notice),
        actions: &actions,
        step: 0,
        draft_saved: false,
        contact: None,
    };
    page::html(StatusCode::OK, lang, page.render(), FormTarget::Us)
}

/// Microsoft sends the administrator back.
async fn answer(app: &App, request: RequestInfo) -> Result<Response, Failure> {
    let one = |name| {
        let value = request.parameter(name);
        value.map_err(|Repeated| AppError::ApprovalUnmatched)
    };
    let state = one("state")?.unwrap_or_default().to_owned();
    let (error, consent) = (one("error")?, one("admin_consent")?);
    let tenant = one("tenant")?.and_then(|tenant| tenant.parse().ok());
    let description = one("error_description")?.unwrap_or_default();
    let started = app
        .cookies()
        .started_approval(&request.jar, &state, app.clock.now())
        .ok_or(AppError::ApprovalUnmatched)?;
    observe::record_invitation(started.id);
    let is_approved = error.is_none() && consent.is_some_and(|it| it.eq_ignore_ascii_case("true"));
    let outcome = if is_approved {
        approve(app, &request, (started.id, &state), tenant).await
    } else {
        log_refusal(
            error.unwrap_or_default(),
            SignInRefusal::of_description(description),
        );
        Ok(Some(ApprovalNotice::NotApproved))
    };
    let jar = app.cookies().end_approval(request.jar.clone(), &state);
    Ok(match outcome {
        Ok(notice) => {
            let pass = pass::seal(app, started.id).unwrap_or_default();
            let next = page::in_lang(address(app, &pass, notice), started.lang);
            (jar, page::see_other(&next)).into_response()
        }
        // The same answer can be sent again.
        Err(failure) if failure.error.is_of_table() => {
            failure.in_lang(started.lang).into_response()
        }
        Err(failure) => (jar, failure.in_lang(started.lang)).into_response(),
    })
}

fn log_refusal(error: &str, refusal: SignInRefusal) {
    let (reason, aadsts) = (known_error(error), refusal.number.map(ErrorNumber::value));
    if refusal.reason == RefusalReason::Configuration {
        let outcome = Kind::Misconfigured.code();
        tracing::error!(outcome, reason, aadsts, "the request failed");
    } else {
        tracing::warn!(reason, aadsts, "admin consent denied");
    }
}

/// `None`: the page of the pass says how things are now.
async fn approve(
    app: &App,
    request: &RequestInfo,
    (id, state): (InvitationId, &str),
    tenant: Option<Uuid>,
) -> Result<Option<ApprovalNotice>, Failure> {
    let by = (request.invocation, app.clock.now());
    match app.store.approve(id, state, tenant, by).await? {
        Approval::Recorded => Ok(Some(ApprovalNotice::Approved)),
        Approval::Closed => Ok(None),
        Approval::Spent => Err(AppError::ApprovalUnmatched.into()),
    }
}

fn address(app: &App, pass: &str, result: Option<ApprovalNotice>) -> Url {
    let mut url = app.config.public.api(links::ADMIN_CONSENT);
    if !pass.is_empty() {
        url.query_pairs_mut().append_pair("pass", pass);
    }
    if let Some(result) = result {
        url.query_pairs_mut().append_pair("result", result.name());
    }
    url
}

fn path_and_query(url: &Url) -> String {
    url[url::Position::BeforePath..].to_owned()
}
