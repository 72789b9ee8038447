//! Who is signed in to the desk, and what they may do: resolved once for each request.

use axum::{extract::FromRequestParts, http::request::Parts};

use crate::{
    app::{App, Desk, Shared},
    domain::{
        invitation::Account,
        staff::{Role, StaffMember},
    },
    http::{
        cookies::StaffSession, error::AppError, failure::Failure, form_token::FormToken,
        request_info::RequestInfo,
    },
    text::Lang,
};

/// Someone of the seller's staff who may see the desk.
#[derive(Clone, Debug)]
pub struct Staff {
    /// The head of the request.
    pub request: RequestInfo,
    /// Who signed in.
    pub session: StaffSession,
    /// The language to answer in.
    pub lang: Lang,
}

/// Someone of the seller's staff who may invite, and change invitations.
#[derive(Clone, Debug)]
pub struct Manager(pub Staff);

impl Staff {
    /// From the cookie of the session.
    ///
    /// # Errors
    /// Without a desk, without a session.
    pub fn of(app: &App, request: RequestInfo) -> Result<Self, Failure> {
        let desk = configured(app)?;
        let session = app
            .cookies()
            .staff_session(&request.jar, app.clock.now())
            // The setting may have been changed since.
            .filter(|session| session.account.tid == desk.tenant)
            .ok_or(AppError::SessionLost)?;
        Ok(Self {
            lang: request.lang(session.lang, None),
            session,
            request,
        })
    }

    /// The account.
    #[must_use]
    pub fn account(&self) -> Account {
        self.session.account
    }

    /// Who stands in the timeline.
    #[must_use]
    pub fn member(&self) -> StaffMember {
        StaffMember {
            oid: self.session.account.oid,
            name: self.session.name.clone(),
        }
    }

    /// Whether this person may invite, and change invitations.
    #[must_use]
    pub fn manages(&self) -> bool {
        self.session.role == Role::Manage
    }

    /// The token of every form on the pages of this person.
    #[must_use]
    pub fn form_token(&self, app: &App) -> String {
        FormToken::Desk(self.account()).issue(app.sealer())
    }

    /// Whether a form comes from a page of this person.
    ///
    /// # Errors
    /// Otherwise.
    pub fn check_form_token(&self, app: &App, token: &str) -> Result<(), AppError> {
        if FormToken::Desk(self.account()).verify(app.sealer(), token) {
            Ok(())
        } else {
            Err(AppError::FormRefused("the token is missing or not ours"))
        }
    }
}

impl Manager {
    /// Someone who may.
    ///
    /// # Errors
    /// Of others.
    pub fn of(staff: Staff) -> Result<Self, AppError> {
        if staff.manages() {
            return Ok(Self(staff));
        }
        Err(AppError::RoleMissing {
            account_name: staff.session.user_name,
            reads: true,
        })
    }
}

/// The desk, if there is one.
///
/// # Errors
/// There is no such page without it.
pub fn configured(app: &App) -> Result<&Desk, AppError> {
    app.desk.as_ref().ok_or(AppError::NotFound)
}

impl FromRequestParts<Shared> for Staff {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, Failure> {
        Self::of(app, RequestInfo::from_parts(parts))
    }
}

impl FromRequestParts<Shared> for Manager {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, Failure> {
        Ok(Self::of(Staff::of(app, RequestInfo::from_parts(parts))?)?)
    }
}
