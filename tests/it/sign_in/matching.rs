//! Whether the person who signed in has proven that the invited mailbox is theirs.

use local::signin::{Account, Tamper};
use serde_json::{Value, json};

use super::scene::{Scene, organisation};
use support::{KNOWN, people::Acts};

/// The step for a mailbox that is not proven: it names the mailbox, masked, and offers a code and
/// another account.
async fn assert_not_proven(scene: &Scene, case: &str) {
    let mut attempt = scene.attempt().await;
    attempt.assert_must_confirm(&scene.site, case).await;
    let page = &attempt.page;
    assert!(
        page.text("main .lead")
            .unwrap()
            .contains("a•••@meier-praezision.example"),
        "{case}"
    );
    let send = page.form("main .actions button.primary").unwrap();
    assert!(send.action.contains("/api/ConfirmMailbox?"), "{case}");
    let again = page.form("main .actions button.quiet").unwrap();
    assert!(
        again
            .fields
            .contains(&("prompt".to_owned(), "select_account".to_owned())),
        "{case}: {again:?}"
    );
}

async fn each_is_proven(scene: &Scene, cases: &[(&str, Value)]) {
    for (case, claims) in cases {
        scene.sign_in().set_fault(Tamper::claims(claims.clone()));
        scene.attempt().await.assert_let_in(&scene.site, case).await;
    }
}

async fn none_is_proven(scene: &Scene, cases: &[(&str, Value)]) {
    for (case, claims) in cases {
        scene.sign_in().set_fault(Tamper::claims(claims.clone()));
        assert_not_proven(scene, case).await;
    }
}

#[tokio::test]
async fn work_address_needs_a_verified_domain() {
    let scene = Scene::start().await;
    let edov = |value: Value| json!({ "xms_edov": value });
    each_is_proven(
        &scene,
        &[
            ("true", edov(true.into())),
            ("1", edov(1.into())),
            ("\"1\"", edov("1".into())),
            ("\"true\"", edov("true".into())),
        ],
    )
    .await;
    let junk = [
        ("missing", edov(Value::Null)),
        ("false", edov(false.into())),
        ("0", edov(0.into())),
        ("\"0\"", edov("0".into())),
        ("\"false\"", edov("false".into())),
        ("\"\"", edov("".into())),
        ("\"yes\"", edov("yes".into())),
        ("\" 1\"", edov(" 1".into())),
        ("2", edov(2.into())),
        ("-1", edov((-1).into())),
        ("1.5", edov(1.5.into())),
        ("[true]", edov(json!([true]))),
        ("{}", edov(json!({}))),
    ];
    none_is_proven(&scene, &junk).await;
}

#[tokio::test]
async fn missing_or_different_address_is_not_proven() {
    let scene = Scene::start().await;
    let cases = [
        ("email missing", json!({"email": null})),
        ("email empty", json!({"email": ""})),
        ("email no address", json!({"email": "anna.meier"})),
        ("email different", json!({"email": "mallory@evil.example"})),
        (
            "preferred_username matches, email differs",
            json!({"email": "mallory@evil.example", "preferred_username": KNOWN}),
        ),
        (
            "preferred_username matches, email missing",
            json!({"email": null, "preferred_username": KNOWN, "upn": KNOWN}),
        ),
        ("email unverified", json!({"xms_edov": null})),
        (
            "email_verified is not for Entra to say",
            json!({"xms_edov": null, "email_verified": true}),
        ),
        (
            "two addresses in one",
            json!({"email": format!("{KNOWN},mallory@evil.example")}),
        ),
        (
            "a name around it",
            json!({"email": format!("Anna <{KNOWN}>")}),
        ),
    ];
    none_is_proven(&scene, &cases).await;
}

#[tokio::test]
async fn guest_must_confirm_the_mailbox() {
    let scene = Scene::with(&[(
        "ENTRA_TRUSTED_EMAIL_TENANTS",
        "7b0a3f52-1c64-4b0e-9d1a-2f5f0c9b8e21",
    )])
    .await;
    let cases = [
        ("a guest", json!({"acct": 1, "xms_edov": true})),
        ("no acct", json!({"acct": null, "xms_edov": null})),
    ];
    none_is_proven(&scene, &cases).await;
    let log = scene.log();
    assert_eq!(log.matches("register-app.sh requests the claim").count(), 1);
}

