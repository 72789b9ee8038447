//! Each situation has a page, a status and a log line of its own.

use local::{
    browser::Page,
    signin::{Fault, TokenFault},
};
use serde_json::Value;

use crate::sign_in::scene::{Attempt, Scene, parameter, with_parameters};
use support::{KNOWN, people::Acts};

const APPROVAL: &str = "Your organisation has to allow this first";
const ACCOUNT: &str = "This account cannot be used here";
const OUR_FAULT: &str = "The sign-in does not work at the moment";
const DECLINED: &str = "You cancelled or declined";
const UNKNOWN: &str = "You are not signed in yet";

/// The sign-in service sends the browser back with this error and number.
async fn refused(scene: &Scene, error: &str, number: u32) -> Attempt {
    let description = format!("AADSTS{number}: Something that changes from year to year.");
    scene
        .sign_in()
        .set_fault(Fault::authorize(error, description));
    scene.straight_back().await
}

/// The latest line of the log with this number.
fn logged(scene: &Scene, number: u32) -> Value {
    let log = scene.log();
    let mut lines = log.lines().filter_map(|line| {
        let json = &line[line.find('{')?..];
        serde_json::from_str::<Value>(json).ok()
    });
    lines
        .rfind(|line| line["aadsts"] == number)
        .unwrap_or_else(|| panic!("AADSTS{number} is not in the log:\n{log}"))
}

fn pass(page: &Page) -> String {
    page.text("#pass").unwrap()
}

fn assert_is_blameless(page: &Page) {
    let text = page.text("main").unwrap();
    assert!(text.contains("You did nothing wrong."), "{text}");
    assert!(text.contains("Your invitation works until"), "{text}");
    assert!(text.contains("Thomas Keller, GFMS"), "{text}");
}

#[tokio::test]
async fn each_organisation_refusal_says_what_to_change() {
    let scene = Scene::start().await;
    for (number, change) in [
        (90094, "an administrator approves the app"),
        (90095, "an administrator approves the app"),
        (65001, "an administrator approves the app"),
        (50105, "assign me to this app"),
        (53003, "Conditional Access policy"),
        (530_032, "Conditional Access policy"),
        (500_021, "tenant restrictions"),
        (500_213, "cross-tenant access settings"),
    ] {
        let attempt = refused(&scene, "access_denied", number).await;
        let case = number.to_string();
        attempt.assert_refused(&scene.site, &case, 403).await;
        let page = &attempt.page;
        assert_eq!(page.title(), APPROVAL, "{case}");
        assert_is_blameless(page);
        let pass = pass(page);
        assert!(pass.contains(change), "{case}: {pass}");
        assert!(pass.contains(&format!("AADSTS{number}")), "{case}: {pass}");
        assert!(pass.contains("openid profile email"), "{case}: {pass}");
        assert!(page.has("#send-pass[href^='mailto:?subject=']"), "{case}");
        let line = logged(&scene, number);
        assert_eq!(line["level"], "WARN", "{line}");
        assert_eq!(line["outcome"], "approval-needed", "{line}");
    }
    assert!(!scene.has_logged_an_error(), "{}", scene.log());
}

