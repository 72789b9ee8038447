//! ID tokens that must not be believed.

use local::signin::{PERSONAL_TENANT, Signature, SigningKey, Tamper};
use serde_json::{Value, json};

use super::scene::{Scene, organisation};
use support::KNOWN;

const OTHER_TENANT: &str = "11111111-2222-4333-8444-555555555555";

#[expect(
    clippy::disallowed_methods,
    reason = "the tokens are made by another machine, which has its own clock"
)]
fn now() -> i64 {
    time::OffsetDateTime::now_utc().unix_timestamp()
}

async fn each_is_refused(scene: &Scene, cases: Vec<(&str, Tamper)>) {
    for (case, tamper) in cases {
        scene.sign_in().set_fault(tamper);
        scene
            .attempt()
            .await
            .assert_refused(&scene.site, case, 400)
            .await;
    }
    scene.sign_in().clear_faults();
    scene
        .attempt()
        .await
        .assert_let_in(&scene.site, "an honest token afterwards")
        .await;
}

async fn each_is_accepted(scene: &Scene, cases: Vec<(&str, Tamper)>) {
    for (case, tamper) in cases {
        scene.sign_in().set_fault(tamper);
        scene.attempt().await.assert_let_in(&scene.site, case).await;
    }
}

fn claims(claims: Value) -> Tamper {
    Tamper::claims(claims)
}

#[tokio::test]
async fn issuer_and_tenant_must_match() {
    let scene = Scene::start().await;
    let (base, own) = (
        scene.sign_in().url().to_owned(),
        organisation(scene.sign_in()),
    );
    let cases = vec![
        (
            "iss of another tenant",
            claims(json!({"iss": format!("{base}/{OTHER_TENANT}/v2.0")})),
        ),
        (
            "iss of another host",
            claims(json!({"iss": format!("https://login.evil.example/{own}/v2.0")})),
        ),
        (
            "iss without the slash and version",
            claims(json!({"iss": format!("{base}/{own}")})),
        ),
        (
            "iss of v1.0",
            claims(json!({"iss": format!("https://sts.windows.net/{own}/")})),
        ),
        (
            "iss with a slash more",
            claims(json!({"iss": format!("{base}/{own}/v2.0/")})),
        ),
        (
            "iss in upper case",
            claims(json!({"iss": format!("{base}/{}/v2.0", own.to_string().to_uppercase())})),
        ),
        ("iss missing", claims(json!({"iss": null}))),
        (
            "iss is the template",
            claims(json!({"iss": format!("{base}/{{tenantid}}/v2.0")})),
        ),
        (
            "iss and tid are the template",
            claims(json!({"iss": format!("{base}/{{tenantid}}/v2.0"), "tid": "{tenantid}"})),
        ),
        ("tid missing", claims(json!({"tid": null}))),
        ("tid empty", claims(json!({"tid": ""}))),
        ("tid is a number", claims(json!({"tid": 1}))),
        ("tid is a list", claims(json!({"tid": [own]}))),
        (
            "tid is `common`, as in iss",
            claims(json!({"tid": "common", "iss": format!("{base}/common/v2.0")})),
        ),
        (
            "tid in braces",
            claims(json!({"tid": format!("{{{own}}}"), "iss": format!("{base}/{{{own}}}/v2.0")})),
        ),
        (
            "tid without hyphens",
            claims(
                json!({"tid": own.simple().to_string(), "iss": format!("{base}/{}/v2.0", own.simple())}),
            ),
        ),
        (
            "tid climbs out of the path",
            claims(json!({"tid": format!("{own}/../{OTHER_TENANT}")})),
        ),
        (
            "tid is not that of iss",
            claims(json!({"tid": OTHER_TENANT})),
        ),
        (
            "tid is that of personal accounts",
            claims(json!({"tid": PERSONAL_TENANT})),
        ),
    ];
    each_is_refused(&scene, cases).await;
}

#[tokio::test]
async fn a_token_for_another_audience_is_refused() {
    let scene = Scene::start().await;
    let client = scene.stack.setting("ENTRA_CLIENT_ID").unwrap().to_owned();
    let cases = vec![
        ("aud wrong", claims(json!({"aud": OTHER_TENANT}))),
        ("aud missing", claims(json!({"aud": null}))),
        ("aud empty", claims(json!({"aud": ""}))),
        ("aud an empty list", claims(json!({"aud": []}))),
        (
            "aud with another one",
            claims(json!({"aud": [client, OTHER_TENANT]})),
        ),
        (
            "aud a prefix",
            claims(json!({"aud": client[..client.len() - 1]})),
        ),
        ("azp foreign", claims(json!({"azp": OTHER_TENANT}))),
        ("azp empty", claims(json!({"azp": ""}))),
    ];
    each_is_refused(&scene, cases).await;
    let cases = vec![
        ("aud as a list of one", claims(json!({"aud": [client]}))),
        ("azp is the app itself", claims(json!({"azp": client}))),
    ];
    each_is_accepted(&scene, cases).await;
}

