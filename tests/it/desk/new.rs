//! Inviting one person at the desk.

use onboarding::{domain::staff::Role, store::Outcome};
use support::{
    Store,
    inside::{self, Inside},
    now,
};
use time::Duration;

use super::office::{Answer, Employee, SETTINGS, created};

const FIELDS: [(&str, &str); 13] = [
    ("email", "anna@meier.example"),
    ("firstName", "Anna"),
    ("lastName", "Meier"),
    ("locale", "de"),
    ("companyName", "Meier Präzisionstechnik GmbH"),
    ("customerNumber", "C-10042"),
    ("country", "DE"),
    ("street", "Lindwurmstraße 80"),
    ("postalCode", "80337"),
    ("city", "München"),
    ("inviterName", "Tamer Mohamed-Nour"),
    ("inviterOrganization", "GFMS"),
    ("key", "the key of the form"),
];

async fn desk() -> (Inside, Employee) {
    let inside = Inside::start(Store::Embedded, now(), &SETTINGS).await;
    let tamer = Employee::manager(&inside);
    (inside, tamer)
}

/// The form with other values in some fields.
fn with<'a>(others: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let given = |(name, value): (&'a str, &'a str)| {
        let other = others.iter().find(|(own, _)| *own == name);
        (name, other.map_or(value, |(_, value)| value))
    };
    let added = others
        .iter()
        .filter(|(name, _)| !FIELDS.iter().any(|(own, _)| own == name));
    FIELDS
        .into_iter()
        .map(given)
        .chain(added.copied())
        .collect()
}

/// Its recipient accepts it and creates a company.
async fn complete(inside: &Inside, path: &str) {
    let id = path.rsplit('/').next().unwrap().parse().unwrap();
    let (store, account) = (inside.store(), inside::account());
    let accepted = store.invitations.accept(id, account, inside.now()).await;
    assert!(matches!(accepted.unwrap(), Outcome::Done(_)));
    let company = inside::company();
    let created = store.companies.create(id, account, &company, inside.now());
    created.await.unwrap();
}

async fn draft(tamer: &Employee, fields: &[(&str, &str)]) -> (String, Answer) {
    let answer = tamer.presses("/desk/new", fields).await;
    let path = answer.leads_to().to_owned();
    let page = tamer.opens(&path).await;
    (path, page)
}

#[tokio::test]
async fn the_email_is_shown_before_it_is_sent() {
    let (inside, tamer) = desk().await;
    let (path, page) = draft(&tamer, &FIELDS).await;
    assert_eq!(page.status, 200, "{}", page.body);
    assert!(
        page.body.contains("GFMS lädt Sie"),
        "the subject, in German: {}",
        page.body
    );
    assert!(page.body.contains("GFMS) via My rConnect"), "the sender");
    assert!(
        page.body
            .contains(&format!("<iframe class=email src=\"/api{path}/email\""))
    );
    assert!(page.policy.contains("frame-src 'self'"), "{}", page.policy);
    let email = tamer.opens(&format!("{path}/email")).await;
    assert!(email.body.contains("Anna Meier"), "{}", email.body);
    for part in ["sandbox", "default-src 'none'", "frame-ancestors 'self'"] {
        assert!(email.policy.contains(part), "{}", email.policy);
    }
    assert_eq!(created(&inside).await, (0, 0), "nothing was created yet");
}

#[tokio::test]
async fn pressed_twice_one_invitation_is_sent() {
    let (inside, tamer) = desk().await;
    let (path, _) = draft(&tamer, &FIELDS).await;
    let first = tamer.presses(&path, &[]).await;
    let second = tamer.presses(&path, &[]).await;
    assert_eq!(first.leads_to(), second.leads_to());
    assert_eq!(
        tamer.opens(&path).await.leads_to(),
        first.leads_to(),
        "the draft leads there"
    );
    assert_eq!(created(&inside).await, (1, 1));
    let again = tamer.presses("/desk/new", &FIELDS).await;
    assert_eq!(again.leads_to(), path, "the form was sent twice");
    let other = tamer
        .presses("/desk/new", &with(&[("key", "another form")]))
        .await;
    assert_ne!(other.leads_to(), path);
}

