//! From the text for the IT department to the approval, and what an administrator's answer is
//! worth.

use local::{
    browser::{Page, ScriptedBrowser},
    signin::{Account, Block},
};
use reqwest::Method;
use serde_json::Value;
use uuid::Uuid;

use crate::sign_in::scene::{Attempt, Instance, Scene, parameter, with_parameters};
use support::{api, dead_port, email_to, people::Acts};

const ASKED: &str = "Approve signing in to My rConnect";
const APPROVED: &str = "Thank you for the approval";
const NOT_APPROVED: &str = "The app is not approved";
const CLOSED: &str = "There is nothing to approve any more";
const UNMATCHED: &str = "We cannot match this answer";
const MAILBOX: &str = "lena.vogt@vogt-werke.example";

/// An organisation that blocks, one of its people, and its administrator.
struct Blocked {
    scene: Scene,
    attempt: Attempt,
    id: String,
    admin: Account,
}

impl Blocked {
    async fn start() -> Self {
        let scene = Scene::start().await;
        let admin = organisation(&scene);
        let attempt = scene.attempt_as(MAILBOX, MAILBOX).await;
        attempt.assert_refused(&scene.site, "blocked", 403).await;
        let answer = api::send(api::request(&scene.stack, Method::GET, "/api/Invitations")).await;
        let id = answer.json()["items"][0]["id"].as_str().unwrap().to_owned();
        Self {
            scene,
            attempt,
            id,
            admin,
        }
    }

    /// The address in the text for the IT department.
    fn pass(&self) -> String {
        let text = self.attempt.page.text("#pass").unwrap();
        let address = text
            .split_whitespace()
            .find(|word| word.starts_with("http") && word.contains("pass="));
        address.unwrap().to_owned()
    }

    /// Up to Microsoft: where the browser is sent.
    async fn on_the_way(&self, admin: &mut ScriptedBrowser) -> String {
        let page = admin.opens(&self.pass()).await;
        assert_eq!((page.status.as_u16(), page.title().as_str()), (200, ASKED));
        let sent = admin.presses(&page, "#to-microsoft", &[]).await;
        assert_eq!(sent.status, 303, "{}", sent.title());
        sent.location().unwrap()
    }

    /// Presses a button of the stand-in's page; returns where the browser is sent back.
    async fn at_microsoft(&self, admin: &ScriptedBrowser, address: &str, action: &str) -> String {
        let fields = [
            ("action", action.to_owned()),
            ("admin", self.admin.oid.to_string()),
        ];
        let answer = admin
            .http()
            .post(address)
            .form(&fields)
            .send()
            .await
            .unwrap();
        answer.headers()["location"].to_str().unwrap().to_owned()
    }

    async fn timeline(&self) -> Vec<Value> {
        let shown = api::get(&self.scene.stack, &self.id).await.json();
        shown["timeline"].as_array().unwrap().clone()
    }

    async fn approvals(&self) -> Vec<Value> {
        let mut timeline = self.timeline().await;
        timeline.retain(|entry| entry["type"] == "invitation.approved");
        timeline
    }
}

/// With the account of [`MAILBOX`]; answers with that of the administrator.
fn organisation(scene: &Scene) -> Account {
    let tid = Uuid::new_v4();
    let account = |email, name| Account {
        xms_edov: Some(true),
        ..Account::organisation(email, name, tid)
    };
    scene.sign_in().add_account(Account {
        block: Some(Block::Approval),
        ..account(MAILBOX, "Lena Vogt")
    });
    let admin = Account {
        is_admin: true,
        ..account("it@vogt-werke.example", "IT")
    };
    scene.sign_in().add_account(admin.clone());
    admin
}

/// Follows the redirect after an answer.
async fn lands(admin: &mut ScriptedBrowser, answer: &Page) -> Page {
    assert_eq!(answer.status, 303, "{}", answer.title());
    admin.opens(&answer.location().unwrap()).await
}

