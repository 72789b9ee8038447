//! What the outbox holds and when it is due, over a store of its own: the time is an argument.

#![expect(clippy::unwrap_used, reason = "these are tests")]

use std::sync::Arc;

use onboarding::{
    invitation::{Channel, Invitation, InvitationId, Inviter, Link, Recipient, Terms, TryFailed},
    seal::Sealer,
    store::{Channels, Intent, Invitations, SHARDS, embedded::EmbeddedTable},
};
use tempfile::TempDir;
use time::{Duration, OffsetDateTime, macros::datetime};

const START: OffsetDateTime = datetime!(2026-11-22 12:00 UTC);

fn store() -> (Invitations, TempDir) {
    let dir = tempfile::tempdir().unwrap();
    let table = Arc::new(EmbeddedTable::open(dir.path()).unwrap());
    let (invitations, _) = Invitations::new(table, Sealer::new(&[[1; 64]]), Channels { mail: false, webhook: true });
    (invitations, dir)
}

async fn create(invitations: &Invitations) -> InvitationId {
    let person = |name: &str| (name.to_owned(), name.to_owned());
    let (first_name, last_name) = person("Anna");
    let (name, organization) = person("Beat");
    let terms = Terms {
        recipient: Recipient { email: "anna@example.com".parse().unwrap(), first_name, last_name, locale: None },
        inviter: Inviter { name, organization, email: None },
        company: serde_json::from_value(serde_json::json!({"name": "Meier AG"})).unwrap(),
        message: None,
        send_email: true,
    };
    let link = Link::random();
    invitations.create(&link, &Invitation::create(link.id(), terms, START, START + Duration::DAY), None, START).await.unwrap();
    link.id()
}

async fn due(invitations: &Invitations, now: OffsetDateTime) -> Vec<Intent> {
    let mut all = Vec::new();
    for shard in 0..SHARDS {
        all.extend(invitations.due(shard, now, 100).await.unwrap());
    }
    all
}

/// Another instance that found the intent before the progress is set back would take it away as done.
#[tokio::test]
async fn what_is_to_be_told_again_is_not_due_before_that_is_known() {
    let (invitations, _dir) = store();
    let id = create(&invitations).await;
    let history = invitations.history(id).await.unwrap().unwrap();
    let mut lease = invitations.lease(&history, Channel::Webhook, START).await.unwrap().unwrap();
    let given_up = history.progress(Channel::Webhook).clone().fail(1, TryFailed::Never("410".to_owned()), START);
    assert!(invitations.record(&mut lease, &given_up, None).await.unwrap());
    let later = START + Duration::HOUR;
    for intent in due(&invitations, later).await {
        invitations.drop_intent(&intent).await.unwrap();
    }

    let history = invitations.history(id).await.unwrap().unwrap();
    invitations.redeliver(&history, Channel::Webhook, 1, later).await.unwrap();
    assert!(due(&invitations, later).await.is_empty());
    let found = due(&invitations, later + Duration::minutes(1)).await;
    assert_eq!(found.iter().map(|intent| (intent.id, intent.event)).collect::<Vec<_>>(), [(id, 1)]);
    assert_eq!(invitations.history(id).await.unwrap().unwrap().progress(Channel::Webhook).settled, 0);
}

#[tokio::test]
async fn the_lease_of_one_who_is_gone_runs_out_within_seconds() {
    let (invitations, _dir) = store();
    let id = create(&invitations).await;
    let history = invitations.history(id).await.unwrap().unwrap();
    assert!(invitations.lease(&history, Channel::Webhook, START).await.unwrap().is_some());
    let history = invitations.history(id).await.unwrap().unwrap();
    assert!(invitations.lease(&history, Channel::Webhook, START + Duration::seconds(5)).await.unwrap().is_none());
    assert!(invitations.lease(&history, Channel::Webhook, START + Duration::seconds(20)).await.unwrap().is_some());
}
