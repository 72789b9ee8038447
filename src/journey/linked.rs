//! Which invitation a request is about, and in which language it is answered: resolved once, and
//! handed on together.
//!
//! An invitation is named by the link in the address, by a ticket, or by a session
//! ([`guard`](super::guard)). [`Named`] is what is known before the invitation is read, [`Linked`]
//! what is known afterwards.

use axum::{
    extract::FromRequestParts,
    http::{StatusCode, request::Parts},
    response::Response,
};
use url::Url;

use crate::{
    app::{App, Shared},
    domain::invitation::{Invitation, InvitationId, Link, Situation},
    http::{
        contact,
        error::AppError,
        failure::Failure,
        links,
        notice_page::{self, Shown},
        observe,
        request_info::RequestInfo,
    },
    journey::standing,
    text::Lang,
    views::{Contact, InviteState},
};

/// A request, the invitation that it names, and the language that was chosen.
#[derive(Debug)]
pub struct Named {
    /// The head of the request.
    pub request: RequestInfo,
    /// The link of the invitation.
    pub link: Link,
    /// The invitation's public name, which follows from the link.
    pub id: InvitationId,
    /// The language that was chosen on a page.
    pub chosen: Option<Lang>,
}

/// The same with the invitation as it was read.
#[derive(Debug)]
pub struct Linked {
    /// The head of the request.
    pub request: RequestInfo,
    /// The link of the invitation.
    pub link: Link,
    /// The invitation.
    pub invitation: Invitation,
    /// The language that was chosen on a page.
    pub chosen: Option<Lang>,
    /// The language to answer in.
    pub lang: Lang,
}

impl Named {
    /// `earlier`: the language that was chosen on a page before; the address has the newest.
    #[must_use]
    pub fn new(request: RequestInfo, link: Link, earlier: Option<Lang>) -> Self {
        let named = Self::recorded(request, link, earlier);
        observe::record_invitation(named.id);
        named
    }

    /// As [`Named::new`], where the log names the invitation already.
    #[must_use]
    pub fn recorded(request: RequestInfo, link: Link, earlier: Option<Lang>) -> Self {
        Self {
            chosen: request.chosen_lang().or(earlier),
            request,
            link,
            id: link.id(),
        }
    }

    /// Reads the invitation.
    ///
    /// # Errors
    /// The invitation does not exist, or the store is down.
    pub async fn read(self, app: &App) -> Result<Linked, Failure> {
        let found = app.store.invitations.find(self.id).await;
        let found = found.map_err(|error| self.fail(error))?;
        let invitation = found.ok_or_else(|| self.fail(AppError::UnknownInvitation))?;
        Ok(self.with(invitation))
    }

    /// With the invitation, which was read already.
    #[must_use]
    pub fn with(self, invitation: Invitation) -> Linked {
        let locale = invitation.terms.recipient.locale.as_deref();
        Linked {
            lang: self.request.lang(self.chosen, locale),
            request: self.request,
            link: self.link,
            invitation,
            chosen: self.chosen,
        }
    }

    /// The link in the address. The page of a sign-in that Microsoft stopped may have a ticket
    /// instead.
    fn by_address(app: &App, request: RequestInfo) -> Result<Self, AppError> {
        let link = match request.link() {
            Some(link) => link,
            None if request.stopped().is_some() => link_of_ticket(app, &request)?,
            None => return Err(AppError::MalformedLink),
        };
        Ok(Self::new(request, link, None))
    }

    /// An error on a page of this invitation.
    #[must_use]
    pub fn fail(&self, error: impl Into<Failure>) -> Failure {
        error.into().for_link(self.link).in_lang(self.chosen)
    }

    /// The link, in the language that was chosen.
    #[must_use]
    pub fn url(&self, app: &App) -> Url {
        links::invitation_url(app, &self.link, self.chosen)
    }
}

impl Linked {
    /// How far the invitation has come.
    ///
    /// # Errors
    /// It can no longer be used.
    pub fn invite_state(&self, app: &App) -> Result<InviteState, Failure> {
        standing::invite_state(&self.invitation, app.clock.now()).map_err(|error| self.fail(error))
    }

    /// An error on a page of this invitation.
    #[must_use]
    pub fn fail(&self, error: impl Into<Failure>) -> Failure {
        let failure = error.into().for_link(self.link).in_lang(self.chosen);
        failure.about(&self.invitation)
    }

    /// The inviter, and what can be asked of them here.
    #[must_use]
    pub fn contact(&self, app: &App, situation: Situation) -> Contact<'_> {
        contact::block(app, (&self.link, &self.invitation), situation, self.lang)
    }

    /// A page of a notice.
    #[must_use]
    pub fn notice(&self, app: &App, status: StatusCode, shown: &Shown) -> Response {
        notice_page::about(
            (app, &self.request),
            status,
            shown,
            Some(self.link),
            (Some(&self.invitation), self.chosen),
        )
    }
}

fn link_of_ticket(app: &App, request: &RequestInfo) -> Result<Link, AppError> {
    let ticket = request.parameter("ticket").ok().flatten();
    let redeemed = app
        .cookies()
        .redeem_ticket(ticket.unwrap_or_default(), app.clock.now());
    let ticket = redeemed.ok_or(AppError::SignInRestart("the ticket is too old"))?;
    Ok(ticket.link)
}

/// The invitation that the address names.
impl FromRequestParts<Shared> for Linked {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, Failure> {
        let named = Named::by_address(app, RequestInfo::from_parts(parts))?;
        named.read(app).await
    }
}
