//! Metadata and signing keys: rotated, down, altered, and templated issuers.

use std::time::Duration;

use local::signin::{Account, Fault, SigningKey, Tamper, TokenFault};
use serde_json::{Value, json};
use tempfile::tempdir;

use super::scene::{Instance, Scene, assert_has_a_way_on, log_of, organisation};
use support::{KNOWN, people::Acts};

/// An instance that meets the sign-in service for the first time in the state it is in now.
async fn newcomer(scene: &Scene, settings: &[(&str, &str)]) -> (Instance, tempfile::TempDir) {
    let dir = tempdir().unwrap();
    (
        Instance::start(&scene.stack, dir.path(), settings).await,
        dir,
    )
}

#[tokio::test]
async fn rotated_key_needs_one_refresh_per_five_minutes() {
    let scene = Scene::start().await;
    scene
        .attempt()
        .await
        .assert_let_in(&scene.site, "the first key")
        .await;
    let before = scene.sign_in().counts().keys;
    scene.sign_in().rotate_keys().await.unwrap();
    for case in ["the new key", "the new key again"] {
        scene.attempt().await.assert_let_in(&scene.site, case).await;
    }
    assert_eq!(scene.sign_in().counts().keys - before, 1, "one refresh");

    // Within five minutes no unknown key causes another one, be it forged or rotated once more.
    for _ in 0..3 {
        scene
            .sign_in()
            .set_fault(Tamper::key(SigningKey::Unpublished));
        scene
            .attempt()
            .await
            .assert_refused(&scene.site, "a key published nowhere", 400)
            .await;
    }
    scene.sign_in().clear_faults();
    scene.sign_in().rotate_keys().await.unwrap();
    scene
        .attempt()
        .await
        .assert_refused(&scene.site, "rotated again at once", 400)
        .await;
    assert_eq!(
        scene.sign_in().counts().keys - before,
        1,
        "no further refresh"
    );
}

#[tokio::test]
async fn many_unknown_keys_at_once_cause_one_refresh() {
    let scene = Scene::start().await;
    scene
        .attempt()
        .await
        .assert_let_in(&scene.site, "the keys are known")
        .await;
    let before = scene.sign_in().counts().keys;
    scene
        .sign_in()
        .set_fault(Tamper::key(SigningKey::Unpublished));
    let attempts = futures::future::join_all((0..8).map(|_| scene.attempt())).await;
    for attempt in attempts {
        attempt
            .assert_refused(&scene.site, "a key published nowhere", 400)
            .await;
    }
    assert_eq!(scene.sign_in().counts().keys - before, 1);
}

#[tokio::test]
async fn first_requests_fetch_metadata_once() {
    let scene = Scene::start().await;
    // The fetch at the start of the instance fails, so that the first requests find nothing.
    scene.sign_in().set_fault(Fault::MetadataDown);
    let (instance, _dir) = newcomer(&scene, &[]).await;
    let fetch_failed = async {
        while !log_of(&instance.host).contains("could not refresh the sign-in metadata") {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), fetch_failed)
        .await
        .unwrap();
    scene.sign_in().clear_faults();

    let link = instance.site.invite(KNOWN).await;
    let before = scene.sign_in().counts();
    let starts = (0..20).map(|_| {
        let (mut person, link) = (instance.site.person(), link.clone());
        async move { person.get_started(&link).await.unwrap() }
    });
    assert_eq!(futures::future::join_all(starts).await.len(), 20);
    let after = scene.sign_in().counts();
    assert_eq!(
        (after.metadata - before.metadata, after.keys - before.keys),
        (1, 0)
    );
}

#[tokio::test]
async fn cached_keys_bridge_a_key_outage() {
    let scene = Scene::start().await;
    scene
        .attempt()
        .await
        .assert_let_in(&scene.site, "before")
        .await;
    scene.sign_in().set_fault(Fault::KeysDown);
    scene.sign_in().set_fault(Fault::MetadataDown);
    scene
        .attempt()
        .await
        .assert_let_in(&scene.site, "while both are down")
        .await;
    scene
        .sign_in()
        .set_fault(Tamper::key(SigningKey::Unpublished));
    for (case, status) in [
        ("an unknown key asks for a refresh", 503),
        ("and no more for five minutes", 400),
    ] {
        scene
            .attempt()
            .await
            .assert_refused(&scene.site, case, status)
            .await;
    }
    scene.sign_in().set_fault(Tamper::default());
    scene
        .attempt()
        .await
        .assert_let_in(&scene.site, "the last good keys are still there")
        .await;
}

