//! All rows of the table, read without the app.

use std::collections::{BTreeMap, BTreeSet};

use azure_data_tables::clients::TableServiceClientBuilder;
use azure_storage::{
    CloudLocation, StorageCredentials,
    clients::{EMULATOR_ACCOUNT, EMULATOR_ACCOUNT_KEY},
};
use futures::StreamExt;
use onboarding::domain::invitation::{Channel, Progress};
use serde_json::Value;
use time::{Duration, OffsetDateTime, format_description::well_known::Rfc3339};

use crate::world::World;

/// How long an event waits after failures.
const LONGEST_PAUSE: Duration = Duration::minutes(2);

#[derive(Debug, Default)]
pub(crate) struct Snapshot {
    pub(crate) invitations: BTreeMap<String, Entry>,
    pub(crate) intents: Vec<Intent>,
    /// The companies that a claim or a row of a company names, by customer number.
    pub(crate) companies: BTreeMap<String, BTreeSet<String>>,
    /// The companies that claims name.
    pub(crate) claims: BTreeSet<String>,
}

/// An invitation.
#[derive(Debug, Default)]
pub(crate) struct Entry {
    /// Of the row itself; empty where there is none.
    pub(crate) status: String,
    pub(crate) recipient: String,
    /// How many events the row says there are.
    pub(crate) count: usize,
    pub(crate) expires: Option<OffsetDateTime>,
    /// By number.
    pub(crate) events: BTreeMap<u64, Event>,
    pub(crate) companies: usize,
    pub(crate) customer: String,
    /// Of the company that was created or joined.
    pub(crate) company: Option<String>,
    pub(crate) mail: Delivery,
    pub(crate) webhook: Delivery,
}

#[derive(Debug)]
pub(crate) struct Event {
    pub(crate) kind: String,
    pub(crate) at: OffsetDateTime,
}

#[derive(Debug, Default)]
pub(crate) struct Delivery {
    pub(crate) progress: Progress,
    pub(crate) leased_until: Option<OffsetDateTime>,
}

/// A row of the outbox.
#[derive(Debug)]
pub(crate) struct Intent {
    pub(crate) key: String,
    pub(crate) invitation: String,
    pub(crate) event: u64,
    pub(crate) announced: OffsetDateTime,
}

impl Snapshot {
    pub(crate) async fn open(world: &World) -> Self {
        let mut snapshot = Self::default();
        for row in rows(world).await {
            snapshot.enter(&row);
        }
        snapshot
    }

    /// Whether events of the invitation were to be delivered then. Some have waited for minutes.
    pub(crate) fn had_events_in(
        &self,
        invitation: &str,
        (begin, end): (OffsetDateTime, OffsetDateTime),
    ) -> bool {
        let entry = self.invitations.get(invitation).into_iter();
        let mut events = entry.flat_map(|entry| entry.events.values());
        events.any(|event| (begin - LONGEST_PAUSE..=end).contains(&event.at))
    }

