//! When a failed delivery is tried again, and what does not wait for it.

use super::*;

/// Another instance that found the intent before the progress is set back would take it away as
/// done.
#[tokio::test]
async fn retry_is_not_due_before_its_time() {
    let (store, _dir) = store();
    let id = create(&store).await;
    let history = store.invitations.history(id).await.unwrap().unwrap();
    let mut lease = store
        .deliveries
        .lease(&history, Channel::Webhook, START)
        .await
        .unwrap()
        .unwrap();
    let given_up = history.progress(Channel::Webhook).clone().fail(
        1,
        START,
        TryFailed::Never("410".to_owned()),
        START,
    );
    assert!(
        store
            .deliveries
            .record(&mut lease, &given_up, None)
            .await
            .unwrap()
    );
    let later = START + Duration::HOUR;
    for intent in due(&store, later).await {
        store.outbox.finish(&intent);
    }
    store.outbox.flush().await.unwrap();

    let history = store.invitations.history(id).await.unwrap().unwrap();
    assert!(
        store
            .deliveries
            .redeliver(&history, Channel::Webhook, (1, None), later)
            .await
            .unwrap()
    );
    assert!(due(&store, later).await.is_empty());
    let found = due(&store, later + Duration::minutes(1)).await;
    assert_eq!(
        found
            .iter()
            .map(|intent| (intent.id, intent.event))
            .collect::<Vec<_>>(),
        [(id, 1)]
    );
    assert_eq!(
        store
            .invitations
            .history(id)
            .await
            .unwrap()
            .unwrap()
            .progress(Channel::Webhook)
            .settled,
        0
    );
}

#[tokio::test]
async fn resend_does_not_wait_for_the_retry() {
    let scene = Scene::start().await;
    scene.mailbox.refuse(RecipientRule::temporary(KNOWN));
    let id = scene.invite(KNOWN).await;
    scene.try_until_the_pauses_are_long(id, "mail").await;
    scene.mailbox.accept_all();
    scene.inside.follow();
    assert_eq!(scene.resend(id).await.0, 200);
    let shown = scene.becomes(id, "mail", "delivered").await;
    scene.settle().await;
    assert_eq!(
        api::timeline(&shown),
        ["invitation.created", "invitation.resent", "invitation.sent"]
    );
    assert_eq!(
        scene.mailbox.mails_to(KNOWN).len(),
        1,
        "the earlier e-mail is superseded"
    );
}

#[tokio::test]
async fn resend_delivers_the_waiting_webhook_at_once() {
    let scene = Scene::start().await;
    scene.receiver.answer_next(&[503; 7]);
    let id = scene.invite(KNOWN).await;
    scene.complete(id).await;
    scene.try_until_the_pauses_are_long(id, "webhook").await;
    scene.inside.follow();
    let (status, shown) = scene.resend(id).await;
    assert_eq!((status, shown["status"].as_str()), (200, Some("completed")));
    assert_eq!(
        scene.receiver.wait_for(3).await,
        [
            "invitation.created",
            "invitation.accepted",
            "company.created"
        ]
    );
    scene.becomes(id, "webhook", "delivered").await;
    assert_eq!(
        scene.resend(id).await.0,
        409,
        "there is nothing to redeliver"
    );
}

#[tokio::test]
async fn resend_notifies_the_inviter_at_once() {
    let scene = Scene::start().await;
    scene.mailbox.refuse(RecipientRule::temporary(INVITER));
    let id = scene.invite(KNOWN).await;
    scene.complete(id).await;
    scene.try_until_the_pauses_are_long(id, "mail").await;
    scene.mailbox.accept_all();
    scene.inside.follow();
    assert_eq!(scene.resend(id).await.0, 200);
    scene.mailbox.wait_for(INVITER, SOON).await.unwrap();
}

#[tokio::test]
async fn dead_inviter_mailbox_does_not_block_recipient() {
    let scene = Scene::start().await;
    scene.mailbox.refuse(RecipientRule::temporary(INVITER));
    let id = scene.invite(KNOWN).await;
    scene.settle().await;
    assert_eq!(scene.mailbox.mails_to(KNOWN).len(), 1);
    scene.inside.wait(Duration::days(31));
    scene
        .inside
        .store()
        .invitations
        .contact(
            id,
            ContactKind::NewInvitation,
            &EventDetails::default(),
            scene.inside.now(),
        )
        .await
        .unwrap();
    scene.try_until_the_pauses_are_long(id, "mail").await;
    scene.inside.follow();
    assert_eq!(scene.resend(id).await.0, 200);
    scene.mailbox.wait_for_count(KNOWN, 2, SOON).await.unwrap();
    scene.becomes(id, "mail", "delivered").await;
}

