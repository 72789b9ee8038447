//! The address in the e-mail: malformed, opened by scanners, asked for with HEAD.

use reqwest::Method;

use super::scene::{Scene, assert_has_a_way_on, parameter};
use support::KNOWN;

#[tokio::test]
async fn malformed_link_is_refused_without_storage() {
    let scene = Scene::start().await;
    let guid = parameter(&scene.site.invite(KNOWN).await, "invitationId").unwrap();
    let queries = [
        String::new(),
        "invitationId".to_owned(),
        "invitationId=".to_owned(),
        "invitationid=".to_owned(),
        format!("invitationId={guid}&invitationId=0b7c1d2e-0000-4000-8000-00000000beef"),
        format!("invitationId={guid}%200b7c1d2e-0000-4000-8000-00000000beef"),
        format!("invitationId={}", &guid[..35]),
        format!("id={guid}"),
        "invitationId=<script>alert(1)</script>".to_owned(),
        "invitationId=%E2%80%AEhidden-text".to_owned(),
        "invitationId=..%2F..%2Fpasswd".to_owned(),
        "invitationId='%20or%20'1'='1".to_owned(),
        "invitationId=%ff%fe".to_owned(),
        format!("invitationId={}", "9".repeat(4000)),
    ];
    let mut person = scene.site.person();
    for query in &queries {
        let before = scene.log().len();
        let page = person
            .open(&format!("{}/api/InviteUser?{query}", scene.site.public))
            .await
            .unwrap();
        assert_eq!(page.status, 400, "{query}");
        assert_has_a_way_on(query, &page);
        for echoed in [
            "alert(1)",
            "\u{202e}",
            "hidden-text",
            "passwd",
            "or '1'",
            "99999",
            guid.as_str(),
        ] {
            assert!(!page.body.contains(echoed), "{query}: {echoed} is echoed");
        }
        let log = scene.log();
        let line = log[before..]
            .lines()
            .rfind(|line| line.contains(r#""message":"answered""#))
            .unwrap();
        assert!(line.contains(r#""storage_calls":0"#), "{query}: {line}");
    }
    assert!(person.cookies.is_empty());
}

#[tokio::test]
async fn an_unknown_id_is_not_found_and_not_echoed() {
    let scene = Scene::start().await;
    let page = scene
        .site
        .person()
        .open("/api/InviteUser?invitationId=0b7c1d2e-0000-4000-8000-00000000beef")
        .await
        .unwrap();
    assert_eq!(page.status, 404);
    assert_has_a_way_on("unknown", &page);
    assert!(!page.body.contains("beef"));
}

#[tokio::test]
async fn opening_the_link_changes_nothing() {
    let scene = Scene::start().await;
    let (mut scanner, link) = (scene.site.person(), scene.site.invite(KNOWN).await);
    let first = scanner.open(&link).await.unwrap();
    let requests = scene.sign_in().counts();
    for time in 0..100 {
        let page = scanner.open(&link).await.unwrap();
        assert_eq!(
            (page.status.as_u16(), &page.body),
            (200, &first.body),
            "the {time}th time"
        );
        assert!(!page.headers.contains_key("set-cookie") && !page.headers.contains_key("location"));
    }
    let head = scanner.request(Method::HEAD, &link, None).await.unwrap();
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
    assert_eq!(
        scene.sign_in().counts(),
        requests,
        "the sign-in service is not asked"
    );
    assert_eq!(scene.site.status(&link).await, "pending");
    assert!(
        !first.has("script") && !first.has("main a[href]"),
        "nothing that a scanner could run or follow"
    );
}

#[tokio::test]
async fn path_spellings_lead_to_the_same_page() {
    let scene = Scene::start().await;
    let (mut person, link) = (scene.site.person(), scene.site.invite(KNOWN).await);
    let guid = parameter(&link, "invitationId").unwrap();
    for path in ["/api/inviteuser", "/API/INVITEUSER/", "/api/InviteUser/"] {
        let page = person
            .open(&format!("{path}?invitationId={}", guid.to_uppercase()))
            .await
            .unwrap();
        assert_eq!(page.status, 200, "{path}");
        assert_eq!(
            person
                .press(&page, "#get-started", &[])
                .await
                .unwrap()
                .status,
            303,
            "{path}"
        );
    }
}