/// A browser ends the request of the first press when it sends the second.
#[tokio::test]
async fn a_press_that_is_cut_short_anywhere_holds_up_no_other() {
    let (inside, tamer) = desk().await;
    for cut in 1..=12 {
        let email = format!("anna{cut}@example.com");
        let key = format!("form {cut}");
        let fields = [("email", email.as_str()), ("key", &key)];
        let (path, _) = draft(&tamer, &with(&fields)).await;
        let mut first = Box::pin(tamer.presses(&path, &[]));
        for _ in 0..cut {
            if futures::poll!(&mut first).is_ready() {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        drop(first);
        let second = tamer.presses(&path, &[]).await;
        assert!(second.leads_to().starts_with("/desk/invitations/"), "{cut}");
        assert_eq!(created(&inside).await, (cut, cut));
    }
}

#[tokio::test]
async fn two_presses_at_once_send_one_invitation() {
    let (inside, tamer) = desk().await;
    let (path, _) = draft(&tamer, &FIELDS).await;
    let other = tamer.at(inside.another());
    let _ = tokio::join!(tamer.presses(&path, &[]), other.presses(&path, &[]));
    tamer.presses(&path, &[]).await;
    assert_eq!(created(&inside).await, (1, 1));
}

#[tokio::test]
async fn wrong_fields_are_named_and_kept() {
    let (inside, tamer) = desk().await;
    let wrong = [
        ("email", "anna"),
        ("firstName", ""),
        ("lastName", ""),
        ("postalCode", "8033"),
        ("expiresAt", "2001-01-01"),
        ("inviterOrganization", ""),
    ];
    let page = tamer.presses("/desk/new", &with(&wrong)).await;
    assert_eq!(page.status, 422);
    for part in [
        "Please check 5\u{a0}entries",
        "<a href=#email>",
        "id=email-error>Please enter an e-mail address",
        "id=firstName-error>Please enter a first or last name.",
        "id=postalCode-error>A postal code in Germany",
        "id=expiresAt-error>Please choose a day in the future",
        "id=inviterOrganization-error>",
        "value=\"8033\"",
        "value=\"Lindwurmstraße 80\"",
    ] {
        assert!(page.body.contains(part), "{part}: {}", page.body);
    }
    assert!(inside.table.keys().await.is_empty(), "nothing was written");
}

#[tokio::test]
async fn what_is_there_already_is_shown() {
    let (inside, tamer) = desk().await;
    let (path, page) = draft(&tamer, &FIELDS).await;
    assert!(!page.body.contains("already has an invitation"));
    let invitation = tamer.presses(&path, &[]).await;
    let (_, page) = draft(&tamer, &with(&[("key", "another form")])).await;
    assert!(
        page.body.contains("already has an invitation"),
        "{}",
        page.body
    );
    assert!(page.body.contains(invitation.leads_to()), "and leads to it");
    assert!(!page.body.contains("will join"));
    complete(&inside, invitation.leads_to()).await;
    let colleague = with(&[("key", "a third form"), ("email", "bernd@meier.example")]);
    let (_, page) = draft(&tamer, &colleague).await;
    assert!(page.body.contains("belongs to Meier AG"), "{}", page.body);
}

#[tokio::test]
async fn a_draft_can_be_changed() {
    let (_, tamer) = desk().await;
    let (path, page) = draft(&tamer, &FIELDS).await;
    let id = path.rsplit('/').next().unwrap();
    assert!(
        page.body
            .contains(&format!("href=\"/api/desk/new?from={id}\""))
    );
    let form = tamer.opens(&format!("/desk/new?from={id}")).await;
    assert!(
        form.body.contains("value=\"anna@meier.example\""),
        "{}",
        form.body
    );
    assert!(form.body.contains("value=\"GFMS\""));
}

#[tokio::test]
async fn last_day_is_over_everywhere_before_the_end() {
    let (inside, tamer) = desk().await;
    let last_day = (inside.now() + Duration::days(10)).date();
    let day = last_day.to_string();
    let fields = with(&[("expiresAt", &day)]);
    let (path, _) = draft(&tamer, &fields).await;
    let invitation = tamer.presses(&path, &[]).await;
    let id = invitation.leads_to().rsplit('/').next().unwrap().to_owned();
    let (_, shown) = inside.get(&format!("/api/Invitations/{id}")).await;
    let expected = last_day.midnight().assume_utc() + Duration::hours(36);
    let expected = expected
        .format(&time::format_description::well_known::Rfc3339)
        .unwrap();
    assert_eq!(shown["expiresAt"], expected, "{shown}");
}

#[tokio::test]
async fn the_inviter_is_filled_in() {
    let (_, tamer) = desk().await;
    let first = tamer.opens("/desk/new").await;
    assert!(
        first.body.contains("value=\"Tamer Mohamed-Nour\""),
        "{}",
        first.body
    );
    assert!(first.body.contains("value=\"tamer@gfms.example\""));
    draft(&tamer, &with(&[("inviterPhone", "+41 44 123 45 67")])).await;
    let second = tamer.opens("/desk/new").await;
    assert!(
        second.body.contains("value=\"GFMS\""),
        "as in the last draft"
    );
    assert!(second.body.contains("value=\"+41 44 123 45 67\""));
}

#[tokio::test]
async fn drafts_are_for_their_owner_alone() {
    let (inside, tamer) = desk().await;
    let (path, _) = draft(&tamer, &FIELDS).await;
    let other = Employee::of(&inside, 2, Role::Manage);
    assert_eq!(other.opens(&path).await.status, 404);
    assert_eq!(other.presses(&path, &[]).await.status, 404);
    let reader = Employee::of(&inside, 1, Role::Read);
    for path in ["/desk/new", path.as_str()] {
        assert_eq!(reader.opens(path).await.status, 403, "{path}");
        assert_eq!(reader.presses(path, &FIELDS).await.status, 403, "{path}");
    }
    assert_eq!(created(&inside).await, (0, 0));
}

#[tokio::test]
async fn without_a_mail_server_it_is_only_created() {
    let inside = Inside::start(Store::Embedded, now(), &SETTINGS[..1]).await;
    let tamer = Employee::manager(&inside);
    let (path, page) = draft(&tamer, &FIELDS).await;
    assert!(
        page.body.contains("This service sends no e-mail"),
        "{}",
        page.body
    );
    assert!(page.body.contains("Create invitation"));
    tamer.presses(&path, &[]).await;
    assert_eq!(created(&inside).await, (1, 1));
}

#[tokio::test]
async fn what_someone_has_created_is_theirs_in_the_list() {
    let (inside, tamer) = desk().await;
    let (path, _) = draft(&tamer, &FIELDS).await;
    tamer.presses(&path, &[]).await;
    let other = Employee::of(&inside, 2, Role::Read);
    for (person, query, count) in [
        (&tamer, "", 1),
        (&tamer, "?by=me", 1),
        (&other, "", 1),
        (&other, "?by=me", 0),
    ] {
        let page = person.opens(&format!("/desk{query}")).await.body;
        let found = page.matches("href=\"/api/desk/invitations/").count();
        assert_eq!(found, count, "{query}");
        let chosen = if query.is_empty() { "" } else { "me" };
        let chosen = format!("<option value=\"{chosen}\" selected>");
        let (_, choice) = page.split_once("name=\"by\"").unwrap();
        assert!(choice.contains(&chosen), "{choice}");
    }
}
