//! Who may open which page of the desk, and send which form.

use onboarding::domain::staff::Role;
use support::{Store, inside::Inside, invitation, now};
use uuid::Uuid;

use super::office::{Employee, SETTINGS, created};

/// The pages with the answer to someone who may only see invitations.
fn pages(id: &str, upload: Uuid) -> Vec<(String, u16)> {
    let all = [
        ("", 200),
        ("/invitations/{id}", 200),
        ("/invitations/{id}/revoke", 403),
        ("/invitations/{id}/erase", 403),
        ("/invitations/{id}/correct", 403),
        ("/new", 403),
        ("/new/{upload}", 403),
        ("/new/{upload}/email", 403),
        ("/many", 403),
        ("/many/template.csv", 403),
        ("/many/{upload}", 403),
        ("/many/{upload}/results.csv", 403),
        ("/many/{upload}/corrections.csv", 403),
        ("/nowhere", 404),
    ];
    named(&all, id, upload)
}

/// The forms, likewise.
fn forms(id: &str, upload: Uuid) -> Vec<(String, u16)> {
    let all = [
        ("/invitations/{id}/resend", 403),
        ("/invitations/{id}/revoke", 403),
        ("/invitations/{id}/erase", 403),
        ("/invitations/{id}/link", 403),
        ("/invitations/{id}/correct", 403),
        ("/new", 403),
        ("/new/{upload}", 403),
        ("/many", 403),
        ("/many/{upload}", 403),
        ("/nowhere", 404),
        ("/sign-out", 303),
    ];
    named(&all, id, upload)
}

fn named(all: &[(&str, u16)], id: &str, upload: Uuid) -> Vec<(String, u16)> {
    let path = |path: &str| {
        let path = path.replace("{id}", id);
        format!("/desk{}", path.replace("{upload}", &upload.to_string()))
    };
    all.iter()
        .map(|(own, status)| (path(own), *status))
        .collect()
}

async fn desk() -> (Inside, String) {
    let inside = Inside::start(Store::Embedded, now(), &SETTINGS).await;
    let mut posted = invitation("anna@meier.example", "Anna", "Meier");
    posted["sendEmail"] = false.into();
    let (_, id) = inside.invite(&posted).await;
    (inside, id.to_string())
}

#[tokio::test]
async fn each_page_asks_for_its_role() {
    let (inside, id) = desk().await;
    let reader = Employee::of(&inside, 1, Role::Read);
    let stranger = reader.signed_out();
    for (path, status) in pages(&id, Uuid::from_u128(1)) {
        assert_eq!(reader.opens(&path).await.status, status, "{path}");
        let answer = stranger.opens(&path).await;
        assert_eq!(answer.status, 401, "{path}");
        assert!(!answer.body.contains("anna@"), "{path}");
    }
}

#[tokio::test]
async fn each_form_asks_for_role_session_token_and_origin() {
    let (inside, id) = desk().await;
    let manager = Employee::of(&inside, 1, Role::Manage);
    let reader = Employee::of(&inside, 1, Role::Read);
    let other = Employee::of(&inside, 2, Role::Manage);
    let (stranger, program) = (manager.signed_out(), ("x-program", "1"));
    let rows = inside.table.keys().await;
    for (path, status) in forms(&id, Uuid::from_u128(1)) {
        // A form with a file is read after the session is known.
        if path != "/desk/many" {
            for token in ["", other.token()] {
                let answer = manager.forges(&path, token, program).await;
                assert_eq!(answer.status, 403, "{path}");
            }
        }
        for header in [
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
            ("origin", "https://evil.example"),
            ("origin", "null"),
        ] {
            let answer = manager.forges(&path, manager.token(), header).await;
            assert_eq!(answer.status, 403, "{path} {header:?}");
        }
        assert_eq!(reader.presses(&path, &[]).await.status, status, "{path}");
        let answer = stranger.forges(&path, stranger.token(), program).await;
        let expected = if path.ends_with("/sign-out") {
            303
        } else {
            401
        };
        assert_eq!(answer.status, expected, "{path}");
    }
    for token in ["", other.token()] {
        let file = super::office::file(1);
        let answer = manager
            .uploads_with(token, "GFMS", file.as_bytes(), "k")
            .await;
        assert_eq!(answer.status, 403);
    }
    assert_eq!(inside.table.keys().await, rows, "nothing was written");
    assert_eq!(created(&inside).await, (1, 1));
}

#[tokio::test]
async fn address_that_is_no_id_leads_to_a_page() {
    let (inside, _) = desk().await;
    let manager = Employee::manager(&inside);
    for path in [
        "/new/%3Cb%3Eno-id",
        "/new/no-id/email",
        "/many/%FF",
        "/many/no-id/results.csv",
        "/invitations/%FF/correct",
        "/invitations/%FF/revoke",
    ] {
        let answer = manager.opens(&format!("/desk{path}")).await;
        assert_eq!(answer.status, 404, "{path}");
        assert!(answer.body.contains("href=\"/api/desk\""), "{path}");
        assert!(!answer.body.contains("<b>no-id"), "{path}");
    }
    for path in ["/new/no-id", "/many/%FF"] {
        let answer = manager.presses(&format!("/desk{path}"), &[]).await;
        assert_eq!(answer.status, 404, "{path}");
    }
}