#[tokio::test]
async fn an_approval_lets_the_recipient_in() {
    let mut blocked = Blocked::start().await;
    let pass = blocked.pass();
    let mut admin = blocked.scene.site.person();
    let authorize = blocked.on_the_way(&mut admin).await;
    let organizations = format!(
        "{}/organizations/v2.0/adminconsent?",
        blocked.scene.sign_in().url()
    );
    assert!(authorize.starts_with(&organizations), "{authorize}");
    assert_eq!(
        parameter(&authorize, "scope").as_deref(),
        Some("openid profile email")
    );
    let back = blocked.at_microsoft(&admin, &authorize, "accept").await;
    let answer = admin.opens(&back).await;
    let page = lands(&mut admin, &answer).await;
    assert_eq!(
        (page.status.as_u16(), page.title().as_str()),
        (200, APPROVED)
    );
    assert!(admin.cookies.is_empty(), "{:?}", admin.cookies);
    let approvals = blocked.approvals().await;
    assert_eq!(approvals.len(), 1);
    assert_eq!(approvals[0]["tenant"], blocked.admin.tid.to_string());

    let mail = email_to(&blocked.scene.stack, MAILBOX).await;
    assert_eq!(mail.subject, "You can now sign in to My rConnect");
    assert!(mail.text.contains(&blocked.attempt.link), "{}", mail.text);
    let service = blocked.scene.sign_in();
    let Attempt { person, link, page } = &mut blocked.attempt;
    *page = person.signs_in(link, service, MAILBOX).await;
    blocked
        .attempt
        .assert_let_in(&blocked.scene.site, "after the approval")
        .await;
    let page = admin.opens(&pass).await;
    assert_eq!((page.status.as_u16(), page.title().as_str()), (410, CLOSED));
}

#[tokio::test]
async fn the_page_for_administrators_names_no_person() {
    let blocked = Blocked::start().await;
    let mut admin = blocked.scene.site.person();
    let page = admin.opens(&blocked.pass()).await;
    let text = page.text("main").unwrap();
    let client_id = blocked.scene.stack.setting("ENTRA_CLIENT_ID").unwrap();
    for named in [
        "My rConnect",
        "GFMS",
        "openid profile email",
        client_id,
        &blocked.scene.site.public,
    ] {
        assert!(text.contains(named), "{named}: {text}");
    }
    let guid = parameter(&blocked.attempt.link, "invitationId").unwrap();
    for hidden in [
        "Lena",
        "Anna",
        "Meier",
        "Thomas",
        "vogt-werke",
        &guid,
        &blocked.id,
    ] {
        assert!(!page.body.contains(hidden), "{hidden} is on the page");
    }
    assert!(admin.cookies.is_empty());
    assert_eq!(blocked.timeline().await.len(), 1, "opening writes nothing");
}

#[tokio::test]
async fn only_our_form_leads_to_microsoft() {
    let blocked = Blocked::start().await;
    let mut admin = blocked.scene.site.person();
    let page = admin.opens(&blocked.pass()).await;
    let forged = admin
        .presses(&page, "#to-microsoft", &[("token", "x")])
        .await;
    assert_eq!(forged.status, 403);
    let mut elsewhere = admin.clone();
    elsewhere.headers = vec![
        ("sec-fetch-site", "same-origin".to_owned()),
        ("origin", "https://app.azurewebsites.net".to_owned()),
    ];
    let other_name = elsewhere.presses(&page, "#to-microsoft", &[]).await;
    assert_eq!(other_name.status, 403);
    for refused in [forged, other_name] {
        let again = refused.attribute("main a.primary", "href").unwrap();
        assert!(again.starts_with(&blocked.scene.site.public), "{again}");
        assert_eq!(admin.opens(&again).await.title(), ASKED, "with its pass");
    }
    admin.headers = vec![("sec-fetch-site", "cross-site".to_owned())];
    assert_eq!(admin.presses(&page, "#to-microsoft", &[]).await.status, 403);
    assert!(admin.cookies.is_empty());
}

