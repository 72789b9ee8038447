//! Files that are downloaded.

use axum::{
    http::header,
    response::{IntoResponse, Response},
};

use crate::{domain::sheet::Separator, text::Lang};

/// The begin of their names.
const FILE_NAME: &str = "invitations";

/// As spreadsheets in most countries of the language expect it.
pub(super) fn separator(lang: Lang) -> Separator {
    match lang {
        Lang::De | Lang::Fr | Lang::It | Lang::Es => Separator::Semicolon,
        Lang::En | Lang::ZhHant | Lang::ZhHans | Lang::Ja => Separator::Comma,
    }
}

/// A file that browsers save.
pub(super) fn download(name: &str, file: Vec<u8>) -> Response {
    let disposition = format!("attachment; filename=\"{FILE_NAME}-{name}.csv\"");
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CACHE_CONTROL, "no-store".to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    (headers, file).into_response()
}
