//! Every page of the desk, as an employee gets it, for the validator.

use axum::http::Method;
use onboarding::{domain::staff::Role, text::Lang};
use serde_json::Value;
use support::{Store, inside::Inside, invitation, now};

use crate::desk::office::{Employee, HEADER, SETTINGS};

const DRAFT: [(&str, &str); 11] = [
    ("email", "ben@huber.example"),
    ("firstName", "Ben"),
    ("locale", "ja"),
    ("companyName", "Huber & Söhne <GmbH>"),
    ("country", "DE"),
    ("street", "Lindwurmstraße 80"),
    ("postalCode", "80337"),
    ("city", "München"),
    ("inviterName", "Tamer Mohamed-Nour"),
    ("inviterOrganization", "GFMS"),
    ("key", "the key of the form"),
];

/// Their names and HTML.
pub(super) async fn pages(lang: Lang) -> Vec<(String, String)> {
    let inside = Inside::start(Store::Embedded, now(), &SETTINGS).await;
    let tamer = Employee::manager(&inside);
    let reader = Employee::of(&inside, 2, Role::Read);
    let mut posted = invitation("anna@meier.example", "Anna", "Meier");
    posted["sendEmail"] = false.into();
    let (_, id) = inside.invite(&posted).await;
    let (_, revoked) = inside
        .invite(&invitation("old@meier.example", "Old", ""))
        .await;
    let revoke = format!("/api/Invitations/{revoked}/revoke");
    let (status, _) = inside.call(Method::POST, &revoke, &Value::Null).await;
    assert_eq!(status, 200);
    let row = |email: &str| format!("{email};Ben;Meier GmbH;DE;Weg 1;80337;München");
    let file = |emails: &[&str]| {
        let rows: Vec<_> = emails.iter().map(|email| row(email)).collect();
        format!("{HEADER}\r\n{}", rows.join("\r\n"))
    };
    let uploads = async |emails: &[&str], key: &str| {
        let uploaded = tamer.uploads(file(emails).as_bytes(), key).await;
        uploaded.leads_to().to_owned()
    };
    let right = uploads(&["a@meier.example", "anna@meier.example"], "right").await;
    let wrong = uploads(&["b@meier.example", "no address"], "wrong").await;
    let done = uploads(&["c@meier.example"], "done").await;
    tamer.presses(&done, &[]).await;
    let in_lang = |path: &str| {
        let mark = if path.contains('?') { '&' } else { '?' };
        format!("{path}{mark}lang={}", lang.tag())
    };
    let draft = tamer.presses("/desk/new", &DRAFT).await;
    let draft = draft.leads_to().split('?').next().unwrap().to_owned();
    let one = format!("/desk/invitations/{id}");
    let places = [
        ("list", "/desk".to_owned()),
        (
            "list-filtered",
            "/desk?search=nothing&status=pending".to_owned(),
        ),
        ("one", one.clone()),
        ("one-revoked", format!("/desk/invitations/{revoked}")),
        ("correct", format!("{one}/correct")),
        ("revoke", format!("{one}/revoke")),
        ("erase", format!("{one}/erase")),
        ("new", "/desk/new".to_owned()),
        ("review", draft),
        ("many", "/desk/many".to_owned()),
        ("rows", right),
        ("rows-wrong", wrong),
        ("results", done),
        ("gone", "/desk/many/AAAAAAAAAAAAAAAAAAAAAA".to_owned()),
        ("missing", "/desk/nowhere".to_owned()),
    ];
    let mut pages = Vec::new();
    for (name, path) in places {
        let page = tamer.opens(&in_lang(&path)).await;
        pages.push((name, page.body));
    }
    let wrong = [
        ("email", "no address"),
        ("message", "<b>"),
        ("country", "US"),
    ];
    pages.push((
        "new-wrong",
        tamer.presses(&in_lang("/desk/new"), &wrong).await.body,
    ));
    pages.push(("one-reader", reader.opens(&in_lang(&one)).await.body));
    pages.push(("reader", reader.opens(&in_lang("/desk/new")).await.body));
    pages.push((
        "sign-in",
        tamer.signed_out().opens(&in_lang("/desk")).await.body,
    ));
    let named = |(name, html): (&str, String)| {
        assert!(html.contains("</html>"), "{name}: {html}");
        (format!("desk-{name}"), html)
    };
    pages.into_iter().map(named).collect()
}
