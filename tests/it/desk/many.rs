//! Inviting many at the desk, by a file.

use std::time::Instant;

use axum::http::Method;
use onboarding::domain::staff::Role;
use serde_json::json;
use support::{
    Store,
    faulty::{self, Fault, FaultyTable},
    inside::{self, Inside},
    invitation, now, over_both_stores,
};
use time::Duration;

use super::office::{Employee, HEADER, SETTINGS, created, file, row};

over_both_stores! {
    each_row_that_is_valid_is_invited
    crash_at_any_write_invites_each_once
    erasure_leaves_nothing_in_the_upload
}

async fn desk(store: Store) -> (Inside, Employee) {
    let inside = Inside::start(store, now(), &SETTINGS).await;
    let tamer = Employee::manager(&inside);
    (inside, tamer)
}

/// Presses the button, and waits for the results.
async fn results(tamer: &Employee, path: &str) -> String {
    assert_eq!(tamer.presses(path, &[]).await.leads_to(), path);
    for _ in 0..60 {
        let page = tamer.opens(path).await;
        if !page.refresh {
            return page.body;
        }
    }
    panic!("it does not end")
}

/// Forty rows, three of which are wrong.
fn forty() -> String {
    let mut rows: Vec<_> = file(40).split("\r\n").map(str::to_owned).collect();
    rows[5] = row(5, "anna5");
    rows[6] = row(6, "anna6@meier.example").replace("80337", "8033");
    // As it comes from a page that it is copied from.
    rows[7] = row(7, "\u{200b}anna1@meier.example ");
    rows.join("\r\n")
}

async fn each_row_that_is_valid_is_invited(store: Store) {
    let (inside, tamer) = desk(store).await;
    let path = tamer
        .uploads(forty().as_bytes(), "k")
        .await
        .leads_to()
        .to_owned();
    let page = tamer.opens(&path).await;
    for part in [
        "37 of 40 rows are valid.",
        "Invite 37 customers",
        "<tr><td>6<td><code>email</code><td><bdi>anna5</bdi><td>Please enter an e-mail address",
        "<tr><td>7<td><code>postalCode</code><td><bdi>8033</bdi><td>A postal code in Germany",
        "<tr><td>8<td><code>email</code><td><bdi>anna1@meier.example</bdi><td>Row 2 has the same",
        "<tr><td>41<td><bdi>anna40@meier.example</bdi><td><bdi>Anna</bdi><td><bdi>Meier 40 GmbH",
    ] {
        assert!(page.body.contains(part), "{part}: {}", page.body);
    }
    assert_eq!(created(&inside).await, (0, 0), "nothing was created yet");
    let page = results(&tamer, &path).await;
    assert!(
        page.contains("37 customers were invited. 3 rows were not used."),
        "{page}"
    );
    assert_eq!(created(&inside).await, (37, 37));
    assert_eq!(tamer.presses(&path, &[]).await.leads_to(), path);
    assert_eq!(created(&inside).await, (37, 37), "pressed again");
    let results = tamer.opens(&format!("{path}/results.csv")).await.body;
    let lines: Vec<_> = results.lines().collect();
    assert_eq!(lines.len(), 41, "{results}");
    assert!(
        lines[1].starts_with("2;anna1@meier.example;Meier 1 GmbH;;invited;"),
        "{}",
        lines[1]
    );
    assert!(
        lines[5].starts_with("6;anna5;Meier 5 GmbH;;not invited;;email: "),
        "{}",
        lines[5]
    );
    let corrections = tamer.opens(&format!("{path}/corrections.csv")).await.body;
    assert_eq!(corrections.lines().count(), 4, "{corrections}");
    let corrected = corrections
        .replace("anna5", "anna5@meier.example")
        .replace("8033;", "80335;");
    let path = tamer
        .uploads(corrected.as_bytes(), "k")
        .await
        .leads_to()
        .to_owned();
    assert!(tamer.opens(&path).await.body.contains("3 rows are valid"));
}

#[tokio::test]
async fn the_employee_is_the_actor() {
    let (inside, tamer) = desk(Store::Embedded).await;
    let path = tamer
        .uploads(file(1).as_bytes(), "k")
        .await
        .leads_to()
        .to_owned();
    results(&tamer, &path).await;
    let (_, listed) = inside
        .get("/api/Invitations?email=anna1@meier.example")
        .await;
    let id = listed["items"][0]["id"].as_str().unwrap();
    let page = tamer.opens(&format!("/desk/invitations/{id}")).await;
    assert!(
        page.body.contains("by <bdi>Tamer Mohamed-Nour</bdi>"),
        "{}",
        page.body
    );
    let mine = tamer.opens("/desk?by=me").await;
    assert!(mine.body.contains("anna1@meier.example"), "{}", mine.body);
}

