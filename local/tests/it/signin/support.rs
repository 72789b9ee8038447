//! An app that signs people in.

use std::collections::HashMap;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use local::signin::{Account, SignIn, SignInOptions};
use reqwest::{Client, Response, redirect::Policy};
use rsa::{BigUint, Pkcs1v15Sign, RsaPublicKey};
use serde_json::Value;
use sha2::{Digest, Sha256};
use url::Url;
use uuid::{Uuid, uuid};

pub(crate) const CLIENT: &str = "app-1";
pub(crate) const SECRET: &str = "s3cret & more";
pub(crate) const CALLBACK: &str = "http://127.0.0.1:9/api/AcceptCallback";
pub(crate) const CONTOSO: Uuid = uuid!("5cf2a4f1-3b5d-4f0e-9a52-0d2a4a8a0b11");
const VERIFIER: &str = "a-verifier-of-more-than-forty-three-characters";

pub(crate) struct App {
    pub(crate) signin: SignIn,
    pub(crate) http: Client,
}

pub(crate) fn options() -> SignInOptions {
    SignInOptions {
        client_id: CLIENT.into(),
        client_secret: SECRET.into(),
        redirect_uris: vec![CALLBACK.into()],
        accounts: vec![
            Account::personal("zoe@home.test", "Zoë"),
            Account::organisation("max@contoso.test", "Max", CONTOSO),
        ],
        ..SignInOptions::default()
    }
}

pub(crate) fn client() -> Client {
    Client::builder().redirect(Policy::none()).build().unwrap()
}

/// A callback's parameters.
pub(crate) fn parameters(callback: &str) -> HashMap<String, String> {
    Url::parse(callback)
        .unwrap()
        .query_pairs()
        .into_owned()
        .collect()
}

pub(crate) async fn json(response: Response) -> (u16, Value) {
    let status = response.status().as_u16();
    (
        status,
        serde_json::from_str(&response.text().await.unwrap()).unwrap(),
    )
}

/// A part of a token, decoded: 0 is the header, 1 the claims.
pub(crate) fn part(token: &str, index: usize) -> Value {
    serde_json::from_slice(&decode(token.split('.').nth(index).unwrap())).unwrap()
}

fn decode(text: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text).unwrap()
}

impl App {
    pub(crate) async fn start() -> Self {
        Self::with(options()).await
    }

    pub(crate) async fn with(options: SignInOptions) -> Self {
        Self {
            signin: SignIn::start(options).await.unwrap(),
            http: client(),
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Response {
        self.http
            .get(format!("{}{path}", self.signin.url()))
            .send()
            .await
            .unwrap()
    }

    /// An authorization request with some parameters replaced; an empty one is left out.
    pub(crate) fn authorize_url(&self, tenant: &str, changes: &[(&str, &str)]) -> String {
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
        let mut parameters: Vec<(&str, &str)> = vec![
            ("client_id", CLIENT),
            ("redirect_uri", CALLBACK),
            ("response_type", "code"),
            ("scope", "openid profile email"),
            ("state", "st 1"),
            ("nonce", "n-1"),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ];
        for (name, value) in changes {
            parameters.retain(|(other, _)| other != name);
            parameters.push((name, value));
        }
        parameters.retain(|(_, value)| !value.is_empty());
        let endpoint = format!("{}/{tenant}/oauth2/v2.0/authorize", self.signin.url());
        Url::parse_with_params(&endpoint, parameters)
            .unwrap()
            .into()
    }

    /// The answer to an authorization request, before anything is entered.
    pub(crate) async fn ask(&self, changes: &[(&str, &str)]) -> Response {
        self.http
            .get(self.authorize_url("common", changes))
            .send()
            .await
            .unwrap()
    }

    /// The parameters of the callback that follows at once.
    pub(crate) async fn refused(&self, changes: &[(&str, &str)]) -> HashMap<String, String> {
        let response = self.ask(changes).await;
        parameters(response.headers()["location"].to_str().unwrap())
    }

    /// Signs in and returns the callback's parameters.
    pub(crate) async fn callback(
        &self,
        email: &str,
        changes: &[(&str, &str)],
    ) -> HashMap<String, String> {
        let url = self.authorize_url("common", changes);
        parameters(
            &self
                .signin
                .sign_in_as(&self.http, &url, email)
                .await
                .unwrap(),
        )
    }

    /// Signs in and returns the code.
    pub(crate) async fn code(&self, email: &str) -> String {
        self.callback(email, &[]).await["code"].clone()
    }

    pub(crate) fn token_form<'a>(&self, code: &'a str) -> Vec<(&'static str, &'a str)> {
        vec![
            ("grant_type", "authorization_code"),
            ("client_id", CLIENT),
            ("client_secret", SECRET),
            ("code", code),
            ("redirect_uri", CALLBACK),
            ("code_verifier", VERIFIER),
        ]
    }

    pub(crate) async fn token(&self, form: &[(&str, &str)]) -> Response {
        let url = format!("{}/common/oauth2/v2.0/token", self.signin.url());
        self.http.post(url).form(form).send().await.unwrap()
    }

    pub(crate) async fn redeem(&self, code: &str) -> Response {
        self.token(&self.token_form(code)).await
    }

    /// The token endpoint's answer to a fresh code.
    pub(crate) async fn answer(&self, email: &str) -> Value {
        let (status, answer) = json(self.redeem(&self.code(email).await).await).await;
        assert_eq!(status, 200, "{answer}");
        answer
    }

    pub(crate) async fn id_token(&self, email: &str) -> String {
        self.answer(email).await["id_token"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    pub(crate) async fn jwks(&self) -> Vec<Value> {
        let (_, mut set) = json(self.get("/common/discovery/v2.0/keys").await).await;
        serde_json::from_value(set["keys"].take()).unwrap()
    }

    /// The published key that a token's header names, if its signature holds.
    pub(crate) async fn verified_by(&self, token: &str) -> Option<Value> {
        let kid = part(token, 0)["kid"].clone();
        let jwk = self
            .jwks()
            .await
            .into_iter()
            .find(|jwk| jwk["kid"] == kid)?;
        let number = |name: &str| BigUint::from_bytes_be(&decode(jwk[name].as_str().unwrap()));
        let key = RsaPublicKey::new(number("n"), number("e")).unwrap();
        let (message, signature) = token.rsplit_once('.').unwrap();
        let (digest, signature) = (Sha256::digest(message), decode(signature));
        key.verify(Pkcs1v15Sign::new::<Sha256>(), &digest, &signature)
            .ok()
            .map(|()| jwk)
    }
}
