//! Forms of the desk. What was typed is not lost if the session is over when it is sent.

use axum::{
    Form,
    body::{Body, Bytes},
    extract::{FromRequest, Request},
};
use serde::de::DeserializeOwned;
use url::form_urlencoded;

use super::staff::{Manager, Staff, configured};
use crate::{
    app::Shared,
    http::{error::AppError, failure::Failure, forms::Sender, request_info::RequestInfo},
};

/// The name of the field with the token.
pub const TOKEN: &str = "token";

/// The fields of a form that someone sent from a page of theirs.
#[derive(Debug)]
pub struct StaffForm<T> {
    /// Who sent it.
    pub staff: Staff,
    /// What was sent.
    pub fields: T,
}

/// The same, from someone who may change invitations.
#[derive(Debug)]
pub struct ManagerForm<T> {
    /// Who sent it.
    pub staff: Staff,
    /// What was sent.
    pub fields: T,
}

impl<T: DeserializeOwned> FromRequest<Shared> for StaffForm<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, app: &Shared) -> Result<Self, Failure> {
        configured(app)?;
        if Sender::of(request.headers(), &app.config.public) != Sender::Ours {
            return Err(AppError::FormRefused("it was sent from another site").into());
        }
        let (parts, body) = request.into_parts();
        let info = RequestInfo::from_parts(&parts);
        let bytes = Bytes::from_request(Request::from_parts(parts.clone(), body), app)
            .await
            .map_err(|_| AppError::FormMalformed)?;
        let pairs = || form_urlencoded::parse(&bytes).into_owned();
        let staff = Staff::of(app, info).map_err(|failure| keep(failure, pairs().collect()))?;
        let token = pairs().find(|(name, _)| name == TOKEN);
        staff.check_form_token(app, &token.unwrap_or_default().1)?;
        let request = Request::from_parts(parts, Body::from(bytes.clone()));
        let Form(fields) = Form::from_request(request, app)
            .await
            .map_err(|_| AppError::FormMalformed)?;
        Ok(Self { staff, fields })
    }
}

impl<T: DeserializeOwned> FromRequest<Shared> for ManagerForm<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, app: &Shared) -> Result<Self, Failure> {
        let StaffForm { staff, fields } = StaffForm::from_request(request, app).await?;
        let Manager(staff) = Manager::of(staff)?;
        Ok(Self { staff, fields })
    }
}

/// The page that asks for a new sign-in keeps what was typed.
fn keep(failure: Failure, fields: Vec<(String, String)>) -> Failure {
    match failure.error {
        AppError::SessionLost => Failure::from(AppError::SessionExpired).keeping(fields),
        _ => failure,
    }
}
