//! The ways in which it goes wrong when told to.

use std::time::Duration;

use local::signin::{Fault, Signature, SigningKey, Tamper, TokenFault};
use serde_json::json;

use super::support::{App, SECRET, json, parameters, part};

#[tokio::test]
async fn the_token_endpoint_fails_in_many_ways() {
    let app = App::start().await;
    for (fault, status, error) in [
        (TokenFault::InvalidGrant, 400, "invalid_grant"),
        (TokenFault::InvalidClient, 401, "invalid_client"),
        (TokenFault::ServerError, 500, ""),
        (
            TokenFault::TooManyRequests {
                retry_after: Duration::from_secs(7),
            },
            429,
            "",
        ),
        (TokenFault::Html, 200, ""),
        (TokenFault::Redirect, 307, ""),
    ] {
        app.signin.set_fault(fault.clone());
        let response = app.redeem("any").await;
        assert_eq!(response.status(), status, "{fault:?}");
        match fault {
            TokenFault::TooManyRequests { .. } => {
                assert_eq!(response.headers()["retry-after"], "7")
            }
            TokenFault::Redirect => assert!(
                response.headers()["location"]
                    .to_str()
                    .unwrap()
                    .ends_with("/common/oauth2/v2.0/token")
            ),
            TokenFault::Html => assert!(
                response
                    .text()
                    .await
                    .unwrap()
                    .starts_with("<!doctype html>")
            ),
            _ if error.is_empty() => {}
            _ => assert_eq!(json(response).await.1["error"], error),
        }
    }
    app.signin.clear_faults();
    app.id_token("zoe@home.test").await;
}

#[tokio::test]
async fn a_passing_failure_leaves_the_code_valid() {
    let app = App::start().await;
    let code = app.code("zoe@home.test").await;
    app.signin.set_fault(TokenFault::Unavailable { times: 1 });
    assert_eq!(app.redeem(&code).await.status(), 503);
    assert_eq!(app.redeem(&code).await.status(), 200);
    assert_eq!(app.signin.counts().token, 2);
}

#[tokio::test]
async fn it_hangs_and_floods() {
    let app = App::start().await;
    app.signin.set_fault(TokenFault::HugeBody);
    assert!(app.redeem("any").await.text().await.unwrap().len() > 10_000_000);
    app.signin.set_fault(TokenFault::Hang);
    let answer = tokio::time::timeout(Duration::from_millis(100), app.redeem("any")).await;
    assert!(answer.is_err());
    app.signin.stop().await;
}

#[tokio::test]
async fn answers_lack_what_is_told() {
    let app = App::start().await;
    app.signin.set_fault(TokenFault::NoIdToken);
    let (status, answer) = json(app.redeem(&app.code("zoe@home.test").await).await).await;
    assert!(status == 200 && answer.get("id_token").is_none());
    app.signin.set_fault(TokenFault::Terse);
    let (_, answer) = json(app.redeem(&app.code("zoe@home.test").await).await).await;
    assert_eq!(
        (answer["token_type"].as_str(), answer.get("expires_in")),
        (Some("bearer"), None)
    );
}

#[tokio::test]
async fn claims_and_header_are_changed_and_removed() {
    let app = App::start().await;
    app.signin.set_fault(Tamper::claims(json!({ "email": null, "aud": ["app-1", "other"], "iss": app.signin.authority("{tenantid}") })));
    let token = app.id_token("zoe@home.test").await;
    let claims = part(&token, 1);
    assert_eq!(
        (claims.get("email"), claims["aud"].clone()),
        (None, json!(["app-1", "other"]))
    );
    assert!(claims["iss"].as_str().unwrap().contains("{tenantid}"));
    assert!(
        app.verified_by(&token).await.is_some(),
        "only the claims are wrong"
    );

    app.signin.set_fault(Tamper::header(json!({ "kid": null })));
    assert!(
        part(&app.id_token("zoe@home.test").await, 0)
            .get("kid")
            .is_none()
    );
    app.signin
        .set_fault(Tamper::header(json!({ "kid": "unknown" })));
    assert!(
        app.verified_by(&app.id_token("zoe@home.test").await)
            .await
            .is_none()
    );
}

#[tokio::test]
async fn signatures_are_made_wrongly() {
    let app = App::start().await;
    for (signature, alg, holds) in [
        (Signature::Rs256, "RS256", true),
        (Signature::None, "none", false),
        (Signature::Hs256, "HS256", false),
        (Signature::Es256Header, "ES256", true),
        (Signature::Broken, "RS256", false),
    ] {
        app.signin.set_fault(Tamper::signature(signature));
        let token = app.id_token("zoe@home.test").await;
        assert_eq!(part(&token, 0)["alg"], alg);
        assert_eq!(
            app.verified_by(&token).await.is_some(),
            holds,
            "{signature:?}"
        );
        match signature {
            Signature::None => assert!(token.ends_with('.')),
            Signature::Hs256 => assert!(signed_with_the_secret(&token)),
            _ => {}
        }
    }
}

