//! An error as a page of the desk.

use axum::{http::StatusCode, response::Response};

use super::page::visitor;
use crate::{
    app::App,
    domain::sign_in_refusal::{AdminTask, ErrorNumber, RefusalReason},
    http::{
        error::AppError, failure::Failure, form_token::FormToken, links, page,
        request_info::RequestInfo,
    },
    text::Lang,
    views::{DeskFrame, DeskNotice, DeskNoticePage, FormTarget, SignInForm},
};

/// Where the button of the sign-in leads.
const SIGN_IN: &str = "/api/desk/sign-in";
/// Of an address to return to: the cookie of the attempt holds it.
const MAX_NEXT: usize = 1000;

/// The page of an error.
#[must_use]
pub(in crate::http) fn render(failure: &Failure, app: &App, request: &RequestInfo) -> Response {
    let notice = notice(failure);
    let next = match failure.error {
        AppError::SessionLost if request.reads => Some(request.desk_address()),
        _ => None,
    };
    let next = next.filter(|next| next.len() <= MAX_NEXT);
    let next = next.unwrap_or_else(|| links::DESK.to_owned());
    show((app, request), failure.page_status(), &notice, &next)
}

/// The page of a notice. `next`: where a sign-in that begins on it leads.
#[must_use]
pub fn show(
    (app, request): (&App, &RequestInfo),
    status: StatusCode,
    notice: &DeskNotice<'_>,
    next: &str,
) -> Response {
    let session = app.cookies().staff_session(&request.jar, app.clock.now());
    let chosen = session.as_ref().and_then(|session| session.lang);
    let lang = request.lang(chosen, None);
    let here = request.desk_address();
    let page = DeskNoticePage {
        desk: DeskFrame {
            frame: page::frame(app, lang, request.reads.then_some(here.as_str())),
            visitor: session.as_ref().map(|session| visitor(app, session)),
            section: None,
        },
        notice,
        sign_in: notice
            .offers_sign_in()
            .then(|| sign_in_form(app, request.chosen_lang(), next)),
        here: &here,
    };
    let forms = if page.sign_in.is_some() {
        FormTarget::SignIn
    } else {
        FormTarget::Us
    };
    page::html(status, lang, page.render(), forms)
}

fn sign_in_form(app: &App, chosen: Option<Lang>, next: &str) -> SignInForm {
    SignInForm {
        action: page::path_in_lang(SIGN_IN, chosen),
        token: FormToken::StaffSignIn(next).issue(app.sealer()),
        next: next.to_owned(),
    }
}

fn notice(failure: &Failure) -> DeskNotice<'_> {
    match &failure.error {
        AppError::SessionLost => DeskNotice::SignIn,
        AppError::SessionExpired => DeskNotice::SessionOver {
            kept: failure.kept.as_ref().map_or(&[], |kept| &kept.0),
        },
        AppError::RoleMissing {
            account_name,
            reads: false,
        } => DeskNotice::NoRole {
            account_name: Some(account_name),
        },
        AppError::RoleMissing { reads: true, .. } => DeskNotice::ReadsOnly,
        AppError::SignInRefused(refused) => match refused.refusal.reason {
            RefusalReason::Approval(AdminTask::Assignment) => {
                DeskNotice::NoRole { account_name: None }
            }
            _ => DeskNotice::SignInFailed {
                number: refused.refusal.number.map(ErrorNumber::value),
            },
        },
        AppError::SignInFailed(_) | AppError::SignInRestart(_) | AppError::Misconfigured(_) => {
            DeskNotice::SignInFailed { number: None }
        }
        AppError::UnknownInvitation => DeskNotice::UnknownInvitation,
        AppError::NotFound | AppError::MethodNotAllowed => DeskNotice::NotFound,
        AppError::FormRefused(_) | AppError::FormMalformed => DeskNotice::FormRefused,
        AppError::TooLarge => DeskNotice::TooLarge,
        AppError::TooSlow
        | AppError::Unavailable { .. }
        | AppError::Throttled { .. }
        | AppError::Contended(_) => DeskNotice::TryAgainLater,
        // Those of recipients do not occur here.
        AppError::Internal(_)
        | AppError::MalformedLink
        | AppError::Expired
        | AppError::Revoked
        | AppError::AlreadyAccepted(_)
        | AppError::CookiesBlocked(_)
        | AppError::WrongAccount { .. }
        | AppError::AddressRefused { .. }
        | AppError::PageOutdated { .. }
        | AppError::ApprovalClosed
        | AppError::ApprovalUnmatched
        | AppError::TooManyCodes { .. }
        | AppError::CodeNotSent { .. } => DeskNotice::InternalError,
    }
}
