//! The form that carries a file.

use axum::{
    body::Bytes,
    extract::{FromRequest, Multipart, Request},
};

use super::fields::Fields;
use crate::{
    app::Shared,
    http::{
        desk::{
            form::TOKEN,
            staff::{Manager, Staff, configured},
        },
        error::AppError,
        failure::Failure,
        forms::Sender,
        request_info::RequestInfo,
    },
};

/// The name of the field with the file.
const FILE: &str = "file";

/// A file that was sent from a page of someone who may invite.
pub(super) struct FileForm {
    pub(super) staff: Staff,
    pub(super) fields: Fields,
    /// Empty where no file was chosen.
    pub(super) file: Bytes,
}

impl FromRequest<Shared> for FileForm {
    type Rejection = Failure;

    async fn from_request(request: Request, app: &Shared) -> Result<Self, Failure> {
        configured(app)?;
        if Sender::of(request.headers(), &app.config.public) != Sender::Ours {
            return Err(AppError::FormRefused("it was sent from another site").into());
        }
        let (parts, body) = request.into_parts();
        let info = RequestInfo::from_parts(&parts);
        let staff = Staff::of(app, info).map_err(|failure| match failure.error {
            AppError::SessionLost => Failure::from(AppError::SessionExpired),
            _ => failure,
        })?;
        let Manager(staff) = Manager::of(staff)?;
        let malformed = |_| AppError::FormMalformed;
        let request = Request::from_parts(parts, body);
        let multipart = Multipart::from_request(request, app).await;
        let mut multipart = multipart.map_err(|_| AppError::FormMalformed)?;
        let (mut fields, mut file) = (Fields::new(), Bytes::new());
        while let Some(field) = multipart.next_field().await.map_err(malformed)? {
            match field.name().map(str::to_owned) {
                Some(name) if name == FILE => file = field.bytes().await.map_err(malformed)?,
                Some(name) => drop(fields.insert(name, field.text().await.map_err(malformed)?)),
                None => {}
            }
        }
        staff.check_form_token(app, fields.get(TOKEN).map_or("", String::as_str))?;
        Ok(Self {
            staff,
            fields,
            file,
        })
    }
}
