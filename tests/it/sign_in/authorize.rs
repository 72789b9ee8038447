//! Where the button sends people, and with what.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use local::signin::Tamper;
use serde_json::json;
use url::Url;

use super::scene::{Scene, parameter};
use support::{KNOWN, people::Acts};

#[tokio::test]
async fn the_request_asks_for_a_code_bound_to_this_attempt() {
    let scene = Scene::start().await;
    let link = scene.site.invite(KNOWN).await;
    let first = scene.site.person().get_started(&link).await.unwrap();
    let second = scene.site.person().get_started(&link).await.unwrap();

    assert!(
        first.starts_with(&format!(
            "{}/common/oauth2/v2.0/authorize?",
            scene.sign_in().url()
        )),
        "{first}"
    );
    let one = |name| parameter(&first, name).unwrap_or_else(|| panic!("no {name} in {first}"));
    assert_eq!(one("response_type"), "code");
    assert_eq!(one("response_mode"), "query");
    assert_eq!(
        one("client_id"),
        scene.stack.setting("ENTRA_CLIENT_ID").unwrap()
    );
    assert_eq!(
        one("redirect_uri"),
        format!("{}/api/AcceptCallback", scene.site.public)
    );
    assert_eq!(one("code_challenge_method"), "S256");
    assert_eq!(
        URL_SAFE_NO_PAD.decode(one("code_challenge")).unwrap().len(),
        32
    );
    assert_eq!(one("login_hint"), KNOWN);
    assert_eq!(one("ui_locales"), "en");
    let mut scopes: Vec<_> = one("scope").split(' ').map(str::to_owned).collect();
    scopes.sort();
    assert_eq!(scopes, ["email", "openid", "profile"]);
    for name in ["prompt", "client_secret", "code_verifier"] {
        assert_eq!(parameter(&first, name), None, "{name}");
    }
    for name in ["state", "nonce", "code_challenge"] {
        assert!(one(name).len() >= 22, "{name} can be guessed");
        assert_ne!(
            parameter(&first, name),
            parameter(&second, name),
            "{name} is the same in two attempts"
        );
    }
    let guid = parameter(&link, "invitationId").unwrap();
    assert!(
        !first.contains(&guid),
        "the link is in the address: {first}"
    );
}

#[tokio::test]
async fn sign_up_button_follows_the_setting() {
    let scene = Scene::start().await;
    let (mut person, link) = (scene.site.person(), scene.site.invite(KNOWN).await);
    let page = person.opens(&link).await;
    let authorize = person
        .presses(&page, "#sign-up", &[])
        .await
        .location()
        .unwrap();
    assert_eq!(parameter(&authorize, "prompt").as_deref(), Some("create"));
    assert_eq!(parameter(&authorize, "login_hint").as_deref(), Some(KNOWN));
}

#[tokio::test]
async fn without_the_setting_nobody_can_ask_for_it() {
    let scene = Scene::with(&[("ENTRA_SIGN_UP_PROMPT", "")]).await;
    let (mut person, link) = (scene.site.person(), scene.site.invite(KNOWN).await);
    let page = person.opens(&link).await;
    assert!(!page.has("#sign-up"));
    for prompt in ["create", "none", "login", "consent", "<b>"] {
        let authorize = person
            .presses(&page, "#get-started", &[("prompt", prompt)])
            .await
            .location()
            .unwrap();
        assert_eq!(parameter(&authorize, "prompt"), None, "{prompt}");
    }
}

#[tokio::test]
async fn another_account_is_chosen_without_hint() {
    let scene = Scene::start().await;
    scene
        .sign_in()
        .set_fault(Tamper::claims(json!({"email": "mallory@evil.example"})));
    let mut attempt = scene.attempt().await;
    attempt
        .assert_must_confirm(&scene.site, "another mailbox")
        .await;
    let authorize = attempt
        .person
        .presses(&attempt.page, "main .actions button.quiet", &[])
        .await
        .location()
        .unwrap();
    assert_eq!(
        parameter(&authorize, "prompt").as_deref(),
        Some("select_account")
    );
    assert_eq!(parameter(&authorize, "login_hint"), None);
    assert!(!authorize.contains("anna.meier"), "{authorize}");
}

#[tokio::test]
async fn host_headers_change_no_built_url() {
    let scene = Scene::start().await;
    let link = scene.site.invite(KNOWN).await;
    let callback = format!("{}/api/AcceptCallback", scene.site.public);
    let hostile = [
        "//evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
    ];
    let spoofed: [(&str, &str); 8] = [
        ("host", "evil.example"),
        ("x-forwarded-host", "evil.example"),
        ("x-forwarded-proto", "javascript"),
        ("x-forwarded-prefix", "//evil.example"),
        ("forwarded", "host=evil.example;proto=https"),
        ("x-original-url", "//evil.example/"),
        ("x-original-host", "evil.example"),
        ("x-host", "evil.example"),
    ];
    // Past the host as well, which overwrites some of these headers.
    for base in [scene.site.base.clone(), scene.stack.host.handler_url()] {
        for (header, value) in spoofed {
            let case = format!("{header}: {value} at {base}");
            let mut person = scene.site.person().at(&base).unwrap();
            person.headers.push((header, value.to_owned()));
            let page = person.opens(&link).await;
            assert_eq!(page.status, 200, "{case}");
            assert!(!page.body.contains("evil.example"), "{case}: on the page");
            let authorize = person
                .presses(&page, "#get-started", &[])
                .await
                .location()
                .unwrap();
            assert_eq!(
                parameter(&authorize, "redirect_uri").as_deref(),
                Some(callback.as_str()),
                "{case}"
            );
            assert!(!authorize.contains("evil.example"), "{case}: {authorize}");
            let back = person.signs_in_at(scene.sign_in(), &authorize, KNOWN).await;
            let page = person.opens(&back).await;
            assert_eq!(
                page.location().unwrap().split('=').next().unwrap(),
                format!("{}/api/CreateCompany?invitation", scene.site.public),
                "{case}"
            );
        }
    }
    for name in [
        "returnUrl",
        "return_to",
        "redirect",
        "redirect_uri",
        "next",
        "url",
        "RelayState",
        "post_login_redirect_uri",
        "lang",
    ] {
        for value in hostile {
            let case = format!("{name}={value}");
            let mut address = Url::parse(&link).unwrap();
            address.query_pairs_mut().append_pair(name, value);
            let mut person = scene.site.person();
            let page = person.opens(address.as_str()).await;
            assert!(
                !page.body.contains("evil.example") && !page.body.contains("javascript:"),
                "{case}: on the page"
            );
            let authorize = person
                .presses(&page, "#get-started", &[(name, value)])
                .await
                .location()
                .unwrap();
            assert!(
                authorize.starts_with(scene.sign_in().url()),
                "{case}: {authorize}"
            );
            assert_eq!(
                parameter(&authorize, "redirect_uri").as_deref(),
                Some(callback.as_str()),
                "{case}"
            );
        }
    }
    for value in hostile {
        let (mut person, _, back) = scene.on_the_way_back().await;
        let mut back = Url::parse(&back).unwrap();
        for name in ["returnUrl", "next", "redirect_uri", "session_state"] {
            back.query_pairs_mut().append_pair(name, value);
        }
        let page = person.opens(back.as_str()).await;
        assert_eq!(
            page.location().unwrap().split('=').next().unwrap(),
            format!("{}/api/CreateCompany?invitation", scene.site.public),
            "{value}"
        );
    }
}
