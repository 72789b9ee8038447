//! The list of invitations at the desk.

use local::staff::{MANAGER, READER};
use support::{
    KNOWN, Store, api, invitation, invite, items, over_both_stores, people::Acts, start,
};

use super::scene::{DESK, id_of, signed_in};

over_both_stores! {
    each_filter_finds_what_it_names
}

async fn each_filter_finds_what_it_names(store: Store) {
    let stack = start(store).await;
    let mut lena = signed_in(&stack, READER).await;
    let empty = lena.opens(DESK).await;
    assert!(empty.text("main").unwrap().contains("No invitations yet"));
    let mut anna = invitation(KNOWN, "Anna", "Meier");
    anna["sendEmail"] = false.into();
    let anna = id_of(&invite(&stack, &anna).await);
    let mut ben = invitation("ben@carter.example", "Ben", "Carter");
    ben["sendEmail"] = false.into();
    ben["company"]["name"] = "Carter  Tooling".into();
    ben["company"]["customerNumber"] = "C-7".into();
    let ben = id_of(&invite(&stack, &ben).await);
    api::act(&stack, &ben, "revoke", &serde_json::json!({})).await;
    for (query, expected) in [
        ("", vec![&ben, &anna]),
        ("?status=revoked", vec![&ben]),
        ("?status=pending&by=", vec![&anna]),
        ("?by=me", vec![]),
        ("?search=C-7", vec![&ben]),
        ("?search=carter+tooling", vec![&ben]),
        ("?search=+Ben@carter.example", vec![&ben]),
        ("?search=carter", vec![]),
        ("?status=delivery-failed", vec![]),
        ("?status=nonsense&cursor=nonsense", vec![&ben, &anna]),
    ] {
        let page = lena.opens(&format!("{DESK}{query}")).await;
        assert_eq!(page.status, 200, "{query}");
        let links = page.body.matches("href=\"/api/desk/invitations/").count();
        assert_eq!(links, expected.len(), "{query}");
        for id in expected {
            assert!(page.body.contains(id), "{query}");
        }
    }
    let nothing = lena.opens(&format!("{DESK}?search=carter")).await;
    assert!(nothing.text("main").unwrap().contains("Nothing found"));
}

#[tokio::test]
async fn pages_lead_to_older_invitations() {
    let stack = start(Store::Embedded).await;
    let posted: Vec<_> = (0..30)
        .map(|number| {
            let mut posted = invitation(&format!("a{number}@example.com"), "Anna", "Meier");
            posted["sendEmail"] = false.into();
            posted
        })
        .collect();
    let created = api::post(&stack, serde_json::Value::from(posted).to_string()).await;
    assert_eq!(items(&created.json()).count(), 30);
    let mut thomas = signed_in(&stack, MANAGER).await;
    let first = thomas.opens(&format!("{DESK}?status=pending")).await;
    let count = |page: &local::browser::Page| {
        let links = page.body.matches("href=\"/api/desk/invitations/");
        links.count()
    };
    assert_eq!(count(&first), 25);
    let older = first.attribute("#older", "href").unwrap();
    assert!(older.contains("status=pending"), "{older}");
    let second = thomas.opens(&older).await;
    assert_eq!(count(&second), 5);
    assert!(!second.has("#older"));
    assert!(second.has(".pages a[href='/api/desk?status=pending']"));
    let german = second.attribute("footer nav a[lang=de]", "href").unwrap();
    let german = thomas.opens(&german).await;
    assert_eq!(count(&german), 5, "the same page in another language");
    let next = thomas.opens(DESK).await;
    assert_eq!(
        next.attribute("html", "lang").unwrap(),
        "de",
        "it is remembered"
    );
}
