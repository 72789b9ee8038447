//! Id tokens in the shape of Entra ID's v2.0, or damaged on demand.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{
    accounts::Account,
    faults::{Members, Signature, SigningKey, Tamper, members, overlay},
    keys::Key,
    metadata::issuer,
    model::Request,
    service::Service,
};

const LIFETIME: i64 = 3600;

/// Signs a token for an account that answers a request.
pub(super) fn issue(
    service: &Service,
    account: &Account,
    request: &Request,
) -> anyhow::Result<String> {
    let tamper = service.faults().id_token.clone();
    let mut claims = claims(service, account, request);
    overlay(&mut claims, &tamper.claims);
    let keys = service.keys().clone();
    let key = match tamper.key {
        SigningKey::Proper if account.is_personal() => keys.personal,
        SigningKey::Proper | SigningKey::Organisation => keys.organisation,
        SigningKey::Personal => keys.personal,
        SigningKey::Unpublished => keys.unpublished,
    };
    sign(
        &claims,
        &key,
        &tamper,
        service.options.client_secret.as_bytes(),
    )
}

fn claims(service: &Service, account: &Account, request: &Request) -> Members {
    let now = service.now().unix_timestamp();
    let mut claims = json!({
        "aud": service.options.client_id,
        "iss": issuer(service, Some(account.tid)),
        "iat": now,
        "nbf": now,
        "exp": now + LIFETIME,
        "rh": format!("1.{}.", pairwise(account, "rh")),
        "sub": pairwise(account, &service.options.client_id),
        "tid": account.tid,
        "uti": URL_SAFE_NO_PAD.encode(rand::random::<[u8; 16]>()),
        "ver": "2.0",
    });
    if let Some(nonce) = &request.nonce {
        claims["nonce"] = json!(nonce);
    }
    if request.has_scope("profile") {
        claims["name"] = json!(account.name);
        claims["oid"] = json!(account.oid);
        let username = account
            .preferred_username
            .as_ref()
            .unwrap_or(&account.email);
        claims["preferred_username"] = json!(username);
    }
    let email = account.email_claim.as_ref().unwrap_or(&account.email);
    if request.has_scope("email") && !email.is_empty() {
        claims["email"] = json!(email);
    }
    if let Some(verified) = account.xms_edov {
        claims["xms_edov"] = json!(verified);
    }
    if !account.roles.is_empty() {
        claims["roles"] = json!(account.roles);
    }
    if !account.is_personal() {
        claims["acct"] = json!(u8::from(account.is_guest));
    }
    members(claims)
}

/// Stable for an account and a client, and different for another client (OpenID Connect Core, 8.1).
fn pairwise(account: &Account, client: &str) -> String {
    let subject = format!("{client} {} {}", account.tid, account.oid);
    URL_SAFE_NO_PAD.encode(Sha256::digest(subject))
}

fn sign(claims: &Members, key: &Key, tamper: &Tamper, secret: &[u8]) -> anyhow::Result<String> {
    let algorithm = match tamper.signature {
        Signature::Rs256 | Signature::Broken => "RS256",
        Signature::None => "none",
        Signature::Hs256 => "HS256",
        Signature::Es256Header => "ES256",
    };
    let mut header = members(json!({ "typ": "JWT", "alg": algorithm, "kid": key.kid }));
    overlay(&mut header, &tamper.header);
    let encode = |part: &Members| anyhow::Ok(URL_SAFE_NO_PAD.encode(serde_json::to_vec(part)?));
    let message = format!("{}.{}", encode(&header)?, encode(claims)?);
    let mut signature = key.sign(message.as_bytes())?;
    match tamper.signature {
        Signature::Rs256 | Signature::Es256Header => {}
        Signature::None => signature.clear(),
        Signature::Broken => signature[0] ^= 1,
        Signature::Hs256 => {
            let mac = Hmac::<Sha256>::new_from_slice(secret)?.chain_update(&message);
            signature = mac.finalize().into_bytes().to_vec();
        }
    }
    Ok(format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature)))
}
