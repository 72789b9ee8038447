//! What must hold when all is quiet again, and what does not.

use std::collections::{BTreeMap, BTreeSet};

use onboarding::domain::invitation::Channel;
use serde_json::Value;
use time::{Duration, OffsetDateTime};

use crate::{
    people::{Course, Flow, shown},
    receiver::{Receiver, Reception},
    snapshot::{Entry, Intent, Snapshot, causes_email},
    world::World,
};

/// So long the app keeps an intent of something that has not happened; and a little longer until it
/// looks.
const GRACE: Duration = Duration::seconds(2 * 60 + 15);

#[derive(Debug, Default)]
pub(crate) struct Report {
    pub(crate) events: usize,
    /// Events that the webhook, or e-mails that the recipient, never got.
    pub(crate) lost: Vec<String>,
    /// Events whose first reception came before that of the one before them, and e-mails that came
    /// behind a later one.
    pub(crate) out_of_order: Vec<String>,
    /// Receptions of what had been received before.
    pub(crate) duplicates: usize,
    pub(crate) duplicate_emails: usize,
    /// Intents, leases and deliveries that are still open.
    pub(crate) stuck: Vec<String>,
    /// Intents of transactions that a kill has prevented, in their grace.
    pub(crate) abandoned: usize,
    /// States and timelines that cannot be.
    pub(crate) illegal: Vec<String>,
    pub(crate) customers: Customers,
}

/// The customers whose company was created.
#[derive(Debug, Default)]
pub(crate) struct Customers {
    pub(crate) all: usize,
    /// With several members.
    pub(crate) shared: usize,
    pub(crate) joined: usize,
    /// The most companies that one of them has.
    pub(crate) most_companies: usize,
}

impl Report {
    pub(crate) async fn of(world: &World, flows: &[Flow]) -> Self {
        let snapshot = Snapshot::open(world).await;
        let mut report = Self::default();
        report.check_receptions(&snapshot, &world.receiver);
        report.check_emails(world, &snapshot, flows);
        report.check_outbox(world, &snapshot);
        report.check_companies(&snapshot);
        let mut recipients = BTreeSet::new();
        for entry in snapshot
            .invitations
            .values()
            .filter(|entry| !recipients.insert(&entry.recipient))
        {
            report
                .illegal
                .push(format!("{} was invited twice", entry.recipient));
        }
        report.check_resends(&snapshot, flows);
        for (id, entry) in &snapshot.invitations {
            report.illegal.extend(
                illegal(entry)
                    .into_iter()
                    .map(|what| format!("{id}: {what}")),
            );
        }
        report
    }

    /// Whether nothing more will happen by itself.
    pub(crate) fn is_quiet(&self) -> bool {
        self.stuck.is_empty() && self.lost.is_empty()
    }

    /// Whether all is as it must be.
    pub(crate) fn is_good(&self) -> bool {
        self.is_quiet() && self.out_of_order.is_empty() && self.illegal.is_empty()
    }

    /// A kill may repeat what is being delivered at that moment, about one event in ten kills; a
    /// receiver that takes an event and reports a failure asks for one more. A defect that delivers
    /// everything twice exceeds that.
    pub(crate) fn is_frugal(&self, kills: usize, mishaps: u32) -> bool {
        self.duplicates <= kills + mishaps as usize && self.duplicate_emails <= kills
    }

    fn check_receptions(&mut self, snapshot: &Snapshot, receiver: &Receiver) {
        let (taken, mut seen) = (receiver.taken(), BTreeMap::<&str, BTreeSet<u64>>::new());
        for Reception {
            invitation,
            sequence,
            kind,
        } in &taken
        {
            let was_given_up = receiver
                .gone()
                .is_some_and(|gone| snapshot.had_events_in(invitation, gone));
            let of_this = seen.entry(invitation).or_default();
            let expected = of_this.last().map_or(1, |last| last + 1);
            if !of_this.insert(*sequence) {
                self.duplicates += usize::from(!was_given_up);
            } else if !was_given_up && *sequence != expected {
                self.out_of_order
                    .push(format!("{invitation}: {sequence} instead of {expected}"));
            }
            let stored = snapshot
                .invitations
                .get(invitation)
                .and_then(|entry| entry.events.get(sequence));
            if stored.is_none_or(|event| event.kind != *kind) {
                self.illegal.push(format!("{invitation}: the webhook got {kind} as number {sequence}, the table has {stored:?}"));
            }
        }
        for (id, entry) in &snapshot.invitations {
            self.events += entry.events.len();
            let got = seen.get(id.as_str());
            let missing = entry
                .events
                .iter()
                .filter(|(number, _)| !got.is_some_and(|got| got.contains(number)));
            self.lost.extend(
                missing.map(|(number, event)| format!("{id}: {} (number {number})", event.kind)),
            );
        }
    }

