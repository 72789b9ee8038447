//! Sign-in with Microsoft Entra ID (OpenID Connect, authorization code with PKCE).
//!
//! [`Entra::authorize_url`] builds the authorization request; [`Entra::redeem`] exchanges the code
//! and validates the ID token; [`Claims::owns`] decides whether the claims prove that the invited
//! mailbox is the account's.

mod admin_consent;
mod assertion;
mod cache;
mod claims;
mod client;
mod error;
mod http;
mod keys;
mod metadata;
mod refusal;
mod token;

use std::{sync::Once, time::Duration};

use openidconnect::{
    AuthenticationFlow, AuthorizationCode, CsrfToken, LanguageTag, LoginHint, Nonce,
    PkceCodeChallenge, PkceCodeVerifier, Scope, TokenResponse,
    core::{CoreAuthPrompt, CoreResponseType},
};
use time::OffsetDateTime;
use url::Url;

pub use admin_consent::SCOPES;
pub use claims::Claims;
pub use error::SignInError;
pub use http::FetchError;
pub use refusal::known_error;
pub use token::EntraClaims;

use crate::{config, domain::invitation::Account, text::Lang};
use assertion::Assertion;
use cache::Cache;
use client::Client;
use keys::Keys;
use metadata::Metadata;

/// How often metadata and keys are refreshed.
const REFRESH_INTERVAL: Duration = Duration::from_secs(60 * 60);

/// The interval after a failed refresh.
const RETRY_INTERVAL: Duration = Duration::from_secs(60);

/// What Entra is asked to do beyond signing in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Prompt {
    /// Entra decides; single sign-on if there is a session.
    #[default]
    None,
    /// Create an account.
    Create,
    /// Show the account picker.
    SelectAccount,
}

impl Prompt {
    /// From the value that a form of ours sends.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        match text {
            "create" => Self::Create,
            "select_account" => Self::SelectAccount,
            _ => Self::None,
        }
    }
}

/// The secrets of one attempt to sign in. They travel in the sealed cookie of the attempt.
#[derive(Debug)]
pub struct Attempt {
    /// Names the attempt in the redirect (RFC 6749, 10.12).
    pub state: String,
    /// Ties the ID token to the attempt.
    pub nonce: Nonce,
    /// Proves that the one who redeems the code asked for it (RFC 7636).
    pub verifier: PkceCodeVerifier,
}

impl Attempt {
    /// A fresh one under the given state.
    #[must_use]
    pub fn new(state: String) -> Self {
        let (_, verifier) = PkceCodeChallenge::new_random_sha256();
        Self {
            state,
            nonce: Nonce::new_random(),
            verifier,
        }
    }
}

/// The sign-in service.
#[derive(Debug)]
pub struct Entra {
    config: config::Entra,
    redirect: Url,
    http: http::Client,
    assertion: Option<Assertion>,
    metadata: Cache<Metadata>,
    keys: Cache<Keys>,
    warn_of_missing_claim: Once,
}

impl Entra {
    /// Sends no request yet.
    ///
    /// # Errors
    /// Where TLS or the managed identity cannot be set up.
    pub fn new(config: &config::Entra, redirect: Url) -> Result<Self, FetchError> {
        let http = http::Client::new()?;
        let assertion = Assertion::from_config(&config.credential, http.inner())?;
        Ok(Self {
            config: config.clone(),
            redirect,
            http,
            assertion,
            metadata: Cache::new(),
            keys: Cache::new(),
            warn_of_missing_claim: Once::new(),
        })
    }

