//! Which invitations a list shows, and where their rows are.

use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    CREATOR, FAILED, INVITER, LIST, NAMED, Position, digest_of_creator, digest_of_inviter,
    digest_of_name, folded, of_customer, of_mailbox, of_shard,
};
use crate::{
    domain::{
        email::Email,
        invitation::{Invitation, Record, Status},
    },
    store::rows::SHARDS,
};

/// Which invitations are wanted. What is `None` or empty is not asked about.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Of one of these statuses now.
    pub statuses: Vec<Status>,
    /// For this mailbox.
    pub email: Option<Email>,
    /// With this customer number.
    pub customer_number: Option<String>,
    /// For a company of this name, which the seller registered.
    pub company_name: Option<String>,
    /// Created by this employee at the desk.
    pub created_by: Option<Uuid>,
    /// By an inviter with this mailbox.
    pub inviter_email: Option<Email>,
    /// Created later.
    pub created_after: Option<OffsetDateTime>,
    /// Created earlier.
    pub created_before: Option<OffsetDateTime>,
    /// Whether only those are wanted of which an event was given up.
    pub delivery_failed: bool,
}

impl Filter {
    /// The partitions that hold all that are wanted, and what their row keys begin with: those with
    /// the fewest others.
    pub(super) fn places(&self) -> (Vec<String>, String) {
        let shards = || (0..SHARDS).map(of_shard).collect();
        if let Some(email) = &self.email {
            (vec![of_mailbox(email)], LIST.to_owned())
        } else if let Some(number) = &self.customer_number {
            (vec![of_customer(number)], LIST.to_owned())
        } else if let Some(name) = &self.company_name {
            (shards(), format!("{NAMED}{}-", digest_of_name(name)))
        } else if self.delivery_failed {
            (shards(), FAILED.to_owned())
        } else if let Some(inviter) = &self.inviter_email {
            let prefix = format!("{INVITER}{}-", digest_of_inviter(inviter));
            (shards(), prefix)
        } else if let Some(oid) = self.created_by {
            (shards(), format!("{CREATOR}{}-", digest_of_creator(oid)))
        } else {
            (shards(), LIST.to_owned())
        }
    }

    /// The keys that begin with `prefix`, are behind `after` and were created when it is wanted.
    pub(super) fn range(&self, prefix: &str, after: Option<&Position>) -> (String, String) {
        let newest = self.created_before.map(Position::first_of);
        let behind = after.map(Position::behind);
        let from = behind.into_iter().chain(newest).max().unwrap_or_default();
        let below = match self.created_after {
            // The instant itself is inside, for what was created in the same millisecond.
            Some(oldest) => format!("{prefix}{}.", Position::first_of(oldest)),
            None => format!("{}.", prefix.trim_end_matches('-')),
        };
        (format!("{prefix}{from}"), below)
    }

    /// Whether most rows that are read may not be wanted.
    pub(super) fn is_selective(&self) -> bool {
        !self.statuses.is_empty() || self.delivery_failed || self.created_by.is_some()
    }

    pub(super) fn admits(&self, record: &Record, has_failed: bool, now: OffsetDateTime) -> bool {
        let created_at = record.created_at();
        let is_of_status = self.statuses.is_empty() || self.statuses.contains(&record.status(now));
        is_of_status
            && self.created_after.is_none_or(|after| created_at > after)
            && self.created_before.is_none_or(|before| created_at < before)
            && (!self.delivery_failed || has_failed)
            && self.admits_people(record.as_live())
    }

    /// An erased invitation has none.
    fn admits_people(&self, invitation: Option<&Invitation>) -> bool {
        let terms = invitation.map(|invitation| &invitation.terms);
        let is_for =
            |email: &Email| terms.is_some_and(|terms| terms.recipient.email.same_mailbox(email));
        let is_by = |email: &Email| {
            let inviter = terms.and_then(|terms| terms.inviter.email.as_ref());
            inviter.is_some_and(|own| own.same_mailbox(email))
        };
        let is_of = |number: &String| {
            terms.is_some_and(|terms| terms.company.customer_number.as_ref() == Some(number))
        };
        let is_named =
            |name: &String| terms.is_some_and(|terms| folded(&terms.company.name) == folded(name));
        let was_created_by =
            |oid| invitation.is_some_and(|invitation| invitation.was_created_by(oid));
        self.email.as_ref().is_none_or(is_for)
            && self.company_name.as_ref().is_none_or(is_named)
            && self.created_by.is_none_or(was_created_by)
            && self.customer_number.as_ref().is_none_or(is_of)
            && self.inviter_email.as_ref().is_none_or(is_by)
    }

    /// Binds a cursor to the filter.
    pub(super) fn purpose(&self) -> Vec<String> {
        let mut statuses: Vec<_> = self.statuses.iter().map(|status| status.name()).collect();
        statuses.sort_unstable();
        statuses.dedup();
        let mailbox = |email: &Option<Email>| {
            let email = email.as_ref();
            email.map_or(String::new(), |email| email.normalised().to_owned())
        };
        let mut parts = vec![
            "list-cursor".to_owned(),
            statuses.join(","),
            mailbox(&self.email),
            self.customer_number.clone().unwrap_or_default(),
        ];
        // A cursor without these is as in earlier versions.
        let time = |at: OffsetDateTime| at.unix_timestamp_nanos().to_string();
        let others = [
            ("inviter", Some(mailbox(&self.inviter_email))),
            ("after", self.created_after.map(time)),
            ("before", self.created_before.map(time)),
            ("failed", self.delivery_failed.then(|| "1".to_owned())),
            ("name", self.company_name.as_deref().map(folded)),
            ("creator", self.created_by.map(|oid| oid.to_string())),
        ];
        for (name, value) in others {
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                parts.push(format!("{name}:{value}"));
            }
        }
        parts
    }
}