#[tokio::test]
async fn a_forged_answer_is_not_believed() {
    let blocked = Blocked::start().await;
    let mut admin = blocked.scene.site.person();
    let authorize = blocked.on_the_way(&mut admin).await;
    let state = parameter(&authorize, "state").unwrap();
    let base = format!("{}/api/AppConsent", blocked.scene.site.public);
    let tenant = Uuid::new_v4();
    let answer = format!("{base}?admin_consent=True&tenant={tenant}&state=");
    let mut stranger = blocked.scene.site.person();
    for forged in [
        answer.clone() + &state,
        answer.clone() + "x",
        answer.clone(),
        format!("{base}?admin_consent=True"),
        format!("{base}?error=access_denied"),
    ] {
        let page = stranger.opens(&forged).await;
        assert_eq!(
            (page.status.as_u16(), page.title().as_str()),
            (400, UNMATCHED),
            "{forged}"
        );
    }
    let twice = format!("{answer}{state}&tenant={tenant}");
    assert_eq!(admin.opens(&twice).await.status, 400);
    for result in ["approved", "<script>"] {
        admin
            .opens(&with_parameters(&base, &[("result", Some(result))]))
            .await;
    }
    assert!(blocked.approvals().await.is_empty());
    assert!(blocked.scene.stack.mailbox.mails_to(MAILBOX).is_empty());
}

#[tokio::test]
async fn an_answer_counts_once_and_once_a_day() {
    let blocked = Blocked::start().await;
    let mut admin = blocked.scene.site.person();
    let authorize = blocked.on_the_way(&mut admin).await;
    let back = blocked.at_microsoft(&admin, &authorize, "accept").await;
    let mut again = admin.clone();
    admin.opens(&back).await;
    // With the cookie that the first answer has removed.
    let replayed = again.opens(&back).await;
    assert_eq!(
        (replayed.status.as_u16(), replayed.title().as_str()),
        (400, UNMATCHED)
    );
    // Anyone with the pass can make an answer up, and gains nothing.
    for _ in 0..3 {
        let authorize = blocked.on_the_way(&mut admin).await;
        let state = parameter(&authorize, "state").unwrap();
        let forged = format!("/api/AppConsent?admin_consent=True&tenant=x&state={state}");
        let answer = admin.opens(&forged).await;
        assert_eq!(lands(&mut admin, &answer).await.title(), APPROVED);
    }
    assert_eq!(blocked.approvals().await.len(), 1);
    email_to(&blocked.scene.stack, MAILBOX).await;
    api::settled(&blocked.scene.stack, &blocked.id).await;
    assert_eq!(blocked.scene.stack.mailbox.mails_to(MAILBOX).len(), 1);
}

/// The handler is killed after it recorded the approval, and the host repeats the request.
#[tokio::test]
async fn repeated_answer_is_still_an_approval() {
    let blocked = Blocked::start().await;
    let mut admin = blocked.scene.site.person();
    let authorize = blocked.on_the_way(&mut admin).await;
    let back = blocked.at_microsoft(&admin, &authorize, "accept").await;
    blocked.scene.stack.host.drop_next_response();
    let answer = admin.opens(&back).await;
    assert_eq!(lands(&mut admin, &answer).await.title(), APPROVED);
    assert_eq!(blocked.approvals().await.len(), 1);
}

/// The same answer is sent again once the table is back.
#[tokio::test]
async fn outage_loses_no_approval() {
    let blocked = Blocked::start().await;
    let dead = format!(
        "DefaultEndpointsProtocol=http;AccountName=x;AccountKey=eA==;TableEndpoint=http://127.0.0.1:{}/x;",
        dead_port()
    );
    let down = [("INVITATION_STORAGE", dead.as_str())];
    let down = blocked.scene.stack.another_instance(&down).await.unwrap();
    let mut admin = blocked.scene.site.person();
    let path = |address: &str| address[address.find("/api/").unwrap()..].to_owned();
    let mut elsewhere = admin.at(down.url()).unwrap();
    let asked = elsewhere.opens(&path(&blocked.pass())).await;
    assert_eq!(asked.status, 503);
    let again = asked.attribute("main a.primary", "href").unwrap();
    assert_eq!(admin.opens(&again).await.title(), ASKED, "{again}");

    let authorize = blocked.on_the_way(&mut admin).await;
    let back = blocked.at_microsoft(&admin, &authorize, "accept").await;
    let mut elsewhere = admin.at(down.url()).unwrap();
    let failed = elsewhere.opens(&path(&back)).await;
    assert_eq!(failed.status, 503, "{}", failed.title());
    admin.cookies = elsewhere.cookies;
    let answer = admin.opens(&back).await;
    assert_eq!(lands(&mut admin, &answer).await.title(), APPROVED);
    assert_eq!(blocked.approvals().await.len(), 1);
}

