//! What must hold when all is quiet again, and what does not.

use std::collections::{BTreeMap, BTreeSet};

use onboarding::domain::invitation::Channel;
use serde_json::Value;
use time::{Duration, OffsetDateTime};

use crate::{
    books::{Books, Entry, Intent, causes_a_letter},
    people::{Course, Flow, shown},
    receiver::Reception,
    world::World,
};

/// So long the app keeps an intent of something that has not happened; and a little longer until it
/// looks.
const GRACE: Duration = Duration::seconds(2 * 60 + 15);

#[derive(Debug, Default)]
pub(crate) struct Verdict {
    pub(crate) events: usize,
    /// Events that the webhook, or e-mails that the recipient, never got.
    pub(crate) lost: Vec<String>,
    /// Events whose first reception came before that of the one before them, and e-mails that came
    /// behind a later one.
    pub(crate) out_of_order: Vec<String>,
    /// Receptions of what had been received before.
    pub(crate) duplicates: usize,
    pub(crate) duplicate_letters: usize,
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

impl Verdict {
    pub(crate) async fn of(world: &World, flows: &[Flow]) -> Self {
        let books = Books::open(world).await;
        let mut verdict = Self::default();
        verdict.judge_receptions(&books, &world.receiver.taken());
        verdict.judge_letters(world, &books, flows);
        verdict.judge_outbox(world, &books);
        verdict.judge_companies(&books);
        let mut recipients = BTreeSet::new();
        for entry in books
            .invitations
            .values()
            .filter(|entry| !recipients.insert(&entry.recipient))
        {
            verdict
                .illegal
                .push(format!("{} was invited twice", entry.recipient));
        }
        for (id, entry) in &books.invitations {
            verdict.illegal.extend(
                illegal(entry)
                    .into_iter()
                    .map(|what| format!("{id}: {what}")),
            );
        }
        verdict
    }

    /// Whether nothing more will happen by itself.
    pub(crate) fn is_quiet(&self) -> bool {
        self.stuck.is_empty() && self.lost.is_empty()
    }

    /// Whether all is as it must be.
    pub(crate) fn is_good(&self) -> bool {
        self.is_quiet() && self.out_of_order.is_empty() && self.illegal.is_empty()
    }

    /// A kill may repeat all that is being told at its moment, which is one event in ten kills or
    /// so; a receiver that takes an event and says otherwise asks for one more. Who tells
    /// everything twice comes to more than that.
    pub(crate) fn is_frugal(&self, kills: usize, mishaps: u32) -> bool {
        self.duplicates <= kills + mishaps as usize && self.duplicate_letters <= kills
    }

    fn judge_receptions(&mut self, books: &Books, taken: &[Reception]) {
        let mut seen: BTreeMap<&str, BTreeSet<u64>> = BTreeMap::new();
        for Reception {
            invitation,
            sequence,
            kind,
        } in taken
        {
            let of_this = seen.entry(invitation).or_default();
            let expected = of_this.last().map_or(1, |last| last + 1);
            if !of_this.insert(*sequence) {
                self.duplicates += 1;
            } else if *sequence != expected {
                self.out_of_order
                    .push(format!("{invitation}: {sequence} instead of {expected}"));
            }
            let stored = books
                .invitations
                .get(invitation)
                .and_then(|entry| entry.events.get(sequence));
            if stored.is_none_or(|event| event.kind != *kind) {
                self.illegal.push(format!("{invitation}: the webhook was told of {kind} as number {sequence}, the table has {stored:?}"));
            }
        }
        for (id, entry) in &books.invitations {
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

    fn judge_letters(&mut self, world: &World, books: &Books, flows: &[Flow]) {
        let mut letters: BTreeMap<String, BTreeSet<u64>> = BTreeMap::new();
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
                letters.entry(id.to_owned()).or_default(),
                number.parse().unwrap(),
            );
            let is_late = came.last().is_some_and(|last| number < *last);
            if !came.insert(number) {
                self.duplicate_letters += 1;
            } else if is_late {
                self.out_of_order
                    .push(format!("{id}: the letter of {number} behind {came:?}"));
            }
        }
        let now = world.clock.now();
        let undeliverable: BTreeSet<_> = flows
            .iter()
            .filter(|flow| flow.course == Course::IsUndeliverableAtFirst)
            .map(|flow| flow.email.as_str())
            .collect();
        for (id, entry) in &books.invitations {
            // A later e-mail that was sent makes up for it in the progress; the timeline remembers.
            let refused = entry
                .events
                .values()
                .any(|event| event.kind == "invitation.delivery_failed");
            for (number, event) in entry
                .events
                .iter()
                .filter(|(_, event)| causes_a_letter(&event.kind))
            {
                let came = letters.get(id).is_some_and(|came| came.contains(number));
                let was_refused = refused && undeliverable.contains(entry.recipient.as_str());
                if !came && !was_refused && !needs_no_letter(entry, *number, now) {
                    let why = (
                        &entry.recipient,
                        &entry.mail.progress,
                        entry.events.values(),
                    );
                    self.lost.push(format!(
                        "{id}: the letter of {} (number {number}): {why:?}",
                        event.kind
                    ));
                }
            }
        }
    }

    fn judge_outbox(&mut self, world: &World, books: &Books) {
        let now = world.clock.now();
        for intent in &books.intents {
            if is_abandoned(books, intent, now) {
                self.abandoned += 1;
            } else {
                self.stuck.push(format!("the intent {}", intent.key));
            }
        }
        for (id, entry) in &books.invitations {
            for channel in [Channel::Mail, Channel::Webhook] {
                let (told, last) = (entry.told(channel), entry.last_to_tell(channel));
                if u64::from(told.progress.settled) < last {
                    self.stuck.push(format!(
                        "{id}: {} has come to {} of {last}",
                        channel.name(),
                        told.progress.settled
                    ));
                }
                if told.leased_until.is_some_and(|until| now < until) {
                    self.stuck.push(format!(
                        "{id}: {} is leased until {:?}",
                        channel.name(),
                        told.leased_until
                    ));
                }
            }
        }
    }

    /// One company per customer number, whoever names it: its members, the claim, its own row.
    fn judge_companies(&mut self, books: &Books) {
        let mut customers: BTreeMap<&str, (BTreeSet<&str>, usize, usize)> = BTreeMap::new();
        for entry in books.invitations.values() {
            let Some(company) = &entry.company else {
                continue;
            };
            let (companies, members, creators) = customers.entry(&entry.customer).or_default();
            companies.insert(company);
            *members += 1;
            *creators += usize::from(entry.has("company.created"));
            if !books.claims.contains(company) {
                let customer = &entry.customer;
                self.illegal
                    .push(format!("{customer}: no claim leads to {company}"));
            }
        }
        for (customer, (companies, members, creators)) in &mut customers {
            let rows = books.companies.get(*customer).into_iter().flatten();
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
            let mail_is_told = match state("mail").as_str() {
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
                && mail_is_told;
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
/// nor the notice that somebody asks for that.
fn needs_no_letter(entry: &Entry, number: u64, now: OffsetDateTime) -> bool {
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
fn is_abandoned(books: &Books, intent: &Intent, now: OffsetDateTime) -> bool {
    let happened = books
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
            ("pending", "invitation.resent" | "invitation.renewal_requested") => "pending",
            ("pending", "invitation.accepted") => "accepted",
            ("accepted", "company.created" | "company.joined") => "completed",
            ("pending" | "accepted", "invitation.revoked") => "revoked",
            (
                status @ ("pending" | "accepted" | "completed" | "revoked"),
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