async fn crash_at_any_write_invites_each_once(store: Store) {
    // The calls of one row suffice where each takes long.
    let (rows, invited) = match store {
        Store::Embedded => (2, "2 customers were invited."),
        Store::Azurite => (1, "1 customer was invited."),
    };
    let mut dies = 0;
    loop {
        let mut failed = false;
        for landed in [false, true] {
            let (inside, tamer) = desk(store).await;
            let file = file(rows);
            inside
                .table
                .plan(faulty::commits().after(dies), Fault::Crash { landed });
            let uploaded = tamer.uploads(file.as_bytes(), "k").await;
            if uploaded.status == 303 {
                tamer.presses(uploaded.leads_to(), &[]).await;
            }
            failed = inside.table.recover();
            // The lease of the process that was killed ends.
            inside.wait(Duration::minutes(1));
            let tamer = tamer.at(inside.another());
            let uploaded = tamer.uploads(file.as_bytes(), "k").await;
            let path = uploaded.leads_to();
            tamer.presses(path, &[]).await;
            let page = tamer.opens(path).await;
            let at = format!("{dies} {landed}");
            assert!(page.body.contains(invited), "{at}: {}", page.body);
            assert_eq!(created(&inside).await, (rows, rows), "{at}");
        }
        if !failed {
            break;
        }
        dies += 1;
    }
    assert!(dies > 10, "{dies} writes");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_instances_at_once_invite_each_once() {
    let (inside, tamer) = desk(Store::Embedded).await;
    let path = tamer
        .uploads(file(50).as_bytes(), "k")
        .await
        .leads_to()
        .to_owned();
    let other = tamer.at(inside.another());
    let (first, second, ..) = tokio::join!(
        tamer.presses(&path, &[]),
        other.presses(&path, &[]),
        tamer.opens(&path),
        other.opens(&path),
        inside.tick("DeliverEvents"),
    );
    assert_eq!((first.status, second.status), (303, 303));
    inside.wait(Duration::minutes(1));
    tamer.opens(&path).await;
    assert_eq!(created(&inside).await, (50, 50));
}

#[tokio::test]
async fn the_timer_continues_what_no_page_asks_for() {
    let (inside, tamer) = desk(Store::Embedded).await;
    let path = tamer
        .uploads(file(3).as_bytes(), "k")
        .await
        .leads_to()
        .to_owned();
    let invitations =
        faulty::commits().when(|call| call.keys.iter().any(|key| key == "invitation"));
    inside.table.plan(invitations, Fault::Lost);
    assert_eq!(tamer.presses(&path, &[]).await.status, 503);
    inside.table.recover();
    assert_eq!(created(&inside).await.0, 0);
    inside.wait(Duration::minutes(1));
    assert_eq!(inside.tick("DeliverEvents").await.0, 200);
    assert_eq!(created(&inside).await, (3, 3));
    inside.tick("DeliverEvents").await;
    assert_eq!(created(&inside).await, (3, 3));
    let running = inside.table.keys().await;
    assert!(
        !running.iter().any(|key| key.starts_with("uploads/run-")),
        "{running:?}"
    );
}

#[tokio::test]
async fn the_page_continues_by_itself() {
    let (inside, tamer) = desk(Store::Embedded).await;
    let path = tamer
        .uploads(file(3).as_bytes(), "k")
        .await
        .leads_to()
        .to_owned();
    let marks = faulty::commits().of_row("row-00001").once();
    inside.table.plan(marks, Fault::Lost);
    assert_eq!(tamer.presses(&path, &[]).await.status, 503);
    // The other worker's lease.
    let page = tamer.opens(&path).await;
    assert!(page.refresh, "{page:?}");
    assert!(page.body.contains("0 of 3 rows are done."), "{}", page.body);
    assert!(!page.body.contains("http-equiv"));
    inside.wait(Duration::minutes(1));
    let page = tamer.opens(&path).await;
    assert!(
        !page.refresh && page.body.contains("3 customers were invited."),
        "{page:?}"
    );
}

async fn erasure_leaves_nothing_in_the_upload(store: Store) {
    let (inside, tamer) = desk(store).await;
    let path = tamer
        .uploads(file(2).as_bytes(), "k")
        .await
        .leads_to()
        .to_owned();
    tamer.presses(&path, &[]).await;
    let (_, listed) = inside
        .get("/api/Invitations?email=anna1@meier.example")
        .await;
    let id = listed["items"][0]["id"].as_str().unwrap();
    let erase = format!("/api/Invitations/{id}/erase");
    assert_eq!(inside.call(Method::POST, &erase, &json!(null)).await.0, 200);
    let page = tamer.opens(&path).await;
    assert!(
        !page.body.contains("anna1@") && page.body.contains("anna2@"),
        "{}",
        page.body
    );
    assert!(page.body.contains("erased"));
    let results = tamer.opens(&format!("{path}/results.csv")).await;
    assert!(!results.body.contains("anna1@"), "{}", results.body);
    let kept: Vec<_> = inside
        .table
        .rows()
        .await
        .into_iter()
        .filter(|(partition, row)| partition.starts_with("upload-") && row.key.starts_with("row-"))
        .collect();
    assert_eq!(kept.len(), 2);
    assert!(
        kept.iter().all(|(_, row)| !row.fields.contains_key("text")),
        "only references"
    );
}

#[tokio::test]
async fn what_the_rows_say_is_sealed() {
    let (inside, tamer) = desk(Store::Embedded).await;
    tamer.uploads(file(2).as_bytes(), "k").await;
    let dump = inside.table.dump().await;
    for secret in ["anna1@", "Meier 1", "Tamer", "gfms"] {
        assert!(!dump.contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn uploads_go_after_a_week_and_drafts_after_a_day() {
    let (inside, tamer) = desk(Store::Embedded).await;
    let done = tamer
        .uploads(file(2).as_bytes(), "k")
        .await
        .leads_to()
        .to_owned();
    tamer.presses(&done, &[]).await;
    let draft = tamer
        .uploads(file(3).as_bytes(), "k")
        .await
        .leads_to()
        .to_owned();
    let listed = tamer.opens("/desk/many").await;
    assert!(
        listed.body.contains(&done) && listed.body.contains(&draft),
        "{}",
        listed.body
    );
    assert!(listed.body.contains("2 of 2 rows done") && listed.body.contains("not sent yet"));
    inside.wait(Duration::hours(25));
    inside.tick("PurgeInvitations").await;
    assert_eq!(tamer.opens(&draft).await.status, 404);
    assert_eq!(tamer.opens(&done).await.status, 200);
    inside.wait(Duration::days(5));
    inside.tick("PurgeInvitations").await;
    assert_eq!(tamer.opens(&done).await.status, 200);
    inside.wait(Duration::days(2));
    inside.tick("PurgeInvitations").await;
    let page = tamer.opens(&done).await;
    assert_eq!(page.status, 404);
    assert!(
        page.body.contains("This draft no longer exists"),
        "{}",
        page.body
    );
    let keys = inside.table.keys().await;
    assert!(
        !keys.iter().any(|key| key.starts_with("upload")),
        "{keys:?}"
    );
}

#[tokio::test]
async fn files_that_cannot_be_read_say_what_to_do() {
    let (inside, tamer) = desk(Store::Embedded).await;
    let utf16: Vec<u8> = file(1).encode_utf16().flat_map(u16::to_le_bytes).collect();
    let nul = format!("{}\0", file(1));
    let cases: [(&[u8], &str); 7] = [
        (b"", "Please choose a file."),
        (&utf16, "CSV UTF-8"),
        (nul.as_bytes(), "contains a character that no text has"),
        (b"PK\x03\x04", "This is a workbook."),
        (b"a;b\r\nc;d", "none of the known column names"),
        (b"email;colour\r\nc;d", "These columns are unknown: colour."),
        (&[b'a'; 1024 * 1024 + 1], "larger than 1 MiB"),
    ];
    for (file, expected) in cases {
        let page = tamer.uploads(file, "k").await;
        assert_eq!(page.status, 422, "{expected}: {}", page.body);
        assert!(page.body.contains(expected), "{expected}: {}", page.body);
        assert!(
            page.body.contains("value=\"GFMS\""),
            "the other fields are kept"
        );
    }
    let page = tamer.uploads(&vec![b'a'; 3 * 1024 * 1024], "k").await;
    assert_eq!(page.status, 413);
    assert!(inside.table.keys().await.is_empty(), "nothing was written");
}

#[tokio::test]
async fn a_wrong_inviter_is_named() {
    let (inside, tamer) = desk(Store::Embedded).await;
    let page = tamer.uploads_for("", file(1).as_bytes(), "k").await;
    assert_eq!(page.status, 422);
    assert!(
        page.body.contains("id=inviterOrganization-error"),
        "{}",
        page.body
    );
    assert!(page.body.contains("Choose the file again"));
    assert!(inside.table.keys().await.is_empty(), "nothing was written");
}

#[tokio::test]
async fn the_template_can_be_uploaded() {
    let (_, tamer) = desk(Store::Embedded).await;
    let template = tamer.opens("/desk/many/template.csv").await;
    assert!(template.body.starts_with('\u{feff}'), "{}", template.body);
    let uploaded = tamer.uploads(template.body.as_bytes(), "k").await;
    assert!(
        tamer
            .opens(uploaded.leads_to())
            .await
            .body
            .contains("1 row is valid.")
    );
    let german = tamer.opens("/desk/many/template.csv?lang=de").await;
    assert!(german.body.contains("email;firstName"), "{}", german.body);
}

#[tokio::test]
async fn no_formula_is_downloaded() {
    let (_, tamer) = desk(Store::Embedded).await;
    let formula = row(1, "anna1@meier.example").replace("Meier 1 GmbH", "=1+1");
    let wrong = row(2, "+anna").replace("Meier 2 GmbH", "@SUM(A1)");
    let file = format!("{HEADER}\r\n{formula}\r\n{wrong}");
    let path = tamer
        .uploads(file.as_bytes(), "k")
        .await
        .leads_to()
        .to_owned();
    tamer.presses(&path, &[]).await;
    for name in ["results.csv", "corrections.csv"] {
        let file = tamer.opens(&format!("{path}/{name}")).await.body;
        let cells = file
            .split([';', '\r', '\n'])
            .map(|cell| cell.trim_start_matches('\u{feff}'));
        let risky: Vec<_> = cells
            .filter(|cell| cell.starts_with(['=', '+', '@', '-']))
            .collect();
        assert!(risky.is_empty(), "{risky:?}");
    }
    let results = tamer.opens(&format!("{path}/results.csv")).await.body;
    assert!(
        results.contains("'=1+1") && results.contains("'@SUM"),
        "{results}"
    );
}

#[tokio::test]
async fn a_large_file_is_shown_in_pages() {
    let (_, tamer) = desk(Store::Embedded).await;
    let path = tamer
        .uploads(file(120).as_bytes(), "k")
        .await
        .leads_to()
        .to_owned();
    let first = tamer.opens(&path).await.body;
    assert!(first.contains("anna40@") && !first.contains("anna41@"));
    assert!(first.contains(&format!("{path}?page=2")));
    assert!(first.len() < 30 * 1024, "{}", first.len());
    let last = tamer.opens(&format!("{path}?page=3")).await.body;
    assert!(last.contains("anna120@") && !last.contains("?page=4"));
    let beyond = tamer
        .opens(&format!("{path}?page=99999999999999999999"))
        .await;
    assert_eq!(beyond.status, 200);
}

/// A file has no list to choose from.
#[tokio::test]
async fn country_in_words_is_answered_with_a_code() {
    let (_inside, tamer) = desk(Store::Embedded).await;
    let named = file(1).replace(";DE;", ";Deutschland;");
    let checked = tamer.uploads(named.as_bytes(), "k").await;
    let page = tamer.opens(checked.leads_to()).await.body;
    assert!(page.contains("Deutschland"), "{page}");
    assert!(page.contains("a country code such as DE"), "{page}");
}

#[tokio::test]
async fn files_are_for_their_owner_alone() {
    let (inside, tamer) = desk(Store::Embedded).await;
    let path = tamer
        .uploads(file(1).as_bytes(), "k")
        .await
        .leads_to()
        .to_owned();
    let other = Employee::of(&inside, 2, Role::Manage);
    let reader = Employee::of(&inside, 1, Role::Read);
    for (person, status) in [(other, 404), (reader, 403)] {
        for file in ["", "/corrections.csv", "/results.csv"] {
            let path = format!("{path}{file}");
            assert_eq!(person.opens(&path).await.status, status, "{path}");
        }
        assert_eq!(person.presses(&path, &[]).await.status, status);
    }
    let reader = Employee::of(&inside, 1, Role::Read);
    assert_eq!(reader.uploads(file(1).as_bytes(), "k").await.status, 403);
    assert_eq!(created(&inside).await, (0, 0));
}

#[tokio::test]
async fn rows_that_repeat_an_invitation_are_marked() {
    let (inside, tamer) = desk(Store::Embedded).await;
    let mut posted = invitation("anna2@meier.example", "Anna", "Meier");
    posted["company"]["customerNumber"] = "C-7".into();
    let (_, id) = inside.invite(&posted).await;
    let with_number = file(3).replace("München", "München;C-7");
    let with_number = with_number.replacen("city", "city;customerNumber", 1);
    let uploaded = tamer.uploads(with_number.as_bytes(), "k").await;
    let page = tamer.opens(uploaded.leads_to()).await.body;
    assert!(page.contains("3 rows are valid"), "{page}");
    let marked = "<bdi>anna2@meier.example</bdi> already has an invitation";
    assert_eq!(page.matches("already has an invitation").count(), 1);
    assert!(page.contains(marked), "{page}");
    assert!(page.contains(&format!("href=\"/api/desk/invitations/{id}\"")));
    assert!(!page.contains("will join"), "{page}");
    let account = inside::account();
    let accepted = inside.store().invitations.accept(id, account, inside.now());
    accepted.await.unwrap();
    let (companies, company) = (&inside.store().companies, inside::company());
    let completed = companies.create(id, account, &company, inside.now());
    completed.await.unwrap();
    let page = tamer.opens(uploaded.leads_to()).await.body;
    assert!(!page.contains("already has an invitation"), "{page}");
    assert_eq!(page.matches("belongs to Meier AG").count(), 3, "{page}");
}

#[tokio::test]
async fn pages_cost_the_same_after_many_uploads() {
    let (inside, tamer) = desk(Store::Embedded).await;
    let other = Employee::of(&inside, 2, Role::Manage);
    tamer.uploads(file(1).as_bytes(), "first").await;
    let mut costs = Vec::new();
    for _ in 0..2 {
        let (_, new) = inside.table.count(tamer.opens("/desk/new")).await;
        let (page, many) = inside.table.count(tamer.opens("/desk/many")).await;
        let listed = page.body.matches("<li><a href=\"/api/desk/many/").count();
        costs.push((new, many - listed));
        for number in 0..30 {
            let key = number.to_string();
            other.uploads(file(1).as_bytes(), &key).await;
            tamer.uploads(file(1).as_bytes(), &key).await;
        }
    }
    assert_eq!(costs[0], costs[1], "beside those that are listed");
}

/// Each call takes as long as one of Table Storage.
const LATENCY: std::time::Duration = std::time::Duration::from_millis(8);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_rows_end_in_time() {
    let table = FaultyTable::at_a_distance(LATENCY);
    let inside = Inside::over(table, now(), &SETTINGS);
    let tamer = Employee::manager(&inside);
    let started = Instant::now();
    let uploaded = tamer.uploads(file(1000).as_bytes(), "k").await;
    let (path, kept) = (uploaded.leads_to().to_owned(), started.elapsed());
    let (mut longest, mut shown) = (kept, Vec::new());
    assert_eq!(tamer.presses(&path, &[]).await.status, 303);
    loop {
        let asked = Instant::now();
        let page = tamer.opens(&path).await;
        longest = longest.max(asked.elapsed());
        if !page.refresh {
            assert!(
                page.body.contains("1000 customers were invited."),
                "{}",
                page.body
            );
            break;
        }
        let (_, done) = page.body.split_once("<progress").unwrap();
        let (_, done) = done.split_once("value=").unwrap();
        let done: usize = done.split(' ').next().unwrap().parse().unwrap();
        assert!(
            shown.last().is_none_or(|last| *last < done),
            "{shown:?}, {done}"
        );
        shown.push(done);
    }
    let total = started.elapsed();
    println!(
        "1,000 rows: {total:?} in {} steps of at most {longest:?}: {shown:?}",
        shown.len()
    );
    // `functionTimeout` is five minutes, and the front end gives up after 230 seconds.
    assert!(longest.as_secs() < 20, "{longest:?}");
    assert!(total.as_secs() < 230, "{total:?}");
    assert_eq!(created(&inside).await, (1000, 1000));
}
