//! The journey with an independent OpenID provider: a certified implementation checks what our own
//! stand-in takes for granted about OpenID Connect.

use std::process::Stdio;

use local::browser::{Page, ScriptedBrowser};
use serde_json::{Value, json};
use support::{KNOWN, Running, Store, email_to, invite_quietly, people::Acts, start_with};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    process::{Child, Command},
};
use url::Url;

const CLIENT_ID: &str = "2f0f4b0e-7f0c-4a53-9f3f-6d1d7c1e5a10";
/// With what a form has to encode.
const CLIENT_SECRET: &str = "s3cret&+=%/~?#:of-the-client";

/// Each page or redirect of the provider is a step; no way through has more.
const MAX_STEPS: usize = 12;

/// The claims of an account of an organisation.
fn account(email: &str) -> Value {
    json!({
        "tid": "1c3a7d52-6c3f-4c55-8e0e-2a4b7c9d1e30",
        "oid": "8d0f5a3e-1b7c-4c8e-9b39-5f1e6a7d2c44",
        "email": email,
        "preferred_username": "anna@meier.example",
    })
}

/// The claims of the same account, whose organisation proved to own the domain.
fn verified(email: &str) -> Value {
    let mut account = account(email);
    account["xms_edov"] = true.into();
    account
}

/// The app beside the provider. The provider ends with the test.
struct Scene {
    stack: Running,
    issuer: String,
    _provider: Child,
}

/// What the person does where the provider asks for the permission.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Consent {
    Given,
    Declined,
}

