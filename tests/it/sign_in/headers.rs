//! The headers of every page: what a browser may do with it.

use base64::{Engine, engine::general_purpose::STANDARD};
use local::{
    browser::Page,
    signin::{Fault, Tamper},
};
use scraper::{Html, Selector};
use serde_json::json;
use sha2::{Digest, Sha256};
use time::{Duration, OffsetDateTime, format_description::well_known::Rfc3339};

use super::scene::Scene;
use support::{KNOWN, people::Acts};

const EXACTLY: [(&str, &str); 9] = [
    ("x-robots-tag", "noindex"),
    ("content-type", "text/html; charset=utf-8"),
    ("cache-control", "no-store"),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("strict-transport-security", "max-age=31536000"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    (
        "permissions-policy",
        "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), publickey-credentials-get=(), usb=()",
    ),
];

/// Whether a form of the page starts the sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Leads {
    ToSignIn,
    ToUs,
}

fn assert_page(case: &str, page: &Page, status: u16, leads: Leads) {
    assert_eq!(page.status, status, "{case}: «{}»", page.title());
    for (name, value) in EXACTLY {
        let values: Vec<_> = page.headers.get_all(name).iter().collect();
        assert_eq!(values, [value], "{case}: {name}");
    }
    assert!(
        !page.headers.contains_key("access-control-allow-origin"),
        "{case}"
    );
    assert!(
        // The host names its own server; the handler names none.
        page.headers
            .get("server")
            .is_none_or(|server| server == "Kestrel")
            && !page.headers.contains_key("x-powered-by"),
        "{case}"
    );

    let policies: Vec<_> = page
        .headers
        .get_all("content-security-policy")
        .iter()
        .collect();
    assert_eq!(policies.len(), 1, "{case}: {policies:?}");
    let policy: Vec<Vec<&str>> = policies[0]
        .to_str()
        .unwrap()
        .split(';')
        .map(|directive| directive.split_whitespace().collect())
        .collect();
    let of = |name: &str| {
        policy
            .iter()
            .find(|directive| directive[0] == name)
            .map(|directive| directive[1..].to_vec())
    };
    assert_eq!(of("default-src"), Some(vec!["'none'"]), "{case}");
    assert_eq!(of("base-uri"), Some(vec!["'none'"]), "{case}");
    assert_eq!(of("img-src"), Some(vec!["data:"]), "{case}");
    assert_eq!(of("frame-ancestors"), Some(vec!["'none'"]), "{case}");
    assert_eq!(
        of("form-action"),
        (leads == Leads::ToUs).then(|| vec!["'self'"]),
        "{case}"
    );
    let mut names: Vec<_> = policy.iter().map(|directive| directive[0]).collect();
    names.sort_unstable();
    let mut expected = vec![
        "base-uri",
        "default-src",
        "frame-ancestors",
        "img-src",
        "script-src",
        "style-src",
    ];
    expected.extend((leads == Leads::ToUs).then_some("form-action"));
    expected.sort_unstable();
    assert_eq!(names, expected, "{case}");

    assert_inline(
        case,
        page,
        &of("style-src").unwrap(),
        &of("script-src").unwrap(),
    );
}

/// The policy allows what is in the page, and nothing else could.
fn assert_inline(case: &str, page: &Page, styles: &[&str], scripts: &[&str]) {
    let document = Html::parse_document(&page.body);
    let texts = |selector: &str| -> Vec<String> {
        let selector = Selector::parse(selector).unwrap();
        document
            .select(&selector)
            .map(|element| element.text().collect())
            .collect()
    };
    let (inline_styles, inline_scripts) = (texts("style"), texts("script:not([type])"));
    assert_eq!(inline_styles.len(), 1, "{case}");
    assert_eq!(styles, [hash(&inline_styles[0])], "{case}: the style");
    assert!(inline_scripts.len() <= 2, "{case}");
    for script in &inline_scripts {
        assert!(
            scripts.contains(&hash(script).as_str()),
            "{case}: the script"
        );
    }
    assert!(
        scripts
            .iter()
            .chain(styles)
            .all(|source| source.starts_with("'sha256-")),
        "{case}: {scripts:?} {styles:?}"
    );
    for refused in [
        "[style]",
        "[onclick]",
        "[onload]",
        "[onerror]",
        "script[src]",
        "link[rel=stylesheet]",
        "iframe",
        "img[src]",
        "base",
        "object",
    ] {
        assert!(texts(refused).is_empty(), "{case}: {refused}");
    }
    let data = Selector::parse("script[type]").unwrap();
    assert!(
        document
            .select(&data)
            .all(|script| script.attr("type") == Some("application/json")),
        "{case}"
    );
}

fn hash(source: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(source)))
}

#[expect(
    clippy::disallowed_methods,
    reason = "the handler's clock is that of the machine"
)]
fn in_a_moment() -> String {
    (OffsetDateTime::now_utc() + Duration::seconds(1))
        .format(&Rfc3339)
        .unwrap()
}

