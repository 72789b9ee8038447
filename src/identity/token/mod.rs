//! Validation of the ID token.
//!
//! openidconnect verifies signature, algorithm, issuer, audience, expiry and nonce against the one
//! issuer and the one key that were chosen before. Everything else is checked here.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use openidconnect::{
    AdditionalClaims, ClaimsVerificationError, ClientId, IdToken, IdTokenClaims, IdTokenVerifier,
    IssuerUrl, JsonWebKeySet, Nonce,
    core::{
        CoreGenderClaim, CoreJsonWebKey, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm,
    },
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use time::{Duration, OffsetDateTime};
use uuid::fmt::Hyphenated;

use super::{Claims, SignInError, claims::Membership};
use crate::{config, domain::invitation::Account};

/// The clock skew that is tolerated.
const SKEW: Duration = Duration::seconds(60);
/// A token is redeemed moments after it was issued; Entra backdates `iat` by minutes, not hours.
const MAX_TOKEN_AGE: Duration = Duration::hours(1);

/// The claims that Entra adds to the standard ones.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct EntraClaims {
    tid: Option<String>,
    oid: Option<String>,
    nbf: Option<i64>,
    xms_edov: Option<Value>,
    acct: Option<Value>,
    #[serde(default)]
    roles: Value,
    #[serde(default)]
    verified_primary_email: Value,
    #[serde(default)]
    verified_secondary_email: Value,
}

impl AdditionalClaims for EntraClaims {}

pub(super) type Token = IdToken<
    EntraClaims,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;

/// The claims that choose issuer and key, read before the token is verified.
pub(super) struct Unverified {
    pub(super) kid: String,
    pub(super) tid: String,
}

pub(super) fn decode_unverified(token: &str) -> Result<Unverified, SignInError> {
    let part = |at: usize| -> Option<Value> {
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(at)?).ok()?).ok()
    };
    let text = |value: Option<Value>, name: &str| {
        value.and_then(|value| value.get(name)?.as_str().map(str::to_owned))
    };
    let kid = text(part(0), "kid")
        .ok_or_else(|| SignInError::Refused("the token names no key".to_owned()))?;
    let tid = text(part(1), "tid")
        .ok_or_else(|| SignInError::Refused("the token names no tenant".to_owned()))?;
    Ok(Unverified { kid, tid })
}

pub(super) fn verify(
    token: &Token,
    config: &config::Entra,
    issuer: String,
    key: CoreJsonWebKey,
    nonce: &Nonce,
    now: OffsetDateTime,
) -> Result<Claims, SignInError> {
    let issuer = IssuerUrl::new(issuer)
        .map_err(|_| SignInError::Refused("the issuer is not a URL".to_owned()))?;
    // The public-client form: a confidential one would accept HMAC with the client secret if the
    // algorithms allowed it.
    let verifier = IdTokenVerifier::new_public_client(
        ClientId::new(config.client_id.clone()),
        issuer,
        JsonWebKeySet::new(vec![key]),
    )
    .set_allowed_algs([CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256])
    .set_time_fn(move || to_chrono(now - SKEW))
    .set_issue_time_verifier_fn(move |issued| {
        let age = now.unix_timestamp() - issued.timestamp();
        if age > MAX_TOKEN_AGE.whole_seconds() || age < -SKEW.whole_seconds() {
            Err("iat is out of range".to_owned())
        } else {
            Ok(())
        }
    });
    let claims = token
        .claims(&verifier, nonce)
        .map_err(|error| SignInError::Refused(describe(&error)))?;
    check(claims, &config.client_id, now)?;
    claims_of(claims)
}

fn check(
    claims: &IdTokenClaims<EntraClaims, CoreGenderClaim>,
    client_id: &str,
    now: OffsetDateTime,
) -> Result<(), SignInError> {
    if claims
        .authorized_party()
        .is_some_and(|azp| azp.as_str() != client_id)
    {
        return Err(SignInError::Refused("azp is another client".to_owned()));
    }
    if claims
        .additional_claims()
        .nbf
        .is_some_and(|nbf| nbf > (now + SKEW).unix_timestamp())
    {
        return Err(SignInError::Refused(
            "the token is not valid yet".to_owned(),
        ));
    }
    Ok(())
}

fn claims_of(claims: &IdTokenClaims<EntraClaims, CoreGenderClaim>) -> Result<Claims, SignInError> {
    let extra = claims.additional_claims();
    let guid = |text: &Option<String>| {
        text.as_ref()?
            .parse::<Hyphenated>()
            .ok()
            .map(Hyphenated::into_uuid)
    };
    let (Some(tid), Some(oid)) = (guid(&extra.tid), guid(&extra.oid)) else {
        return Err(SignInError::Refused(
            "tid or oid is missing or not a GUID".to_owned(),
        ));
    };
    let email = claims.email().map(|email| email.as_str().to_owned());
    let user_name = claims
        .preferred_username()
        .map(|name| name.as_str().to_owned());
    Ok(Claims {
        account: Account { tid, oid },
        display_name: user_name
            .clone()
            .or_else(|| email.clone())
            .unwrap_or_default(),
        user_name,
        name: claims
            .name()
            .and_then(|name| name.get(None))
            .map(|name| name.as_str().to_owned()),
        roles: texts(&extra.roles),
        email,
        email_domain_owner_verified: extra.xms_edov.clone(),
        membership: Membership::of(extra.acct.as_ref()),
        verified_emails: [
            &extra.verified_primary_email,
            &extra.verified_secondary_email,
        ]
        .into_iter()
        .flat_map(texts)
        .collect(),
    })
}

/// A list of texts, or a single one.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(values) => values
            .iter()
            .filter_map(|value| value.as_str().map(str::to_owned))
            .collect(),
        _ => Vec::new(),
    }
}

/// The failed check, without the claim values that the library puts into its messages.
fn describe(error: &ClaimsVerificationError) -> String {
    match error {
        ClaimsVerificationError::Expired(_) => "the token has expired or is too old",
        ClaimsVerificationError::InvalidAudience(_) => "the token is for another audience",
        ClaimsVerificationError::InvalidIssuer(_) => "the token is from another issuer",
        ClaimsVerificationError::InvalidNonce(_) => "the nonce is of another sign-in",
        ClaimsVerificationError::SignatureVerification(_) => "the signature is invalid",
        _ => "the token is invalid",
    }
    .to_owned()
}

fn to_chrono(at: OffsetDateTime) -> chrono::DateTime<chrono::Utc> {
    chrono::DateTime::from_timestamp(at.unix_timestamp(), 0).unwrap_or_default()
}

#[cfg(test)]
mod tests;
