//! Who is signed in, for which invitation, and in which language: resolved once for each request.

use axum::{extract::FromRequestParts, http::request::Parts, response::Response};
use url::Url;

use crate::{
    app::{App, Shared},
    domain::invitation::Invitation,
    http::{
        cookies::{Session, SessionState},
        error::AppError,
        failure::Failure,
        links, observe, page,
        request_info::RequestInfo,
    },
    journey::standing,
    store::VersionedInvitation,
    text::Lang,
};

/// A recipient with a session for an invitation that their account accepted, or may still accept.
#[derive(Debug)]
pub struct SignedIn {
    /// The head of the request.
    pub request: RequestInfo,
    /// Who signed in.
    pub session: Session,
    /// What for.
    pub invitation: Invitation,
    /// The same, as it was read.
    pub versioned: VersionedInvitation,
    /// The language to answer in.
    pub lang: Lang,
}

impl FromRequestParts<Shared> for SignedIn {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, Failure> {
        let request = RequestInfo::from_parts(parts);
        let session = session(app, &request)?;
        let fail = |failure: Failure| failure.for_link(session.link).in_lang(session.lang);
        let found = app.store.invitations.find_for_update(session.link.id());
        let found = found.await.map_err(|error| fail(error.into()))?;
        let versioned = found.ok_or_else(|| fail(AppError::UnknownInvitation.into()))?;
        let invitation = versioned.invitation().clone();
        check(app, &session, &invitation)
            .map_err(|error| fail(Failure::from(error).about(&invitation)))?;
        let locale = invitation.terms.recipient.locale.as_deref();
        Ok(Self {
            lang: request.lang(session.lang, locale),
            request,
            session,
            invitation,
            versioned,
        })
    }
}

impl SignedIn {
    /// Whether the account is bound to the invitation. Otherwise it has to confirm the mailbox.
    #[must_use]
    pub fn is_bound(&self) -> bool {
        self.invitation.owner().is_some()
    }

    /// An error on a page of this session.
    #[must_use]
    pub fn fail(&self, error: impl Into<Failure>) -> Failure {
        error
            .into()
            .for_link(self.session.link)
            .about(&self.invitation)
            .in_lang(self.session.lang)
    }

    /// On to another page of this session, in the language that was chosen on this one.
    #[must_use]
    pub fn redirect_to(&self, app: &App, function: &str) -> Response {
        page::see_other(&self.url(app, function))
    }

    /// Another page of this session, in the language that was chosen on this one.
    #[must_use]
    pub fn url(&self, app: &App, function: &str) -> Url {
        let chosen = self.request.chosen_lang();
        links::session_url(app, function, self.invitation.id, chosen)
    }

    /// Where a form of a page of this session leads.
    #[must_use]
    pub fn action(&self, function: &str) -> String {
        links::session_path(function, self.invitation.id, self.request.chosen_lang())
    }

    /// The address of a page of this session, without a language.
    #[must_use]
    pub fn address(&self, function: &str) -> String {
        links::session_path(function, self.invitation.id, None)
    }
}

fn session(app: &App, request: &RequestInfo) -> Result<Session, Failure> {
    let lost = || Failure::from(AppError::SessionLost);
    let wanted = request.invitation().map_err(|_| lost())?;
    let now = app.clock.now();
    match app.cookies().session(&request.jar, wanted, now) {
        SessionState::Live(session) => {
            observe::record_invitation(session.link.id());
            Ok(session)
        }
        SessionState::Over(session) => Err(Failure::from(AppError::SessionExpired)
            .for_link(session.link)
            .in_lang(session.lang)),
        SessionState::None => match app.cookies().attempted_link(&request.jar, wanted, now) {
            Some(link) => Err(lost().for_link(link)),
            None => Err(lost()),
        },
    }
}

/// Whether the account of the session may go on with the invitation.
fn check(app: &App, session: &Session, invitation: &Invitation) -> Result<(), AppError> {
    standing::usable(invitation, app.clock.now())?;
    match invitation.owner() {
        Some(owner) if owner != session.account => {
            Err(standing::used_by_another(invitation, &session.account_name))
        }
        // The tenant was taken off the list since.
        None if !app.entra.allows(session.account) => Err(AppError::SessionExpired),
        Some(_) | None => Ok(()),
    }
}

/// What a form carries besides its own fields, so that a press that comes too late leads on for the
/// same invitation, although the browser has lost the session.
#[must_use]
pub fn after_loss(app: &App, request: &RequestInfo, failure: Failure, ticket: &str) -> Failure {
    if failure.link.is_some() {
        return failure;
    }
    let redeemed = app.cookies().redeem_ticket(ticket, app.clock.now());
    let wanted = request.invitation().ok().flatten();
    let named = redeemed.filter(|ticket| wanted.is_none_or(|wanted| wanted == ticket.link.id()));
    match named {
        Some(ticket) => failure.for_link(ticket.link),
        None => failure,
    }
}
