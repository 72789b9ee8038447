//! Metadata, and requests that are not as they should be.

use base64::{Engine, engine::general_purpose::STANDARD};
use local::signin::{PERSONAL_TENANT, SignIn, SignInOptions};
use serde_json::json;
use std::time::Duration;

use super::support::{App, CALLBACK, CLIENT, CONTOSO, json, options};

#[tokio::test]
async fn the_metadata_of_many_tenants_names_a_template() {
    let app = App::start().await;
    let url = app.signin.url();
    let contoso = CONTOSO.to_string();
    for (tenant, issuer) in [
        ("common", format!("{url}/{{tenantid}}/v2.0")),
        ("organizations", format!("{url}/{{tenantid}}/v2.0")),
        ("consumers", format!("{url}/{PERSONAL_TENANT}/v2.0")),
        (contoso.as_str(), format!("{url}/{contoso}/v2.0")),
    ] {
        let address = format!(
            "{}/.well-known/openid-configuration",
            app.signin.authority(tenant)
        );
        let (_, metadata) = json(app.http.get(address).send().await.unwrap()).await;
        assert_eq!(metadata["issuer"], issuer);
        assert_eq!(
            metadata["authorization_endpoint"],
            format!("{url}/{tenant}/oauth2/v2.0/authorize")
        );
        assert_eq!(
            metadata["token_endpoint"],
            format!("{url}/{tenant}/oauth2/v2.0/token")
        );
        assert_eq!(
            metadata["jwks_uri"],
            format!("{url}/{tenant}/discovery/v2.0/keys")
        );
        assert_eq!(
            metadata["id_token_signing_alg_values_supported"],
            json!(["RS256"])
        );
        assert_eq!(metadata["subject_types_supported"], json!(["pairwise"]));
    }
    let (status, error) = json(
        app.get("/nobody/v2.0/.well-known/openid-configuration")
            .await,
    )
    .await;
    assert_eq!(
        (status, error["error"].as_str()),
        (400, Some("invalid_tenant"))
    );
}

#[tokio::test]
async fn each_key_names_the_issuer_it_signs_for() {
    let app = App::start().await;
    let keys = app.jwks().await;
    let issuers: Vec<_> = keys.iter().map(|key| key["issuer"].clone()).collect();
    assert_eq!(
        issuers,
        [
            app.signin.authority("{tenantid}"),
            app.signin.authority(&PERSONAL_TENANT.to_string())
        ]
    );
    assert!(
        keys.iter()
            .all(|key| key["kty"] == "RSA" && key["use"] == "sig" && key["kid"].is_string())
    );
}

#[tokio::test]
async fn an_unknown_client_or_address_never_redirects() {
    let app = App::start().await;
    for (change, code) in [
        (("client_id", "other"), "AADSTS700016"),
        (("client_id", ""), "AADSTS900144"),
        (
            ("redirect_uri", "http://127.0.0.1:9/api/AcceptCallback/"),
            "AADSTS50011",
        ),
        (
            ("redirect_uri", "https://evil.test/<script>"),
            "AADSTS50011",
        ),
        (("redirect_uri", ""), "AADSTS900144"),
    ] {
        let response = app.ask(&[change]).await;
        assert_eq!(response.status(), 400);
        assert!(!response.headers().contains_key("location"));
        let page = response.text().await.unwrap();
        assert!(page.contains(code) && !page.contains("<script"), "{page}");
    }
    let repeated = format!("{}&state=2", app.authorize_url("common", &[]));
    assert_eq!(app.http.get(repeated).send().await.unwrap().status(), 400);
}

#[tokio::test]
async fn other_flaws_are_told_to_the_app() {
    let app = App::start().await;
    for (change, error) in [
        (("response_type", "id_token"), "unsupported_response_type"),
        (("scope", "profile"), "invalid_scope"),
        (("scope", ""), "invalid_request"),
        (("code_challenge", ""), "invalid_request"),
        (("code_challenge", "short"), "invalid_request"),
        (("code_challenge_method", "plain"), "invalid_request"),
        (("prompt", "dance"), "invalid_request"),
        (("response_mode", "form_post"), "invalid_request"),
    ] {
        let answer = app.refused(&[change]).await;
        assert_eq!(
            (answer["error"].as_str(), answer["state"].as_str()),
            (error, "st 1"),
            "{change:?}"
        );
        assert!(answer["error_description"].starts_with("AADSTS"));
    }
}

