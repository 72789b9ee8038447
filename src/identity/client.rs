//! openidconnect's client with Entra's claims, and the errors of the token endpoint.

use openidconnect::{
    AuthType, AuthUrl, AuthorizationCode, Client as OidcClient, ClientId, ClientSecret,
    EmptyExtraTokenFields, EndpointNotSet, EndpointSet, IdTokenFields, IssuerUrl, JsonWebKeySet,
    PkceCodeVerifier, RedirectUrl, RequestTokenError, StandardErrorResponse, StandardTokenResponse,
    TokenUrl,
    core::{
        CoreAuthDisplay, CoreAuthPrompt, CoreErrorResponseType, CoreGenderClaim, CoreJsonWebKey,
        CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreRevocableToken,
        CoreRevocationErrorResponse, CoreTokenIntrospectionResponse, CoreTokenType,
    },
};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::{SignInError, http, metadata::Metadata, token::EntraClaims};
use crate::{
    config::{self, ClientCredential},
    domain::sign_in_refusal::{RefusalReason, SignInRefusal},
};

type TokenResponse = StandardTokenResponse<
    IdTokenFields<
        EntraClaims,
        EmptyExtraTokenFields,
        CoreGenderClaim,
        CoreJweContentEncryptionAlgorithm,
        CoreJwsSigningAlgorithm,
    >,
    CoreTokenType,
>;
type EntraClient = OidcClient<
    EntraClaims,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    TokenResponse,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
    EndpointNotSet,
>;

/// RFC 7523, 2.2.
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

pub(super) struct Client(pub(super) EntraClient, Option<SecretString>);

impl Client {
    pub(super) fn new(
        config: &config::Entra,
        metadata: &Metadata,
        redirect: &Url,
        assertion: Option<SecretString>,
    ) -> Result<Self, SignInError> {
        let issuer = IssuerUrl::from_url(config.authority.clone());
        let client = OidcClient::new(
            ClientId::new(config.client_id.clone()),
            issuer,
            JsonWebKeySet::new(Vec::new()),
        )
        .set_auth_uri(AuthUrl::from_url(metadata.authorization_endpoint.clone()))
        .set_token_uri(TokenUrl::from_url(metadata.token_endpoint.clone()))
        .set_redirect_uri(RedirectUrl::from_url(redirect.clone()))
        .set_auth_type(AuthType::RequestBody);
        Ok(Self(
            match &config.credential {
                ClientCredential::Secret(secret) => {
                    client.set_client_secret(ClientSecret::new(secret.expose_secret().to_owned()))
                }
                ClientCredential::ManagedIdentity { .. } => client,
            },
            assertion,
        ))
    }

    pub(super) async fn exchange(
        &self,
        code: AuthorizationCode,
        verifier: PkceCodeVerifier,
        http: &http::Client,
    ) -> Result<TokenResponse, SignInError> {
        let mut request = self.0.exchange_code(code).set_pkce_verifier(verifier);
        if let Some(assertion) = &self.1 {
            request = request
                .add_extra_param("client_assertion_type", ASSERTION_TYPE)
                .add_extra_param("client_assertion", assertion.expose_secret().to_owned());
        }
        request.request_async(http).await.map_err(classify)
    }
}

/// Keeps only the code and the number of the error: its description may contain addresses.
fn classify(
    error: RequestTokenError<super::FetchError, StandardErrorResponse<CoreErrorResponseType>>,
) -> SignInError {
    match error {
        RequestTokenError::ServerResponse(response) => {
            let error = super::refusal::known_error(response.error().as_ref());
            let description = response.error_description().map_or("", String::as_str);
            let refusal = SignInRefusal::of_description(description);
            match (response.error(), refusal.reason) {
                (CoreErrorResponseType::InvalidGrant, RefusalReason::Unknown) => {
                    SignInError::CodeRefused(error.to_owned())
                }
                (_, RefusalReason::Unknown) => SignInError::Denied {
                    error,
                    refusal: SignInRefusal {
                        reason: RefusalReason::Configuration,
                        ..refusal
                    },
                },
                _ => SignInError::Denied { error, refusal },
            }
        }
        RequestTokenError::Request(error) => SignInError::Unavailable(error),
        RequestTokenError::Parse(error, _) => {
            SignInError::Refused(format!("not a token response, at {}", error.path()))
        }
        RequestTokenError::Other(_) => SignInError::Refused("not a token response".to_owned()),
    }
}
