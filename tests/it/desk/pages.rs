//! What holds for every page of the desk: its size, and what becomes of what people typed.

use onboarding::text::Lang;
use support::{Store, inside::Inside, invitation, now};

use super::office::{Employee, HEADER, SETTINGS, file};
use crate::captured_log::CapturedLog;

/// Bytes of HTML, with its style.
const MAX_PAGE: usize = 30 * 1024;

#[tokio::test]
async fn every_page_stays_within_its_size() {
    let inside = Inside::start(Store::Embedded, now(), &SETTINGS).await;
    let tamer = Employee::manager(&inside);
    let upload = tamer.uploads(file(50).as_bytes(), "k").await;
    let mut id = String::new();
    for number in 1..=50 {
        let email = format!("anna{number}@meier.example");
        let mut posted = invitation(&email, "Anna-Katharina", "Meier-Hofstetter");
        posted["sendEmail"] = false.into();
        id = inside.invite(&posted).await.1.to_string();
    }
    let upload = upload.leads_to();
    let noted = tamer.opens(upload).await.body;
    assert_eq!(
        noted.matches("already has an invitation").count(),
        40,
        "a page"
    );
    let pages = [
        "/desk".to_owned(),
        format!("/desk/invitations/{id}"),
        format!("/desk/invitations/{id}/correct"),
        "/desk/new".to_owned(),
        "/desk/many".to_owned(),
        upload.to_owned(),
    ];
    for lang in Lang::ALL {
        for path in &pages {
            let page = tamer.opens(&format!("{path}?lang={}", lang.tag())).await;
            let (size, lang) = (page.body.len(), lang.tag());
            assert_eq!(page.status, 200, "{path}");
            assert!(size <= MAX_PAGE, "{path} in {lang}: {size}");
        }
    }
}

/// As a name.
const HOSTILE: &str = "\"><img src=x>'";

#[tokio::test]
async fn what_people_typed_is_text_and_is_not_logged() {
    let (log, _guard) = CapturedLog::start();
    let inside = Inside::start(Store::Embedded, now(), &SETTINGS).await;
    let tamer = Employee::manager(&inside);
    let cell = HOSTILE.replace('"', "\"\"");
    let row = format!("anna@secret.example;\"{cell}\";\"{cell}\";DE;\"{cell}\";80337;München");
    let wrong = format!("\"{cell}\";Ben;\"{cell}\";DE;Weg 1;80337;München");
    let file = format!("{HEADER}\r\n{row}\r\n{wrong}");
    let uploaded = tamer.uploads_for(HOSTILE, file.as_bytes(), "k").await;
    let upload = uploaded.leads_to();
    let mut shown = vec![tamer.opens(upload).await];
    tamer.presses(upload, &[]).await;
    let (_, listed) = inside.get("/api/Invitations").await;
    let one = format!(
        "/desk/invitations/{}",
        listed["items"][0]["id"].as_str().unwrap()
    );
    let correct = format!("{one}/correct");
    for path in [
        upload,
        "/desk?search=%22%3E%3Cimg+src%3Dx%3E",
        &one,
        &correct,
        "/desk/new",
    ] {
        shown.push(tamer.opens(path).await);
    }
    let fields = [
        ("email", HOSTILE),
        ("message", HOSTILE),
        ("inviterName", HOSTILE),
    ];
    shown.push(tamer.presses("/desk/new", &fields).await);
    for page in shown {
        assert!(!page.body.contains("<img src=x"), "{}", page.body);
        assert!(page.body.contains("img src=x"), "{}", page.body);
    }
    let log = log.text();
    assert!(!log.is_empty());
    for secret in [
        "secret.example",
        "img src",
        "Tamer",
        "gfms",
        "invitationId=",
    ] {
        assert!(!log.contains(secret), "{secret}: {log}");
    }
}