/// Who has the link from the seller's own hand can go all the way.
#[tokio::test]
async fn dead_recipient_mailbox_does_not_block_inviter() {
    let scene = Scene::start().await;
    scene.mailbox.refuse(RecipientRule::temporary(KNOWN));
    let id = scene.invite(KNOWN).await;
    scene.try_until_the_pauses_are_long(id, "mail").await;
    scene.inside.follow();
    scene.complete(id).await;
    scene.mailbox.wait_for(INVITER, SOON).await.unwrap();
    assert!(scene.mailbox.mails_to(KNOWN).is_empty());
}

#[tokio::test]
async fn superseded_email_is_not_shown_as_delivered() {
    for expires in [false, true] {
        let scene = Scene::start().await;
        scene.mailbox.refuse(RecipientRule::temporary(KNOWN));
        let id = scene.invite(KNOWN).await;
        scene.try_until_the_pauses_are_long(id, "mail").await;
        if !expires {
            let revoked = scene
                .inside
                .store()
                .invitations
                .revoke(id, None, Conditions::default(), scene.inside.now())
                .await
                .unwrap();
            assert!(revoked.is_some());
        }
        scene.mailbox.accept_all();
        scene.inside.wait(Duration::days(31));
        scene.settle().await;
        let mail = scene.shown(id).await["delivery"]["mail"].clone();
        assert_eq!(mail, json!({"state": "none"}), "nothing was delivered");
        assert!(scene.mailbox.mails().is_empty());
    }
}

#[tokio::test]
async fn deliveries_fail_after_three_days() {
    let scene = Scene::start().await;
    scene.receiver.answer_next(&[503; 1000]);
    let id = scene.invite(KNOWN).await;
    scene.complete(id).await;
    // The last of the growing pauses is 4 hours.
    while scene.inside.now() < START + Duration::days(3) + Duration::hours(9) {
        scene.inside.wait(Duration::hours(1));
        scene.tick().await;
    }
    let webhook = scene.shown(id).await["delivery"]["webhook"].clone();
    let failed: Vec<_> = items(&webhook["failed"])
        .map(|one| one["event"].as_u64().unwrap())
        .collect();
    assert_eq!(
        (webhook["state"].as_str(), failed),
        (Some("failed"), vec![1, 2, 3]),
        "{webhook}"
    );
    assert!(
        items(&webhook["failed"]).all(|one| one["reason"] == "the receiver is down or busy (503)")
    );
    assert_eq!(scene.intents().await, [""; 0], "no one tries any more");
}

/// However the ticks fall: one may come when the next try is not due yet, but nearly.
#[tokio::test]
async fn redelivery_survives_another_failure() {
    let scene = Scene::start().await;
    scene.receiver.answer_next(&[503; 1000]);
    let id = scene.invite_quietly().await;
    scene.complete(id).await;
    while scene.shown(id).await["delivery"]["webhook"]["state"] != "failed" {
        scene.inside.wait(Duration::hours(1));
        scene.tick().await;
    }
    scene.inside.wait(Duration::hours(5));
    scene.tick().await;
    assert_eq!(scene.intents().await, [""; 0], "no one tries any more");
    scene.receiver.answer_only(&[200, 503, 503, 503]);
    let before = scene.receiver.received().len();
    assert_eq!(scene.resend(id).await.0, 200);
    for _ in 0..600 {
        scene.inside.wait(Duration::milliseconds(500));
        scene.tick().await;
    }
    let delivered: Vec<_> = scene.receiver.received()[before..]
        .iter()
        .map(|one| one.json()["data"]["sequence"].as_u64().unwrap())
        .collect();
    assert_eq!(delivered, [1, 2, 2, 2, 2, 3]);
    assert_eq!(
        scene.shown(id).await["delivery"]["webhook"]["state"],
        "delivered"
    );
    assert_eq!(scene.intents().await, [""; 0]);
}

#[tokio::test]
async fn emails_do_not_wait_for_a_hanging_receiver() {
    let scene = Scene::start().await;
    scene.receiver.take_time(std::time::Duration::from_secs(20));
    for _ in 0..40 {
        scene.invite_quietly().await;
    }
    // Whichever shard is looked at first, this one is in another.
    for shard in ['0', '8'] {
        try_to_create(scene.inside.store(), &link_of_shard(shard), START)
            .await
            .unwrap();
    }
    scene.inside.wait(Duration::minutes(1));
    let tick = scene.begin_to_tick();
    scene.arrive(8).await;
    scene.mailbox.wait_for_count(KNOWN, 2, SOON).await.unwrap();
    assert!(!tick.is_finished(), "while the webhooks hang");
    tick.abort();
}
