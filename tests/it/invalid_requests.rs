//! What is wrong with a request to the API: all of it at once, and what to do about it.

use reqwest::Method;
use serde_json::{Value, json};
use support::{
    KNOWN, Store,
    api::{self, Answer, request, send},
    invitation, over_both_stores, start,
};

over_both_stores! {
    contention_is_no_outage
}

/// The detail of each error, by JSON pointer.
fn details(answer: &Answer) -> Vec<(String, String)> {
    let errors = answer.json()["errors"].as_array().cloned();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    errors
        .unwrap_or_default()
        .iter()
        .map(|error| (text(&error["pointer"]), text(&error["detail"])))
        .collect()
}

/// The detail of the only error.
fn detail(answer: &Answer) -> String {
    let details = details(answer);
    assert_eq!(details.len(), 1, "{}", answer.body);
    details[0].1.clone()
}

#[tokio::test]
async fn types_names_and_values_are_reported_together() {
    let stack = start(Store::Embedded).await;
    let answer = api::post(
        &stack,
        json!({
            "recipient": {"email": 7, "firstName": "Anna", "lastName": ["Meier"], "nickname": "Ann"},
            "inviter": "Thomas Keller",
            "company": {"name": "", "city": "London", "street": "1 High Street", "country": "GB", "phone": true},
            "sendEmail": "no",
            "expiresAt": "tomorrow",
            "color": null
        })
        .to_string(),
    )
    .await;
    assert_eq!(
        answer.pointers(),
        [
            "/color",
            "/company/name",
            "/company/phone",
            "/company/postalCode",
            "/expiresAt",
            "/inviter",
            "/recipient/email",
            "/recipient/lastName",
            "/recipient/nickname",
            "/sendEmail",
        ]
    );
}

#[tokio::test]
async fn a_country_that_is_meant_is_named() {
    let stack = start(Store::Embedded).await;
    for (country, says) in [
        (
            "UK",
            "is not an ISO 3166-1 alpha-2 code; for the United Kingdom use GB",
        ),
        (
            "Germany",
            "is not an ISO 3166-1 alpha-2 code; for Germany use DE",
        ),
        ("XX", "is not an ISO 3166-1 alpha-2 code"),
    ] {
        let mut posted = invitation(KNOWN, "Anna", "Meier");
        posted["company"]["country"] = country.into();
        posted["company"]["postalCode"] = "1".into();
        posted["company"]["vatNumber"] = Value::Null;
        let answer = api::post(&stack, posted.to_string()).await;
        let named = details(&answer);
        assert!(
            named.contains(&("/company/country".to_owned(), says.to_owned())),
            "{named:?}"
        );
    }
}

#[tokio::test]
async fn null_means_absent_and_empty_times_are_explained() {
    let stack = start(Store::Embedded).await;
    let posted = |pointer: &str, value: Value| {
        let mut posted = invitation(KNOWN, "Anna", "Meier");
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        posted.pointer_mut(parent).unwrap()[name] = value;
        posted.to_string()
    };
    for optional in [
        "/message",
        "/expiresAt",
        "/metadata",
        "/companyId",
        "/recipient/locale",
        "/inviter/phone",
        "/company/region",
    ] {
        let answer = api::post(&stack, posted(optional, Value::Null)).await;
        assert_eq!(answer.status, 201, "{optional} {}", answer.body);
    }
    let postal_code = api::post(&stack, posted("/company/postalCode", Value::Null)).await;
    assert_eq!(postal_code.pointers(), ["/company/postalCode"]);
    assert_eq!(detail(&postal_code), "must not be empty");
    let expiry = api::post(&stack, posted("/expiresAt", "".into())).await;
    assert!(detail(&expiry).ends_with("such as 2030-01-31T12:00:00Z, or absent"));
    let long = json!({"order": "x".repeat(501), "": "x"});
    let metadata = api::post(&stack, posted("/metadata", long)).await;
    assert_eq!(metadata.pointers(), ["/metadata/", "/metadata/order"]);
}

#[tokio::test]
async fn bodies_that_cannot_be_read_say_what_to_send() {
    let stack = start(Store::Embedded).await;
    let empty = api::post(&stack, "").await;
    assert_eq!(empty.problem(), "malformed-json");
    assert_eq!(
        empty.json()["detail"],
        "The body is empty: send an invitation as a JSON object."
    );
    let broken = api::post(&stack, "{").await;
    assert_eq!(broken.problem(), "malformed-json");
    assert_ne!(broken.json()["detail"], empty.json()["detail"]);
    assert_eq!(broken.json()["title"], empty.json()["title"]);
    let compressed = |path: &str| {
        request(&stack, Method::POST, path)
            .header("content-type", "application/json")
            .header("content-encoding", "gzip")
            .body("…")
    };
    for path in ["/api/Invitations", "/api/Invitations/batch"] {
        let answer = send(compressed(path)).await;
        assert_eq!(
            (answer.status, answer.problem().as_str()),
            (415, "unsupported-media-type")
        );
        assert_eq!(answer.header("accept-encoding"), "identity");
    }
    let id = "0".repeat(32);
    let wrong_method = api::post_to(&stack, &format!("/api/Invitations/{id}"), "{}").await;
    assert_eq!(wrong_method.problem(), "method-not-allowed");
    assert_eq!(wrong_method.header("allow"), "GET,HEAD,PATCH");
}

#[tokio::test]
async fn every_response_has_the_id_of_its_request() {
    let stack = start(Store::Embedded).await;
    let ok = api::post(&stack, invitation(KNOWN, "Anna", "Meier").to_string()).await;
    let refused = api::post(&stack, "{}").await;
    let ids = [&ok, &refused].map(|answer| answer.header("x-request-id").to_owned());
    assert!(
        ids.iter().all(|id| id.parse::<uuid::Uuid>().is_ok()),
        "{ids:?}"
    );
    assert_ne!(ids[0], ids[1]);
    assert_eq!(refused.json()["requestId"], ids[1].as_str());
    assert!(ok.json().get("requestId").is_none());
}

/// Each is done or asked to retry; none is answered that the storage is unavailable.
async fn contention_is_no_outage(store: Store) {
    let stack = start(store).await;
    let created = api::post(&stack, invitation(KNOWN, "Anna", "Meier").to_string()).await;
    let id = created.json()["id"].as_str().unwrap().to_owned();
    let body = json!({"sendEmail": false});
    let resends = (0..20).map(|_| api::act(&stack, &id, "resend", &body));
    let answers = futures::future::join_all(resends).await;
    let mut done = 0;
    for answer in &answers {
        match answer.status {
            200 => done += 1,
            429 => assert_eq!(
                (answer.problem().as_str(), answer.header("retry-after")),
                ("contended", "1")
            ),
            _ => panic!("{} {}", answer.status, answer.body),
        }
    }
    let shown = api::get(&stack, &id).await.json();
    let timeline = api::timeline(&shown);
    let resent = timeline.iter().filter(|kind| **kind == "invitation.resent");
    assert_eq!(resent.count(), done);
}