    fn enter(&mut self, row: &Value) {
        let (partition, key) = (text(row, "PartitionKey"), text(row, "RowKey"));
        if key.starts_with("feed-") {
            return;
        }
        if partition.starts_with("outbox-") {
            let parts: Vec<_> = key.split('-').collect();
            // What deletes a used state is due in an hour, and leads to no event.
            if parts[2] == "state" {
                return;
            }
            let (invitation, event) = (parts[1].to_owned(), parts[2].parse().unwrap());
            self.intents.push(Intent {
                invitation,
                event,
                announced: moment(row, "announcedAt").unwrap(),
                key,
            });
            return;
        }
        if let Some(id) = partition.strip_prefix("company-") {
            if key == "company" {
                let number = text(row, "customerNumber");
                let of_number = self.companies.entry(number).or_default();
                of_number.insert(id.to_owned());
            }
            return;
        }
        if partition.starts_with("claim-") {
            self.claims.insert(text(row, "companyId"));
            return;
        }
        // What leads to invitations, and what requests have chosen.
        let others = [
            "idempotency-",
            "index-",
            "email-",
            "customer-",
            "webhook-gone",
            "given-up-",
            "redeliveries",
        ];
        if others.iter().any(|prefix| partition.starts_with(prefix)) {
            return;
        }
        let entry = self.invitations.entry(partition).or_default();
        match key.as_str() {
            "invitation" => {
                entry.status = text(row, "status");
                let recipient: Value = serde_json::from_str(&text(row, "recipient")).unwrap();
                entry.recipient = text(&recipient, "email");
                let company: Value = serde_json::from_str(&text(row, "registeredCompany")).unwrap();
                entry.customer = text(&company, "customerNumber");
                entry.company = row["companyId"].as_str().map(str::to_owned);
                entry.count = text(row, "events").parse().unwrap();
                entry.expires = moment(row, "expiresAt");
            }
            "company" => entry.companies += 1,
            key if key.starts_with("event-") => {
                let number = key.trim_start_matches("event-").parse().unwrap();
                entry.events.insert(
                    number,
                    Event {
                        kind: text(row, "type"),
                        at: moment(row, "at").unwrap(),
                    },
                );
            }
            key if key.starts_with("progress-") => {
                let delivery = Delivery {
                    progress: serde_json::from_str(&text(row, "progress")).unwrap(),
                    leased_until: moment(row, "leasedUntil"),
                };
                match Channel::parse(key.trim_start_matches("progress-")).unwrap() {
                    Channel::Mail => entry.mail = delivery,
                    Channel::Webhook => entry.webhook = delivery,
                }
            }
            key => assert!(key.starts_with("state-"), "a row of an unknown kind: {key}"),
        }
    }
}

impl Entry {
    /// The number of the last event that the channel has to deliver.
    pub(crate) fn last_to_deliver(&self, channel: Channel) -> u64 {
        let concerns = |event: &Event| channel == Channel::Webhook || causes_email(&event.kind);
        self.events
            .iter()
            .rev()
            .find(|(_, event)| concerns(event))
            .map_or(0, |(number, _)| *number)
    }

    pub(crate) fn has(&self, kind: &str) -> bool {
        self.events.values().any(|event| event.kind == kind)
    }

    pub(crate) fn delivery(&self, channel: Channel) -> &Delivery {
        match channel {
            Channel::Mail => &self.mail,
            Channel::Webhook => &self.webhook,
        }
    }
}

/// The recipients of these flows have addresses, and so have their inviters.
pub(crate) fn causes_email(kind: &str) -> bool {
    matches!(
        kind,
        "invitation.created"
            | "invitation.resent"
            | "invitation.renewal_requested"
            | "company.created"
            | "company.joined"
    )
}

async fn rows(world: &World) -> Vec<Value> {
    let uri = world
        .storage
        .split(';')
        .find_map(|part| part.strip_prefix("TableEndpoint="))
        .unwrap()
        .trim_end_matches('/');
    let location = CloudLocation::Custom {
        account: EMULATOR_ACCOUNT.to_owned(),
        uri: uri.to_owned(),
    };
    let credentials = StorageCredentials::access_key(EMULATOR_ACCOUNT, EMULATOR_ACCOUNT_KEY);
    let table = TableServiceClientBuilder::with_location(location, credentials)
        .build()
        .table_client(&world.table);
    let pages = table.query().into_stream::<Value>();
    pages
        .map(|page| page.unwrap().entities)
        .collect::<Vec<_>>()
        .await
        .into_iter()
        .flatten()
        .collect()
}

fn text(row: &Value, name: &str) -> String {
    row[name].as_str().unwrap_or_default().to_owned()
}

fn moment(row: &Value, name: &str) -> Option<OffsetDateTime> {
    OffsetDateTime::parse(row[name].as_str()?, &Rfc3339).ok()
}