fn signed_with_the_secret(token: &str) -> bool {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    use hmac::{Hmac, Mac};
    let (message, signature) = token.rsplit_once('.').unwrap();
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(message.as_bytes());
    mac.verify_slice(&URL_SAFE_NO_PAD.decode(signature).unwrap())
        .is_ok()
}

#[tokio::test]
async fn another_key_signs() {
    let app = App::start().await;
    let personal = part(&app.id_token("zoe@home.test").await, 0)["kid"].clone();
    let organisation = part(&app.id_token("max@contoso.test").await, 0)["kid"].clone();

    app.signin.set_fault(Tamper::key(SigningKey::Personal));
    let token = app.id_token("max@contoso.test").await;
    assert_eq!(app.verified_by(&token).await.unwrap()["kid"], personal);
    app.signin.set_fault(Tamper::key(SigningKey::Organisation));
    assert_eq!(
        part(&app.id_token("zoe@home.test").await, 0)["kid"],
        organisation
    );
    app.signin.set_fault(Tamper::key(SigningKey::Unpublished));
    assert!(
        app.verified_by(&app.id_token("zoe@home.test").await)
            .await
            .is_none()
    );
}

#[tokio::test]
async fn rotated_keys_are_published_and_sign() {
    let app = App::start().await;
    let before = app.jwks().await;
    let old = app.id_token("zoe@home.test").await;
    app.signin.rotate_keys().await.unwrap();
    assert!(
        app.jwks()
            .await
            .iter()
            .all(|key| before.iter().all(|other| other["kid"] != key["kid"]))
    );
    assert!(app.verified_by(&old).await.is_none());
    assert!(
        app.verified_by(&app.id_token("zoe@home.test").await)
            .await
            .is_some()
    );
}

#[tokio::test]
async fn authorize_answers_with_an_error() {
    let app = App::start().await;
    for (error, description) in [
        ("server_error", "AADSTS90020"),
        ("temporarily_unavailable", ""),
        ("interaction_required", "<script>alert(1)</script>"),
    ] {
        app.signin.set_fault(Fault::authorize(error, description));
        let answer = app.refused(&[]).await;
        assert_eq!(
            (answer["error"].as_str(), answer["state"].as_str()),
            (error, "st 1")
        );
        assert!(answer["error_description"].starts_with(description));
    }
    assert_eq!(app.signin.counts().authorize, 3);
}

#[tokio::test]
async fn the_way_back_is_bent() {
    let app = App::start().await;
    app.signin.set_fault(Fault::callback(
        json!({ "state": null, "iss": "https://evil.test", "error": "server_error" }),
    ));
    let callback = app
        .signin
        .sign_in_as(
            &app.http,
            &app.authorize_url("common", &[]),
            "zoe@home.test",
        )
        .await
        .unwrap();
    let answer = parameters(&callback);
    assert!(answer.contains_key("code") && !answer.contains_key("state"));
    assert_eq!(
        (answer["iss"].as_str(), answer["error"].as_str()),
        ("https://evil.test", "server_error")
    );
}

#[tokio::test]
async fn metadata_and_keys_change_and_fail() {
    let app = App::start().await;
    let metadata = || async {
        app.get("/common/v2.0/.well-known/openid-configuration")
            .await
    };
    app.signin.set_fault(Fault::metadata(
        json!({ "issuer": "https://evil.test", "jwks_uri": null }),
    ));
    let (_, document) = json(metadata().await).await;
    assert_eq!(
        (document["issuer"].as_str(), document.get("jwks_uri")),
        (Some("https://evil.test"), None)
    );
    app.signin
        .set_fault(Fault::keys(json!({ "issuer": "https://evil.test" })));
    assert!(
        app.jwks()
            .await
            .iter()
            .all(|key| key["issuer"] == "https://evil.test")
    );

    app.signin.set_fault(Fault::MetadataDown);
    app.signin.set_fault(Fault::KeysDown);
    assert_eq!(metadata().await.status(), 503);
    assert_eq!(app.get("/common/discovery/v2.0/keys").await.status(), 503);
    assert_eq!(
        (app.signin.counts().metadata, app.signin.counts().keys),
        (2, 2)
    );
}