#[tokio::test]
async fn guest_has_words_of_its_own() {
    let scene = Scene::start().await;
    let guest = json!({"acct": 1, "xms_edov": true, "email": KNOWN});
    scene.sign_in().set_fault(Tamper::claims(guest));
    let mut attempt = scene.attempt().await;
    attempt.assert_must_confirm(&scene.site, "a guest").await;
    let lead = attempt.page.text("main .lead").unwrap();
    assert!(
        lead.contains("which is a guest in that organisation"),
        "{lead}"
    );
}

#[tokio::test]
async fn account_name_is_shown_sanitised() {
    let scene = Scene::start().await;
    let hostile = "<img src=x onerror=alert(1)>\u{202e}\u{200b}\u{0}\r\nx@evil.example";
    scene.sign_in().set_fault(Tamper::claims(
        json!({"email": "mallory@evil.example", "name": hostile, "preferred_username": hostile}),
    ));
    let mut attempt = scene.attempt().await;
    attempt
        .assert_must_confirm(&scene.site, "hostile user name")
        .await;
    let named = attempt.page.text("main .lead bdi").unwrap();
    assert_eq!(named, "<img src=x onerror=alert(1)> x@evil.example");
    assert!(!attempt.page.has("main img"));
    for raw in ["<img", "\u{202e}", "\u{200b}", "\u{0}"] {
        assert!(!attempt.page.body.contains(raw), "{raw:?} is on the page");
        assert!(!scene.log().contains(raw), "{raw:?} is in the log");
    }
    assert!(
        !attempt.page.body.replace("<wbr>", "").contains(KNOWN),
        "the invited mailbox is masked"
    );
}

#[tokio::test]
async fn addresses_are_compared_by_one_rule() {
    let scene = Scene::start().await;
    let email = |email: &str| json!({ "email": email });
    each_is_proven(
        &scene,
        &[
            ("upper case", email("ANNA.MEIER@MEIER-PRAEZISION.EXAMPLE")),
            (
                "upper case in the domain",
                email("anna.meier@Meier-Praezision.Example"),
            ),
        ],
    )
    .await;
    none_is_proven(
        &scene,
        &[
            (
                "homoglyph in the domain",
                email("anna.meier@meier-рraezision.example"),
            ),
            (
                "homoglyph in the name",
                email("аnna.meier@meier-praezision.example"),
            ),
            (
                "trailing dot",
                email("anna.meier@meier-praezision.example."),
            ),
            ("plus tag", email("anna.meier+x@meier-praezision.example")),
            (
                "no dot in the name",
                email("annameier@meier-praezision.example"),
            ),
            ("white space", email(" anna.meier@meier-praezision.example")),
            (
                "a null character",
                email("anna.meier@meier-praezision.example\u{0}"),
            ),
            (
                "a subdomain",
                email("anna.meier@mail.meier-praezision.example"),
            ),
        ],
    )
    .await;
}

#[tokio::test]
async fn addresses_that_entra_lists_as_verified_are_proven() {
    let scene = Scene::start().await;
    let unproven = |mut claims: Value| {
        claims["xms_edov"] = Value::Null;
        claims["email"] = "another@meier-praezision.example".into();
        claims
    };
    each_is_proven(
        &scene,
        &[
            (
                "primary",
                unproven(json!({"verified_primary_email": [KNOWN]})),
            ),
            (
                "secondary",
                unproven(
                    json!({"verified_secondary_email": ["x@y.example", KNOWN.to_uppercase()]}),
                ),
            ),
            (
                "primary as a text",
                unproven(json!({"verified_primary_email": KNOWN})),
            ),
        ],
    )
    .await;
    none_is_proven(
        &scene,
        &[
            ("others", unproven(json!({"verified_primary_email": ["x@y.example"], "verified_secondary_email": []}))),
            ("an object", unproven(json!({"verified_primary_email": {"email": KNOWN}}))),
            ("part of a longer one", unproven(json!({"verified_primary_email": [format!("x{KNOWN}")]}))),
        ],
    )
    .await;
}

#[tokio::test]
async fn personal_account_proves_its_own_address() {
    let scene = Scene::start().await;
    let mailbox = "carla@private.example";
    scene
        .sign_in()
        .add_account(Account::personal(mailbox, "Carla"));
    scene
        .attempt_as(mailbox, mailbox)
        .await
        .assert_let_in(&scene.site, "its own address")
        .await;
    scene
        .attempt_as(KNOWN, mailbox)
        .await
        .assert_must_confirm(&scene.site, "another address")
        .await;
    scene
        .attempt_as(mailbox, KNOWN)
        .await
        .assert_must_confirm(&scene.site, "an organisation's account")
        .await;
}