#[tokio::test]
async fn pages_before_sign_in_have_exact_headers() {
    let scene = Scene::start().await;
    let (mut person, link) = (scene.site.person(), scene.site.invite(KNOWN).await);
    let late = scene
        .site
        .invite_with(KNOWN, &json!({ "expiresAt": in_a_moment() }))
        .await;
    let invite = person.opens(&link).await;
    assert_page("the invitation", &invite, 200, Leads::ToSignIn);
    for lang in ["en", "zh-Hant", "xx"] {
        let page = person.opens(&format!("{link}&lang={lang}")).await;
        assert_page(
            &format!("the invitation in {lang}"),
            &page,
            200,
            Leads::ToSignIn,
        );
    }
    assert_page(
        "a malformed link",
        &person.opens("/api/InviteUser").await,
        400,
        Leads::ToUs,
    );
    let unknown = "/api/InviteUser?invitationId=0b7c1d2e-0000-4000-8000-00000000beef";
    assert_page(
        "an unknown invitation",
        &person.opens(unknown).await,
        404,
        Leads::ToUs,
    );
    assert_page(
        "a form without a token",
        &person
            .presses(&invite, "#get-started", &[("token", "")])
            .await,
        403,
        Leads::ToUs,
    );
    assert_page(
        "a callback without anything",
        &person.opens("/api/AcceptCallback").await,
        400,
        Leads::ToUs,
    );
    assert_page(
        "no session",
        &person.opens("/api/CreateCompany").await,
        401,
        Leads::ToUs,
    );
    assert_page(
        "no session for the welcome",
        &person.opens("/api/Welcome").await,
        401,
        Leads::ToUs,
    );
    tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
    let expired = person.opens(&late).await;
    assert_page("an expired invitation", &expired, 410, Leads::ToUs);
    let asked = person.presses(&expired, "main .actions button", &[]).await;
    assert_eq!(asked.status, 303, "it can be reloaded without asking again");
    let asked = person.opens(&asked.location().unwrap()).await;
    assert_page("asked for a new one", &asked, 200, Leads::ToUs);
    let mut at_the_handler = person.at(&scene.stack.host.handler_url()).unwrap();
    assert_page(
        "no such page",
        &at_the_handler.opens("/api/Nothing").await,
        404,
        Leads::ToUs,
    );
    let put = at_the_handler
        .asks(reqwest::Method::PUT, "/api/Welcome", None)
        .await;
    assert_page("no such method", &put, 405, Leads::ToUs);
    assert_eq!(put.headers["allow"], "GET,HEAD");
}

#[tokio::test]
async fn failed_sign_in_pages_have_exact_headers() {
    let scene = Scene::start().await;
    let (mut person, _, back) = scene.on_the_way_back().await;
    person.cookies.clear();
    assert_page(
        "start again",
        &person.opens(&back).await,
        400,
        Leads::ToSignIn,
    );

    scene
        .sign_in()
        .set_fault(Tamper::claims(json!({"email": "mallory@evil.example"})));
    let mut attempt = scene.attempt().await;
    attempt
        .assert_must_confirm(&scene.site, "another account")
        .await;
    assert_page("another account", &attempt.page, 200, Leads::ToSignIn);
    scene
        .sign_in()
        .set_fault(Tamper::claims(json!({"aud": "x"})));
    assert_page(
        "a token that does not hold",
        &scene.attempt().await.page,
        400,
        Leads::ToSignIn,
    );
    for (error, status) in [
        ("access_denied", 403),
        ("server_error", 503),
        ("invalid_request", 503),
        ("unknown", 400),
    ] {
        scene.sign_in().set_fault(Fault::authorize(error, "x"));
        assert_page(
            error,
            &scene.straight_back().await.page,
            status,
            Leads::ToSignIn,
        );
    }
}

#[tokio::test]
async fn pages_after_sign_in_have_exact_headers() {
    let scene = Scene::start().await;
    let mut attempt = scene.attempt().await;
    let form = attempt.person.opens("/api/CreateCompany").await;
    assert_page("the company", &form, 200, Leads::ToUs);
    assert!(
        form.has("script:not([type])"),
        "its script is compared with the policy"
    );
    let wrong = attempt
        .person
        .presses(&form, "#create-company", &[("postalCode", "x")])
        .await;
    assert_page("a wrong postal code", &wrong, 422, Leads::ToUs);
    let refused = attempt
        .person
        .presses(&form, "#create-company", &[("token", "x")])
        .await;
    assert_page("a form of another session", &refused, 403, Leads::ToUs);
    assert_page(
        "accepted",
        &scene.site.person().opens(&attempt.link).await,
        200,
        Leads::ToSignIn,
    );
    attempt
        .person
        .presses(&form, "#create-company", &[])
        .await
        .location()
        .unwrap();
    assert_page(
        "welcome",
        &attempt.person.opens("/api/Welcome").await,
        200,
        Leads::ToUs,
    );
    assert_page(
        "completed",
        &scene.site.person().opens(&attempt.link).await,
        200,
        Leads::ToSignIn,
    );
}

#[tokio::test]
async fn redirects_are_not_stored_either() {
    let scene = Scene::start().await;
    let (mut person, link) = (scene.site.person(), scene.site.invite(KNOWN).await);
    let page = person.opens(&link).await;
    let start = person.presses(&page, "#get-started", &[]).await;
    let back = scene
        .sign_in()
        .sign_in_as(person.http(), &start.location().unwrap(), KNOWN)
        .await
        .unwrap();
    for (case, page) in [("start", start), ("callback", person.opens(&back).await)] {
        assert_eq!(
            (
                page.status.as_u16(),
                page.headers["cache-control"].to_str().unwrap()
            ),
            (303, "no-store"),
            "{case}"
        );
        assert_eq!(page.body, "", "{case}");
    }
}
