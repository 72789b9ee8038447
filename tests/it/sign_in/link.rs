//! The address in the e-mail: malformed, opened by scanners, asked for with HEAD.

use reqwest::Method;

use super::scene::{Scene, assert_has_a_way_on, parameter};
use support::{KNOWN, people::Acts};

#[tokio::test]
async fn an_unknown_id_is_not_found_and_not_echoed() {
    let scene = Scene::start().await;
    let page = scene
        .site
        .person()
        .opens("/api/InviteUser?invitationId=0b7c1d2e-0000-4000-8000-00000000beef")
        .await;
    assert_eq!(page.status, 404);
    assert_has_a_way_on("unknown", &page);
    assert!(!page.body.contains("beef"));
}

#[tokio::test]
async fn opening_the_link_changes_nothing() {
    let scene = Scene::start().await;
    let (mut scanner, link) = (scene.site.person(), scene.site.invite(KNOWN).await);
    let first = scanner.opens(&link).await;
    let requests = scene.sign_in().counts();
    for time in 0..3 {
        let page = scanner.opens(&link).await;
        assert_eq!(
            (page.status.as_u16(), &page.body),
            (200, &first.body),
            "the {time}th time"
        );
        assert!(!page.headers.contains_key("set-cookie") && !page.headers.contains_key("location"));
    }
    let head = scanner.asks(Method::HEAD, &link, None).await;
    assert_eq!((head.status.as_u16(), head.body.as_str()), (200, ""));
    assert!(!head.headers.contains_key("set-cookie") && !head.headers.contains_key("location"));
    assert_eq!(
        head.headers.get("content-security-policy"),
        first.headers.get("content-security-policy")
    );
    assert_eq!(
        head.headers
            .get("content-length")
            .and_then(|length| length.to_str().ok()),
        Some(first.body.len().to_string().as_str())
    );
    assert!(!first.has("script"), "nothing that a scanner could run");
    // The one link shows who helps where an organisation blocks the sign-in.
    let target = first.attribute("main a[href]", "href").unwrap();
    let followed = scanner.opens(&target).await;
    assert_eq!(followed.status, 200);
    assert!(!followed.headers.contains_key("set-cookie"));
    assert_eq!(
        scene.sign_in().counts(),
        requests,
        "the sign-in service is not asked"
    );
    assert_eq!(scene.site.status(&link).await, "pending");
}

#[tokio::test]
async fn path_spellings_lead_to_the_same_page() {
    let scene = Scene::start().await;
    let (mut person, link) = (scene.site.person(), scene.site.invite(KNOWN).await);
    let guid = parameter(&link, "invitationId").unwrap();
    for path in ["/api/inviteuser", "/API/INVITEUSER/", "/api/InviteUser/"] {
        let page = person
            .opens(&format!("{path}?invitationId={}", guid.to_uppercase()))
            .await;
        assert_eq!(page.status, 200, "{path}");
        assert_eq!(
            person.presses(&page, "#get-started", &[]).await.status,
            303,
            "{path}"
        );
    }
}