#[tokio::test]
async fn a_refused_approval_changes_nothing() {
    let blocked = Blocked::start().await;
    let mut admin = blocked.scene.site.person();
    let authorize = blocked.on_the_way(&mut admin).await;
    // Microsoft sends `admin_consent=True` along with the error.
    let back = blocked.at_microsoft(&admin, &authorize, "cancel").await;
    assert_eq!(parameter(&back, "admin_consent").as_deref(), Some("True"));
    let answer = admin.opens(&back).await;
    let page = lands(&mut admin, &answer).await;
    assert_eq!(
        (page.status.as_u16(), page.title().as_str()),
        (200, NOT_APPROVED)
    );
    let again = page.attribute("main .primary", "href").unwrap();
    assert_eq!(admin.opens(&again).await.title(), ASKED);
    assert!(blocked.approvals().await.is_empty());
    assert!(!blocked.scene.has_logged_an_error());
}

#[tokio::test]
async fn the_pass_survives_mail_programs_and_resending() {
    let blocked = Blocked::start().await;
    let pass = blocked.pass();
    let resend = format!("/api/Invitations/{}/resend", blocked.id);
    let resent = api::send(api::request(&blocked.scene.stack, Method::POST, &resend)).await;
    assert_eq!(resent.status, 200, "{}", resent.body);
    let mut admin = blocked.scene.site.person();
    let (start, end) = pass.split_at(pass.len() - 40);
    for damaged in [
        pass.clone(),
        format!("{pass}."),
        format!("{pass}%3E"),
        format!("{pass})%20"),
        format!("{start}%0D%0A{end}"),
        format!("{start}=%0D%0A{end}"),
        pass.replace("pass=", "pass=3D"),
        pass.replace("pass=", "pass==3D"),
        pass.replace("pass=", "pass=3D") + "=",
    ] {
        let page = admin.opens(&damaged).await;
        assert_eq!(
            (page.status.as_u16(), page.title().as_str()),
            (200, ASKED),
            "{damaged}"
        );
    }
    for lost in [start.to_owned(), with_parameters(&pass, &[("pass", None)])] {
        let page = admin.opens(&lost).await;
        assert_eq!(
            (page.status.as_u16(), page.title().as_str()),
            (410, CLOSED),
            "{lost}"
        );
    }
}

#[tokio::test]
async fn a_pass_without_its_key_is_closed() {
    let blocked = Blocked::start().await;
    let dir = tempfile::tempdir().unwrap();
    let other = base64_of([7; 64]);
    let instance = Instance::start(
        &blocked.scene.stack,
        dir.path(),
        &[("SESSION_KEYS", other.as_str())],
    )
    .await;
    let page = instance.site.person().opens(&blocked.pass()).await;
    assert_eq!((page.status.as_u16(), page.title().as_str()), (410, CLOSED));
}

fn base64_of(bytes: [u8; 64]) -> String {
    use base64::{Engine, engine::general_purpose::STANDARD};
    STANDARD.encode(bytes)
}

#[tokio::test]
async fn personal_accounts_have_no_administrator() {
    let blocked = Blocked::start().await;
    let dir = tempfile::tempdir().unwrap();
    let consumers = blocked.scene.sign_in().authority("consumers");
    let keys = blocked.scene.stack.setting("SESSION_KEYS").unwrap();
    let settings = [
        ("ENTRA_AUTHORITY", consumers.as_str()),
        ("SESSION_KEYS", keys),
    ];
    let instance = Instance::start(&blocked.scene.stack, dir.path(), &settings).await;
    let mut admin = instance.site.person();
    for address in [
        &blocked.pass(),
        "/api/AppConsent?admin_consent=True&state=x",
        "/api/AppConsent",
    ] {
        assert_eq!(admin.opens(address).await.status, 404, "{address}");
    }
    let link = instance.site.invite(MAILBOX).await;
    let page = admin
        .opens(&with_parameters(&link, &[("stopped", Some("90094"))]))
        .await;
    let pass = page.text("#pass").unwrap();
    assert!(
        !pass.contains("AppConsent") && pass.contains("Enterprise applications"),
        "{pass}"
    );
}