/// By a reload, or a phone that comes back to the tab.
#[tokio::test]
async fn refusal_that_is_loaded_again_is_the_same_page() {
    let scene = Scene::start().await;
    for (number, title) in [(90094, APPROVAL), (65004, DECLINED), (999_999, UNKNOWN)] {
        let fault = Fault::authorize("access_denied", format!("AADSTS{number}: Something."));
        scene.sign_in().set_fault(fault);
        let (mut person, _, back) = scene.on_the_way_back().await;
        let first = person.opens(&back).await;
        assert_eq!(
            (first.status.as_u16(), first.title().as_str()),
            (403, title)
        );
        let lines = scene.log().lines().count();
        for _ in 0..2 {
            let again = person.opens(&back).await;
            assert_eq!(
                (again.status.as_u16(), again.title().as_str()),
                (200, title)
            );
            assert_eq!(again.has("#pass"), first.has("#pass"), "{number}");
        }
        let log = scene.log();
        for line in log.lines().skip(lines) {
            assert!(line.contains(r#""outcome":"ok""#), "no error: {line}");
        }
        let tampered = back.replace("state=", "state=x");
        let page = person.opens(&tampered).await;
        assert_eq!(page.status, 400, "{number}");
    }
    assert_eq!(scene.token_requests(), 0);
}

/// The first answer comes to a browser that keeps no cookies: it is recorded, and in the language
/// that was chosen before.
#[tokio::test]
async fn refusal_without_a_cookie_is_recorded() {
    let scene = Scene::start().await;
    let fault = Fault::authorize("access_denied", "AADSTS90094: Something.");
    scene.sign_in().set_fault(fault);
    let (mut person, link) = (scene.site.person(), scene.site.invite(KNOWN).await);
    let page = person.opens(&format!("{link}&lang=de")).await;
    let authorize = person.presses(&page, "#get-started", &[]).await;
    let authorize = authorize.location().unwrap();
    let back = person.signs_in_at(scene.sign_in(), &authorize, KNOWN).await;
    let mut without = scene.site.person();
    without.headers = vec![("accept-language", "ja".to_owned())];
    let page = without.opens(&back).await;
    assert_eq!(page.status, 200);
    assert_eq!(page.attribute("html", "lang").unwrap(), "de");
    let line = logged(&scene, 90094);
    assert_eq!(
        (&line["reason"], &line["level"]),
        (&"consent".into(), &"INFO".into())
    );
    // The same page after the refusal was answered.
    person.opens(&back).await;
    let again = person.opens(&back).await;
    assert_eq!(again.attribute("html", "lang").unwrap(), "de");
}

#[tokio::test]
async fn only_consent_leads_to_admin_consent() {
    let scene = Scene::start().await;
    for (number, is_link) in [
        (90094, true),
        (50105, false),
        (53003, false),
        (999_999, true),
    ] {
        let attempt = refused(&scene, "access_denied", number).await;
        let pass = pass(&attempt.page);
        let address = format!("{}/api/AppConsent?pass=", scene.site.public);
        assert_eq!(pass.contains(&address), is_link, "{number}: {pass}");
    }
}

#[tokio::test]
async fn the_pass_names_the_app_and_no_person() {
    let scene = Scene::start().await;
    let Attempt { link, page, .. } = refused(&scene, "access_denied", 90094).await;
    let pass = pass(&page);
    let client_id = scene.stack.setting("ENTRA_CLIENT_ID").unwrap();
    for named in [client_id, &scene.site.public, "GFMS", "AADSTS90094"] {
        assert!(pass.contains(named), "{named}: {pass}");
    }
    let guid = parameter(&link, "invitationId").unwrap();
    for hidden in [
        guid.as_str(),
        KNOWN,
        "Anna",
        "Meier",
        "Thomas",
        "meier-praezision",
    ] {
        assert!(!pass.contains(hidden), "{hidden}: {pass}");
    }
}

#[tokio::test]
async fn the_number_outranks_the_error() {
    let scene = Scene::start().await;
    for error in [
        "consent_required",
        "interaction_required",
        "server_error",
        "new_error",
    ] {
        let attempt = refused(&scene, error, 90094).await;
        attempt.assert_refused(&scene.site, error, 403).await;
        assert_eq!(attempt.page.title(), APPROVAL, "{error}");
    }
}

#[tokio::test]
async fn a_refused_account_is_offered_another() {
    let scene = Scene::start().await;
    let mut attempt = refused(&scene, "access_denied", 50020).await;
    attempt.assert_refused(&scene.site, "50020", 403).await;
    assert_eq!(attempt.page.title(), ACCOUNT);
    assert!(attempt.page.text("main").unwrap().contains("Thomas Keller"));
    assert!(!attempt.page.has("#pass"));
    let Attempt { person, page, .. } = &mut attempt;
    let authorize = person.presses(page, "main .primary", &[]).await;
    let authorize = authorize.location().unwrap();
    let prompt = parameter(&authorize, "prompt");
    assert_eq!(prompt.as_deref(), Some("select_account"));
    assert_eq!(logged(&scene, 50020)["level"], "WARN");
}

#[tokio::test]
async fn our_own_fault_is_an_error_with_its_number() {
    let scene = Scene::start().await;
    for (error, number) in [
        ("unauthorized_client", 700_016),
        ("access_denied", 700_016),
        ("invalid_client", 7_000_215),
        ("invalid_request", 9_002_325),
    ] {
        let attempt = refused(&scene, error, number).await;
        assert_is_our_fault(&scene, &attempt, number).await;
    }
    scene.sign_in().clear_faults();
    for fault in [
        TokenFault::InvalidClient,
        TokenFault::Refused {
            error: "unauthorized_client",
            number: 700_016,
        },
    ] {
        let number = if fault == TokenFault::InvalidClient {
            7_000_222
        } else {
            700_016
        };
        scene.sign_in().set_fault(fault);
        assert_is_our_fault(&scene, &scene.attempt().await, number).await;
    }
}

async fn assert_is_our_fault(scene: &Scene, attempt: &Attempt, number: u32) {
    let case = number.to_string();
    attempt.assert_refused(&scene.site, &case, 503).await;
    let page = &attempt.page;
    assert_eq!(page.title(), OUR_FAULT, "{case}");
    assert_eq!(page.headers["retry-after"], "300", "{case}");
    let text = page.text("main").unwrap();
    assert!(
        text.contains("our fault") && text.contains("Thomas Keller"),
        "{text}"
    );
    assert!(
        !page.has("button.primary"),
        "{case}: trying again does not help"
    );
    let line = logged(scene, number);
    assert_eq!(line["level"], "ERROR", "{line}");
    assert_eq!(line["outcome"], "misconfigured", "{line}");
}

#[tokio::test]
async fn the_token_endpoint_is_understood_too() {
    let scene = Scene::start().await;
    for (number, status, title) in [(53003, 403, APPROVAL), (50020, 403, ACCOUNT)] {
        scene.sign_in().set_fault(TokenFault::Refused {
            error: "invalid_grant",
            number,
        });
        let attempt = scene.attempt().await;
        let case = number.to_string();
        attempt.assert_refused(&scene.site, &case, status).await;
        assert_eq!(attempt.page.title(), title, "{case}");
    }
}

#[tokio::test]
async fn an_unknown_refusal_names_all_ways_on() {
    let scene = Scene::start().await;
    for (error, status) in [("access_denied", 403), ("something_new", 400)] {
        let Attempt {
            mut person, page, ..
        } = refused(&scene, error, 123_456).await;
        assert_eq!(
            (page.status.as_u16(), page.title().as_str()),
            (status, UNKNOWN),
            "{error}"
        );
        let main = page.text("main").unwrap();
        for way in ["Try again", "Use another account"] {
            assert!(main.contains(way), "{main}");
        }
        assert!(pass(&page).contains("/api/AppConsent?pass="));
        assert!(page.text("main").unwrap().contains("Thomas Keller"));
        // The number that Microsoft shows leads on.
        let mut form = page.form("#show-help").unwrap();
        form.set("stopped", "Error code: 50105");
        let address = format!("{}{}", scene.site.public, form.action);
        let fields: Vec<_> = form
            .fields
            .iter()
            .map(|(name, value)| (name.as_str(), Some(value.as_str())))
            .collect();
        let page = person.opens(&with_parameters(&address, &fields)).await;
        assert_eq!(
            (page.status.as_u16(), page.title().as_str()),
            (200, APPROVAL)
        );
        assert!(pass(&page).contains("assign me"));
    }
}

#[tokio::test]
async fn cancelling_changes_nothing() {
    let scene = Scene::start().await;
    // As personal accounts report it: without a number.
    scene.sign_in().set_fault(Fault::authorize(
        "access_denied",
        "The user has denied access to the scope requested by the client application.",
    ));
    let mut attempt = scene.straight_back().await;
    attempt.assert_refused(&scene.site, "cancelled", 403).await;
    let Attempt { person, page, .. } = &mut attempt;
    // An organisation's refusal may come without a number, too.
    assert_eq!(page.title(), UNKNOWN);
    let (lead, main) = (page.text("main .lead").unwrap(), page.text("main").unwrap());
    assert!(
        !lead.contains("declined") && lead.contains("Nothing has been changed"),
        "{lead}"
    );
    // So it names all ways on, trying again first.
    assert_eq!(page.text("main .primary").unwrap(), "Try again");
    assert!(main.contains("Use another account"), "{main}");
    assert_eq!(page.body.matches("<h3>").count(), 3, "{main}");
    assert!(page.has("#show-help"), "the number that Microsoft shows");
    assert!(pass(page).contains("/api/AppConsent?pass="));
    let authorize = person.presses(page, "main .primary", &[]).await;
    let authorize = authorize.location().unwrap();
    assert!(authorize.starts_with(scene.sign_in().url()));
}

#[tokio::test]
async fn a_refusal_shown_again_is_no_refusal() {
    let scene = Scene::start().await;
    let attempt = refused(&scene, "invalid_client", 7_000_222).await;
    let german = attempt.page.attribute("a[lang=de]", "href").unwrap();
    let guid = parameter(&attempt.link, "invitationId").unwrap();
    assert!(!german.contains(&guid), "{german}");
    let lines = || scene.log().matches("7000222").count();
    let before = lines();
    let page = scene.site.person().opens(&german).await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains(r#"lang="de""#) && page.body.contains("AADSTS7000222"));
    assert!(!page.headers.contains_key("retry-after"));
    assert_eq!(lines(), before, "it is logged once");
}

#[tokio::test]
async fn did_microsoft_stop_you_needs_no_cookie() {
    let scene = Scene::start().await;
    let (mut person, link) = (scene.site.person(), scene.site.invite(KNOWN).await);
    let invitation = person.opens(&link).await;
    let question = invitation.attribute("#stopped", "href").unwrap();
    let page = person.opens(&question).await;
    assert_eq!(
        (page.status.as_u16(), page.title().as_str()),
        (200, UNKNOWN)
    );
    assert!(person.cookies.is_empty());
    assert!(pass(&page).contains("/api/AppConsent?pass="));
    let authorize = person.presses(&page, "main .primary", &[]).await;
    assert!(
        authorize
            .location()
            .unwrap()
            .starts_with(scene.sign_in().url())
    );
    for (asked, title) in [
        ("conditional-access", APPROVAL),
        ("AADSTS700016", OUR_FAULT),
        ("50020", ACCOUNT),
        ("<script>alert(1)</script>", UNKNOWN),
        ("", UNKNOWN),
    ] {
        let address = with_parameters(&link, &[("stopped", Some(asked))]);
        let page = person.opens(&address).await;
        assert_eq!(
            (page.status.as_u16(), page.title().as_str()),
            (200, title),
            "{asked}"
        );
        assert!(!page.body.contains("alert(1)"));
    }
    assert!(!scene.has_logged_an_error());
}
