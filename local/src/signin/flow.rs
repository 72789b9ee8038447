//! The pages between an authorization request and its answer. Each POST moves an attempt one step
//! on and redirects to a GET that shows it, so that reload and Back do no harm.

use std::sync::Arc;

use axum::{
    Form,
    extract::{Path, State},
    http::{HeaderMap, header},
    response::{IntoResponse, Redirect, Response},
};
use rand::Rng;
use serde::Deserialize;
use uuid::Uuid;

use super::{
    accounts::{Account, PERSONAL_TENANT},
    callback::finish,
    code_mail,
    model::{Attempt, Failure, NewAccount, Prompt, Request, Step},
    pages,
    service::Service,
    session,
    words::{Errors, Words},
};

const CODE_TRIES: u8 = 5;

/// The fields of a page: `action` is the button that was pressed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Answer {
    action: String,
    email: String,
    name: String,
    code: String,
    accepted: String,
}

enum Next {
    Ask(Step),
    /// The account has proven itself; a consent may still be missing.
    SignedIn(Account),
    Done(Account),
    Failed(Failure),
}

pub(super) fn first_step(request: &Request) -> Step {
    let email = request.login_hint.clone();
    if request.prompt == Prompt::Create && request.tenant.of_new_accounts().is_some() {
        return create(email);
    }
    Step::Account { email, error: None }
}

fn create(email: String) -> Step {
    Step::Create {
        new: NewAccount {
            email,
            name: String::new(),
        },
        error: None,
    }
}

/// Shows the first page.
pub(super) fn start(service: &Service, attempt: Attempt) -> Response {
    let id = Uuid::new_v4();
    service.attempts().insert(id, attempt);
    redirect_to(id)
}

pub(super) async fn show(
    State(service): State<Arc<Service>>,
    Path(id): Path<Uuid>,
    headers: HeaderMap,
) -> Response {
    let Some(attempt) = service.attempts().get(&id).cloned() else {
        return pages::expired();
    };
    pages::step(
        &service,
        id,
        &attempt,
        &session::accounts(&service, &headers),
    )
}

pub(super) async fn answer(
    State(service): State<Arc<Service>>,
    Path(id): Path<Uuid>,
    headers: HeaderMap,
    Form(answer): Form<Answer>,
) -> Response {
    let Some(Attempt { request, step }) = service.attempts().get(&id).cloned() else {
        return pages::expired();
    };
    let step = match advance(&service, &request, &headers, step, answer).await {
        Next::Failed(failure) => return finish(&service, &request, Err(failure)),
        Next::Done(account) => return finish(&service, &request, Ok(&account)),
        Next::SignedIn(account) => return admit(&service, id, request, &headers, account),
        Next::Ask(step) => step,
    };
    service.attempts().insert(id, Attempt { request, step });
    redirect_to(id)
}