#[tokio::test]
async fn a_code_is_good_once_and_for_a_minute() {
    let app = App::start().await;
    let code = app.code("zoe@home.test").await;
    assert_eq!(app.redeem(&code).await.status(), 200);
    let (status, error) = json(app.redeem(&code).await).await;
    assert_eq!(
        (
            status,
            error["error"].as_str(),
            error["error_codes"].clone()
        ),
        (400, Some("invalid_grant"), json!([54005]))
    );
    assert!(
        error["error_description"]
            .as_str()
            .unwrap()
            .starts_with("AADSTS54005: ")
    );
    assert!(
        ["timestamp", "trace_id", "correlation_id"]
            .iter()
            .all(|name| error[name].is_string())
    );

    let code = app.code("zoe@home.test").await;
    app.signin.advance_clock(Duration::from_secs(61));
    assert_eq!(
        json(app.redeem(&code).await).await.1["error_codes"],
        json!([70008])
    );
    assert_eq!(
        json(app.redeem("made-up").await).await.1["error"],
        "invalid_grant"
    );
    assert_eq!(app.signin.counts().token, 4);
}

#[tokio::test]
async fn a_code_is_bound_to_verifier_address_and_client() {
    let app = App::start().await;
    for (name, value, status, error) in [
        (
            "code_verifier",
            "another-verifier-of-more-than-43-characters",
            400,
            "invalid_grant",
        ),
        ("code_verifier", "", 400, "invalid_request"),
        (
            "redirect_uri",
            "http://127.0.0.1:9/other",
            401,
            "invalid_client",
        ),
        ("client_secret", "wrong", 401, "invalid_client"),
        ("client_secret", "", 401, "invalid_client"),
        ("client_id", "other", 400, "unauthorized_client"),
        ("grant_type", "password", 400, "unsupported_grant_type"),
        ("code", "", 400, "invalid_request"),
    ] {
        let code = app.code("zoe@home.test").await;
        let mut form = app.token_form(&code);
        for field in &mut form {
            if field.0 == name {
                field.1 = value;
            }
        }
        let (got, answer) = json(app.token(&form).await).await;
        assert_eq!(
            (got, answer["error"].as_str()),
            (status, Some(error)),
            "{name}={value:?}: {answer}"
        );
    }
}

#[tokio::test]
async fn the_client_may_use_basic_authentication() {
    let app = App::start().await;
    let code = app.code("zoe@home.test").await;
    let mut form = app.token_form(&code);
    form.retain(|(name, _)| !name.starts_with("client_"));
    let basic = STANDARD.encode(format!("{CLIENT}:s3cret+%26+more"));
    let url = format!("{}/common/oauth2/v2.0/token", app.signin.url());
    let response = app
        .http
        .post(url)
        .header("authorization", format!("Basic {basic}"))
        .form(&form)
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 200);
}

#[tokio::test]
async fn an_assertion_is_taken_only_where_that_is_allowed() {
    for (accept_assertions, assertion, status) in [
        (true, "eyJhbGciOiJSUzI1NiJ9.e30.c2ln", 200),
        (true, "nonsense", 401),
        (false, "eyJhbGciOiJSUzI1NiJ9.e30.c2ln", 401),
    ] {
        let app = App::with(SignInOptions {
            accept_assertions,
            ..options()
        })
        .await;
        let code = app.code("zoe@home.test").await;
        let mut form = app.token_form(&code);
        form.retain(|(name, _)| *name != "client_secret");
        form.push(("client_assertion", assertion));
        form.push((
            "client_assertion_type",
            "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        ));
        assert_eq!(app.token(&form).await.status(), status);
    }
}

#[tokio::test]
async fn a_taken_port_is_named_and_free_again_after_stop() {
    let app = App::start().await;
    let port = app
        .signin
        .url()
        .rsplit(':')
        .next()
        .unwrap()
        .parse()
        .unwrap();
    let error = SignIn::start(SignInOptions { port, ..options() })
        .await
        .unwrap_err();
    assert!(
        error.to_string().contains(&format!("127.0.0.1:{port}")),
        "{error}"
    );
    app.get("/").await;
    app.signin.stop().await;
    assert!(
        app.http.get(app.signin.url()).send().await.is_err(),
        "kept connections are closed too"
    );
    SignIn::start(SignInOptions { port, ..options() })
        .await
        .unwrap();
}

#[tokio::test]
async fn a_callback_with_a_query_of_its_own_keeps_it() {
    let redirect_uris = vec![format!("{CALLBACK}?a=b")];
    let app = App::with(SignInOptions {
        redirect_uris: redirect_uris.clone(),
        ..options()
    })
    .await;
    let url = app.authorize_url("common", &[("redirect_uri", &redirect_uris[0])]);
    let callback = app
        .signin
        .sign_in_as(&app.http, &url, "zoe@home.test")
        .await
        .unwrap();
    assert!(
        callback.starts_with(&format!("{CALLBACK}?a=b&code=")),
        "{callback}"
    );
}
