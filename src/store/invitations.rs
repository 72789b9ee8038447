//! The verbs of the domain over the table.
//!
//! Everything about an invitation lies in the one partition that bears its id, so that a lookup is
//! one point read and a transition is one transaction: the invitation (if its ETag is still the one
//! that was read), the event, and what the transition creates. After a lost race, or
//! where it is not known whether a write arrived, the invitation is read and decided anew; so a
//! repetition of any verb gives the answer of the first.

mod update;

use std::sync::Arc;

use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    access::{self, ATTEMPTS, Retries},
    error::StoreError,
    history::History,
    idempotency::Request,
    index::{self, Index},
    outbox::Outbox,
    rows,
    schedule::planned,
    states::Verified,
    table::{ETag, Fields, Table, TableError, Write},
};
use crate::{
    domain::{
        company::Company,
        invitation::{
            Account, ContactKind, Event, EventDetails, EventKind, Invitation, InvitationId, Link,
            Record, Refusal, Reminders, Transition, caused_by,
        },
        staff::StaffMember,
    },
    seal::Sealer,
};

/// The invitations.
#[derive(Clone, Debug)]
pub struct Invitations {
    table: Arc<dyn Table>,
    sealer: Sealer,
    index: Index,
    outbox: Outbox,
    reminders: Reminders,
}

/// Under which conditions an invitation is changed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Conditions<'a> {
    /// Only while it has this version.
    pub version: Option<&'a ETag>,
    /// The host's invocation that asks for the change. It is kept with the event.
    pub invocation: Option<Uuid>,
    /// The employee who asks for it at the desk.
    pub staff: Option<&'a StaffMember>,
}

/// What a verb came to.
#[derive(Debug)]
pub enum Outcome {
    /// It is so now, by this call or by an earlier one.
    Done(Invitation),
    /// The domain refuses; the invitation as stored.
    Refused(Refusal, Invitation),
    /// It was erased: nothing happens to it any more.
    Erased,
    /// There is no such invitation.
    Missing,
}

/// What to do with an invitation that was read.
pub(super) enum Decision {
    Write(Box<Transition>, Vec<Write>),
    Already,
    Refuse(Refusal),
}

impl From<Result<Transition, Refusal>> for Decision {
    fn from(result: Result<Transition, Refusal>) -> Self {
        match result {
            Ok(transition) => Self::Write(Box::new(transition), Vec::new()),
            Err(refusal) => Self::Refuse(refusal),
        }
    }
}

#[derive(Clone, Debug)]
pub(super) struct Stored {
    pub(super) invitation: Invitation,
    etag: ETag,
    sealed_link: String,
    /// Columns that are carried over.
    carried: Fields,
    /// `None` where another row of the invitation cannot be read.
    history: Option<History>,
}

/// An invitation with what a change of it needs, so that it is not read twice.
#[derive(Clone, Debug)]
pub struct VersionedInvitation(pub(super) Box<Stored>);

impl VersionedInvitation {
    /// The invitation.
    #[must_use]
    pub fn invitation(&self) -> &Invitation {
        &self.0.invitation
    }

    /// The company that was created, as the customer confirmed it.
    #[must_use]
    pub fn company(&self) -> Option<&Company> {
        self.0.history.as_ref()?.company.as_ref()
    }
}

/// What a reading found.
pub(super) enum Read {
    Live(Box<Stored>),
    Erased,
    Missing,
}

impl Stored {
    /// What is known already; `None` where it was not read from the table, or was erased.
    fn of(history: &History) -> Option<Box<Self>> {
        Some(Box::new(Self {
            invitation: history.record.as_live()?.clone(),
            etag: history.version()?.clone(),
            sealed_link: history.sealed_link().to_owned(),
            carried: history.carried().clone(),
            history: Some(history.clone()),
        }))
    }

    /// The row of the invitation as it is to be now.
    fn fields_of(&self, invitation: &Invitation) -> Result<Fields, StoreError> {
        let mut fields = rows::invitation(invitation, &self.sealed_link)?;
        fields.extend(self.carried.iter());
        Ok(fields)
    }
}

impl Invitations {
    /// Over a table; `sealer` seals the links in it.
    pub(super) fn new(
        table: Arc<dyn Table>,
        sealer: Sealer,
        index: Index,
        outbox: Outbox,
        reminders: Reminders,
    ) -> Self {
        Self {
            table,
            sealer,
            index,
            outbox,
            reminders,
        }
    }