#[tokio::test]
async fn only_trusted_tenants_prove_addresses() {
    let other = "11111111-2222-4333-8444-555555555555";
    for (trusted, proven) in [
        ("7b0a3f52-1c64-4b0e-9d1a-2f5f0c9b8e21", true),
        (other, false),
    ] {
        let scene = Scene::with(&[("ENTRA_TRUSTED_EMAIL_TENANTS", trusted)]).await;
        assert_eq!(organisation(scene.sign_in()).to_string() == trusted, proven);
        scene
            .sign_in()
            .set_fault(Tamper::claims(json!({"xms_edov": null})));
        if proven {
            scene
                .attempt()
                .await
                .assert_let_in(&scene.site, "trusted")
                .await;
        } else {
            assert_not_proven(&scene, "another is trusted").await;
        }
        scene.sign_in().set_fault(Tamper::claims(
            json!({"xms_edov": null, "email": "mallory@evil.example"}),
        ));
        assert_not_proven(&scene, "another address").await;
    }
}

#[tokio::test]
async fn disallowed_tenants_do_not_get_in() {
    let scene = Scene::with(&[(
        "ENTRA_ALLOWED_TENANTS",
        "11111111-2222-4333-8444-555555555555",
    )])
    .await;
    let attempt = scene.attempt().await;
    attempt.assert_refused(&scene.site, "not listed", 403).await;
    assert_eq!(attempt.page.title(), "This account cannot be used here");
    let again = attempt.page.form("main .actions button.primary").unwrap();
    let prompt = ("prompt".to_owned(), "select_account".to_owned());
    assert!(again.fields.contains(&prompt), "{again:?}");
    let scene = Scene::with(&[(
        "ENTRA_ALLOWED_TENANTS",
        "11111111-2222-4333-8444-555555555555, 7b0a3f52-1c64-4b0e-9d1a-2f5f0c9b8e21",
    )])
    .await;
    scene
        .attempt()
        .await
        .assert_let_in(&scene.site, "listed")
        .await;
}

#[tokio::test]
async fn disallowed_personal_account_has_words_of_its_own() {
    let listed = "11111111-2222-4333-8444-555555555555";
    let scene = Scene::with(&[("ENTRA_ALLOWED_TENANTS", listed)]).await;
    let mailbox = "anna@private.example";
    scene
        .sign_in()
        .add_account(Account::personal(mailbox, "Anna"));
    let attempt = scene.attempt_as(mailbox, mailbox).await;
    attempt.assert_refused(&scene.site, "personal", 403).await;
    assert_eq!(attempt.page.title(), "This account cannot be used here");
    let lead = attempt.page.text("main .lead").unwrap();
    assert!(
        lead.starts_with("Personal Microsoft accounts are not accepted"),
        "{lead}"
    );
}

#[tokio::test]
async fn reopened_link_works_for_the_same_account_only() {
    let scene = Scene::start().await;
    let attempt = scene.attempt().await;
    attempt.assert_let_in(&scene.site, "the first time").await;

    let mut later = scene.site.person();
    let page = later.signs_in(&attempt.link, scene.sign_in(), KNOWN).await;
    let form = later.opens(&page.location().unwrap()).await;
    assert!(form.has("#create-company"), "{}", form.title());

    scene.sign_in().add_account(Account {
        email_claim: Some(KNOWN.to_owned()),
        ..Account::personal("other@private.example", "Anna")
    });
    let mut other = scene.site.person();
    let page = other
        .signs_in(&attempt.link, scene.sign_in(), "other@private.example")
        .await;
    assert_eq!(
        (page.status.as_u16(), page.title().as_str()),
        (403, "This invitation is already in use")
    );
    super::scene::assert_has_no_session("another account", &other);
    super::scene::assert_has_a_restart_button("another account", &page);
    assert_eq!(scene.site.status(&attempt.link).await, "accepted");

    let welcome = later
        .presses(&form, "#create-company", &[])
        .await
        .location()
        .unwrap();
    assert!(later.opens(&welcome).await.title().contains("Anna"));
    let page = other
        .signs_in(&attempt.link, scene.sign_in(), "other@private.example")
        .await;
    assert_eq!(
        (page.status.as_u16(), page.title().as_str()),
        (403, "This invitation is already in use")
    );
    let page = later.signs_in(&attempt.link, scene.sign_in(), KNOWN).await;
    let again = later.opens(&page.location().unwrap()).await;
    assert_eq!(
        again.location().unwrap(),
        super::scene::session_url(&scene.site, &attempt.link, "Welcome")
    );
}
