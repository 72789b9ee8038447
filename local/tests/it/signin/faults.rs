//! The faults that can be switched on.

use std::time::Duration;

use local::signin::{Fault, Signature, SigningKey, Tamper, TokenFault};
use serde_json::json;

use super::support::{App, json, part};

const ZOE: &str = "zoe@home.test";

#[tokio::test]
async fn the_token_endpoint_fails_in_many_ways() {
    let app = App::start().await;
    let throttled = TokenFault::TooManyRequests {
        retry_after: Duration::from_secs(7),
    };
    for (fault, status, part) in [
        (TokenFault::InvalidGrant, 400, "\"invalid_grant\""),
        (TokenFault::InvalidClient, 401, "\"invalid_client\""),
        (TokenFault::ServerError, 500, ""),
        (throttled, 429, "\"retry-after\": \"7\""),
        (TokenFault::Html, 200, "<!doctype html>"),
        (TokenFault::Redirect, 307, "/common/oauth2/v2.0/token\""),
    ] {
        app.signin.set_fault(fault.clone());
        let response = app.redeem("any").await;
        assert_eq!(response.status(), status, "{fault:?}");
        let headers = format!("{:?}", response.headers());
        let body = response.text().await.unwrap();
        assert!(
            headers.contains(part) || body.contains(part),
            "{fault:?}: {headers} {body}"
        );
    }
    app.signin.clear_faults();
    app.id_token(ZOE).await;
}

#[tokio::test]
async fn a_passing_failure_leaves_the_code_valid() {
    let app = App::start().await;
    let code = app.code(ZOE).await;
    app.signin.set_fault(TokenFault::Unavailable { times: 1 });
    assert_eq!(app.redeem(&code).await.status(), 503);
    assert_eq!(app.redeem(&code).await.status(), 200);
    assert_eq!(app.signin.counts().token, 2);
}

#[tokio::test]
async fn token_answers_are_huge_late_or_incomplete() {
    let app = App::start().await;
    app.signin.set_fault(TokenFault::HugeBody);
    assert!(app.redeem("any").await.text().await.unwrap().len() > 10_000_000);
    app.signin.set_fault(TokenFault::Hang);
    let answer = tokio::time::timeout(Duration::from_millis(100), app.redeem("any")).await;
    assert!(answer.is_err());
    app.signin.set_fault(TokenFault::NoIdToken);
    assert!(app.answer(ZOE).await.get("id_token").is_none());
    app.signin.set_fault(TokenFault::Terse);
    let answer = app.answer(ZOE).await;
    assert_eq!(
        (&answer["token_type"], answer.get("expires_in")),
        (&json!("bearer"), None)
    );
}

#[tokio::test]
async fn claims_and_header_are_changed_and_removed() {
    let app = App::start().await;
    let audience = json!(["app-1", "other"]);
    app.signin
        .set_fault(Tamper::claims(json!({ "email": null, "aud": audience })));
    let token = app.id_token(ZOE).await;
    let claims = part(&token, 1);
    assert_eq!((claims.get("email"), &claims["aud"]), (None, &audience));
    assert!(app.verified_by(&token).await.is_some());

    app.signin.set_fault(Tamper::header(json!({ "kid": null })));
    assert!(part(&app.id_token(ZOE).await, 0).get("kid").is_none());
}

#[tokio::test]
async fn signatures_are_wrong_on_demand() {
    let app = App::start().await;
    for (signature, algorithm, holds) in [
        (Signature::Rs256, "RS256", true),
        (Signature::None, "none", false),
        (Signature::Hs256, "HS256", false),
        (Signature::Es256Header, "ES256", true),
        (Signature::Broken, "RS256", false),
    ] {
        app.signin.set_fault(Tamper::signature(signature));
        let token = app.id_token(ZOE).await;
        assert_eq!(part(&token, 0)["alg"], algorithm);
        assert_eq!(
            app.verified_by(&token).await.is_some(),
            holds,
            "{signature:?}"
        );
        assert_eq!(token.ends_with('.'), signature == Signature::None);
    }
}

#[tokio::test]
async fn another_key_signs() {
    let app = App::start().await;
    let kid = async |email| part(&app.id_token(email).await, 0)["kid"].clone();
    let (personal, organisation) = (kid(ZOE).await, kid("max@contoso.test").await);
    app.signin.set_fault(Tamper::key(SigningKey::Personal));
    assert_eq!(kid("max@contoso.test").await, personal);
    app.signin.set_fault(Tamper::key(SigningKey::Organisation));
    assert_eq!(kid(ZOE).await, organisation);
    app.signin.set_fault(Tamper::key(SigningKey::Unpublished));
    assert!(app.verified_by(&app.id_token(ZOE).await).await.is_none());
}

#[tokio::test]
async fn rotated_keys_are_published_and_sign() {
    let app = App::start().await;
    let old = app.id_token(ZOE).await;
    app.signin.rotate_keys().await.unwrap();
    assert!(app.verified_by(&old).await.is_none());
    assert!(app.verified_by(&app.id_token(ZOE).await).await.is_some());
}

#[tokio::test]
async fn callbacks_carry_errors_and_changes() {
    let app = App::start().await;
    let changes = json!({ "state": null, "iss": "https://evil.test", "error": "server_error" });
    app.signin.set_fault(Fault::callback(changes));
    let answer = app.callback(ZOE, &[]).await;
    assert!(answer.contains_key("code") && !answer.contains_key("state"));
    assert_eq!(
        [&answer["iss"], &answer["error"]],
        ["https://evil.test", "server_error"]
    );
    app.signin.clear_faults();
    app.signin
        .set_fault(Fault::authorize("interaction_required", "<script>"));
    let answer = app.refused(&[]).await;
    assert_eq!(
        [&answer["error"], &answer["state"]],
        ["interaction_required", "st 1"]
    );
    assert!(answer["error_description"].starts_with("<script>"));
    assert_eq!(app.signin.counts().authorize, 2);
}

#[tokio::test]
async fn metadata_and_keys_change_and_fail() {
    let app = App::start().await;
    let metadata = async || {
        app.get("/common/v2.0/.well-known/openid-configuration")
            .await
    };
    let changes = json!({ "issuer": "https://evil.test", "jwks_uri": null });
    app.signin.set_fault(Fault::metadata(changes));
    let (_, document) = json(metadata().await).await;
    assert_eq!(document["issuer"], "https://evil.test");
    assert!(document.get("jwks_uri").is_none());
    app.signin
        .set_fault(Fault::keys(json!({ "issuer": "https://evil.test" })));
    assert!(
        app.jwks()
            .await
            .iter()
            .all(|key| key["issuer"] == "https://evil.test")
    );
    app.signin.set_fault(Fault::KeyEndpoint(TokenFault::Html));
    assert_eq!(app.get("/common/discovery/v2.0/keys").await.status(), 200);
    app.signin.clear_faults();
    app.signin.set_fault(Fault::MetadataDown);
    app.signin.set_fault(Fault::KeysDown);
    assert_eq!(metadata().await.status(), 503);
    assert_eq!(app.get("/common/discovery/v2.0/keys").await.status(), 503);
    assert_eq!(
        (app.signin.counts().metadata, app.signin.counts().keys),
        (2, 3)
    );
}