    fn check_emails(&mut self, world: &World, snapshot: &Snapshot, flows: &[Flow]) {
        let mut emails: BTreeMap<String, BTreeSet<u64>> = BTreeMap::new();
        for mail in world.mailbox.mails() {
            let about = mail
                .header("Message-ID")
                .unwrap_or_default()
                .trim_matches(['<', '>'])
                .split('@')
                .next()
                .unwrap_or_default();
            let (id, number) = about.split_once('-').unwrap();
            let (came, number) = (
                emails.entry(id.to_owned()).or_default(),
                number.parse().unwrap(),
            );
            let is_late = came.last().is_some_and(|last| number < *last);
            if !came.insert(number) {
                self.duplicate_emails += 1;
            } else if is_late {
                self.out_of_order
                    .push(format!("{id}: the e-mail of {number} behind {came:?}"));
            }
        }
        let now = world.clock.now();
        let undeliverable: BTreeSet<_> = flows
            .iter()
            .filter(|flow| flow.course == Course::IsUndeliverableAtFirst)
            .map(|flow| flow.email.as_str())
            .collect();
        for (id, entry) in &snapshot.invitations {
            // A later e-mail that was sent makes up for it in the progress; the timeline remembers.
            let refused = entry
                .events
                .values()
                .any(|event| event.kind == "invitation.delivery_failed");
            for (number, event) in entry
                .events
                .iter()
                .filter(|(_, event)| causes_email(&event.kind))
            {
                let came = emails.get(id).is_some_and(|came| came.contains(number));
                let was_refused = refused && undeliverable.contains(entry.recipient.as_str());
                if !came && !was_refused && !needs_no_email(entry, *number, now) {
                    let why = (
                        &entry.recipient,
                        &entry.mail.progress,
                        entry.events.values(),
                    );
                    self.lost.push(format!(
                        "{id}: the e-mail of {} (number {number}): {why:?}",
                        event.kind
                    ));
                }
            }
        }
    }

    fn check_outbox(&mut self, world: &World, snapshot: &Snapshot) {
        let now = world.clock.now();
        for intent in &snapshot.intents {
            if is_abandoned(snapshot, intent, now) {
                self.abandoned += 1;
            } else {
                self.stuck.push(format!("the intent {}", intent.key));
            }
        }
        for (id, entry) in &snapshot.invitations {
            for channel in [Channel::Mail, Channel::Webhook] {
                let (delivery, last) = (entry.delivery(channel), entry.last_to_deliver(channel));
                if u64::from(delivery.progress.settled) < last {
                    self.stuck.push(format!(
                        "{id}: {} has come to {} of {last}",
                        channel.name(),
                        delivery.progress.settled
                    ));
                }
                if delivery.leased_until.is_some_and(|until| now < until) {
                    self.stuck.push(format!(
                        "{id}: {} is leased until {:?}",
                        channel.name(),
                        delivery.leased_until
                    ));
                }
            }
        }
    }

    /// One company per customer number, through whatever names it: its members, the claim, its own row.
    fn check_companies(&mut self, snapshot: &Snapshot) {
        let mut customers: BTreeMap<&str, (BTreeSet<&str>, usize, usize)> = BTreeMap::new();
        for entry in snapshot.invitations.values() {
            let Some(company) = &entry.company else {
                continue;
            };
            let (companies, members, creators) = customers.entry(&entry.customer).or_default();
            companies.insert(company);
            *members += 1;
            *creators += usize::from(entry.has("company.created"));
            if !snapshot.claims.contains(company) {
                let customer = &entry.customer;
                self.illegal
                    .push(format!("{customer}: no claim leads to {company}"));
            }
        }
        for (customer, (companies, members, creators)) in &mut customers {
            let rows = snapshot.companies.get(*customer).into_iter().flatten();
            companies.extend(rows.map(String::as_str));
            self.customers.all += 1;
            self.customers.shared += usize::from(*members > 1);
            self.customers.joined += *members - *creators;
            let most = &mut self.customers.most_companies;
            *most = companies.len().max(*most);
            if (companies.len(), *creators) != (1, 1) {
                self.illegal.push(format!(
                    "{customer}: {companies:?} created by {creators} of {members}"
                ));
            }
        }
    }

    /// No repetition of the host resends an invitation a second time.
    fn check_resends(&mut self, snapshot: &Snapshot, flows: &[Flow]) {
        for flow in flows {
            let Some(entry) = snapshot.invitations.get(&flow.id) else {
                continue;
            };
            let events = entry.events.values();
            let resent = events.filter(|event| event.kind == "invitation.resent");
            let resent = resent.count();
            if resent > flow.resends {
                let id = &flow.id;
                self.illegal.push(format!(
                    "{id}: resent {resent} times by {} requests",
                    flow.resends
                ));
            }
        }
    }