    /// The URL of the authorization request.
    ///
    /// # Errors
    /// Where the metadata cannot be fetched.
    pub async fn authorize_url(
        &self,
        attempt: &Attempt,
        (login_hint, lang): (Option<&str>, Lang),
        prompt: Prompt,
    ) -> Result<Url, SignInError> {
        let metadata = self.metadata().await?;
        let client = Client::new(&self.config, &metadata, &self.redirect, None)?;
        let mut request = client
            .0
            .authorize_url(
                AuthenticationFlow::<CoreResponseType>::AuthorizationCode,
                {
                    let state = CsrfToken::new(attempt.state.clone());
                    move || state.clone()
                },
                {
                    let nonce = attempt.nonce.clone();
                    move || nonce.clone()
                },
            )
            .add_scope(Scope::new("profile".to_owned()))
            .add_scope(Scope::new("email".to_owned()))
            .add_extra_param("response_mode", "query")
            .add_ui_locale(LanguageTag::new(lang.tag().to_owned()))
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(
                &attempt.verifier,
            ));
        if let Some(hint) = login_hint {
            request = request.set_login_hint(LoginHint::new(hint.to_owned()));
        }
        let (url, _, _) = match prompt {
            Prompt::None => request,
            Prompt::SelectAccount => request.add_prompt(CoreAuthPrompt::SelectAccount),
            Prompt::Create => request.add_extra_param("prompt", "create"),
        }
        .url();
        Ok(url)
    }

    /// Exchanges the authorization code for an ID token and validates it. `iss` is what the
    /// authorization response named as its issuer, if any: the token must name the same one.
    ///
    /// # Errors
    /// See [`SignInError`].
    pub async fn redeem(
        &self,
        code: String,
        iss: Option<&str>,
        attempt: Attempt,
        now: OffsetDateTime,
    ) -> Result<Claims, SignInError> {
        let metadata = self.metadata().await?;
        let assertion = match &self.assertion {
            Some(assertion) => Some(assertion.token().await?),
            None => None,
        };
        let client = Client::new(&self.config, &metadata, &self.redirect, assertion)?;
        let answer = client
            .exchange(AuthorizationCode::new(code), attempt.verifier, &self.http)
            .await?;
        let id_token = answer
            .id_token()
            .ok_or_else(|| SignInError::Refused("no id_token".to_owned()))?;
        let unverified = token::decode_unverified(&id_token.to_string())?;
        let issuer = metadata.issuer_for(&unverified.tid)?;
        if iss.is_some_and(|iss| iss != issuer && iss != metadata.issuer) {
            return Err(SignInError::Refused(
                "the response and the token name different issuers".to_owned(),
            ));
        }
        let key = self
            .key(&metadata, &unverified.kid, &issuer, &unverified.tid)
            .await?;
        token::verify(id_token, &self.config, issuer, key, &attempt.nonce, now)
    }

    /// Whether the answer of the authorization endpoint must name its issuer (RFC 9207), and if so
    /// whether it is ours.
    ///
    /// # Errors
    /// Where the metadata cannot be had, or where the issuer is missing or foreign.
    pub async fn check_response_issuer(&self, iss: Option<&str>) -> Result<(), SignInError> {
        self.metadata().await?.check_response_issuer(iss)
    }

    /// Whether accounts of this tenant may accept invitations.
    #[must_use]
    pub fn allows(&self, account: Account) -> bool {
        self.config.allowed_tenants.is_empty() || self.config.allowed_tenants.contains(&account.tid)
    }

    /// Whether the claims prove that the account owns the invited mailbox.
    #[must_use]
    pub fn proves(&self, claims: &Claims, invited: &crate::domain::email::Email) -> bool {
        let trusted = &self.config.trusted_email_tenants;
        if claims.lacks_membership(trusted) {
            self.warn_of_missing_claim.call_once(|| {
                tracing::warn!(
                    "tokens lack the optional claim acct, so ENTRA_TRUSTED_EMAIL_TENANTS does not \
                     count; infra/register-app.sh requests the claim"
                );
            });
        }
        claims.owns(invited, trusted)
    }

    /// Whether an organisation's administrator can approve this app.
    #[must_use]
    pub fn takes_admin_consent(&self) -> bool {
        admin_consent::endpoint(&self.config.authority).is_some()
    }

    /// Where an administrator approves this app, and is then sent back to `redirect`. `None` where
    /// the sign-in service knows no such approval.
    #[must_use]
    pub fn admin_consent_url(&self, redirect: &Url, state: &str) -> Option<Url> {
        let mut url = admin_consent::endpoint(&self.config.authority)?;
        url.query_pairs_mut()
            .append_pair("client_id", &self.config.client_id)
            .append_pair("scope", SCOPES)
            .append_pair("redirect_uri", redirect.as_str())
            .append_pair("state", state);
        Some(url)
    }

    /// Whether the invitation page may offer `prompt=create`.
    #[must_use]
    pub fn offers_sign_up(&self) -> bool {
        self.config.sign_up_prompt
    }

    /// Fetches metadata and keys ahead of the first sign-in, then hourly. Never returns.
    pub async fn keep_fresh(&self) {
        loop {
            let pause = match self.refresh().await {
                Ok(()) => REFRESH_INTERVAL,
                Err(error) => {
                    tracing::warn!(%error, "could not refresh the sign-in metadata and keys; the last good ones stay in use");
                    RETRY_INTERVAL
                }
            };
            tokio::time::sleep(pause).await;
        }
    }

    /// The age of the signing keys; `None` if there are none in use.
    #[must_use]
    pub fn keys_age(&self) -> Option<Duration> {
        self.keys.age()
    }

    /// Fetches the metadata unless it is cached.
    ///
    /// # Errors
    /// Where it cannot be fetched.
    pub async fn fetch_metadata(&self) -> Result<(), FetchError> {
        self.metadata().await.map(drop)
    }

    /// Gets the token of the managed identity, if the client authenticates with one.
    ///
    /// # Errors
    /// Where it cannot be had.
    pub async fn fetch_assertion(&self) -> Result<(), FetchError> {
        match &self.assertion {
            Some(assertion) => assertion.token().await.map(drop),
            None => Ok(()),
        }
    }

    /// Fetches metadata and keys unless they are cached.
    ///
    /// # Errors
    /// Where they cannot be fetched.
    pub async fn fetch_keys(&self) -> Result<(), FetchError> {
        let metadata = self.metadata().await?;
        self.keys
            .get(|| Keys::fetch(&self.http, &metadata.jwks_uri))
            .await
            .map(drop)
    }

    async fn refresh(&self) -> Result<(), FetchError> {
        self.metadata
            .refresh(|| Metadata::fetch(&self.http, &self.config.authority))
            .await?;
        let metadata = self
            .metadata
            .get(|| Metadata::fetch(&self.http, &self.config.authority))
            .await?;
        self.keys
            .refresh(|| Keys::fetch(&self.http, &metadata.jwks_uri))
            .await
    }

    async fn metadata(&self) -> Result<std::sync::Arc<Metadata>, FetchError> {
        self.metadata
            .get(|| Metadata::fetch(&self.http, &self.config.authority))
            .await
    }

    /// The key `kid`, if it may sign for the issuer. An unknown id causes one refresh, at most
    /// every five minutes.
    async fn key(
        &self,
        metadata: &Metadata,
        kid: &str,
        issuer: &str,
        tid: &str,
    ) -> Result<openidconnect::core::CoreJsonWebKey, SignInError> {
        let fetch = || Keys::fetch(&self.http, &metadata.jwks_uri);
        let mut keys = self.keys.get(fetch).await?;
        if !keys.contains(kid) {
            keys = self.keys.refresh_for_miss(fetch).await?;
        }
        keys.choose(kid, issuer, tid, metadata.is_shared())
            .map_err(|what| SignInError::Refused(what.to_owned()))
    }
}
