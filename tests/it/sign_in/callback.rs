//! What may come back from the sign-in service instead of a code, or along with one.

use local::signin::Fault;
use serde_json::json;
use tempfile::tempdir;

use super::scene::{
    Attempt, Instance, Scene, assert_has_a_restart_button, assert_has_a_way_on, parameter, session,
    with_parameters,
};
use support::{KNOWN, people::Acts};

#[tokio::test]
async fn unknown_state_redeems_nothing() {
    let scene = Scene::start().await;
    let (mut person, link, back) = scene.on_the_way_back().await;
    let long = "A".repeat(4000);
    let states = [
        ("another word", Some("nonsense")),
        ("empty", Some("")),
        ("missing", None),
        ("markup", Some("<script>alert(1)</script>")),
        ("a path", Some("../../x")),
        ("a separator of cookies", Some("a; b=c")),
        ("a null character", Some("\u{0}")),
        ("very long", Some(long.as_str())),
    ];
    for (case, state) in states {
        for (outcome, value) in [("code", "1.stolen"), ("error", "access_denied")] {
            let case = format!("{case}, {outcome}");
            let changes = [
                ("code", None),
                ("error", None),
                ("state", state),
                (outcome, Some(value)),
            ];
            let page = person.opens(&with_parameters(&back, &changes)).await;
            assert_eq!(page.status, 400, "{case}");
            assert_has_a_way_on(&case, &page);
            assert!(!page.body.contains("alert(1)"), "{case}: echoed");
        }
    }
    assert_eq!(scene.token_requests(), 0);
    assert_eq!(scene.site.status(&link).await, "pending");
    // Nothing has changed: the attempt of this browser still succeeds.
    let page = person.opens(&back).await;
    Attempt { person, link, page }
        .assert_let_in(&scene.site, "the attempt of this browser")
        .await;
}

/// The invitation is unknown, so no button can lead on: the page says what does.
#[tokio::test]
async fn unknown_browser_and_state_explain_restart() {
    let scene = Scene::with(&[("SUPPORT_URL", "")]).await;
    let (_, _, back) = scene.on_the_way_back().await;
    let mut stranger = scene.site.person();
    for (lang, words) in [
        ("en", "Please open the link in your invitation e-mail"),
        ("de", "öffnen Sie den Link in Ihrer Einladungs-E-Mail"),
    ] {
        stranger.headers = vec![("accept-language", lang.to_owned())];
        let page = stranger
            .opens(&with_parameters(&back, &[("state", Some("unknown"))]))
            .await;
        assert_eq!(page.status, 400);
        assert!(page.text("main").unwrap().contains(words), "{}", page.body);
    }
}

#[tokio::test]
async fn repeated_or_contradictory_parameters_are_400() {
    let scene = Scene::start().await;
    type Changes = &'static [(&'static str, Option<&'static str>)];
    let cases: [(&str, Changes, &str); 9] = [
        ("two states", &[], "state=x"),
        ("two codes", &[], "code=x"),
        ("two issuers", &[("iss", Some("x"))], "iss=x"),
        (
            "two descriptions",
            &[],
            "error_description=a&error_description=b",
        ),
        (
            "two errors",
            &[("code", None)],
            "error=access_denied&error=server_error",
        ),
        ("code and error", &[], "error=access_denied"),
        ("neither", &[("code", None)], ""),
        ("an empty code", &[("code", Some(""))], ""),
        ("code and an empty error", &[], "error="),
    ];
    for (case, changes, more) in cases {
        let (mut person, link, back) = scene.on_the_way_back().await;
        let page = person
            .opens(&format!("{}&{more}", with_parameters(&back, changes)))
            .await;
        Attempt { person, link, page }
            .assert_refused(&scene.site, case, 400)
            .await;
    }
    assert_eq!(scene.token_requests(), 0);
}

#[tokio::test]
async fn unknown_parameters_are_ignored() {
    let scene = Scene::start().await;
    let (mut person, link, back) = scene.on_the_way_back().await;
    let more = "session_state=x&client_info=y&foo=1&foo=2&%00=%ff&invitationId=x&lang=%2F%2Fevil.example&admin_consent=True";
    let page = person.opens(&format!("{back}&{more}")).await;
    Attempt { person, link, page }
        .assert_let_in(&scene.site, "more parameters")
        .await;
}