    /// What the API says of each flow.
    pub(crate) async fn ask_the_api(&mut self, world: &World, flows: &[Flow]) {
        for Flow { id, course, .. } in flows {
            let invitation = shown(world, id).await;
            let state = |channel: &str| {
                invitation["delivery"][channel]["state"]
                    .as_str()
                    .unwrap_or_default()
                    .to_owned()
            };
            let mail_is_delivered = match state("mail").as_str() {
                "delivered" => true,
                "failed" => *course == Course::IsUndeliverableAtFirst,
                // It was accepted by the link of the seller, or revoked, before its e-mail went
                // out; and no other followed.
                "none" => matches!(
                    course,
                    Course::StopsHalfway | Course::IsRevoked | Course::IsRevokedAfterItWasAccepted
                ),
                _ => false,
            };
            let good = invitation["status"] == course.end()
                && state("webhook") == "delivered"
                && mail_is_delivered;
            if !good {
                self.illegal.push(format!(
                    "{course:?} ended as {:#}",
                    Value::from_iter([("invitation", invitation)])
                ));
            }
        }
    }
}

/// An e-mail with the link is not sent to those who can no longer use it: one who has accepted by
/// the link that the seller handed over, whose invitation was revoked, or has expired. Once the
/// invitation is sent again, neither the e-mails with it that have not gone out by then are needed,
/// nor the notice that the recipient asks for that.
fn needs_no_email(entry: &Entry, number: u64, now: OffsetDateTime) -> bool {
    let kind = entry.events[&number].kind.as_str();
    let later = |is_wanted: fn(&str) -> bool| {
        entry
            .events
            .range(number + 1..)
            .any(|(_, event)| is_wanted(&event.kind))
    };
    let is_over = || {
        let ends = |kind: &str| {
            matches!(
                kind,
                "invitation.accepted" | "invitation.revoked" | "invitation.renewal_requested"
            )
        };
        later(ends) || entry.expires.is_some_and(|at| at <= now)
    };
    let is_sent_again = || later(|kind| kind == "invitation.resent");
    match kind {
        "invitation.created" | "invitation.resent" => is_sent_again() || is_over(),
        "invitation.renewal_requested" => is_sent_again(),
        _ => false,
    }
}

/// The transaction that it announces never came.
fn is_abandoned(snapshot: &Snapshot, intent: &Intent, now: OffsetDateTime) -> bool {
    let happened = snapshot
        .invitations
        .get(&intent.invitation)
        .is_some_and(|entry| entry.events.contains_key(&intent.event));
    !happened && now < intent.announced + GRACE
}

/// Walks the timeline through the states.
fn illegal(entry: &Entry) -> Vec<String> {
    let mut wrong = Vec::new();
    if !entry.events.keys().copied().eq(1..=entry.count as u64) {
        wrong.push(format!(
            "{} events, numbered {:?}",
            entry.count,
            entry.events.keys()
        ));
    }
    let mut status = "";
    for (number, event) in &entry.events {
        status = match (status, event.kind.as_str()) {
            ("", "invitation.created") => "pending",
            ("pending" | "expired", "invitation.resent") => "pending",
            // The request may come before the timer.
            (status @ ("pending" | "expired"), "invitation.renewal_requested") => status,
            ("pending", "invitation.reminded") => "pending",
            ("pending", "invitation.expired") => "expired",
            ("pending", "invitation.accepted") => "accepted",
            ("accepted", "company.created" | "company.joined") => "completed",
            ("pending" | "expired" | "accepted", "invitation.revoked") => "revoked",
            (
                status @ ("pending" | "expired" | "accepted" | "completed" | "revoked"),
                "invitation.sent" | "invitation.delivery_failed",
            ) => status,
            (status, kind) => {
                wrong.push(format!("{kind} (number {number}) while it was {status:?}"));
                status
            }
        };
    }
    let companies = entry
        .events
        .values()
        .filter(|event| event.kind.starts_with("company."))
        .count();
    // The row of one that has expired does not say so.
    let status = if status == "expired" {
        "pending"
    } else {
        status
    };
    if status != entry.status {
        wrong.push(format!(
            "it is {:?}, and its timeline says {status:?}",
            entry.status
        ));
    }
    if entry.companies != companies || companies != usize::from(entry.status == "completed") {
        wrong.push(format!(
            "{} companies and {companies} events of companies, of one that is {}",
            entry.companies, entry.status
        ));
    }
    wrong
}
