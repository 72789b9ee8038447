//! `ConfirmMailbox`: proof of the invited mailbox for an account whose token does not give it. A
//! code is mailed there; the account that enters it is bound to the invitation.

use std::{panic::resume_unwind, sync::Arc};

use axum::{extract::State, http::StatusCode, response::Response};
use serde::Deserialize;
use time::OffsetDateTime;
use tracing::Instrument;
use uuid::Uuid;

use crate::{
    app::Shared,
    domain::invitation::{
        Account, CODE_LIFETIME, CodeRequest, CodeStatus, Invitation, Known, NotIssued, Situation,
    },
    http::{
        cookies::Session, error::AppError, failure::Failure, form_token::FormToken,
        forms::SameOriginForm, links, page, request_info::RequestInfo,
    },
    journey::{
        guard::{self, SignedIn},
        standing,
    },
    mail::{self, MailError},
    store::Entered,
    telemetry::{self, CodeKind, Step},
    text::Lang,
    views::{Action, CodeProblem, ConfirmPage, ConfirmStep, FormTarget, ShownAccount, mask_email},
};

/// For the log.
const FOREIGN_TOKEN: &str = "the token is missing or not of this session";
/// How many digits a code has.
const CODE_LENGTH: usize = 6;

/// The fields of the forms that lead here.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Submitted {
    token: String,
    /// Names the invitation where the session is lost.
    ticket: String,
    /// `send`: mail a code. Otherwise a code is entered.
    action: String,
    /// See [`links::send_code_fields`].
    known: String,
    code: String,
}

/// An account that may confirm the mailbox.
struct Confirming<'a> {
    app: &'a Shared,
    recipient: &'a SignedIn,
}

/// GET: the step that is next.
///
/// # Errors
/// No session, an invitation that cannot be accepted, a store that is down.
pub async fn show(State(app): State<Shared>, recipient: SignedIn) -> Result<Response, Failure> {
    if recipient.is_bound() {
        return Ok(recipient.redirect_to(&app, "CreateCompany"));
    }
    let confirming = Confirming {
        app: &app,
        recipient: &recipient,
    };
    let page = confirming.page(None).await;
    page.map_err(|failure| recipient.fail(failure))
}

/// POST: a code is requested, or entered.
///
/// # Errors
/// As [`show`]; a form that is not ours; too many codes; a mail server that is down.
pub async fn submit(
    State(app): State<Shared>,
    request: RequestInfo,
    recipient: Result<SignedIn, Failure>,
    SameOriginForm(sent): SameOriginForm<Submitted>,
) -> Result<Response, Failure> {
    let lost = |failure| guard::after_loss(&app, &request, failure, &sent.ticket);
    let recipient = recipient.map_err(lost)?;
    let confirming = Confirming {
        app: &app,
        recipient: &recipient,
    };
    let answer = confirming.act(&sent).await;
    answer.map_err(|failure| recipient.fail(failure))
}