/// Remembers the account in this browser and asks for its consent, if that is missing.
fn admit(
    service: &Service,
    id: Uuid,
    request: Request,
    headers: &HeaderMap,
    account: Account,
) -> Response {
    let cookie = session::sign_in(service, headers, &account);
    let mut response = if let Some(block) = service.accounts.block_of(&account) {
        let step = Step::Blocked { account, block };
        service.attempts().insert(id, Attempt { request, step });
        redirect_to(id)
    } else if service.accounts.consented(&account) {
        finish(service, &request, Ok(&account))
    } else {
        let step = Step::Consent { account };
        service.attempts().insert(id, Attempt { request, step });
        redirect_to(id)
    };
    if let Some(cookie) = cookie {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

async fn advance(
    service: &Service,
    request: &Request,
    headers: &HeaderMap,
    step: Step,
    answer: Answer,
) -> Next {
    let errors = &request.words.errors;
    match (step, answer.action.as_str()) {
        (_, "cancel") => Next::Failed(Failure::new(
            "access_denied",
            "The user has cancelled the sign-in.",
        )),
        (_, "use-another") => Next::Ask(Step::Account {
            email: String::new(),
            error: None,
        }),
        (Step::Account { .. }, "account") => choose(service, request, headers, answer.email.trim()),
        (Step::Confirm { account }, "confirm") => Next::SignedIn(account),
        (Step::Unknown { email }, "create") => Next::Ask(create(email)),
        (Step::Create { .. }, "send-code") => {
            let (email, name) = (
                answer.email.trim().to_owned(),
                answer.name.trim().to_owned(),
            );
            send_code(service, request.words, NewAccount { email, name }).await
        }
        (Step::Code { new, .. }, "send-code") => send_code(service, request.words, new).await,
        (
            Step::Code {
                new,
                code,
                tries_left,
                ..
            },
            "code",
        ) => Next::Ask(check_code(errors, new, (code, tries_left), &answer.code)),
        (Step::Terms { new }, "terms") if answer.accepted.is_empty() => {
            Next::Ask(Step::Terms { new })
        }
        (Step::Terms { new }, "terms") => Next::SignedIn(create_account(service, request, new)),
        (Step::Blocked { block, .. }, "return") if block.returns() => {
            Next::Failed(Failure::new("access_denied", block.description()))
        }
        (Step::Consent { account }, "accept") => {
            service.accounts.consent(account.oid);
            Next::Done(account)
        }
        (Step::Consent { .. }, "decline") => {
            let text = "AADSTS65004: User declined to consent to access the app.";
            Next::Failed(Failure::new("access_denied", text))
        }
        // An answer to a page that is no longer the current one.
        (step, _) => Next::Ask(step),
    }
}

fn choose(service: &Service, request: &Request, headers: &HeaderMap, email: &str) -> Next {
    let errors = &request.words.errors;
    let again = |error| {
        Next::Ask(Step::Account {
            email: email.to_owned(),
            error: Some(error),
        })
    };
    if !is_address(email) {
        return again(errors.not_an_address);
    }
    match service.accounts.by_email(email) {
        Some(account) if !request.tenant.admits(&account) => again(errors.account_refused),
        Some(account) if session::accounts(service, headers).contains(&account) => {
            Next::SignedIn(account)
        }
        Some(account) => Next::Ask(Step::Confirm { account }),
        None if request.tenant.of_new_accounts().is_none() => again(errors.no_such_account),
        None => Next::Ask(Step::Unknown {
            email: email.to_owned(),
        }),
    }
}

async fn send_code(service: &Service, words: &Words, new: NewAccount) -> Next {
    let errors = &words.errors;
    let code = format!("{:06}", rand::thread_rng().gen_range(0..1_000_000));
    let error = if !is_address(&new.email) {
        errors.not_an_address.to_owned()
    } else if new.name.is_empty() {
        errors.no_name.to_owned()
    } else if service.accounts.by_email(&new.email).is_some() {
        errors.exists.to_owned()
    } else if let Err(error) = code_mail::send(service, &words.code_mail, (&new.email, &code)).await
    {
        (errors.not_sent)(&format!("{error:#}"))
    } else {
        return Next::Ask(Step::Code {
            new,
            code,
            tries_left: CODE_TRIES,
            error: None,
        });
    };
    Next::Ask(Step::Create {
        new,
        error: Some(error),
    })
}

fn check_code(
    errors: &Errors,
    new: NewAccount,
    (code, tries_left): (String, u8),
    entered: &str,
) -> Step {
    if entered.split_whitespace().collect::<String>() == code {
        return Step::Terms { new };
    }
    if tries_left == 1 {
        let error = errors.too_many_tries.to_owned();
        return Step::Create {
            new,
            error: Some(error),
        };
    }
    let error = Some(errors.wrong_code);
    Step::Code {
        new,
        code,
        tries_left: tries_left - 1,
        error,
    }
}

fn create_account(service: &Service, request: &Request, new: NewAccount) -> Account {
    let account = match request.tenant.of_new_accounts() {
        None | Some(PERSONAL_TENANT) => Account::personal(new.email, new.name),
        Some(tid) => Account::organisation(new.email, new.name, tid),
    };
    service.accounts.put(account.clone());
    account
}

fn is_address(text: &str) -> bool {
    text.split_once('@')
        .is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty())
        && !text.contains(char::is_whitespace)
}

fn redirect_to(id: Uuid) -> Response {
    Redirect::to(&format!("/flow/{id}")).into_response()
}
