//! Where pages of the desk are.

use axum::{http::StatusCode, response::Response};

use crate::{
    app::App,
    domain::invitation::InvitationId,
    http::{
        desk::{page, staff::Staff},
        links,
    },
    views::GonePage,
};

/// The address of a page; `path`: what follows the address of the desk.
pub(super) fn address(path: &str) -> String {
    format!("{}{path}", links::DESK)
}

/// The page of an invitation, under the address of the desk.
pub(super) fn invitation(id: InvitationId) -> String {
    format!("/invitations/{id}")
}

/// Where a draft or an upload was.
pub(super) fn gone(app: &App, staff: &Staff) -> Response {
    let here = staff.request.desk_address();
    let page = GonePage {
        desk: page::frame(app, staff, (None, &here)),
    };
    page::html(app, staff, StatusCode::NOT_FOUND, page.render())
}
