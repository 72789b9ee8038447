//! Used states of sign-ins and approvals are deleted.

use super::*;

#[tokio::test]
async fn states_of_approvals_go_after_an_hour() {
    let inside = Inside::start(Store::Embedded, START, &[]).await;
    let id = create(inside.store()).await;
    let approve = async || {
        let approval = inside
            .store()
            .approve(id, "a state", None, (None, inside.now()));
        approval.await.unwrap()
    };
    assert_eq!(approve().await, Approval::Recorded);
    inside.wait(Duration::minutes(61));
    inside.tick("DeliverEvents").await;
    assert_eq!(approve().await, Approval::Spent, "it may still come back");
    inside.wait(Duration::minutes(5));
    inside.tick("DeliverEvents").await;
    assert_eq!(approve().await, Approval::Recorded, "today already");
}

/// An earlier version kept the mark with the invitation, and another row had it deleted.
#[tokio::test]
async fn states_of_an_earlier_version_are_deleted() {
    let inside = Inside::start(Store::Embedded, START, &[]).await;
    let id = create(inside.store()).await;
    let write = |key: &str, fields: Fields| Write::Insert {
        key: key.to_owned(),
        fields,
    };
    let text = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let used = [
        text("mark", "6ba7b810-9dad-11d1-80b4-00c04fd430c8"),
        text("usedAt", "2026-11-22T12:00:00Z"),
    ];
    let (partition, table) = (id.to_string(), &inside.table);
    let state = write("state-0123456789abcdef0123456789abcdef", used.into());
    table.commit(&partition, &[state]).await.unwrap();
    let due = (START + Duration::minutes(65)).unix_timestamp() * 1000;
    let key = format!("{due:013}-{id}-state-0123456789abcdef0123456789abcdef");
    let shard = format!("outbox-state-{}", &partition[..1]);
    let deletion = write(&key, announced("2026-11-22T12:00:00Z"));
    table.commit(&shard, &[deletion]).await.unwrap();
    inside.wait(Duration::minutes(66));
    assert_eq!(inside.tick("DeliverEvents").await.0, 200);
    let keys = inside.table.keys().await;
    assert!(!keys.iter().any(|key| key.contains("state")), "{keys:?}");
}

#[tokio::test]
async fn used_states_go_after_an_hour() {
    let inside = Inside::start(Store::Embedded, START, &[]).await;
    let id = create(inside.store()).await;
    let use_once = async |state: String| {
        let states = &inside.store().states;
        let ends = START + Duration::HOUR;
        let used = states
            .use_once(id, (&state, ends), None, inside.now())
            .await;
        matches!(used.unwrap(), StateUse::First(_))
    };
    for n in 0..250 {
        assert!(use_once(n.to_string()).await);
    }
    inside.wait(Duration::minutes(61));
    inside.tick("DeliverEvents").await;
    assert!(
        !use_once("7".to_owned()).await,
        "its attempt may still come back"
    );
    inside.wait(Duration::minutes(5));
    inside.tick("DeliverEvents").await;
    for n in 0..250 {
        assert!(use_once(n.to_string()).await, "{n} is kept");
    }
}