#[tokio::test]
async fn token_needs_the_nonce_of_the_attempt() {
    let scene = Scene::start().await;
    let cases = vec![
        ("nonce wrong", claims(json!({"nonce": "another"}))),
        ("nonce missing", claims(json!({"nonce": null}))),
        ("nonce empty", claims(json!({"nonce": ""}))),
    ];
    each_is_refused(&scene, cases).await;
}

#[tokio::test]
async fn token_needs_rs256_and_a_published_key() {
    let scene = Scene::start().await;
    let kid = |kid: Value| Tamper::header(json!({"kid": kid}));
    let cases = vec![
        ("alg none", Tamper::signature(Signature::None)),
        (
            "alg None",
            Tamper {
                header: header(json!({"alg": "None"})),
                ..Tamper::signature(Signature::None)
            },
        ),
        (
            "alg HS256 with the client secret",
            Tamper::signature(Signature::Hs256),
        ),
        ("alg ES256", Tamper::signature(Signature::Es256Header)),
        (
            "alg RS512 in the header alone",
            Tamper::header(json!({"alg": "RS512"})),
        ),
        ("alg missing", Tamper::header(json!({"alg": null}))),
        ("signature broken", Tamper::signature(Signature::Broken)),
        (
            "signature missing under RS256",
            Tamper {
                header: header(json!({"alg": "RS256"})),
                ..Tamper::signature(Signature::None)
            },
        ),
        (
            "key published nowhere",
            Tamper::key(SigningKey::Unpublished),
        ),
        ("kid unknown", kid("nobody".into())),
        ("kid absent", kid(Value::Null)),
        ("kid empty", kid("".into())),
        ("kid a number", kid(1.into())),
    ];
    each_is_refused(&scene, cases).await;
}

fn header(value: Value) -> serde_json::Map<String, Value> {
    value.as_object().unwrap().clone()
}

#[tokio::test]
async fn consumer_key_cannot_sign_for_an_organisation() {
    let scene = Scene::start().await;
    each_is_refused(
        &scene,
        vec![("personal key", Tamper::key(SigningKey::Personal))],
    )
    .await;
}

#[tokio::test]
async fn incomplete_or_expired_token_is_refused() {
    let scene = Scene::start().await;
    let now = now();
    let cases = vec![
        ("sub missing", claims(json!({"sub": null}))),
        ("oid missing", claims(json!({"oid": null}))),
        ("oid not a GUID", claims(json!({"oid": KNOWN}))),
        ("iat missing", claims(json!({"iat": null}))),
        (
            "iat a week old",
            claims(json!({"iat": now - 7 * 24 * 3600, "nbf": now - 7 * 24 * 3600})),
        ),
        ("iat two minutes ahead", claims(json!({"iat": now + 120}))),
        ("exp missing", claims(json!({"exp": null}))),
        ("expired two minutes ago", claims(json!({"exp": now - 120}))),
        ("exp is a text", claims(json!({"exp": "never"}))),
        ("nbf two minutes ahead", claims(json!({"nbf": now + 120}))),
    ];
    each_is_refused(&scene, cases).await;
}

#[tokio::test]
async fn clocks_may_differ_by_less_than_a_minute() {
    let scene = Scene::start().await;
    let now = now();
    let cases = vec![
        ("expired a moment ago", claims(json!({"exp": now - 20}))),
        (
            "not valid before a moment",
            claims(json!({"nbf": now + 20, "iat": now + 20})),
        ),
        (
            "dated back by minutes, as Entra does",
            claims(json!({"nbf": now - 300, "iat": now - 300})),
        ),
        ("nbf missing", claims(json!({"nbf": null}))),
    ];
    each_is_accepted(&scene, cases).await;
}

#[tokio::test]
async fn refused_token_is_not_echoed() {
    let scene = Scene::start().await;
    let hostile = "<script>alert('x')</script>\u{202e}evil";
    scene
        .sign_in()
        .set_fault(claims(json!({"aud": hostile, "iss": hostile, "name": hostile, "preferred_username": "secret@person.example"})));
    let attempt = scene.attempt().await;
    attempt
        .assert_refused(&scene.site, "hostile claims", 400)
        .await;
    for leaked in ["alert(", "\u{202e}", "secret@person.example", KNOWN] {
        assert!(
            !attempt.page.body.contains(leaked),
            "{leaked:?} is on the page"
        );
        assert!(!scene.log().contains(leaked), "{leaked:?} is in the log");
    }
}
