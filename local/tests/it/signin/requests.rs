//! Metadata, and requests that are not valid.

use std::time::Duration;

use local::signin::{PERSONAL_TENANT, SignIn, SignInOptions};
use serde_json::json;

use super::support::{App, CALLBACK, CONTOSO, json, options};

const ZOE: &str = "zoe@home.test";

#[tokio::test]
async fn metadata_and_keys_name_their_issuer() {
    let app = App::start().await;
    let url = app.signin.url();
    let (personal, contoso) = (PERSONAL_TENANT.to_string(), CONTOSO.to_string());
    for (tenant, issuer) in [
        ("common", "{tenantid}"),
        ("organizations", "{tenantid}"),
        ("consumers", &personal),
        (&contoso, &contoso),
    ] {
        let path = format!("/{tenant}/v2.0/.well-known/openid-configuration");
        let (_, metadata) = json(app.get(&path).await).await;
        assert_eq!(metadata["issuer"], app.signin.authority(issuer));
        for (name, path) in [
            ("authorization_endpoint", "oauth2/v2.0/authorize"),
            ("token_endpoint", "oauth2/v2.0/token"),
            ("jwks_uri", "discovery/v2.0/keys"),
        ] {
            assert_eq!(metadata[name], format!("{url}/{tenant}/{path}"));
        }
    }
    let unknown = app
        .get("/nobody/v2.0/.well-known/openid-configuration")
        .await;
    let (status, error) = json(unknown).await;
    assert_eq!((status, &error["error"]), (400, &json!("invalid_tenant")));
    let issuers: Vec<_> = app
        .jwks()
        .await
        .iter()
        .map(|key| key["issuer"].clone())
        .collect();
    assert_eq!(
        issuers,
        [
            app.signin.authority("{tenantid}"),
            app.signin.authority(&personal)
        ]
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
async fn other_flaws_are_sent_to_the_app() {
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
            [&answer["error"], &answer["state"]],
            [error, "st 1"],
            "{change:?}"
        );
        assert!(answer["error_description"].starts_with("AADSTS"));
    }
}

#[tokio::test]
async fn a_code_is_good_once_and_for_a_minute() {
    let app = App::start().await;
    let code = app.code(ZOE).await;
    assert_eq!(app.redeem(&code).await.status(), 200);
    let (status, error) = json(app.redeem(&code).await).await;
    assert_eq!((status, &error["error"]), (400, &json!("invalid_grant")));
    assert_eq!(error["error_codes"], json!([54005]));
    let description = error["error_description"].as_str().unwrap();
    assert!(description.starts_with("AADSTS54005: "), "{description}");
    assert!(
        ["timestamp", "trace_id", "correlation_id"]
            .iter()
            .all(|name| error[name].is_string())
    );

    let code = app.code(ZOE).await;
    app.signin.advance_clock(Duration::from_secs(61));
    for (code, error) in [(&code[..], 70008), ("made-up", 70000)] {
        assert_eq!(
            json(app.redeem(code).await).await.1["error_codes"],
            json!([error])
        );
    }
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
        let code = app.code(ZOE).await;
        let mut form = app.token_form(&code);
        form.iter_mut()
            .filter(|field| field.0 == name)
            .for_each(|field| field.1 = value);
        let (got, answer) = json(app.token(&form).await).await;
        assert_eq!(
            (got, answer["error"].as_str()),
            (status, Some(error)),
            "{name}={value}"
        );
    }
}

#[tokio::test]
async fn an_assertion_is_taken_where_that_is_allowed() {
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
        let code = app.code(ZOE).await;
        let mut form = app.token_form(&code);
        form.retain(|(name, _)| *name != "client_secret");
        let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
        form.extend([
            ("client_assertion", assertion),
            ("client_assertion_type", kind),
        ]);
        assert_eq!(app.token(&form).await.status(), status);
        assert_eq!(
            app.signin.last_token_request()["client_assertion"],
            assertion
        );
    }
}

#[tokio::test]
async fn a_stopped_service_frees_its_port() {
    let app = App::start().await;
    let port = app
        .signin
        .url()
        .rsplit(':')
        .next()
        .unwrap()
        .parse()
        .unwrap();
    let start = || SignIn::start(SignInOptions { port, ..options() });
    let error = start().await.unwrap_err().to_string();
    assert!(error.contains(&format!("127.0.0.1:{port}")), "{error}");
    app.get("/").await;
    app.signin.stop().await;
    assert!(
        app.http.get(app.signin.url()).send().await.is_err(),
        "kept connections are closed"
    );
    start().await.unwrap();
}

#[tokio::test]
async fn a_callback_keeps_its_own_query() {
    let app = App::start().await;
    let uri = format!("{CALLBACK}?a=b");
    app.signin.register_redirect(&uri);
    assert_eq!(app.callback(ZOE, &[("redirect_uri", &uri)]).await["a"], "b");
}