impl Scene {
    /// Where `claims` is what the provider knows about the person who signs in as [`KNOWN`].
    async fn with_account(claims: Value) -> Self {
        let mut provider = Command::new("node")
            .arg(support::root().join("tests/tools/provider.mjs"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(provider.stdout.take().unwrap()).lines();
        let issuer = format!(
            "http://127.0.0.1:{}",
            lines.next_line().await.unwrap().unwrap()
        );
        let settings = [
            ("ENTRA_AUTHORITY", issuer.as_str()),
            // It has one tenant, and no staff.
            ("DESK_TENANT", ""),
            ("ENTRA_CLIENT_ID", CLIENT_ID),
            ("ENTRA_CLIENT_SECRET", CLIENT_SECRET),
        ];
        let stack = start_with(Store::Embedded, &settings).await;
        // The provider must know where the app is, and the app where the provider is: so the order
        // comes last.
        let order = json!({
            "client": {"id": CLIENT_ID, "secret": CLIENT_SECRET, "redirect": format!("{}/api/AcceptCallback", stack.url())},
            "accounts": {KNOWN: claims},
        });
        provider
            .stdin
            .as_mut()
            .unwrap()
            .write_all(format!("{order}\n").as_bytes())
            .await
            .unwrap();
        Self {
            stack,
            issuer,
            _provider: provider,
        }
    }

    /// From the link to the address that the provider sends the browser back to.
    async fn way_back(&self, person: &mut ScriptedBrowser, link: &str, consent: Consent) -> Url {
        let mut address = person.get_started(link).await.unwrap();
        // A browser keeps the cookies of the two apart; this one by having two jars.
        let mut browser = ScriptedBrowser::new(&self.issuer, &self.issuer).unwrap();
        for _ in 0..MAX_STEPS {
            assert!(
                !address.starts_with("http") || address.starts_with(&self.issuer),
                "sent to {address}"
            );
            let page = browser.opens(&address).await;
            let answer = if page.status.is_redirection() {
                page
            } else {
                answer(&mut browser, &page, consent).await
            };
            address = answer.location().unwrap();
            if address.starts_with(&self.stack.url()) {
                return address.parse().unwrap();
            }
        }
        panic!("no end after {MAX_STEPS} steps, at {address}");
    }

    /// Up to the answer of the callback.
    async fn sign_in(&self, person: &mut ScriptedBrowser, link: &str) -> Page {
        let back = self.way_back(person, link, Consent::Given).await;
        person.opens(back.as_str()).await
    }

    async fn assert_pending(&self, link: &str) {
        let mut program = self.stack.person().unwrap();
        program
            .headers
            .push(("accept", "application/json".to_owned()));
        let answer: Value = serde_json::from_str(&program.opens(link).await.body).unwrap();
        assert_eq!(answer["status"], "pending");
    }
}

/// Fills in the page of the provider that asks who it is, or the one that asks for the permission.
async fn answer(browser: &mut ScriptedBrowser, page: &Page, consent: Consent) -> Page {
    assert_eq!(page.status, 200, "{}", page.body);
    if page.has("input[name=login]") {
        return browser
            .presses(page, "button", &[("login", KNOWN), ("password", "any")])
            .await;
    }
    assert!(
        page.has("input[name=prompt][value=consent]"),
        "{}",
        page.body
    );
    match consent {
        Consent::Given => browser.presses(page, "button", &[]).await,
        Consent::Declined => {
            browser
                .opens(&page.attribute("a[href$='/abort']", "href").unwrap())
                .await
        }
    }
}

fn parameter(url: &Url, name: &str) -> Option<String> {
    url.query_pairs()
        .find(|(own, _)| own == name)
        .map(|(_, value)| value.into_owned())
}

/// The address without the parameter, or with another value of it.
fn with_parameter(url: &Url, name: &str, value: Option<&str>) -> String {
    let others: Vec<_> = url
        .query_pairs()
        .into_owned()
        .filter(|(own, _)| own != name)
        .collect();
    let mut changed = url.clone();
    changed
        .query_pairs_mut()
        .clear()
        .extend_pairs(others)
        .extend_pairs(value.map(|value| (name, value)));
    changed.into()
}

#[tokio::test]
async fn a_proven_address_leads_to_the_welcome_page() {
    let scene = Scene::with_account(verified(KNOWN)).await;
    let ((link, _), mut anna) = (
        invite_quietly(&scene.stack).await,
        scene.stack.person().unwrap(),
    );
    let callback = scene.sign_in(&mut anna, &link).await;
    let form = anna.opens(&callback.location().unwrap()).await;
    let welcome = anna
        .presses(&form, "#create-company", &[])
        .await
        .location()
        .unwrap();
    let own = format!("{}/api/Welcome?invitation=", scene.stack.url());
    assert!(welcome.starts_with(&own), "{welcome}");
    assert_eq!(anna.opens(&welcome).await.status, 200);
}

#[tokio::test]
async fn unproven_address_is_confirmed_by_a_code() {
    let scene = Scene::with_account(account(KNOWN)).await;
    let ((link, _), mut anna) = (
        invite_quietly(&scene.stack).await,
        scene.stack.person().unwrap(),
    );
    let page = scene.sign_in(&mut anna, &link).await;
    let page = anna.open(&page.location().unwrap()).await.unwrap();
    assert_eq!(page.status, 200, "«{}»", page.title());
    assert_eq!(page.title(), "One more step: confirm your e-mail address");
    let send = page
        .form("form[action*='/api/ConfirmMailbox?'] button")
        .unwrap();
    scene.assert_pending(&link).await;
    let sent_back = anna.opens("/api/CreateCompany").await.location().unwrap();
    assert!(sent_back.contains("/api/ConfirmMailbox?"), "{sent_back}");
    anna.submits(&send).await;
    email_to(&scene.stack, KNOWN).await;
}

#[tokio::test]
async fn an_address_of_somebody_else_proves_nothing() {
    let scene = Scene::with_account(verified("mallory@elsewhere.example")).await;
    let ((link, _), mut mallory) = (
        invite_quietly(&scene.stack).await,
        scene.stack.person().unwrap(),
    );
    let page = scene.sign_in(&mut mallory, &link).await;
    assert!(page.location().unwrap().contains("/api/ConfirmMailbox?"));
    scene.assert_pending(&link).await;
}

#[tokio::test]
async fn declined_consent_can_be_retried() {
    let scene = Scene::with_account(verified(KNOWN)).await;
    let ((link, _), mut anna) = (
        invite_quietly(&scene.stack).await,
        scene.stack.person().unwrap(),
    );
    let back = scene.way_back(&mut anna, &link, Consent::Declined).await;
    assert_eq!(parameter(&back, "error").as_deref(), Some("access_denied"));
    let page = anna.opens(back.as_str()).await;
    assert_eq!(page.status, 403);
    assert!(
        page.form("main .actions button")
            .is_ok_and(|form| form.action.ends_with("/api/InviteUser")),
        "«{}»",
        page.title()
    );
    scene.assert_pending(&link).await;
    assert!(
        scene
            .sign_in(&mut anna, &link)
            .await
            .location()
            .unwrap()
            .contains("/api/CreateCompany?")
    );
}

#[tokio::test]
async fn response_without_promised_issuer_is_refused() {
    let scene = Scene::with_account(verified(KNOWN)).await;
    let metadata = reqwest::get(format!("{}/.well-known/openid-configuration", scene.issuer))
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    let metadata: Value = serde_json::from_str(&metadata).unwrap();
    assert_eq!(
        metadata["authorization_response_iss_parameter_supported"],
        true
    );
    for iss in [None, Some("https://evil.example"), Some("")] {
        let ((link, _), mut anna) = (
            invite_quietly(&scene.stack).await,
            scene.stack.person().unwrap(),
        );
        let back = scene.way_back(&mut anna, &link, Consent::Given).await;
        assert_eq!(parameter(&back, "iss"), Some(scene.issuer.clone()));
        let page = anna.opens(&with_parameter(&back, "iss", iss)).await;
        assert_eq!(page.status, 400, "{iss:?}: «{}»", page.title());
        scene.assert_pending(&link).await;
        assert_eq!(
            anna.opens(back.as_str()).await.status,
            400,
            "{iss:?}: the attempt is over"
        );
    }
}

#[tokio::test]
async fn a_code_is_of_no_use_to_another_attempt() {
    let scene = Scene::with_account(verified(KNOWN)).await;
    let ((link, _), mut anna) = (
        invite_quietly(&scene.stack).await,
        scene.stack.person().unwrap(),
    );
    let first = scene.way_back(&mut anna, &link, Consent::Given).await;
    let second = scene.way_back(&mut anna, &link, Consent::Given).await;
    // The code of one attempt under the state of the other: the provider compares the verifier with
    // its challenge.
    let code = parameter(&first, "code").unwrap();
    let page = anna
        .opens(&with_parameter(&second, "code", Some(&code)))
        .await;
    assert_eq!(page.status, 400, "«{}»", page.title());
    scene.assert_pending(&link).await;
}