#[tokio::test]
async fn a_response_of_another_issuer_is_refused() {
    let scene = Scene::start().await;
    let base = scene.sign_in().url().to_owned();
    let own = super::scene::organisation(scene.sign_in());
    for iss in [
        "https://evil.example/",
        "",
        &format!("{base}/common/v2.0"),
        &format!("{base}/{own}/v2.0/"),
        &format!("https://evil.example/{own}/v2.0"),
    ] {
        scene
            .sign_in()
            .set_fault(Fault::callback(json!({ "iss": iss })));
        let attempt = scene.attempt().await;
        attempt
            .assert_refused(&scene.site, &format!("iss={iss}"), 400)
            .await;
    }
    assert_eq!(scene.token_requests(), 0);
    for iss in [
        format!("{base}/{own}/v2.0"),
        format!("{base}/{{tenantid}}/v2.0"),
    ] {
        scene
            .sign_in()
            .set_fault(Fault::callback(json!({ "iss": iss })));
        scene.attempt().await.assert_let_in(&scene.site, &iss).await;
    }
}

#[tokio::test]
async fn response_and_token_tenant_must_match() {
    let scene = Scene::start().await;
    // One of the issuers that the templated metadata speaks for, but not the one of the token.
    let iss = format!(
        "{}/11111111-2222-4333-8444-555555555555/v2.0",
        scene.sign_in().url()
    );
    scene
        .sign_in()
        .set_fault(Fault::callback(json!({ "iss": iss })));
    scene
        .attempt()
        .await
        .assert_refused(&scene.site, &iss, 400)
        .await;
}

#[tokio::test]
async fn response_without_issuer_is_refused() {
    let scene = Scene::start().await;
    scene.sign_in().set_fault(Fault::metadata(
        json!({"authorization_response_iss_parameter_supported": true}),
    ));
    let dir = tempdir().unwrap();
    let instance = Instance::start(&scene.stack, dir.path(), &[]).await;
    instance
        .site
        .attempt(scene.sign_in(), KNOWN, KNOWN)
        .await
        .assert_refused(&instance.site, "no iss", 400)
        .await;
    assert_eq!(scene.token_requests(), 0);
    let iss = format!(
        "{}/{}/v2.0",
        scene.sign_in().url(),
        super::scene::organisation(scene.sign_in())
    );
    scene
        .sign_in()
        .set_fault(Fault::callback(json!({ "iss": iss })));
    instance
        .site
        .attempt(scene.sign_in(), KNOWN, KNOWN)
        .await
        .assert_let_in(&instance.site, "its iss")
        .await;
}

#[tokio::test]
async fn declined_consent_can_be_retried() {
    let scene = Scene::start().await;
    let (mut person, link) = (scene.site.person(), scene.site.invite(KNOWN).await);
    let authorize = person.get_started(&link).await.unwrap();
    let back = scene
        .sign_in()
        .decline_as(person.http(), &authorize, KNOWN)
        .await
        .unwrap();
    let page = person.opens(&back).await;
    let mut attempt = Attempt { person, link, page };
    attempt.assert_refused(&scene.site, "declined", 403).await;
    assert_eq!(attempt.page.title(), "You cancelled or declined");

    let authorize = attempt
        .person
        .presses(&attempt.page, "main .actions button", &[])
        .await
        .location()
        .unwrap();
    let back = attempt
        .person
        .signs_in_at(scene.sign_in(), &authorize, KNOWN)
        .await;
    attempt.page = attempt.person.opens(&back).await;
    attempt
        .assert_let_in(&scene.site, "on second thoughts")
        .await;
}

#[tokio::test]
async fn a_declined_consent_is_recognised_under_any_name() {
    let scene = Scene::start().await;
    for error in [
        "access_denied",
        "consent_required",
        "interaction_required",
        "server_error",
        "unknown_error",
    ] {
        scene.sign_in().set_fault(Fault::authorize(
            error,
            "AADSTS65004: User declined to consent to access the app.",
        ));
        let attempt = scene.straight_back().await;
        attempt.assert_refused(&scene.site, error, 403).await;
        assert_eq!(attempt.page.title(), "You cancelled or declined", "{error}");
        assert_has_a_restart_button(error, &attempt.page);
    }
}

