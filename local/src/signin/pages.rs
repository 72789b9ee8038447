//! What the pages look like.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
};
use uuid::Uuid;

use super::{
    Service,
    accounts::Account,
    flow::{Attempt, NewAccount, Step},
    session,
};

// No form-action: browsers apply it to the redirect back to the app, too.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'";

#[derive(Template)]
#[template(path = "signin/pages/account.html")]
struct AccountPage<'a> {
    id: Uuid,
    email: &'a str,
    error: Option<&'static str>,
    known: &'a [Account],
    offers_creation: bool,
}

#[derive(Template)]
#[template(path = "signin/pages/confirm.html")]
struct ConfirmPage<'a> {
    id: Uuid,
    account: &'a Account,
}

#[derive(Template)]
#[template(path = "signin/pages/unknown.html")]
struct UnknownPage<'a> {
    id: Uuid,
    email: &'a str,
}

#[derive(Template)]
#[template(path = "signin/pages/create.html")]
struct CreatePage<'a> {
    id: Uuid,
    new: &'a NewAccount,
    error: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "signin/pages/code.html")]
struct CodePage<'a> {
    id: Uuid,
    new: &'a NewAccount,
    error: Option<&'static str>,
    /// The code itself, where no mail can be sent.
    shown: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "signin/pages/terms.html")]
struct TermsPage<'a> {
    id: Uuid,
    new: &'a NewAccount,
}

#[derive(Template)]
#[template(path = "signin/pages/consent.html")]
struct ConsentPage<'a> {
    id: Uuid,
    account: &'a Account,
    app: &'a str,
    sees_email: bool,
    sees_profile: bool,
}

#[derive(Template)]
#[template(path = "signin/pages/message.html")]
struct MessagePage<'a> {
    heading: &'a str,
    text: &'a str,
    detail: &'a str,
}

#[derive(Template)]
#[template(path = "signin/pages/home.html")]
struct HomePage<'a> {
    base: &'a str,
    accounts: &'a [Account],
    signed_in: &'a [Account],
}

/// The page of an attempt's current step.
pub(super) fn step(
    service: &Service,
    id: Uuid,
    attempt: &Attempt,
    signed_in: &[Account],
) -> Response {
    let request = &attempt.request;
    match &attempt.step {
        Step::Account { email, error } => {
            let offers_creation = request.tenant.of_new_accounts().is_some();
            render(&AccountPage {
                id,
                email,
                error: *error,
                known: signed_in,
                offers_creation,
            })
        }
        Step::Confirm { account } => render(&ConfirmPage { id, account }),
        Step::Unknown { email } => render(&UnknownPage { id, email }),
        Step::Create { new, error } => render(&CreatePage {
            id,
            new,
            error: error.as_deref(),
        }),
        Step::Code {
            new, code, error, ..
        } => {
            let shown = service.options.smtp_url.is_none().then_some(code.as_str());
            render(&CodePage {
                id,
                new,
                error: *error,
                shown,
            })
        }
        Step::Terms { new } => render(&TermsPage { id, new }),
        Step::Consent { account } => {
            let (sees_email, sees_profile) =
                (request.has_scope("email"), request.has_scope("profile"));
            render(&ConsentPage {
                id,
                account,
                app: &service.options.client_id,
                sees_email,
                sees_profile,
            })
        }
    }
}

/// A request that no app can be told about.
pub(super) fn refused(detail: &str) -> Response {
    let text = "The app that sent you here asked in a way that cannot be answered. Go back to it and try again.";
    (
        StatusCode::BAD_REQUEST,
        render(&MessagePage {
            heading: "Sorry, we cannot sign you in",
            text,
            detail,
        }),
    )
        .into_response()
}

/// A page of an attempt that is not known, perhaps because the service was restarted.
pub(super) fn expired() -> Response {
    let text = "This sign-in has ended. Go back to the app and start it again.";
    (
        StatusCode::NOT_FOUND,
        render(&MessagePage {
            heading: "Start again",
            text,
            detail: "",
        }),
    )
        .into_response()
}

pub(super) async fn home(State(service): State<Arc<Service>>, headers: HeaderMap) -> Response {
    let accounts = service.accounts.all();
    let signed_in = session::accounts(&service, &headers);
    render(&HomePage {
        base: &service.base,
        accounts: &accounts,
        signed_in: &signed_in,
    })
}

/// Signs out of this service, not of the app.
pub(super) async fn sign_out(State(service): State<Arc<Service>>, headers: HeaderMap) -> Response {
    session::sign_out(&service, &headers);
    Redirect::to("/").into_response()
}

fn render(page: &impl Template) -> Response {
    let headers = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    match page.render() {
        Ok(html) => (headers, Html(html)).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
