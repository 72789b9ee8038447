//! Rows that cannot be read, and a process that dies between two writes.

use super::*;

/// The recipient accepts while the mail server takes the e-mail.
#[tokio::test]
async fn acceptance_during_the_delivery_loses_no_event() {
    let dir = tempfile::tempdir().unwrap();
    let table = Arc::new(EmbeddedTable::open(dir.path()).unwrap());
    let channels = Channels {
        mail: true,
        webhook: false,
    };
    let (store, mut announced) = Repositories::new(
        table,
        Sealer::new(&[[1; 64]]),
        Options::new(channels, Clock::system()),
    );
    let id = create(&store).await;
    let history = announced.try_recv().unwrap().history.unwrap();
    let channel = Channel::Mail;
    let deliveries = &store.deliveries;
    let mut lease = deliveries
        .head_start(&history, &history.events[0], channel, START)
        .unwrap();
    let accepted = store.invitations.accept(id, account(), START).await;
    assert!(matches!(accepted, Ok(Outcome::Done(_))));
    let progress = history.progress(channel).clone().settle(1, START);
    let email = EmailOutcome {
        history: &history,
        sent: true,
    };
    let recorded = deliveries.record_email(&mut lease, email, &progress, None, START);
    assert!(recorded.await.unwrap());
    let history = store.invitations.history(id).await.unwrap().unwrap();
    let kinds: Vec<_> = history
        .events
        .iter()
        .map(|event| event.kind.name())
        .collect();
    let expected = [
        "invitation.created",
        "invitation.accepted",
        "invitation.sent",
    ];
    assert_eq!(kinds, expected);
    assert_eq!(history.progress(channel).settled, 1);
}

#[tokio::test]
async fn unreadable_intents_are_deleted_after_days() {
    let scene = Scene::start().await;
    let fields = announced("2026-11-22T12:00:00Z");
    let row = |key: &str| Write::Insert {
        key: key.to_owned(),
        fields: fields.clone(),
    };
    let unreadable = [
        row("1795348805000-left-behind"),
        row("1795348805000-of-a-newer-version"),
    ];
    let table = &scene.inside.table;
    table.commit("outbox-webhook-3", &unreadable).await.unwrap();
    let outbox = &scene.inside.app.store.outbox;
    let oldest = || outbox.oldest_due(Channel::Webhook, scene.inside.now());
    scene.inside.wait(Duration::days(3));
    scene.tick().await;
    assert_eq!(scene.intents().await.len(), 2);
    assert!(oldest().await.unwrap().is_some(), "Health reports it");
    scene.inside.wait(Duration::days(2));
    scene.tick().await;
    assert_eq!(scene.intents().await, [""; 0]);
    assert_eq!(oldest().await.unwrap(), None, "but not for ever");
}

#[tokio::test]
async fn unreadable_event_blocks_later_ones() {
    for newer_kind in [true, false] {
        let scene = Scene::start().await;
        let id = scene.invite_quietly().await;
        scene.complete(id).await;
        let (table, partition) = (&scene.inside.table, id.to_string());
        let row = table
            .get(&partition, "event-000002")
            .await
            .unwrap()
            .unwrap();
        let (key, if_match, fields) = (row.key.clone(), row.etag, row.fields.clone());
        let mut unknown = fields.clone();
        unknown.insert("type", "invitation.teleported");
        let hidden = if newer_kind {
            Write::Replace {
                key: key.clone(),
                if_match,
                fields: unknown,
            }
        } else {
            Write::Delete {
                key: key.clone(),
                if_match,
            }
        };
        let etag = table
            .commit(&partition, &[hidden])
            .await
            .unwrap()
            .pop()
            .unwrap();
        for _ in 0..30 {
            scene.inside.wait(Duration::minutes(1));
            scene.tick().await;
        }
        assert_eq!(
            scene.receiver.types(),
            ["invitation.created"],
            "neither it nor what follows it"
        );
        assert!(scene.mailbox.mails().is_empty(), "it might cause an e-mail");
        assert_eq!(
            api::timeline(&scene.shown(id).await),
            ["invitation.created", "company.created"],
            "what can be read is shown"
        );

        // A newer version works here, or an operator has put it back.
        let readable = match etag {
            Some(if_match) => Write::Replace {
                key,
                if_match,
                fields,
            },
            None => Write::Insert { key, fields },
        };
        table.commit(&partition, &[readable]).await.unwrap();
        scene.inside.wait(Duration::minutes(15));
        scene.settle().await;
        assert_eq!(
            scene.receiver.types(),
            [
                "invitation.created",
                "invitation.accepted",
                "company.created"
            ]
        );
        assert_eq!(scene.mailbox.mails_to(INVITER).len(), 1);
        assert_eq!(scene.intents().await, [""; 0]);
    }
}

