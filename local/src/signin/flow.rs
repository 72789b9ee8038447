//! The pages between an authorization request and its answer. Each POST moves an attempt one step
//! on and leads to a GET that shows where it stands, so that reload and Back do no harm.

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
    Service,
    accounts::{Account, PERSONAL_TENANT},
    authorize::{Failure, Prompt, Request, finish},
    code_mail, pages, session,
};

const CODE_TRIES: u8 = 5;

/// An authorization request on its way through the pages.
#[derive(Clone, Debug)]
pub(super) struct Attempt {
    pub(super) request: Request,
    pub(super) step: Step,
}

/// What the person is asked next.
#[derive(Clone, Debug)]
pub(super) enum Step {
    Account {
        email: String,
        error: Option<&'static str>,
    },
    Confirm {
        account: Account,
    },
    Unknown {
        email: String,
    },
    Create {
        new: NewAccount,
        error: Option<String>,
    },
    Code {
        new: NewAccount,
        code: String,
        tries_left: u8,
        error: Option<&'static str>,
    },
    Terms {
        new: NewAccount,
    },
    Consent {
        account: Account,
    },
}

/// An account that somebody is about to create.
#[derive(Clone, Debug, Default)]
pub(super) struct NewAccount {
    pub(super) email: String,
    pub(super) name: String,
}

/// What a page sends: `action` is the button that was pressed.
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

impl Attempt {
    pub(super) fn new(request: Request) -> Self {
        let email = request.login_hint.clone();
        let step = match request.prompt {
            Prompt::Create if request.tenant.of_new_accounts().is_some() => Step::Create {
                new: NewAccount {
                    email,
                    ..NewAccount::default()
                },
                error: None,
            },
            _ => Step::Account { email, error: None },
        };
        Self { request, step }
    }

    /// The account is signed in already; what is missing is its consent.
    pub(super) fn for_account(request: Request, account: &Account) -> Self {
        Self {
            request,
            step: Step::Consent {
                account: account.clone(),
            },
        }
    }
}

/// Begins to ask.
pub(super) fn start(service: &Service, attempt: Attempt) -> Response {
    let id = Uuid::new_v4();
    service.attempts().insert(id, attempt);
    see(id)
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
    see(id)
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
    let mut response =
        if service.accounts.consented(account.oid) && request.prompt != Prompt::Consent {
            finish(service, &request, Ok(&account))
        } else {
            service.attempts().insert(
                id,
                Attempt {
                    request,
                    step: Step::Consent { account },
                },
            );
            see(id)
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
    match (step, answer.action.as_str()) {
        (_, "cancel") => Next::Failed(Failure::cancelled()),
        (_, "use-another") => Next::Ask(Step::Account {
            email: String::new(),
            error: None,
        }),
        (Step::Account { .. }, "account") => choose(service, request, headers, answer.email.trim()),
        (Step::Confirm { account }, "confirm") => Next::SignedIn(account),
        (Step::Unknown { email }, "create") => Next::Ask(Step::Create {
            new: NewAccount {
                email,
                ..NewAccount::default()
            },
            error: None,
        }),
        (Step::Create { .. }, "send-code") => send_code(service, NewAccount::from(answer)).await,
        (Step::Code { new, .. }, "send-code") => send_code(service, new).await,
        (
            Step::Code {
                new,
                code,
                tries_left,
                ..
            },
            "code",
        ) => check_code(new, code, tries_left, &answer.code),
        (Step::Terms { new }, "terms") => accept_terms(service, request, new, &answer.accepted),
        (Step::Consent { account }, "accept") => {
            service.accounts.consent(account.oid);
            Next::Done(account)
        }
        (Step::Consent { .. }, "decline") => Next::Failed(Failure::declined()),
        // An answer to a page that is no longer the current one.
        (step, _) => Next::Ask(step),
    }
}

fn choose(service: &Service, request: &Request, headers: &HeaderMap, email: &str) -> Next {
    let again = |error| {
        Next::Ask(Step::Account {
            email: email.to_owned(),
            error: Some(error),
        })
    };
    if !looks_like_an_address(email) {
        return again("Enter an e-mail address, for instance name@example.com.");
    }
    match service.accounts.by_email(email) {
        Some(account) if !request.tenant.admits(&account) => {
            again("That account cannot be used here. Use another one.")
        }
        Some(account) => {
            let signed_in = session::accounts(service, headers)
                .iter()
                .any(|other| other.oid == account.oid);
            if signed_in && request.prompt != Prompt::Login {
                Next::SignedIn(account)
            } else {
                Next::Ask(Step::Confirm { account })
            }
        }
        None if request.tenant.of_new_accounts().is_none() => {
            again("This account does not exist in any organisation.")
        }
        None => Next::Ask(Step::Unknown {
            email: email.to_owned(),
        }),
    }
}

async fn send_code(service: &Service, new: NewAccount) -> Next {
    let error = if !looks_like_an_address(&new.email) {
        "Enter an e-mail address, for instance name@example.com.".to_owned()
    } else if new.name.is_empty() {
        "Enter your name.".to_owned()
    } else if service.accounts.by_email(&new.email).is_some() {
        "There is an account with this address already.".to_owned()
    } else {
        let code = format!("{:06}", rand::thread_rng().gen_range(0..1_000_000));
        match code_mail::send(service, &new.email, &code).await {
            Ok(()) => {
                return Next::Ask(Step::Code {
                    new,
                    code,
                    tries_left: CODE_TRIES,
                    error: None,
                });
            }
            Err(error) => format!(
                "The code could not be sent to this address ({error:#}). Check it and try again."
            ),
        }
    };
    Next::Ask(Step::Create {
        new,
        error: Some(error),
    })
}

fn check_code(new: NewAccount, code: String, tries_left: u8, entered: &str) -> Next {
    let entered: String = entered.chars().filter(|c| !c.is_whitespace()).collect();
    match tries_left - 1 {
        _ if entered == code => Next::Ask(Step::Terms { new }),
        0 => Next::Ask(Step::Create {
            new,
            error: Some("That was wrong five times. Have a new code sent.".to_owned()),
        }),
        tries_left => Next::Ask(Step::Code {
            new,
            code,
            tries_left,
            error: Some("That is not the code. Check it and try again."),
        }),
    }
}

fn accept_terms(service: &Service, request: &Request, new: NewAccount, accepted: &str) -> Next {
    if accepted.is_empty() {
        return Next::Ask(Step::Terms { new });
    }
    let account = match request.tenant.of_new_accounts() {
        None | Some(PERSONAL_TENANT) => Account::personal(new.email, new.name),
        Some(tid) => Account::organisation(new.email, new.name, tid),
    };
    service.accounts.put(account.clone());
    Next::SignedIn(account)
}

impl From<Answer> for NewAccount {
    fn from(answer: Answer) -> Self {
        Self {
            email: answer.email.trim().to_owned(),
            name: answer.name.trim().to_owned(),
        }
    }
}

fn looks_like_an_address(text: &str) -> bool {
    text.split_once('@')
        .is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty())
        && !text.contains(char::is_whitespace)
}

fn see(id: Uuid) -> Response {
    Redirect::to(&format!("/flow/{id}")).into_response()
}
