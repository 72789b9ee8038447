//! Who delivers, and what becomes of it when they stop.

use super::*;

#[tokio::test]
async fn abandoned_lease_expires_within_seconds() {
    let (store, _dir) = store();
    let id = create(&store).await;
    let history = store.invitations.history(id).await.unwrap().unwrap();
    assert!(
        store
            .deliveries
            .lease(&history, Channel::Webhook, START)
            .await
            .unwrap()
            .is_some()
    );
    let history = store.invitations.history(id).await.unwrap().unwrap();
    assert!(
        store
            .deliveries
            .lease(&history, Channel::Webhook, START + Duration::seconds(5))
            .await
            .unwrap()
            .is_none()
    );
    assert!(
        store
            .deliveries
            .lease(&history, Channel::Webhook, START + Duration::seconds(20))
            .await
            .unwrap()
            .is_some()
    );
}

#[tokio::test]
async fn lease_is_renewed_during_a_slow_delivery() {
    let scene = Scene::start().await;
    scene.receiver.take_time(std::time::Duration::from_secs(12));
    let id = scene.invite_quietly().await;
    scene.inside.wait(Duration::seconds(6));
    let telling = scene.begin_to_tick();
    scene.arrive(1).await;
    for _ in 0..2 {
        scene.inside.wait(Duration::seconds(10));
        scene.is_renewed(id).await;
    }
    let other = scene.inside.another();
    assert_eq!(
        inside::call(&other, Method::POST, "/DeliverEvents", &Value::Null)
            .await
            .0,
        200
    );
    telling.await.unwrap();
    assert_eq!(
        scene.receiver.received().len(),
        1,
        "who does not hold the lease leaves it alone"
    );
    assert_eq!(
        scene.shown(id).await["delivery"]["webhook"]["state"],
        "delivered"
    );
}

impl Scene {
    /// Waits until the lease holds as long from now as a new one.
    async fn is_renewed(&self, id: InvitationId) {
        let renewed = async {
            let at = self.inside.now() + Duration::seconds(14);
            while !self
                .inside
                .store()
                .invitations
                .history(id)
                .await
                .unwrap()
                .unwrap()
                .is_leased(Channel::Webhook, at)
            {
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(SOON, renewed).await.unwrap();
    }
}

#[tokio::test]
async fn lost_lease_stops_the_worker() {
    let scene = Scene::start().await;
    scene.receiver.take_time(std::time::Duration::from_secs(14));
    let id = scene.invite_quietly().await;
    scene.inside.wait(Duration::seconds(6));
    let telling = scene.begin_to_tick();
    scene.arrive(1).await;
    scene.inside.fail_after(0, false);
    scene.inside.wait(Duration::seconds(16));
    tokio::time::timeout(SOON, telling)
        .await
        .expect("it does not wait for the receiver")
        .unwrap();
    scene.inside.table.recover();
    scene.receiver.take_time(std::time::Duration::ZERO);
    scene.settle().await;
    assert_eq!(scene.receiver.received().len(), 2);
    assert_eq!(
        scene.shown(id).await["delivery"]["webhook"]["state"],
        "delivered"
    );
}

/// Its intent may be dropped by then, as one of something that never happened.
#[tokio::test(start_paused = true)]
async fn suspended_process_does_not_act_late() {
    let inside = Inside::start(
        Store::Embedded,
        START,
        &[
            ("SMTP_URL", "smtp://127.0.0.1:9"),
            ("MAIL_FROM", "no-reply@example.com"),
        ],
    )
    .await;
    let stalled = Fault::Slow(std::time::Duration::from_secs(90));
    inside.table.plan(faulty::commits(), stalled);
    let created = try_to_create(inside.store(), &Link::random(), START).await;
    assert!(
        matches!(created, Err(StoreError::Unavailable { .. })),
        "{created:?}"
    );
    assert!(
        !inside
            .table
            .keys()
            .await
            .iter()
            .any(|key| key.contains("/event-")),
        "{:?}",
        inside.table.keys().await
    );
}