impl Confirming<'_> {
    async fn act(&self, sent: &Submitted) -> Result<Response, Failure> {
        let (app, recipient) = (self.app, self.recipient);
        if !form_token(&recipient.session).verify(app.sealer(), &sent.token) {
            return Err(AppError::FormRefused(FOREIGN_TOKEN).into());
        }
        if recipient.is_bound() {
            return Ok(recipient.redirect_to(app, "CreateCompany"));
        }
        if sent.action == "send" {
            self.send(known(&sent.known)).await?;
            // By a redirect, so that reloading the page sends nothing.
            return Ok(recipient.redirect_to(app, "ConfirmMailbox"));
        }
        match self.enter(&sent.code).await? {
            Some(problem) => self.page(Some(problem)).await,
            None => Ok(recipient.redirect_to(app, "CreateCompany")),
        }
    }

    async fn send(&self, known: Known) -> Result<(), Failure> {
        let (app, account) = (self.app, self.recipient.session.account);
        if app.mailer.is_none() {
            return Err(AppError::NotFound.into());
        }
        let request = CodeRequest {
            account,
            shows_invited: self.recipient.session.shows_invited,
            known: Some(known),
        };
        let (id, now) = (self.recipient.invitation.id, app.clock.now());
        let code = match app.store.codes.issue(id, request, now).await? {
            Ok(code) => code,
            Err(NotIssued::AlreadySent) => return Ok(()),
            Err(NotIssued::TooMany { next_at, is_alive }) => {
                let error = AppError::TooManyCodes {
                    next_at,
                    is_alive,
                    shows_invited: self.recipient.session.shows_invited,
                };
                return Err(error.into());
            }
        };
        let sending = Sending {
            app: Arc::clone(app),
            invitation: self.recipient.invitation.clone(),
            lang: self.recipient.lang,
            account,
            known,
            code,
        };
        // To the end, though the browser may have cut this request off by a second press.
        let sent = tokio::spawn(async move { sending.run().await }.in_current_span());
        sent.await
            .unwrap_or_else(|panicked| resume_unwind(panicked.into_panic()))
    }

    /// What is wrong with the code; if nothing is, the invitation is accepted.
    async fn enter(&self, text: &str) -> Result<Option<CodeProblem>, Failure> {
        let Some(code) = read_code(text) else {
            return Ok(Some(CodeProblem::NotACode));
        };
        let (app, now) = (self.app, self.app.clock.now());
        let (id, account) = (self.recipient.invitation.id, self.recipient.session.account);
        let problem = match app.store.codes.enter(id, account, &code, now).await? {
            Entered::Right(outcome) => {
                standing::changed(*outcome, &self.recipient.session.account_name, now)?;
                telemetry::step(Step::Matched);
                return Ok(None);
            }
            Entered::Wrong { tries_left } => CodeProblem::Wrong { tries_left },
            Entered::Older => CodeProblem::Earlier,
            Entered::NoActiveCode => CodeProblem::Wrong { tries_left: 0 },
        };
        telemetry::count_rejected_code(CodeKind::Mailbox);
        Ok(Some(problem))
    }

    async fn page(&self, problem: Option<CodeProblem>) -> Result<Response, Failure> {
        let (app, now) = (self.app, self.app.clock.now());
        let status = app
            .store
            .codes
            .status(
                self.recipient.invitation.id,
                self.recipient.session.account,
                now,
            )
            .await?;
        let mailbox = mask_email(self.recipient.invitation.terms.recipient.email.as_str());
        let text = &self.recipient.lang.text().confirm;
        let label = match status {
            None => (text.send_to)(&mailbox),
            Some(_) => text.send_again.to_owned(),
        };
        let action = self.recipient.action("ConfirmMailbox");
        let address = self.recipient.address("ConfirmMailbox");
        let urls = [action.clone(), links::invite_url(app).to_string()];
        let recipient = self.recipient;
        let link = &recipient.session.link;
        let contact = recipient.contact(app, Situation::Mailbox);
        let page = ConfirmPage {
            frame: page::frame(app, recipient.lang, Some(&address)),
            masked_mailbox: &mailbox,
            account_name: &recipient.session.account_name,
            at: self.step(status, problem),
            action: &action,
            form_token: &form_token(&recipient.session).issue(app.sealer()),
            ticket: &app.cookies().ticket(link, now),
            actions: &self.actions(status, &label, &urls),
            contact: Some(&contact),
        };
        let code = match problem {
            Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
            None => StatusCode::OK,
        };
        Ok(page::html(
            code,
            self.recipient.lang,
            page.render(),
            FormTarget::SignIn,
        ))
    }

    fn step(&self, status: Option<CodeStatus>, problem: Option<CodeProblem>) -> ConfirmStep {
        let account = self.account();
        match status {
            Some(status) if status.is_alive => ConfirmStep::Enter {
                problem,
                is_sent: status.is_sent,
                sent_again: (status.is_repeated && status.is_sent).then_some(status.sent_at),
            },
            _ if self.app.mailer.is_none() => ConfirmStep::NoOffer { account },
            None => ConfirmStep::Offer { account },
            Some(_) => ConfirmStep::Over,
        }
    }

    fn account(&self) -> ShownAccount {
        let session = &self.recipient.session;
        if session.is_guest {
            ShownAccount::Guest
        } else if session.shows_invited {
            ShownAccount::Invited
        } else {
            ShownAccount::Another
        }
    }

    /// Sends a code, or signs in with another account.
    fn actions<'a>(
        &self,
        status: Option<CodeStatus>,
        label: &'a str,
        [confirm_url, invite_url]: &'a [String; 2],
    ) -> Vec<Action<'a>> {
        let (app, link, lang) = (self.app, &self.recipient.session.link, self.recipient.lang);
        let known = Known(status.map(|status| status.sent_at));
        let send = app.mailer.as_ref().map(|_| Action::Post {
            label,
            url: confirm_url,
            fields: links::send_code_fields(app, (link, self.recipient.session.account), known),
            primary: !status.is_some_and(|status| status.is_alive),
        });
        let other = Action::Post {
            label: lang.text().action.use_another_account,
            url: invite_url,
            fields: links::restart_fields(app, link, lang, "select_account"),
            // Where this account shows the invited mailbox, signing in with it again changes nothing.
            primary: send.is_none() && matches!(self.account(), ShownAccount::Another),
        };
        send.into_iter().chain([other]).collect()
    }
}

