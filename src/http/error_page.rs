//! An error as the caller can read it: a page that offers a next action, or a problem (RFC 9457).

use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};

use super::{
    error::{AppError, Failure},
    links,
    next_step::NextStep,
    page::{self, FormTarget},
    request_info::RequestInfo,
    sign_in_refused::Stopped,
    stopped_page::{self, StoppedSignIn},
};
use crate::{
    app::App,
    domain::situation::Situation,
    identity::Refusal,
    views::{ApprovalNotice, NoticePage},
};

/// Logs the error and renders it.
#[must_use]
pub(super) fn render(failure: &Failure, app: &App, request: &RequestInfo) -> Response {
    failure.log();
    let mut response = if request.wants_json {
        failure.error.problem().into_response()
    } else {
        html(failure, app, request)
    };
    if let Some(seconds) = failure.retry_after() {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

fn html(failure: &Failure, app: &App, request: &RequestInfo) -> Response {
    let lang = request.lang(failure.lang, None);
    if let Some((refusal, invitation)) = refusal(&failure.error) {
        let stopped = StoppedSignIn {
            refusal,
            link: failure.link,
            invitation,
            here: request.here(),
        };
        return stopped_page::render(app, lang, failure.page_status(), stopped);
    }
    let next = NextStep::after(failure, app, request, lang);
    let here = here(failure, app, request);
    let page = NoticePage {
        frame: page::frame(app, lang, Some(&here)),
        notice: failure.error.spec().notice,
        actions: &next.actions(),
    };
    let forms = if next.starts_sign_in() {
        FormTarget::SignIn
    } else {
        FormTarget::Us
    };
    page::html(failure.page_status(), lang, page.render(), forms)
}

fn result_address(notice: ApprovalNotice) -> String {
    format!("/api/{}?result={}", links::ADMIN_CONSENT, notice.name())
}

/// A refusal of the sign-in service has a page of its own.
fn refusal(error: &AppError) -> Option<(Refusal, Option<&Stopped>)> {
    match error {
        AppError::SignInRefused(refused) => Some((refused.refusal, refused.invitation.as_ref())),
        AppError::Misconfigured(_) => Some((Situation::Configuration.into(), None)),
        _ => None,
    }
}

/// The address that shows this page in any language, without repeating what a form or a sign-in
/// did.
fn here(failure: &Failure, app: &App, request: &RequestInfo) -> String {
    match (&failure.error, failure.link) {
        (AppError::ApprovalClosed, _) => result_address(ApprovalNotice::Closed),
        (AppError::ApprovalUnmatched, _) => result_address(ApprovalNotice::Unmatched),
        // An id that names nothing is not echoed.
        (AppError::MalformedLink, _) => "/api/InviteUser".to_owned(),
        (AppError::UnknownInvitation, link) => match request.link().or(link) {
            Some(link) => links::notice_url(app, &link, failure.outcome()),
            None => "/api/InviteUser".to_owned(),
        },
        (_, Some(link)) if !request.is_reloadable() => {
            links::notice_url(app, &link, failure.outcome())
        }
        _ => request.here().to_owned(),
    }
}