#[tokio::test]
async fn without_keys_sign_in_fails_until_fetched() {
    let scene = Scene::start().await;
    scene.sign_in().set_fault(Fault::KeysDown);
    let (instance, _dir) = newcomer(&scene, &[]).await;
    let attempt = instance.site.attempt(scene.sign_in(), KNOWN, KNOWN).await;
    attempt.assert_refused(&instance.site, "no keys", 503).await;
    assert!(attempt.page.headers.contains_key("retry-after"));
    scene.sign_in().clear_faults();
    instance
        .site
        .attempt(scene.sign_in(), KNOWN, KNOWN)
        .await
        .assert_let_in(&instance.site, "up again")
        .await;
}

#[tokio::test]
async fn malformed_key_set_signs_no_one_in() {
    let scene = Scene::start().await;
    let busy = TokenFault::TooManyRequests {
        retry_after: Duration::from_secs(41),
    };
    for (case, fault, requests) in [
        ("a page", TokenFault::Html, 1),
        ("10 MB", TokenFault::HugeBody, 1),
        ("a redirect", TokenFault::Redirect, 1),
        ("429", busy, 1),
        ("500", TokenFault::ServerError, 2),
    ] {
        scene.sign_in().set_fault(Fault::KeyEndpoint(fault));
        let (instance, _dir) = newcomer(&scene, &[]).await;
        // The instance itself asks at its start; what follows is for the attempt alone.
        let at_the_start = async {
            while !log_of(&instance.host)
                .contains("could not refresh the sign-in metadata and keys")
            {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), at_the_start)
            .await
            .unwrap();
        let before = scene.sign_in().counts().keys;
        let attempt = instance.site.attempt(scene.sign_in(), KNOWN, KNOWN).await;
        attempt.assert_refused(&instance.site, case, 503).await;
        assert_eq!(scene.sign_in().counts().keys - before, requests, "{case}");
        if case == "429" {
            assert_eq!(attempt.page.headers["retry-after"], "41");
        }
    }
}

#[tokio::test]
async fn without_metadata_the_button_says_to_try_again() {
    let scene = Scene::start().await;
    scene.sign_in().set_fault(Fault::MetadataDown);
    let (instance, _dir) = newcomer(&scene, &[]).await;
    let (mut person, link) = (instance.site.person(), instance.site.invite(KNOWN).await);
    let page = person.opens(&link).await;
    assert_eq!(
        page.status, 200,
        "the page behind the link needs no sign-in service"
    );
    let page = person.presses(&page, "#get-started", &[]).await;
    assert_eq!(page.status, 503);
    assert!(page.headers.contains_key("retry-after"));
    assert_has_a_way_on("metadata down", &page);
    assert!(person.cookies.is_empty());
    scene.sign_in().clear_faults();
    let authorize = person
        .presses(&page, "main .actions button", &[])
        .await
        .location()
        .unwrap();
    assert!(authorize.starts_with(scene.sign_in().url()));
}

