//! A notice as the caller can read it: a page that offers a next action, or a problem (RFC 9457).
//! Each page has an address of its own for the language links, where the same page is an answer of
//! its own: it repeats nothing, and is no error there.

use std::{panic::AssertUnwindSafe, time::Duration};

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use futures::FutureExt;
use serde::{Deserialize, Serialize};
use time::Date;
use tokio::time::timeout;
use url::{Position, Url};

use super::{
    contact,
    cookies::SessionState,
    desk,
    error::AppError,
    failure::Failure,
    links,
    next::{Buttons, Context, Label, Next},
    page,
    request_info::{RequestInfo, is_session_page},
    stopped_page,
};
use crate::{
    app::App,
    domain::invitation::{ContactKind, Invitation, InvitationId, Link, Situation, Status},
    store::table::request_deadline,
    text::Lang,
    views::{ApprovalNotice, Contact, FormTarget, Notice, NoticePage},
};

/// What an error page may spend on naming the inviter.
const LOOKUP_TIMEOUT: Duration = Duration::from_secs(2);
/// How long a page that is shown again keeps its address, at least.
const ADDRESS_LIFETIME: time::Duration = time::Duration::DAY;
/// The purpose of its seal.
const PURPOSE: &str = "shown";

/// A notice with what it offers.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Shown {
    /// What it says.
    pub notice: Notice,
    /// What it offers.
    pub next: Next,
    /// What the inviter reads where the person asks for help.
    pub situation: Situation,
    /// The step of the journey, from 1; 0: none.
    pub step: usize,
    /// Whether what was typed is kept in the browser.
    pub draft_saved: bool,
    /// Path and query of the page that this one is shown instead of, if it can be opened again.
    #[serde(default)]
    pub page: Option<String>,
}

/// Whom and what the page is about, as far as it is known.
#[derive(Clone, Copy, Debug, Default)]
struct Subject<'a> {
    /// The invitation to go on with.
    link: Option<Link>,
    /// The same, as it was read.
    invitation: Option<&'a Invitation>,
    /// The language that was chosen on a page.
    chosen: Option<Lang>,
}

impl Shown {
    /// A notice that is no error.
    #[must_use]
    pub fn of(notice: Notice, situation: Situation) -> Self {
        let is_of_company = situation == Situation::Company;
        Self {
            // What is asked of the inviter can be asked on any page.
            step: match (&notice, situation.step()) {
                (Notice::Contacted(_) | Notice::NoAddress { .. }, step) if step > 0 => step,
                _ => notice.step(),
            },
            next: match &notice {
                // Nothing else is to be done.
                Notice::Contacted(asked) if asked.kind == ContactKind::NotMe => Next::Help,
                Notice::Contacted(_) if is_of_company => Next::Company,
                Notice::Contacted(asked)
                    if asked.kind == ContactKind::Help && situation == Situation::Mailbox =>
                {
                    Next::Code
                }
                Notice::Contacted(asked) if asked.kind == ContactKind::Help => Next::SignIn {
                    label: Label::Proceed,
                    other_account: false,
                },
                _ => Next::Help,
            },
            notice,
            situation,
            draft_saved: false,
            page: None,
        }
    }

    fn after(failure: &Failure, request: &RequestInfo) -> Self {
        let spec = failure.error.spec();
        let own = match spec.notice {
            Notice::PageOutdated { .. } | Notice::AddressRefused { .. } => spec.situation.step(),
            ref notice => notice.step(),
        };
        Self {
            step: if own == 0 { request.step() } else { own },
            notice: match spec.notice {
                Notice::SessionLost if failure.link.is_none() => Notice::SessionUnknown,
                Notice::SignInRestart if failure.link.is_none() => Notice::SignInUnknown,
                notice => notice,
            },
            next: match spec.next {
                // Nothing was sent that opening the page again would not repeat.
                Next::Retry if request.reads && request.is_reloadable() => {
                    Next::Reload(Label::TryAgain)
                }
                next => next,
            },
            situation: spec.situation,
            draft_saved: failure.draft_saved,
            page: request.is_reloadable().then(|| request.here().to_owned()),
        }
    }

    /// The same, or that the invitation can no longer be used, unless it says what was asked of the
    /// inviter since.
    #[must_use]
    pub fn unless_over(self, error: &AppError) -> Self {
        if matches!(self.notice, Notice::Contacted { .. }) {
            return self;
        }
        let spec = error.spec();
        Self {
            next: spec.next,
            situation: spec.situation,
            draft_saved: self.draft_saved,
            page: self.page,
            ..Self::of(spec.notice, spec.situation)
        }
    }

