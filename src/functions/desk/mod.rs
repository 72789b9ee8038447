//! `Desk`: the pages where the seller's staff invite without a CRM. It signs its people in itself.
//! The pages of recipients know nothing of it, nor it of their sessions.

mod change;
mod correct;
mod download;
mod existing;
mod fields;
mod file_form;
mod inviter;
mod list;
mod many;
mod new;
mod one;
mod places;
mod preview;
mod refusal;
mod results;
pub(crate) mod run;
mod sign_in;
mod signed_in;
mod upload;
mod uploaded;

use axum::{
    extract::State,
    routing::{MethodRouter, get, post},
};

use crate::{
    app::Shared,
    http::{
        desk::{
            form::StaffForm,
            staff::{Staff, configured},
        },
        error::AppError,
        failure::Failure,
    },
};
use sign_in::Nothing;

/// The pages, each with its methods.
pub fn routes() -> Vec<(&'static str, MethodRouter<Shared>)> {
    let routes = [
        ("/api/desk", get(list::show)),
        ("/api/desk/invitations/{id}", get(one::show)),
        (
            "/api/desk/invitations/{id}/correct",
            get(correct::show).post(correct::submit),
        ),
        (
            "/api/desk/invitations/{id}/{action}",
            get(one::ask).post(change::submit),
        ),
        ("/api/desk/sign-in", post(sign_in::submit)),
        ("/api/desk/signed-in", get(signed_in::receive)),
        ("/api/desk/sign-out", post(sign_in::sign_out)),
        ("/api/desk/signed-out", get(sign_in::signed_out)),
        ("/api/desk/new", get(new::show).post(new::submit)),
        ("/api/desk/new/{id}", get(new::review).post(new::send)),
        ("/api/desk/new/{id}/email", get(new::email)),
        ("/api/desk/many", get(many::show).post(many::submit)),
        ("/api/desk/many/template.csv", get(many::template)),
        ("/api/desk/many/{id}", get(many::review).post(many::invite)),
        ("/api/desk/many/{id}/{file}", get(many::file)),
        ("/api/desk/{*path}", get(missing).post(missing_form)),
    ];
    let routes = routes.into_iter();
    routes
        .map(|(path, methods)| (path, methods.fallback(other_method)))
        .collect()
}

/// A method that a page does not have. Without a desk there is no page.
async fn other_method(State(app): State<Shared>) -> Failure {
    match configured(&app) {
        Ok(_) => AppError::MethodNotAllowed.into(),
        Err(error) => error.into(),
    }
}

/// Any other page, for those who may see the desk.
async fn missing(_: Staff) -> Failure {
    AppError::NotFound.into()
}

/// The same for a form.
async fn missing_form(_: StaffForm<Nothing>) -> Failure {
    AppError::NotFound.into()
}
