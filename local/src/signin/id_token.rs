//! Id tokens in the shape of Entra ID's v2.0, or damaged on demand.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use time::{Duration, OffsetDateTime};

use super::{
    Service,
    accounts::Account,
    authorize::Request,
    faults::{Fault, Signature, SigningKey, Tamper, overlay},
    keys::Key,
    metadata::issuer,
};

const LIFETIME: Duration = Duration::HOUR;

/// Signs a token for an account that answers a request.
pub(super) fn issue(
    service: &Service,
    account: &Account,
    request: &Request,
) -> anyhow::Result<String> {
    let tamper = service.faults.find(|fault| match fault {
        Fault::IdToken(tamper) => Some(tamper.as_ref().clone()),
        _ => None,
    });
    let tamper = tamper.unwrap_or_default();
    let mut claims = claims(service, account, request);
    overlay(&mut claims, &tamper.claims);

    let keys = service.keys();
    let key = match tamper.key {
        SigningKey::Proper if account.is_personal() => &keys.personal,
        SigningKey::Proper | SigningKey::Organisation => &keys.organisation,
        SigningKey::Personal => &keys.personal,
        SigningKey::Unpublished => &keys.unpublished,
    };
    sign(
        &claims,
        key,
        &tamper,
        service.options.client_secret.as_bytes(),
    )
}

fn claims(service: &Service, account: &Account, request: &Request) -> Map<String, Value> {
    let now = service.now();
    let claims = json!({
        "aud": service.options.client_id,
        "iss": issuer(&service.base, account.tid),
        "iat": now.unix_timestamp(),
        "nbf": now.unix_timestamp(),
        "exp": expiry(now),
        "rh": format!("1.{}.", handle(account, "rh")),
        "sub": handle(account, &service.options.client_id),
        "tid": account.tid,
        "uti": URL_SAFE_NO_PAD.encode(rand::random::<[u8; 16]>()),
        "ver": "2.0",
    });
    let mut claims = claims.as_object().cloned().unwrap_or_default();
    if let Some(nonce) = &request.nonce {
        claims.insert("nonce".into(), nonce.as_str().into());
    }
    if request.has_scope("profile") {
        claims.insert("name".into(), account.name.as_str().into());
        claims.insert("oid".into(), json!(account.oid));
        let username = account
            .preferred_username
            .as_ref()
            .unwrap_or(&account.email);
        claims.insert("preferred_username".into(), username.as_str().into());
    }
    let email = account.email_claim.as_ref().unwrap_or(&account.email);
    if request.has_scope("email") && !email.is_empty() {
        claims.insert("email".into(), email.as_str().into());
    }
    if let Some(verified) = account.xms_edov {
        claims.insert("xms_edov".into(), verified.into());
    }
    claims
}

fn expiry(now: OffsetDateTime) -> i64 {
    (now + LIFETIME).unix_timestamp()
}

/// Stable for an account and a client, and different for another client (OpenID Connect Core, 8.1).
fn handle(account: &Account, client: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(format!(
        "{client} {} {}",
        account.tid, account.oid
    )))
}

fn sign(
    claims: &Map<String, Value>,
    key: &Key,
    tamper: &Tamper,
    secret: &[u8],
) -> anyhow::Result<String> {
    let mut header = Map::new();
    overlay(
        &mut header,
        &members(json!({ "typ": "JWT", "alg": algorithm(tamper.signature), "kid": key.kid })),
    );
    overlay(&mut header, &tamper.header);
    let message = format!("{}.{}", encode(&header)?, encode(claims)?);
    let signature = match tamper.signature {
        Signature::None => Vec::new(),
        Signature::Hs256 => {
            let mut mac = Hmac::<Sha256>::new_from_slice(secret)?;
            mac.update(message.as_bytes());
            mac.finalize().into_bytes().to_vec()
        }
        Signature::Rs256 | Signature::Es256Header => key.sign(message.as_bytes())?,
        Signature::Broken => {
            let mut signature = key.sign(message.as_bytes())?;
            signature[0] ^= 1;
            signature
        }
    };
    Ok(format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature)))
}

fn algorithm(signature: Signature) -> &'static str {
    match signature {
        Signature::Rs256 | Signature::Broken => "RS256",
        Signature::None => "none",
        Signature::Hs256 => "HS256",
        Signature::Es256Header => "ES256",
    }
}

fn members(value: Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

fn encode(part: &Map<String, Value>) -> anyhow::Result<String> {
    Ok(URL_SAFE_NO_PAD.encode(serde_json::to_vec(part)?))
}