    /// Whether it says, or takes for granted, that the invitation can be used.
    fn says_it_works(&self) -> bool {
        matches!(
            self.notice,
            Notice::SignInRestart
                | Notice::CookiesBlocked
                | Notice::SignInFailed
                | Notice::SessionExpired
                | Notice::SessionLost
                | Notice::Stopped(_)
        )
    }

    /// Whether it says that the invitation cannot be used, which may have changed since.
    #[must_use]
    pub fn says_it_is_over(&self) -> bool {
        matches!(
            self.notice,
            Notice::Expired | Notice::Revoked | Notice::UnknownInvitation
        )
    }

    /// The address that shows it again. It does not show the link.
    #[must_use]
    pub fn url(&self, app: &App, link: Option<&Link>) -> Url {
        // To the end of a day, so that a page stays the same each time it is opened.
        let until = (app.clock.now() + ADDRESS_LIFETIME).date().next_day();
        let until = until.unwrap_or(Date::MAX).midnight().assume_utc();
        let content = (link.map(|link| link.reveal()), self);
        let sealed = app.cookies().seal_for(PURPOSE, content, until);
        let mut url = links::invite_url(app);
        url.query_pairs_mut()
            .append_pair("shown", &sealed.unwrap_or_default());
        url
    }

    /// The same without scheme and host.
    #[must_use]
    pub fn address(&self, app: &App, link: Option<&Link>) -> String {
        self.url(app, link)[Position::BeforePath..].to_owned()
    }

    /// What an address shows, and for which invitation.
    #[must_use]
    pub fn at_address(app: &App, sealed: &str) -> Option<(Option<Link>, Self)> {
        let opened = app.cookies().open_for(PURPOSE, sealed, app.clock.now());
        let (link, shown): (Option<String>, Self) = opened?;
        Some((link.and_then(|link| link.parse().ok()), shown))
    }
}

/// The page of a notice, with `here` as its address in other languages.
fn response(
    (app, request): (&App, &RequestInfo),
    status: StatusCode,
    shown: &Shown,
    subject: Subject<'_>,
    here: &str,
) -> Response {
    let locale = subject
        .invitation
        .and_then(|invitation| invitation.terms.recipient.locale.as_deref());
    let lang = request.lang(subject.chosen, locale);
    let context = Context {
        app,
        request,
        link: subject.link.as_ref(),
        page: shown.page.as_deref(),
        invitation: subject.invitation,
        situation: shown.situation,
        chosen: request.chosen_lang().or(subject.chosen),
        lang,
        here,
    };
    let about = subject.link.zip(subject.invitation);
    let contact = about.map(|(link, invitation)| {
        let block = contact::block(app, (&link, invitation), shown.situation, lang);
        Contact {
            colleague: shown.notice.colleague(),
            is_colleague_wrong: shown.notice.refuses_colleague(),
            // The main button asks for it.
            help: if shown.next == Next::Contact(ContactKind::Help) {
                block.help.without_button()
            } else {
                block.help
            },
            ..block
        }
    });
    if let Notice::Stopped(refusal) = shown.notice {
        return stopped_page::render(&context, status, refusal, contact.as_ref(), here);
    }
    let contact = contact.as_ref();
    let notice = match shown.notice.clone() {
        Notice::AddressRefused { typed } if request.reads => {
            let kept = Notice::AddressKept { typed };
            if kept.is_led_on_by(contact) {
                kept
            } else {
                shown.notice.clone()
            }
        }
        notice => notice,
    };
    let buttons = if notice.needs_no_button(contact) {
        Buttons::none(lang)
    } else {
        context.buttons(shown.next)
    };
    let page = NoticePage {
        frame: page::frame(app, lang, Some(here)),
        notice,
        actions: &buttons.actions(),
        step: shown.step,
        // It comes back with the form, which is not offered any more.
        draft_saved: shown.draft_saved && !shown.says_it_is_over(),
        contact,
    };
    let forms = if buttons.starts_sign_in {
        FormTarget::SignIn
    } else {
        FormTarget::Us
    };
    page::html(status, lang, page.render(), forms)
}