    /// The invitation: one point read. `None` also where it was erased.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn find(&self, id: InvitationId) -> Result<Option<Invitation>, StoreError> {
        Ok(self.find_record(id).await?.and_then(Record::live))
    }

    /// The invitation or what is left of it: one point read.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn find_record(&self, id: InvitationId) -> Result<Option<Record>, StoreError> {
        access::find_record(&*self.table, id).await
    }

    /// The invitation with all that has happened to it.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn history(&self, id: InvitationId) -> Result<Option<History>, StoreError> {
        let rows = access::rows_of_invitation(&*self.table, id).await?;
        History::read(id, &rows)
    }

    /// The link, for the e-mail; `None` where it was sealed with a key that is retired.
    #[must_use]
    pub fn link(&self, history: &History) -> Option<Link> {
        let opened = self.sealer.open(
            &["link", &history.record.id().to_string()],
            history.sealed_link(),
        )?;
        std::str::from_utf8(&opened).ok()?.parse().ok()
    }

    /// Stores a new invitation with its first event, and the request that it comes from, if that
    /// may be repeated. Storing the same one again changes nothing. `now` may be later than the
    /// invitation, where the request is a repetition.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn create(
        &self,
        link: &Link,
        transition: &Transition,
        request: Option<&Request>,
        now: OffsetDateTime,
    ) -> Result<(), StoreError> {
        let (invitation, event) = transition;
        let channels = self.outbox.channels().of_live(invitation, event);
        let mut recorded = rows::announced_event(event, &channels)?;
        let moments = planned(invitation, &self.reminders, now)?;
        let ((), announced) = tokio::try_join!(
            self.index.add(invitation, moments),
            self.outbox.announce(channels, event, None, now)
        )?;
        let partition = invitation.id.to_string();
        let sealed = self
            .sealer
            .seal(&["link", &partition], link.reveal().as_bytes())
            .ok_or(StoreError::Corrupt("link"))?;
        let mut fields = rows::invitation(invitation, &sealed)?;
        fields.extend(request.map(|request| (rows::REQUEST.to_owned(), request.name().to_owned())));
        announced.mark(&mut fields);
        announced.mark(&mut recorded);
        announced.check_time()?;
        let writes = [
            Write::Insert {
                key: rows::INVITATION.to_owned(),
                fields: fields.clone(),
            },
            Write::Insert {
                key: rows::event_key(event.number),
                fields: recorded,
            },
        ];
        let history = match self.table.commit(&partition, &writes).await {
            Ok(etags) => {
                let etag = etags.into_iter().next().flatten();
                Some(History::of_new(transition.clone()).stored(&fields, etag))
            }
            // The id has 128 random bits: a row that is there is the one that an earlier attempt,
            // whose answer was lost, has written.
            Err(TableError::Exists) => None,
            // The write may have arrived: read once more.
            Err(TableError::Unavailable { .. })
                if self.find_record(invitation.id).await?.is_some() =>
            {
                None
            }
            Err(error) => return Err(error.into()),
        };
        let wrote_event = history.is_some();
        self.outbox.notify(announced.intents, history, wrote_event);
        Ok(())
    }

    /// The invitation, to be changed soon: one query. `None` also where it was erased.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn find_for_update(
        &self,
        id: InvitationId,
    ) -> Result<Option<VersionedInvitation>, StoreError> {
        Ok(match self.read(id).await? {
            Read::Live(stored) => Some(VersionedInvitation(stored)),
            Read::Erased | Read::Missing => None,
        })
    }

    /// Binds the account to the invitation; binding the same account again changes nothing.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn accept(
        &self,
        id: InvitationId,
        by: Account,
        now: OffsetDateTime,
    ) -> Result<Outcome, StoreError> {
        self.change(id, |invitation| decide_to_accept(invitation, by, now))
            .await
    }

    /// As [`Invitations::accept`], without reading the invitation again unless it has changed, and
    /// in one transaction with what was verified.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn accept_if_unchanged(
        &self,
        VersionedInvitation(stored): VersionedInvitation,
        by: Account,
        verified: Option<Verified>,
        now: OffsetDateTime,
    ) -> Result<Outcome, StoreError> {
        let more: Vec<_> = verified.into_iter().map(|own| own.write).collect();
        let decide = |invitation| match decide_to_accept(invitation, by, now) {
            Decision::Write(next, _) => Decision::Write(next, more.clone()),
            other => other,
        };
        let id = stored.invitation.id;
        let outcome = self
            .change_from(Some(stored), id, Conditions::default(), decide)
            .await?;
        Ok(outcome.unwrap_or(Outcome::Missing))
    }

    /// Binds the account in one transaction with `proof`, a write that fails where the proof is
    /// used up. `None` where another writer was faster at either: decide anew.
    pub(super) async fn accept_with(
        &self,
        id: InvitationId,
        by: Account,
        now: OffsetDateTime,
        proof: Write,
    ) -> Result<Option<Outcome>, StoreError> {
        let stored = match self.read(id).await? {
            Read::Live(stored) => stored,
            Read::Erased => return Ok(Some(Outcome::Erased)),
            Read::Missing => return Ok(Some(Outcome::Missing)),
        };
        if stored.invitation.owner() == Some(by) {
            return Ok(Some(Outcome::Done(stored.invitation)));
        }
        let next = match stored.invitation.clone().accept(by, now) {
            Ok(next) => next,
            Err(refusal) => return Ok(Some(Outcome::Refused(refusal, stored.invitation))),
        };
        match self.write(&stored, &next, vec![proof], None).await {
            Ok(_) => Ok(Some(Outcome::Done(next.0))),
            Err(TableError::Exists | TableError::Changed) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Whether this invocation of the host has changed the invitation already: the host repeats it.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn was_changed_by(
        &self,
        id: InvitationId,
        invocation: Option<Uuid>,
    ) -> Result<bool, StoreError> {
        let Some(mark) = invocation.map(|id| id.to_string()) else {
            return Ok(false);
        };
        let events = access::rows_of(&*self.table, &id.to_string(), rows::events()).await?;
        Ok(events
            .iter()
            .any(|event| rows::is_marked(&event.fields, &mark)))
    }

    /// Takes the invitation back under these conditions; `None` where it has another version.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn revoke(
        &self,
        id: InvitationId,
        reason: Option<String>,
        conditions: Conditions<'_>,
        now: OffsetDateTime,
    ) -> Result<Option<Outcome>, StoreError> {
        self.change_if(id, conditions, |invitation| {
            invitation.revoke(reason.clone(), now).into()
        })
        .await
    }

    /// Extends it under these conditions until `expires_at`, unless it is valid longer already, and
    /// sends it again, if `sends_email`; `None` where it has another version.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn renew(
        &self,
        id: InvitationId,
        (expires_at, sends_email): (OffsetDateTime, bool),
        conditions: Conditions<'_>,
        now: OffsetDateTime,
    ) -> Result<Option<Outcome>, StoreError> {
        self.change_if(id, conditions, |invitation| {
            invitation.renew(expires_at, sends_email, now).into()
        })
        .await
    }

    /// Records, under these conditions, that the link is given to an integrator once more; `None`
    /// where it has another version.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn reveal_link(
        &self,
        id: InvitationId,
        conditions: Conditions<'_>,
        now: OffsetDateTime,
    ) -> Result<Option<Outcome>, StoreError> {
        self.change_if(id, conditions, |invitation| {
            Ok(invitation.reveal_link(now)).into()
        })
        .await
    }

    /// Records that the recipient asks the inviter for something.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn contact(
        &self,
        id: InvitationId,
        kind: ContactKind,
        details: &EventDetails,
        now: OffsetDateTime,
    ) -> Result<Outcome, StoreError> {
        self.change(id, |invitation| {
            let (next, event) = match invitation.contact(kind, details.clone(), now) {
                Ok(transition) => transition,
                Err(refusal) => return Decision::Refuse(refusal),
            };
            let named = details.colleague.as_ref().map(|email| Write::Insert {
                key: rows::colleague_key(event.number),
                fields: rows::colleague(email),
            });
            Decision::Write(Box::new((next, event)), named.into_iter().collect())
        })
        .await
    }

    /// Records the event of an e-mail in one transaction with `progress`, a write that fails where
    /// the lease was lost; answers with the version of that row. `None` where the lease was lost.
    pub(super) async fn record_delivery_with(
        &self,
        history: &History,
        sent: bool,
        now: OffsetDateTime,
        progress: Write,
    ) -> Result<Option<Option<ETag>>, StoreError> {
        let id = history.record.id();
        let mut known = Stored::of(history);
        for _ in 0..ATTEMPTS {
            let read = match known.take() {
                Some(stored) => Read::Live(stored),
                None => self.read(id).await?,
            };
            let Read::Live(stored) = read else {
                return Ok(None);
            };
            let next = stored.invitation.clone().record_delivery(sent, now);
            match self
                .write(&stored, &next, vec![progress.clone()], None)
                .await
            {
                Ok(etags) => return Ok(Some(etags.into_iter().last().flatten())),
                Err(TableError::Exists | TableError::Changed)
                    if self.is_current(id, &progress).await? => {}
                Err(TableError::Exists | TableError::Changed) => return Ok(None),
                Err(error) => return Err(error.into()),
            }
        }
        Err(StoreError::contended("one invitation"))
    }

    /// Whether the row that a write wants to insert or replace is still as it was read.
    async fn is_current(&self, id: InvitationId, write: &Write) -> Result<bool, StoreError> {
        let expected = match write {
            Write::Insert { .. } => None,
            Write::Replace { if_match, .. } | Write::Delete { if_match, .. } => Some(if_match),
        };
        let row = self.table.get(&id.to_string(), write.key()).await?;
        Ok(row.as_ref().map(|row| &row.etag) == expected)
    }

    /// Everything of the invitation in one query, since a transition leaves it to the deliverer as
    /// it was written.
    pub(super) async fn read(&self, id: InvitationId) -> Result<Read, StoreError> {
        let rows = access::rows_of_invitation(&*self.table, id).await?;
        let Some(own) = rows.iter().find(|row| row.key == rows::INVITATION) else {
            return Ok(Read::Missing);
        };
        Ok(match rows::read_record(id, &own.fields)? {
            Some(Record::Live(invitation)) => Read::Live(Box::new(Stored {
                invitation: *invitation,
                etag: own.etag.clone(),
                sealed_link: own.fields.get("link").unwrap_or_default().to_owned(),
                carried: rows::carried(&own.fields),
                history: History::read(id, &rows).ok().flatten(),
            })),
            Some(Record::Erased(_)) => Read::Erased,
            None => Read::Missing,
        })
    }

    /// Gives the row a new version and changes nothing else, so that a transition that was decided
    /// on the old version fails. `false` where another writer was faster.
    pub(super) async fn fence(&self, stored: &Stored) -> Result<bool, StoreError> {
        let invitation = &stored.invitation;
        let same = Write::Replace {
            key: rows::INVITATION.to_owned(),
            if_match: stored.etag.clone(),
            fields: stored.fields_of(invitation)?,
        };
        let partition = invitation.id.to_string();
        let written = access::commit_unless_changed(&*self.table, &partition, &[same]).await?;
        Ok(written.is_some())
    }

    /// Reads, decides and writes, until the decision is made on what is there when it is written.
    pub(super) async fn change(
        &self,
        id: InvitationId,
        decide: impl Fn(Invitation) -> Decision,
    ) -> Result<Outcome, StoreError> {
        Ok(self
            .change_if(id, Conditions::default(), decide)
            .await?
            .unwrap_or(Outcome::Missing))
    }

    /// As [`Invitations::change`], under conditions; `None` where it has another version by now.
    /// There is no gap: the write is conditional on the version that was compared.
    async fn change_if(
        &self,
        id: InvitationId,
        conditions: Conditions<'_>,
        decide: impl Fn(Invitation) -> Decision,
    ) -> Result<Option<Outcome>, StoreError> {
        self.change_from(None, id, conditions, decide).await
    }

    /// As [`Invitations::change_if`]; the first decision is made on `known`, if it is given.
    async fn change_from(
        &self,
        mut known: Option<Box<Stored>>,
        id: InvitationId,
        conditions: Conditions<'_>,
        decide: impl Fn(Invitation) -> Decision,
    ) -> Result<Option<Outcome>, StoreError> {
        let Conditions {
            version,
            invocation,
            staff,
        } = conditions;
        let mark = invocation.unwrap_or_else(Uuid::new_v4).to_string();
        let (mut retries, mut answer_lost, mut tried) = (Retries::default(), false, None);
        loop {
            let read = match known.take() {
                Some(stored) => Read::Live(stored),
                None => self.read(id).await?,
            };
            let stored = match read {
                Read::Live(stored) => stored,
                Read::Erased => return Ok(Some(Outcome::Erased)),
                Read::Missing => return Ok(Some(Outcome::Missing)),
            };
            let is_another = version.is_some_and(|version| *version != stored.etag);
            let (next, more) = match decide(stored.invitation.clone()) {
                Decision::Already => return Ok(Some(Outcome::Done(stored.invitation))),
                // By this very invocation, whose earlier round arrived although its answer was lost.
                _ if self.is_event_of(id, tried, &mark).await? => {
                    return Ok(Some(Outcome::Done(stored.invitation)));
                }
                Decision::Refuse(_) | Decision::Write(..) if is_another => return Ok(None),
                Decision::Refuse(refusal) => {
                    return Ok(Some(Outcome::Refused(refusal, stored.invitation)));
                }
                Decision::Write(next, more) => (caused_by(*next, staff), more),
            };
            match self.write(&stored, &next, more, Some(&mark)).await {
                Ok(_) => return Ok(Some(Outcome::Done(next.0))),
                Err(TableError::Exists | TableError::Changed) => {}
                // The write may have arrived: read once more.
                Err(TableError::Unavailable { .. }) if !answer_lost => answer_lost = true,
                Err(error) => return Err(error.into()),
            }
            tried = Some(next.1.number);
            if !retries.again().await {
                return Err(StoreError::contended("one invitation"));
            }
        }
    }

    /// Whether the event of this number, if any was tried, is there with this mark.
    async fn is_event_of(
        &self,
        id: InvitationId,
        number: Option<u32>,
        mark: &str,
    ) -> Result<bool, StoreError> {
        let Some(number) = number else {
            return Ok(false);
        };
        Ok(self
            .table
            .get(&id.to_string(), &rows::event_key(number))
            .await?
            .is_some_and(|row| rows::is_marked(&row.fields, mark)))
    }

    /// Another expiry is written to the schedule, with its reminders.
    async fn plan(
        &self,
        before: &Invitation,
        next: &Invitation,
        now: OffsetDateTime,
    ) -> Result<(), TableError> {
        if next.expires_at == before.expires_at {
            return Ok(());
        }
        let rows = planned(next, &self.reminders, now)?;
        let partition = index::of_invitation(next.id);
        access::put_all(&*self.table, &partition, rows).await
    }

    /// The intents first, then the transaction that holds the change, its event and what belongs to
    /// them. By `mark` the event is known again where the answer is lost.
    pub(super) async fn write(
        &self,
        stored: &Stored,
        transition: &Transition,
        more: Vec<Write>,
        mark: Option<&str>,
    ) -> Result<Vec<Option<ETag>>, TableError> {
        let (next, event) = transition;
        let channels = self.outbox.channels().of_live(next, event);
        let mut recorded = rows::announced_event(event, &channels)?;
        let before = stored.carried.get(rows::FEED);
        let (announced, ()) = tokio::try_join!(
            self.outbox.announce(channels, event, before, event.at),
            self.plan(&stored.invitation, next, event.at)
        )?;
        recorded.extend(mark.map(|mark| ("mark", mark)));
        let mut own = stored.fields_of(next)?;
        announced.mark(&mut own);
        announced.mark(&mut recorded);
        announced.check_time()?;
        let mut writes = vec![
            Write::Replace {
                key: rows::INVITATION.to_owned(),
                if_match: stored.etag.clone(),
                fields: own.clone(),
            },
            Write::Insert {
                key: rows::event_key(event.number),
                fields: recorded,
            },
        ];
        writes.extend(more);
        let etags = self.table.commit(&next.id.to_string(), &writes).await?;
        log(event);
        let etag = etags.first().cloned().flatten();
        let history = stored.history.clone();
        let history = history.map(|history| history.after(transition, (&own, etag), &writes[2..]));
        self.outbox.notify(announced.intents, history, true);
        Ok(etags)
    }
}

/// Each change of state is a line of the log. That of an e-mail is the line of its delivery.
fn log(event: &Event) {
    if !matches!(event.kind, EventKind::Sent | EventKind::DeliveryFailed) {
        tracing::info!(event = event.kind.name(), "event recorded");
    }
}

fn decide_to_accept(invitation: Invitation, by: Account, now: OffsetDateTime) -> Decision {
    match invitation.owner() {
        Some(owner) if owner == by => Decision::Already,
        _ => invitation.accept(by, now).into(),
    }
}
