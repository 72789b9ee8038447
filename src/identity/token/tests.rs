use std::{str::FromStr, sync::LazyLock};

use openidconnect::JsonWebKeyId;
use proptest::{collection::vec, prelude::*, sample::select};
use rsa::{Pkcs1v15Sign, RsaPrivateKey, traits::PublicKeyParts};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::*;
use crate::config::ClientCredential;

const ISSUER: &str = "https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/v2.0";
const NOW: i64 = 1_800_000_000;

static KEY: LazyLock<RsaPrivateKey> =
    LazyLock::new(|| RsaPrivateKey::new(&mut rand::rngs::OsRng, 2048).unwrap());
static VALID: LazyLock<String> = LazyLock::new(|| signed(&claims()));

fn claims() -> Value {
    json!({
        "iss": ISSUER, "aud": "app", "sub": "s", "nonce": "n", "iat": NOW, "nbf": NOW, "exp": NOW + 3600,
        "tid": "11111111-2222-3333-4444-555555555555", "oid": "99999999-2222-3333-4444-555555555555", "email": "anna@meier.example",
    })
}

fn signed(claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let text = format!(
        "{}.{}",
        part(&json!({"alg": "RS256", "typ": "JWT", "kid": "1"})),
        part(claims)
    );
    let signature = KEY
        .sign(Pkcs1v15Sign::new::<Sha256>(), &Sha256::digest(&text))
        .unwrap();
    format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature))
}

/// As it is done with what the token endpoint answers.
fn accept(text: &str) -> Option<Claims> {
    decode_unverified(text).ok()?;
    let token = Token::from_str(text).ok()?;
    let key = CoreJsonWebKey::new_rsa(
        KEY.n().to_bytes_be(),
        KEY.e().to_bytes_be(),
        Some(JsonWebKeyId::new("1".to_owned())),
    );
    let config = config::Entra {
        authority: ISSUER.parse().unwrap(),
        client_id: "app".to_owned(),
        credential: ClientCredential::Secret("secret".into()),
        allowed_tenants: Vec::new(),
        trusted_email_tenants: Vec::new(),
        sign_up_prompt: false,
    };
    let now = OffsetDateTime::from_unix_timestamp(NOW).unwrap();
    verify(
        &token,
        &config,
        ISSUER.to_owned(),
        key,
        &Nonce::new("n".to_owned()),
        now,
    )
    .ok()
}

/// Head and claims as they stand, the signature as the number that it is.
fn meaning(token: &str) -> Option<(&str, Vec<u8>)> {
    let (text, signature) = token.rsplit_once('.')?;
    // The last letter carries bits that mean nothing.
    Some((
        text,
        URL_SAFE_NO_PAD
            .decode(&signature[..signature.len() / 4 * 4])
            .ok()?,
    ))
}

#[test]
fn the_valid_token_is_accepted() {
    assert_eq!(
        accept(&VALID).unwrap().email.as_deref(),
        Some("anna@meier.example")
    );
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_made_of_arbitrary_text(text in prop_oneof![any::<String>(), "[A-Za-z0-9_-]{0,30}(\\.[A-Za-z0-9_-]{0,30}){0,4}"]) {
        prop_assert!(accept(&text).is_none());
    }

    #[test]
    fn a_token_that_was_changed_anywhere_is_refused(changes in vec((any::<proptest::sample::Index>(), 0..3_u8, "[A-Za-z0-9_.=-]"), 1..4)) {
        let mut text = VALID.clone();
        for (at, kind, letter) in changes {
            let at = at.index(text.len());
            match kind {
                0 => text.replace_range(at..=at, &letter),
                1 => text.insert_str(at, &letter),
                _ => drop(text.remove(at)),
            }
        }
        prop_assert!(meaning(&text) == meaning(&VALID) || accept(&text).is_none(), "{text}");
    }

    #[test]
    fn signed_token_with_foreign_claims_is_refused(
        name in select(vec!["iss", "aud", "sub", "nonce", "iat", "nbf", "exp", "tid", "oid", "azp"]),
        value in prop_oneof![
            Just(Value::Null), any::<bool>().prop_map(Value::from), any::<i64>().prop_map(Value::from), any::<f64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from), vec(any::<String>(), 0..3).prop_map(Value::from),
        ],
    ) {
        let mut changed = claims();
        changed[name] = value.clone();
        let accepted = accept(&signed(&changed)).is_some();
        let number = value.as_f64().unwrap_or(f64::NAN);
        let fits = match name {
            "sub" => value.is_string(),
            // Absent is as good as null.
            "nbf" => value.is_null() || number <= (NOW + 60) as f64,
            "azp" => value.is_null(),
            "exp" => number >= (NOW - 61) as f64,
            "iat" => (NOW - 3601) as f64 <= number && number <= (NOW + 61) as f64,
            _ => false,
        };
        prop_assert!(!accepted || fits, "{name}: {value}");
    }
}