/// A failure as a page or as a problem.
#[must_use]
pub(super) fn render(failure: &Failure, app: &App, request: &RequestInfo) -> Response {
    let mut response = if request.wants_json {
        failure.error.problem().into_response()
    } else if app.desk.is_some() && request.is_desk() {
        desk::notice::render(failure, app, request)
    } else {
        html(failure, app, request)
    };
    if let Some(seconds) = failure.error.spec().retry_after {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// The page of a notice, at an address of its own: there it can be shown again, in any language.
#[must_use]
pub fn about(
    (app, request): (&App, &RequestInfo),
    status: StatusCode,
    shown: &Shown,
    link: Option<Link>,
    (invitation, chosen): (Option<&Invitation>, Option<Lang>),
) -> Response {
    let subject = Subject {
        link,
        invitation,
        chosen,
    };
    let here = shown.address(app, link.as_ref());
    response((app, request), status, shown, subject, &here)
}

fn html(failure: &Failure, app: &App, request: &RequestInfo) -> Response {
    let (shown, status) = shown_after(failure, app, request);
    let subject = Subject {
        link: failure.link,
        invitation: failure.invitation.as_deref(),
        chosen: failure.lang,
    };
    let here = here(failure, &shown, app, request);
    response((app, request), status, &shown, subject, &here)
}

/// What the page of a failure shows, and its status. Where it would say that the invitation still
/// works, and that is over, it says so instead.
fn shown_after(failure: &Failure, app: &App, request: &RequestInfo) -> (Shown, StatusCode) {
    let shown = Shown::after(failure, request);
    let invitation = failure.invitation.as_deref();
    let over = invitation.and_then(|own| match own.status(app.clock.now()) {
        Status::Expired => Some(AppError::Expired),
        Status::Revoked => Some(AppError::Revoked),
        Status::Pending | Status::Accepted | Status::Completed => None,
    });
    match over.filter(|_| shown.says_it_works()) {
        Some(error) => (shown.unless_over(&error), error.spec().page_status),
        None => (shown, failure.page_status()),
    }
}

/// The address that shows this page in any language, without repeating what a form or a sign-in
/// did.
fn here(failure: &Failure, shown: &Shown, app: &App, request: &RequestInfo) -> String {
    match failure.error {
        AppError::ApprovalClosed => links::approval_result(ApprovalNotice::Closed),
        AppError::ApprovalUnmatched => links::approval_result(ApprovalNotice::Unmatched),
        _ => shown.address(app, failure.link.or(request.link()).as_ref()),
    }
}

/// The invitation that a page is about; `None` if there is none, or the table is slow or down.
pub async fn look_up(app: &App, id: InvitationId) -> Option<Invitation> {
    let lookup = request_deadline::of_request(app.store.invitations.find(id));
    timeout(LOOKUP_TIMEOUT, lookup).await.ok()?.ok()?
}

/// Adds what the page of a failure can name. A bug that ended the request may come up here once
/// more: then the page does without.
pub(super) async fn complete(failure: &mut Failure, app: &App, request: &RequestInfo) {
    let completed = AssertUnwindSafe(async {
        add_link(failure, app, request);
        find_invitation(failure, app).await;
    });
    let _: Result<(), _> = completed.catch_unwind().await;
}

/// The invitation that the address or the session names, and the language of the session, where the
/// request failed before a function knew them.
fn add_link(failure: &mut Failure, app: &App, request: &RequestInfo) {
    let is_early = matches!(
        failure.error,
        AppError::TooLarge
            | AppError::TooSlow
            | AppError::FormMalformed
            | AppError::FormRefused(_)
            | AppError::Internal(_)
    );
    if failure.link.is_some() || !is_early {
        return;
    }
    failure.link = request.link();
    if let (true, Ok(wanted)) = (is_session_page(request.here()), request.invitation()) {
        let now = app.clock.now();
        let state = app.cookies().session(&request.jar, wanted, now);
        if let SessionState::Live(session) | SessionState::Over(session) = state {
            failure.link = Some(session.link);
            failure.lang = failure.lang.or(session.lang);
        }
    }
}

/// Reads the invitation of a failure whose page can name the inviter, unless that is known. The
/// page comes without it where the table is slow or down.
async fn find_invitation(failure: &mut Failure, app: &App) {
    let is_settled = failure.invitation.is_some()
        || failure.error.is_of_table()
        || matches!(failure.error, AppError::UnknownInvitation);
    if let Some(link) = failure.link.filter(|_| !is_settled) {
        failure.invitation = look_up(app, link.id()).await.map(Box::new);
    }
}
