//! Forms that come from our own pages, and nowhere else.
//!
//! A form carries a token that only we can make for what it does; and the browser says where it was
//! sent from. Both must hold: the token against a request made up elsewhere, `Sec-Fetch-Site` and
//! `Origin` against one that an attacker's page sends with a token that was made for the attacker.

use axum::{
    Form,
    extract::{FromRequest, Request},
    http::{HeaderMap, StatusCode},
};
use serde::de::DeserializeOwned;

use crate::{
    app::Shared,
    http::error::{AppError, Failure},
    net::BaseUrl,
};

/// The fields of a form that was sent from a page of ours.
#[derive(Debug)]
pub struct OurForm<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Shared> for OurForm<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, app: &Shared) -> Result<Self, Failure> {
        if !is_same_site(request.headers(), &app.config.public) {
            return Err(AppError::FormRefused("it was sent from another site").into());
        }
        match Form::from_request(request, app).await {
            Ok(Form(fields)) => Ok(Self(fields)),
            Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                Err(AppError::TooLarge.into())
            }
            Err(_) => Err(AppError::FormMalformed.into()),
        }
    }
}

/// <https://www.w3.org/TR/fetch-metadata/>: a browser that sends `Sec-Fetch-Site` cannot be made to
/// lie in it. One that does not sends `Origin` with every POST; what sends neither is no browser
/// and has only its own cookies to abuse.
fn is_same_site(headers: &HeaderMap, public: &BaseUrl) -> bool {
    let origin = headers.get("origin").map(|origin| origin.as_bytes());
    let is_ours = origin == Some(public.origin().as_bytes());
    match (
        headers.get("sec-fetch-site").map(|site| site.as_bytes()),
        origin,
    ) {
        (Some(b"same-origin" | b"none"), None | Some(b"null")) | (None, None) => true,
        (Some(b"same-origin" | b"none") | None, Some(_)) => is_ours,
        (Some(_), _) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_pages_can_send_a_form() {
        let public = "https://invite.example.com".parse().unwrap();
        let holds = |headers: &[(&'static str, &'static str)]| {
            let headers = headers
                .iter()
                .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
                .collect();
            is_same_site(&headers, &public)
        };
        assert!(holds(&[]));
        assert!(holds(&[("origin", "https://invite.example.com")]));
        assert!(holds(&[
            ("sec-fetch-site", "same-origin"),
            ("origin", "https://invite.example.com")
        ]));
        assert!(holds(&[
            ("sec-fetch-site", "same-origin"),
            ("origin", "null")
        ]));
        for refused in [
            &[("origin", "null")][..],
            &[("origin", "https://evil.example")],
            &[("origin", "http://invite.example.com")],
            &[("origin", "https://invite.example.com:444")],
            &[("sec-fetch-site", "cross-site")],
            &[
                ("sec-fetch-site", "same-site"),
                ("origin", "https://invite.example.com"),
            ],
            &[
                ("sec-fetch-site", "same-origin"),
                ("origin", "https://evil.example"),
            ],
        ] {
            assert!(!holds(refused), "{refused:?}");
        }
    }
}
