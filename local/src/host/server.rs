//! The host's own HTTP side: takes a request, finds its function, checks the key, passes it on.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    extract::{Request, State},
    http::{StatusCode, Version, header::HOST},
    response::{IntoResponse, Response},
};

use super::{
    keys::{self, Keys},
    model::{App, AuthLevel},
    proxy::Proxy,
    route,
};

const REQUEST_LINE: usize = 8 * 1024;
const HEADERS: usize = 32 * 1024;

#[derive(Debug)]
pub(super) struct HttpFrontend {
    pub(super) app: App,
    pub(super) keys: Keys,
    pub(super) proxy: Arc<Proxy>,
    pub(super) storage_is_lost: Arc<AtomicBool>,
    pub(super) storage_timeout: Duration,
}

pub(super) fn router(front: HttpFrontend) -> Router {
    Router::new().fallback(answer).with_state(Arc::new(front))
}

async fn answer(State(front): State<Arc<HttpFrontend>>, request: Request) -> Response {
    front.answer(request).await
}

impl HttpFrontend {
    async fn answer(&self, request: Request) -> Response {
        if let Err(too_large) = check_size(&request) {
            return too_large.into_response();
        }
        if request.version() == Version::HTTP_10 && !request.headers().contains_key(HOST) {
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
        let path = route::decoded(request.uri().path());
        let key = keys::presented(request.headers(), request.uri());
        if path.to_ascii_lowercase().starts_with("/admin/") {
            return self.keys.at_admin(key.as_deref()).into_response();
        }
        let is_admin = self.keys.admit(AuthLevel::Admin, key.as_deref());
        match self.app.route(request.method(), &path) {
            None => StatusCode::NOT_FOUND.into_response(),
            // Whatever is presented is looked up, on an anonymous function too.
            Some(_) if key.is_some() && self.storage_is_lost.load(Ordering::SeqCst) => {
                tokio::time::sleep(self.storage_timeout).await;
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
            // The master key still runs a disabled function.
            Some((function, _)) if function.disabled && !is_admin => {
                StatusCode::NOT_FOUND.into_response()
            }
            Some((_, http)) if !self.keys.admit(http.auth_level, key.as_deref()) => {
                StatusCode::UNAUTHORIZED.into_response()
            }
            Some(_) => self.proxy.pass(&path, request).await,
        }
    }
}

fn check_size(request: &Request) -> Result<(), StatusCode> {
    let line = request.method().as_str().len() + request.uri().to_string().len();
    let headers: usize = request
        .headers()
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len() + 4)
        .sum();
    if line + " HTTP/1.1 \r\n".len() > REQUEST_LINE {
        return Err(StatusCode::URI_TOO_LONG);
    }
    if headers > HEADERS {
        return Err(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
    }
    Ok(())
}