#[tokio::test]
async fn invalid_metadata_is_refused() {
    let scene = Scene::start().await;
    let own = organisation(scene.sign_in());
    let cases: [(&str, Value); 7] = [
        (
            "another host",
            json!({"issuer": "https://evil.example/{tenantid}/v2.0"}),
        ),
        (
            "another path",
            json!({"issuer": format!("{}/evil", scene.sign_in().url())}),
        ),
        (
            "another version",
            json!({"issuer": format!("{}/{own}/", scene.sign_in().url())}),
        ),
        ("no issuer", json!({"issuer": null})),
        ("no token endpoint", json!({"token_endpoint": null})),
        (
            "a token endpoint that is no web address",
            json!({"token_endpoint": "file:///etc/passwd"}),
        ),
        (
            "keys that are no web address",
            json!({"jwks_uri": "data:application/json,{}"}),
        ),
    ];
    for (case, changes) in cases {
        scene.sign_in().set_fault(Fault::metadata(changes));
        let (instance, _dir) = newcomer(&scene, &[]).await;
        let (mut person, link) = (instance.site.person(), instance.site.invite(KNOWN).await);
        let page = person.opens(&link).await;
        let page = person.presses(&page, "#get-started", &[]).await;
        assert_eq!(page.status, 503, "{case}: «{}»", page.title());
        assert_has_a_way_on(case, &page);
        assert!(
            log_of(&instance.host).contains(r#""level":"ERROR""#),
            "{case}: {}",
            log_of(&instance.host)
        );
        assert_eq!(instance.site.status(&link).await, "pending", "{case}");
    }
    assert_eq!(scene.sign_in().counts().authorize, 0);
}

#[tokio::test]
async fn keys_that_name_another_issuer_or_none_are_refused() {
    let scene = Scene::start().await;
    let base = scene.sign_in().url();
    let cases: [(&str, Value, u16); 6] = [
        (
            "another host",
            "https://evil.example/{tenantid}/v2.0".into(),
            400,
        ),
        (
            "another tenant",
            format!("{base}/11111111-2222-4333-8444-555555555555/v2.0").into(),
            400,
        ),
        (
            "a part of the template",
            format!("{base}/{{tenantid}}").into(),
            400,
        ),
        ("empty", "".into(), 400),
        ("none", Value::Null, 400),
        (
            "a list, so that no key is left",
            json!([format!("{base}/{{tenantid}}/v2.0")]),
            503,
        ),
    ];
    for (case, issuer, status) in cases {
        scene
            .sign_in()
            .set_fault(Fault::keys(json!({ "issuer": issuer })));
        let (instance, _dir) = newcomer(&scene, &[]).await;
        instance
            .site
            .attempt(scene.sign_in(), KNOWN, KNOWN)
            .await
            .assert_refused(&instance.site, case, status)
            .await;
    }
    let own = format!("{base}/{}/v2.0", organisation(scene.sign_in()));
    scene
        .sign_in()
        .set_fault(Fault::keys(json!({ "issuer": own })));
    let (instance, _dir) = newcomer(&scene, &[]).await;
    instance
        .site
        .attempt(scene.sign_in(), KNOWN, KNOWN)
        .await
        .assert_let_in(&instance.site, "exactly the token's")
        .await;

    // The keys of a single tenant's authority are all of one issuer, and need not say so.
    scene
        .sign_in()
        .set_fault(Fault::keys(json!({ "issuer": null })));
    let authority = scene
        .sign_in()
        .authority(&organisation(scene.sign_in()).to_string());
    let (instance, _dir) = newcomer(&scene, &[("ENTRA_AUTHORITY", &authority)]).await;
    instance
        .site
        .attempt(scene.sign_in(), KNOWN, KNOWN)
        .await
        .assert_let_in(&instance.site, "none, of one tenant")
        .await;
}

#[tokio::test]
async fn keys_that_are_not_for_signing_are_not_taken() {
    let scene = Scene::start().await;
    for (case, changes, status) in [
        ("for encryption", json!({"use": "enc"}), 400),
        ("of another kind", json!({"kty": "oct", "k": "AA"}), 400),
        ("without an id", json!({"kid": null}), 503),
    ] {
        scene.sign_in().set_fault(Fault::keys(changes));
        let (instance, _dir) = newcomer(&scene, &[]).await;
        instance
            .site
            .attempt(scene.sign_in(), KNOWN, KNOWN)
            .await
            .assert_refused(&instance.site, case, status)
            .await;
    }
}

#[tokio::test]
async fn each_authority_accepts_only_its_accounts() {
    let scene = Scene::start().await;
    let personal = "carla@private.example";
    scene
        .sign_in()
        .add_account(Account::personal(personal, "Carla"));
    let own = organisation(scene.sign_in()).to_string();
    let cases = [
        ("common", KNOWN),
        ("common", personal),
        ("organizations", KNOWN),
        ("consumers", personal),
        (own.as_str(), KNOWN),
    ];
    for (authority, mailbox) in cases {
        scene.sign_in().clear_faults();
        let (instance, _dir) = newcomer(
            &scene,
            &[("ENTRA_AUTHORITY", &scene.sign_in().authority(authority))],
        )
        .await;
        let case = format!("{mailbox} at {authority}");
        instance
            .site
            .attempt(scene.sign_in(), mailbox, mailbox)
            .await
            .assert_let_in(&instance.site, &case)
            .await;

        let stranger = "11111111-2222-4333-8444-555555555555";
        let base = scene.sign_in().url();
        for (what, claims) in [
            (
                "iss of another tenant",
                json!({"iss": format!("{base}/{stranger}/v2.0")}),
            ),
            (
                "iss is the template",
                json!({"iss": format!("{base}/{{tenantid}}/v2.0")}),
            ),
        ] {
            scene.sign_in().set_fault(Tamper::claims(claims));
            let attempt = instance
                .site
                .attempt(scene.sign_in(), mailbox, mailbox)
                .await;
            attempt
                .assert_refused(&instance.site, &format!("{case}: {what}"), 400)
                .await;
        }
        if authority == own || authority == "consumers" {
            let foreign = json!({"iss": format!("{base}/{stranger}/v2.0"), "tid": stranger});
            scene.sign_in().set_fault(Tamper::claims(foreign));
            let attempt = instance
                .site
                .attempt(scene.sign_in(), mailbox, mailbox)
                .await;
            attempt
                .assert_refused(
                    &instance.site,
                    &format!("{case}: a consistent token of another tenant"),
                    400,
                )
                .await;
        }
    }
}

#[tokio::test]
async fn external_id_accepts_only_its_accounts() {
    let scene = Scene::start().await;
    let own = organisation(scene.sign_in());
    let issuer = format!("https://{own}.ciamlogin.com/{own}/v2.0");
    scene
        .sign_in()
        .set_fault(Fault::metadata(json!({ "issuer": issuer })));
    scene
        .sign_in()
        .set_fault(Fault::keys(json!({ "issuer": issuer })));
    let authority = scene.sign_in().authority(&own.to_string());
    let (instance, _dir) = newcomer(&scene, &[("ENTRA_AUTHORITY", &authority)]).await;
    scene
        .sign_in()
        .set_fault(Tamper::claims(json!({ "iss": issuer })));
    instance
        .site
        .attempt(scene.sign_in(), KNOWN, KNOWN)
        .await
        .assert_let_in(&instance.site, "its own")
        .await;

    let stranger = "11111111-2222-4333-8444-555555555555";
    let base = scene.sign_in().url();
    for (what, claims) in [
        (
            "of the same tenant elsewhere",
            json!({"iss": format!("{base}/{own}/v2.0")}),
        ),
        (
            "of another External ID tenant",
            json!({"iss": format!("https://{stranger}.ciamlogin.com/{stranger}/v2.0"), "tid": stranger}),
        ),
        (
            "whose tid is another",
            json!({"iss": issuer, "tid": stranger}),
        ),
    ] {
        scene.sign_in().set_fault(Tamper::claims(claims));
        instance
            .site
            .attempt(scene.sign_in(), KNOWN, KNOWN)
            .await
            .assert_refused(&instance.site, what, 400)
            .await;
    }

    // Metadata of another External ID tenant than the one that was asked for.
    let foreign = format!("https://{stranger}.ciamlogin.com/{stranger}/v2.0");
    scene
        .sign_in()
        .set_fault(Fault::metadata(json!({ "issuer": foreign })));
    let (instance, _dir) = newcomer(&scene, &[("ENTRA_AUTHORITY", &authority)]).await;
    let (mut person, link) = (instance.site.person(), instance.site.invite(KNOWN).await);
    let page = person.opens(&link).await;
    assert_eq!(person.presses(&page, "#get-started", &[]).await.status, 503);
}