/// A code on its way to the invited mailbox.
struct Sending {
    app: Shared,
    invitation: Invitation,
    lang: Lang,
    account: Account,
    known: Known,
    code: String,
}

impl Sending {
    async fn run(&self) -> Result<(), Failure> {
        let (codes, id, account) = (&self.app.store.codes, self.invitation.id, self.account);
        if !self.is_still_invited().await? {
            codes.withdraw(id, account, &self.code).await?;
            return Ok(());
        }
        if let Err(error) = self.mail().await {
            codes.withdraw(id, account, &self.code).await?;
            return Err(Failure::from(AppError::CodeNotSent {
                reason: error.to_string(),
                account,
                known: self.known,
            }));
        }
        tracing::info!("a code was sent");
        // It can be entered all the same.
        if let Err(error) = codes.mailed(id, account, &self.code).await {
            tracing::warn!(%error, "it could not be noted that a code was sent");
        }
        Ok(())
    }

    /// Whether the seller has not invited another mailbox since the invitation was read. A change
    /// after this makes the code void.
    async fn is_still_invited(&self) -> Result<bool, Failure> {
        let current = self.app.store.invitations.find(self.invitation.id).await?;
        let mailbox = &self.invitation.terms.recipient.email;
        Ok(current.is_some_and(|current| current.terms.recipient.email.same_mailbox(mailbox)))
    }

    async fn mail(&self) -> Result<(), MailError> {
        let Some(mailer) = &self.app.mailer else {
            return Ok(());
        };
        let config = &self.app.config;
        let (invitation, lifetime) = (&self.invitation, CODE_LIFETIME);
        let email = mail::code_email(config, invitation, &self.code, lifetime, self.lang);
        // Each code has a Message-ID of its own: mailboxes may hide an e-mail that repeats one.
        let id = format!("{}-code-{}", invitation.id, Uuid::new_v4().simple());
        mailer
            .send(&invitation.terms.recipient.email, &email, &id)
            .await
    }
}

/// The digits of a code as people type and paste it: in any script's digits, in groups, or within a
/// sentence. `None` if it cannot be a code.
fn read_code(text: &str) -> Option<String> {
    let text: String = text.chars().map(ascii_digit).collect();
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    if digits.len() == CODE_LENGTH {
        return Some(digits);
    }
    let mut codes = text
        .split(|c: char| !c.is_ascii_digit())
        .filter(|run| run.len() == CODE_LENGTH);
    let code = codes.next()?;
    codes.all(|other| other == code).then(|| code.to_owned())
}

/// Decimal digits of input methods and keyboards in use, in ASCII.
fn ascii_digit(c: char) -> char {
    const ZEROS: [char; 5] = ['\u{660}', '\u{6f0}', '\u{966}', '\u{e50}', '\u{ff10}'];
    let digit = ZEROS.iter().find_map(|zero| {
        let value = u32::from(c).checked_sub(u32::from(*zero))?;
        char::from_digit(value, 10)
    });
    digit.unwrap_or(c)
}

/// From the hidden field of [`links::send_code_fields`].
fn known(field: &str) -> Known {
    let at = field.parse().ok();
    Known(at.and_then(|at| OffsetDateTime::from_unix_timestamp_nanos(at).ok()))
}

fn form_token(session: &Session) -> FormToken<'_> {
    FormToken::ConfirmMailbox(&session.link, session.account)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_as_people_enter_them() {
        for text in [
            "935867",
            " 935 867 ",
            "935-867",
            "９３５８６７",
            "٩٣٥٨٦٧",
            "Your code is 935867",
            "935867 (10 minutes)",
            "935867\n935867",
        ] {
            assert_eq!(read_code(text).as_deref(), Some("935867"), "{text:?}");
        }
    }

    #[test]
    fn other_text_is_no_code() {
        for text in ["", "935", "9358670", "abc", "935867 123456", "93586x"] {
            assert_eq!(read_code(text), None, "{text:?}");
        }
    }
}
