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
    app::{App, Shared},
    domain::invitation::{Link, Situation},
    http::{
        contact::{self, ContactTicket},
        error::AppError,
        failure::Failure,
    },
    net::BaseUrl,
    text::Lang,
};

/// The fields of a form that was sent from a page of ours.
#[derive(Debug)]
pub struct SameOriginForm<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Shared> for SameOriginForm<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, app: &Shared) -> Result<Self, Failure> {
        let sender = Sender::of(request.headers(), &app.config.public);
        if sender != Sender::Ours {
            return Err(sent_from_elsewhere(request, app, sender).await);
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

/// Changes nothing; but if the form was opened at another host name, its ticket says which
/// invitation to open at ours, in the language of the form, with the address that was typed.
async fn sent_from_elsewhere(request: Request, app: &Shared, sender: Sender) -> Failure {
    let form = Form::<Vec<(String, String)>>::from_request(request, app).await;
    let fields = form.map(|Form(fields)| fields).unwrap_or_default();
    let values = |wanted: &'static str| {
        let named = fields.iter().filter(move |(name, _)| name == wanted);
        named.map(|(_, value)| value.as_str())
    };
    let lang = values("lang").next().and_then(Lang::parse);
    let error = AppError::FormRefused("it was sent from another site");
    let Some((link, situation)) = values("ticket").find_map(|ticket| subject(app, ticket)) else {
        return Failure::from(error).in_lang(lang);
    };
    let typed = values("colleague").next().unwrap_or_default();
    let error = match situation {
        Some(situation) if sender == Sender::OtherHostName && !typed.is_empty() => {
            AppError::AddressRefused {
                typed: contact::kept(typed),
                situation,
            }
        }
        Some(_) | None => error,
    };
    Failure::from(error).for_link(link).in_lang(lang)
}

/// The invitation of a ticket; with the situation, if it asks the inviter.
fn subject(app: &App, ticket: &str) -> Option<(Link, Option<Situation>)> {
    if let Some(of_sign_in) = app.cookies().redeem_ticket(ticket, app.clock.now()) {
        return Some((of_sign_in.link, None));
    }
    let (ticket, _) = ContactTicket::open(app, ticket)?;
    Some((ticket.link, Some(ticket.situation)))
}

/// The page that a form was sent from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sender {
    /// A page at `PUBLIC_BASE_URL`, or a program.
    Ours,
    /// A page of ours that was opened at another host name.
    OtherHostName,
    /// Another site.
    OtherSite,
}

impl Sender {
    /// From the headers of a POST, by <https://www.w3.org/TR/fetch-metadata/>: no page can make a
    /// browser send a false `Sec-Fetch-Site`. A browser without that header sends `Origin` with
    /// every POST. A client that sends neither is no browser and holds only its own cookies.
    #[must_use]
    pub fn of(headers: &HeaderMap, public: &BaseUrl) -> Self {
        let origin = headers.get("origin").map(|origin| origin.as_bytes());
        let is_ours = origin == Some(public.origin().as_bytes());
        let site = headers.get("sec-fetch-site").map(|site| site.as_bytes());
        match (site, origin) {
            (Some(b"same-origin" | b"none"), None | Some(b"null")) | (None, None) => Self::Ours,
            (Some(b"same-origin" | b"none") | None, Some(_)) if is_ours => Self::Ours,
            (Some(b"same-origin"), Some(_)) => Self::OtherHostName,
            (Some(_) | None, _) => Self::OtherSite,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_pages_can_send_a_form() {
        let public = "https://invite.example.com".parse().unwrap();
        let sender = |headers: &[(&'static str, &'static str)]| {
            let headers = headers
                .iter()
                .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
                .collect();
            Sender::of(&headers, &public)
        };
        let holds = |headers: &[(&'static str, &'static str)]| sender(headers) == Sender::Ours;
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
        let elsewhere = [
            ("sec-fetch-site", "same-origin"),
            ("origin", "https://app.azurewebsites.net"),
        ];
        assert_eq!(sender(&elsewhere), Sender::OtherHostName);
        assert_eq!(sender(&elsewhere[1..]), Sender::OtherSite);
    }
}