/// Each write is the last one once, before it is done and after it. What happened until then is
/// delivered, and when people go on, so is the rest.
#[tokio::test]
async fn crash_at_any_write_loses_no_event() {
    for unheard in [false, true] {
        for commits in 0.. {
            let scene = Scene::start().await;
            let link = Link::random();
            scene.inside.fail_after(commits, unheard);
            scene.live(&link).await;
            let was_cut = scene.inside.table.recover();
            scene.assert_all_is_told(link.id(), commits).await;
            scene.live(&link).await;
            scene.assert_all_is_told(link.id(), commits).await;
            assert_eq!(scene.shown(link.id()).await["status"], "completed");
            if !was_cut {
                assert!(commits > 20, "{commits} writes");
                break;
            }
        }
    }
}

impl Scene {
    /// From the invitation to the company, as far as the table allows.
    async fn live(&self, link: &Link) {
        let (store, id) = (&self.inside.store(), link.id());
        drop(try_to_create(store, link, self.inside.now()).await);
        self.inside.wait(Duration::seconds(10));
        self.inside.tick("DeliverEvents").await;
        drop(
            store
                .invitations
                .accept(id, account(), self.inside.now())
                .await,
        );
        drop(
            store
                .companies
                .create(id, account(), &company(), self.inside.now())
                .await,
        );
        self.inside.wait(Duration::seconds(10));
        self.inside.tick("DeliverEvents").await;
    }

    /// After another process has taken over, and no request is on its way any more.
    async fn assert_all_is_told(&self, id: InvitationId, commits: usize) {
        let other = self.inside.another();
        // At once, while the lease of the one that is gone still holds; and then for good.
        for minutes in [0, 3, 1, 1, 1] {
            self.inside.wait(Duration::minutes(minutes));
            assert_eq!(
                inside::call(&other, Method::POST, "/DeliverEvents", &Value::Null)
                    .await
                    .0,
                200
            );
        }
        assert_eq!(
            self.intents().await,
            [""; 0],
            "after {commits}: {}",
            self.inside.table.dump().await
        );
        let shown = self.shown(id).await;
        let happened = if shown["timeline"].is_array() {
            api::timeline(&shown)
        } else {
            Vec::new()
        };
        let mut delivered = Vec::new();
        for received in self.receiver.received() {
            let sequence =
                usize::try_from(received.json()["data"]["sequence"].as_u64().unwrap()).unwrap();
            assert!(
                sequence <= delivered.len() + 1,
                "after {commits}: {sequence} after {delivered:?}"
            );
            if sequence > delivered.len() {
                delivered.push(received.json()["type"].as_str().unwrap().to_owned());
            }
        }
        assert_eq!(delivered, happened, "after {commits}");
        assert!(
            self.receiver.received().len() <= delivered.len() + 1,
            "after {commits}: one cut, one repetition"
        );
        for (reader, event) in [(KNOWN, "invitation.created"), (INVITER, "company.created")] {
            let (emails, wanted) = (
                self.mailbox.mails_to(reader).len(),
                usize::from(happened.contains(&event)),
            );
            assert!(
                (wanted..=2 * wanted).contains(&emails),
                "after {commits}: {emails} emails to {reader}"
            );
        }
    }
}
