//! Who is signed in, for which invitation, and in which language: resolved once for each request.

use axum::{extract::FromRequestParts, http::request::Parts};

use crate::{
    app::{App, Shared},
    domain::invitation::Invitation,
    http::{
        cookies::{Session, SessionState},
        error::{AppError, Failure},
        observe,
        request_info::RequestInfo,
    },
    journey::standing,
    text::Lang,
};

/// A session that has not ended.
#[derive(Debug)]
pub struct LiveSession {
    /// The head of the request.
    pub request: RequestInfo,
    /// Who signed in, and for which invitation.
    pub session: Session,
}

/// A recipient whose account accepted the invitation of their session.
#[derive(Debug)]
pub struct SignedIn {
    /// The head of the request.
    pub request: RequestInfo,
    /// Who signed in.
    pub session: Session,
    /// What they accepted.
    pub invitation: Invitation,
    /// The language to answer in.
    pub lang: Lang,
}

impl FromRequestParts<Shared> for LiveSession {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, Failure> {
        let request = RequestInfo::from_parts(parts);
        match app.cookies().session(&request.jar, app.clock.now()) {
            SessionState::Live(session) => {
                observe::record_invitation(session.link.id());
                Ok(Self { request, session })
            }
            SessionState::Over(session) => Err(fail(&session, AppError::SessionOver)),
            SessionState::None => Err(AppError::SessionOver.into()),
        }
    }
}

impl FromRequestParts<Shared> for SignedIn {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, Failure> {
        let LiveSession { request, session } = LiveSession::from_request_parts(parts, app).await?;
        let invitation = accepted(app, &session)
            .await
            .map_err(|error| fail(&session, error))?;
        let locale = invitation.terms.recipient.locale.as_deref();
        Ok(Self {
            lang: request.lang(session.lang, locale),
            request,
            session,
            invitation,
        })
    }
}

/// The invitation of the session, if the session's account is the one that it is bound to.
///
/// # Errors
/// An invitation that cannot be used, or not by this account; a store that is down.
pub async fn accepted(app: &App, session: &Session) -> Result<Invitation, AppError> {
    let found = app.store.invitations.find(session.link.id()).await?;
    let invitation = found.ok_or(AppError::UnknownInvitation)?;
    standing::usable(app, &invitation, app.clock.now())?;
    match invitation.owner() {
        Some(owner) if owner == session.account => Ok(invitation),
        Some(_) => Err(standing::used_by_another(
            &invitation,
            &session.account_name,
        )),
        None => Err(AppError::SessionOver),
    }
}

/// An error on a page of this session.
#[must_use]
pub fn fail(session: &Session, error: impl Into<Failure>) -> Failure {
    error.into().for_link(session.link).in_lang(session.lang)
}
