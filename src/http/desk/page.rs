//! The pages of the desk as responses.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

use super::staff::Staff;
use crate::{
    app::App,
    domain::staff::Role,
    http::{cookies::StaffSession, form_token::FormToken, links, page},
    views::{DeskFrame, DeskSection, DeskVisitor, FormTarget, Html},
};

/// What surrounds a page of someone who is signed in. `here`: its path and query, for the language
/// links.
#[must_use]
pub fn frame<'a>(
    app: &'a App,
    staff: &'a Staff,
    (section, here): (Option<DeskSection>, &'a str),
) -> DeskFrame<'a> {
    DeskFrame {
        frame: page::frame(app, staff.lang, Some(here)),
        visitor: Some(visitor(app, &staff.session)),
        section,
    }
}

/// Who is named at the top of a page.
#[must_use]
pub fn visitor<'a>(app: &App, session: &'a StaffSession) -> DeskVisitor<'a> {
    DeskVisitor {
        name: &session.name,
        manages: session.role == Role::Manage,
        token: FormToken::Desk(session.account).issue(app.sealer()),
    }
}

/// A page of someone who is signed in. A language that was chosen on it is remembered.
#[must_use]
pub fn html(app: &App, staff: &Staff, status: StatusCode, page: Html) -> Response {
    let page = page::html(status, staff.lang, page, FormTarget::Us);
    let chosen = staff.request.chosen_lang();
    if chosen.is_none() || chosen == staff.session.lang {
        return page;
    }
    let session = StaffSession {
        lang: chosen,
        ..staff.session.clone()
    };
    let jar = staff.request.jar.clone();
    (app.cookies().open_staff_session(jar, &session), page).into_response()
}

/// On to another page of the desk, by GET. `path`: what follows `/api/desk`.
#[must_use]
pub fn redirect_to(app: &App, path: &str) -> Response {
    let mut url = app.config.public.api("desk");
    let (path, query) = path
        .split_once('?')
        .map_or((path, None), |(path, query)| (path, Some(query)));
    url.set_path(&format!("{}{path}", links::DESK));
    url.set_query(query);
    page::see_other(&url)
}