#[tokio::test]
async fn interaction_required_restarts_once() {
    let scene = Scene::start().await;
    for error in [
        "login_required",
        "interaction_required",
        "consent_required",
        "account_selection_required",
    ] {
        scene.sign_in().set_fault(Fault::authorize(
            error,
            "AADSTS50058: A silent sign-in request was sent.",
        ));
        let mut attempt = scene.straight_back().await;
        assert_eq!(
            attempt.page.status,
            303,
            "{error}: «{}»",
            attempt.page.title()
        );
        let again = attempt.page.location().unwrap();
        assert!(again.starts_with(scene.sign_in().url()), "{error}: {again}");
        assert_eq!(
            parameter(&again, "prompt").as_deref(),
            Some("select_account"),
            "{error} is interactive"
        );
        assert_eq!(
            attempt.person.cookies.len(),
            1,
            "{error}: the first attempt is over"
        );
        // The same error again ends it.
        let back = attempt
            .person
            .signs_in_at(scene.sign_in(), &again, KNOWN)
            .await;
        attempt.page = attempt.person.opens(&back).await;
        attempt.assert_refused(&scene.site, error, 400).await;
        assert_has_a_restart_button(error, &attempt.page);
    }
    assert_eq!(scene.token_requests(), 0);

    let mut attempt = scene.straight_back().await;
    scene.sign_in().clear_faults();
    let back = scene
        .sign_in()
        .sign_in_as(
            attempt.person.http(),
            &attempt.page.location().unwrap(),
            KNOWN,
        )
        .await
        .unwrap();
    attempt.page = attempt.person.opens(&back).await;
    attempt
        .assert_let_in(&scene.site, "the second, interactive time")
        .await;
}

#[tokio::test]
async fn server_error_offers_a_retry() {
    let scene = Scene::start().await;
    for error in ["server_error", "temporarily_unavailable"] {
        scene.sign_in().set_fault(Fault::authorize(
            error,
            "AADSTS90033: A transient error has occurred.",
        ));
        let attempt = scene.straight_back().await;
        attempt.assert_refused(&scene.site, error, 503).await;
        assert!(attempt.page.headers.contains_key("retry-after"), "{error}");
        assert_has_a_restart_button(error, &attempt.page);
        assert_eq!(
            attempt.person.cookies.len(),
            0,
            "{error}: the attempt is over"
        );
    }
    for (error, status) in [
        ("invalid_request", 503),
        ("unauthorized_client", 503),
        ("something_new", 400),
        ("", 400),
        ("<b>bold</b>", 400),
    ] {
        scene.sign_in().set_fault(Fault::authorize(
            error,
            "AADSTS9002325: Proof Key for Code Exchange is required.",
        ));
        let attempt = scene.straight_back().await;
        attempt.assert_refused(&scene.site, error, status).await;
        assert_has_a_restart_button(error, &attempt.page);
        assert!(!attempt.page.body.contains("bold"));
    }
    assert_eq!(scene.token_requests(), 0);
}

#[tokio::test]
async fn hostile_error_description_is_not_echoed() {
    let scene = Scene::start().await;
    let hostile = "<script>alert('hostile')</script>\u{202e}\u{0}\r\n{\"level\":\"ERROR\",\"forged\":1} \u{1b}[31m secret@person.example";
    for (error, status) in [
        ("access_denied", 403),
        ("server_error", 503),
        ("invalid_request", 503),
        ("something_new", 400),
        (hostile, 400),
    ] {
        scene.sign_in().set_fault(Fault::authorize(error, hostile));
        scene.sign_in().set_fault(Fault::callback(
            json!({"error_subcode": hostile, "error_uri": hostile, hostile: hostile}),
        ));
        let attempt = scene.straight_back().await;
        attempt.assert_refused(&scene.site, error, status).await;
        let log = scene.log();
        for leaked in [
            "hostile",
            "\u{202e}",
            "\u{1b}",
            "\u{0}",
            "forged",
            "secret@person.example",
        ] {
            assert!(
                !attempt.page.body.contains(leaked),
                "{error}: {leaked:?} is on the page"
            );
            assert!(!log.contains(leaked), "{error}: {leaked:?} is in the log");
        }
    }
}

#[tokio::test]
async fn personal_data_and_secrets_are_not_logged() {
    let scene = Scene::start().await;
    let (mut person, link, back) = scene.on_the_way_back().await;
    let form = person.opens(&back).await.location().unwrap();
    let form = person.opens(&form).await;
    person.presses(&form, "#create-company", &[]).await;
    let log = scene.log();
    assert!(log.contains("invitation.accepted"), "{log}");
    let secrets = [
        ("the link", parameter(&link, "invitationId").unwrap()),
        ("the code", parameter(&back, "code").unwrap()),
        ("the state", parameter(&back, "state").unwrap()),
        ("the address", KNOWN.to_owned()),
        ("the name", "Meier".to_owned()),
        ("the session", session(&person).1),
        ("the client secret", "local-client-secret".to_owned()),
        (
            "the sealing key",
            scene.stack.setting("SESSION_KEYS").unwrap().to_owned(),
        ),
    ];
    for (what, secret) in secrets {
        assert!(!log.contains(&secret), "{what} is in the log");
    }
}
