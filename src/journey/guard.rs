//! Who is signed in, for which invitation, and in which language: resolved once for each request.

use std::ops::Deref;

use axum::{extract::FromRequestParts, http::request::Parts, response::Response};
use url::Url;

use crate::{
    app::{App, Shared},
    domain::invitation::Invitation,
    http::{
        cookies::{Session, SessionState},
        error::AppError,
        failure::Failure,
        links, page,
        request_info::RequestInfo,
    },
    journey::{
        linked::{Linked, Named},
        standing,
    },
    store::VersionedInvitation,
};

/// A recipient with a session for an invitation that their account accepted, or may still accept.
#[derive(Debug)]
pub struct SignedIn {
    /// What for.
    linked: Linked,
    /// Who signed in.
    pub session: Session,
    /// The invitation with its version in the store.
    pub versioned: VersionedInvitation,
}

/// A page of a session is a page of its invitation.
impl Deref for SignedIn {
    type Target = Linked;

    fn deref(&self) -> &Linked {
        &self.linked
    }
}

impl FromRequestParts<Shared> for SignedIn {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, Failure> {
        let request = RequestInfo::from_parts(parts);
        let session = session(app, &request)?;
        let named = Named::new(request, session.link, session.lang);
        let found = app.store.invitations.find_for_update(session.link.id());
        let found = found.await.map_err(|error| named.fail(error))?;
        let versioned = found.ok_or_else(|| named.fail(AppError::UnknownInvitation))?;
        let linked = named.with(versioned.invitation().clone());
        check(app, &session, &linked.invitation).map_err(|error| linked.fail(error))?;
        Ok(Self {
            linked,
            session,
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
        SessionState::Live(session) => Ok(session),
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
    standing::invite_state(invitation, app.clock.now())?;
    match invitation.owner() {
        Some(owner) if owner != session.account => {
            Err(standing::used_by_another(invitation, &session.account_name))
        }
        // The tenant was taken off the list since.
        None if !app.entra.allows(session.account) => Err(standing::not_allowed(
            invitation,
            session.account,
            &session.account_name,
        )),
        Some(_) | None => Ok(()),
    }
}

/// The failure of a form whose session is lost, about the invitation that the form's ticket names: so
/// that a press that comes too late leads on for the same one.
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
