use askama::Template;
use time::OffsetDateTime;

use super::{DeskFrame, StatusBadge};
use crate::{
    domain::{
        company::{CompanyForm, RegisteredCompany},
        invitation::{Erased, EventKind, Invitation, Record, State, Status},
    },
    text::{DeskEventText, DeskOneText, Lang, format_expiry, names, valid_until},
    views::{
        Html, clean_lines, filters,
        label::Label,
        markup::{Markup, bdi, rfc3339, sentence},
    },
};

/// What a page of an invitation says of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeskFlash {
    /// It was sent again.
    Resent,
    /// Only the validity was extended.
    Renewed,
    /// It was corrected.
    Corrected,
    /// It was revoked.
    Revoked,
    /// Its personal data was erased.
    Erased,
    /// It was not: too many e-mails were sent.
    TooManyEmails(OffsetDateTime),
    /// It was not: the state does not allow it.
    StateForbids,
    /// It was not: others were faster.
    Conflict,
    /// The link cannot be read.
    LinkUnreadable,
}

impl DeskFlash {
    /// Those of changes that were made, by which the address of the page names them.
    const DONE: [Self; 5] = [
        Self::Resent,
        Self::Renewed,
        Self::Corrected,
        Self::Revoked,
        Self::Erased,
    ];

    /// Its name in the address of the page.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Resent => "resent",
            Self::Renewed => "renewed",
            Self::Corrected => "corrected",
            Self::Revoked => "revoked",
            Self::Erased => "erased",
            Self::TooManyEmails(_) | Self::StateForbids | Self::Conflict | Self::LinkUnreadable => {
                ""
            }
        }
    }

    /// By that name.
    #[must_use]
    pub fn of_done(name: &str) -> Option<Self> {
        Self::DONE.into_iter().find(|done| done.name() == name)
    }
}

/// What a form of an invitation carries.
#[derive(Debug, Clone)]
pub struct DeskForm {
    /// The token of the person.
    pub token: String,
    /// The version of the invitation that the page shows.
    pub version: String,
    /// Names this page, so that a second press changes nothing.
    pub key: String,
}

/// Who caused an event.
#[derive(Debug, Clone, Copy)]
pub enum DeskActor<'a> {
    /// It goes without saying.
    Usual,
    /// A connected system.
    Integrator,
    /// An employee; the name is gone with the people of the invitation.
    Staff(Option<&'a str>),
}

/// An event of the timeline.
#[derive(Debug, Clone)]
pub struct DeskEvent<'a> {
    /// What.
    pub kind: EventKind,
    /// When.
    pub at: OffsetDateTime,
    /// By whom.
    pub actor: DeskActor<'a>,
}

/// How far a channel has come.
#[derive(Debug, Clone, Copy)]
pub enum DeskDelivery {
    /// There is nothing to deliver.
    None,
    /// Not tried yet.
    Queued,
    /// It failed; the next try will be then.
    Retrying(Option<OffsetDateTime>),
    /// All was delivered, last then.
    Delivered(Option<OffsetDateTime>),
    /// An event was given up.
    Failed,
}

/// A channel, with why it fails.
#[derive(Debug, Clone)]
pub struct DeskChannel<'a> {
    /// How far it has come.
    pub delivery: DeskDelivery,
    /// In plain words, in English; of a server.
    pub reasons: Vec<&'a str>,
}

/// An invitation with all that has happened to it.
#[derive(Debug, Template)]
#[template(path = "desk/one.html")]
pub struct DeskOnePage<'a> {
    /// What surrounds the page.
    pub desk: DeskFrame<'a>,
    /// The invitation.
    pub record: &'a Record,
    /// The time.
    pub now: OffsetDateTime,
    /// The company as the customer confirmed it.
    pub confirmed: Option<&'a CompanyForm>,
    /// E-mail; `None`: there is no mail server.
    pub email: Option<DeskChannel<'a>>,
    /// Webhook; `None`: there is no receiver.
    pub webhook: Option<DeskChannel<'a>>,
    /// What has happened, the newest first.
    pub events: Vec<DeskEvent<'a>>,
    /// For those who may change it.
    pub form: Option<DeskForm>,
    /// Until when sending it again extends it.
    pub renewed_until: OffsetDateTime,
    /// What became of a change.
    pub flash: Option<DeskFlash>,
    /// The link, where it was asked for.
    pub link: Option<&'a str>,
}

impl DeskOnePage<'_> {
    /// The page as HTML.
    pub fn render(&self) -> Html {
        Html::of(self, self.desk.sheet())
    }

    fn t(&self) -> &'static DeskOneText {
        &self.desk.t().one
    }

    fn lang(&self) -> Lang {
        self.desk.frame.lang
    }

    fn live(&self) -> Option<&Invitation> {
        self.record.as_live()
    }

    fn title(&self) -> String {
        self.live().map_or_else(
            || self.t().invitation.to_owned(),
            |invitation| {
                let recipient = &invitation.terms.recipient;
                names::full(&recipient.first_name, &recipient.last_name)
            },
        )
    }

    fn address(&self) -> String {
        format!("/api/desk/invitations/{}", self.record.id())
    }

    fn badge(&self) -> (&'static str, &'static str) {
        let badge = StatusBadge::of(self.record, self.now);
        (badge.class(), badge.label(&self.desk.t().list))
    }

    fn moment(&self, at: OffsetDateTime) -> String {
        format_expiry(at, self.lang())
    }

    fn state(&self) -> String {
        let text = self.t();
        match self.record {
            Record::Live(invitation) => self.state_of(invitation),
            Record::Erased(Erased { at, .. }) => (text.erased)(&self.moment(*at)),
        }
    }

    fn state_of(&self, invitation: &Invitation) -> String {
        let text = self.t();
        let expires = invitation.expires_at;
        match &invitation.state {
            State::Pending if invitation.status(self.now) == Status::Expired => {
                (text.expired)(&self.moment(expires))
            }
            State::Pending => (text.pending)(&valid_until(expires, self.now, self.lang())),
            State::Accepted { at, .. } => (text.accepted)(&self.moment(*at)),
            State::Completed { at, .. } if invitation.has_joined() => {
                (text.joined)(&self.moment(*at))
            }
            State::Completed { at, .. } => (text.completed)(&self.moment(*at)),
            State::Revoked { at, .. } => (text.revoked)(&self.moment(*at)),
        }
    }

    fn reason(&self) -> Option<&str> {
        match &self.live()?.state {
            State::Revoked { reason, .. } => reason.as_deref(),
            State::Pending | State::Accepted { .. } | State::Completed { .. } => None,
        }
    }

    /// The language to write in, by its own name.
    fn language(&self) -> Option<&'static str> {
        let locale = self.live()?.terms.recipient.locale.as_deref()?;
        Lang::parse(locale).map(Lang::native_name)
    }

    fn message(&self) -> Option<String> {
        self.live()?.terms.message.as_deref().map(clean_lines)
    }

    fn registered(&self) -> Option<Markup> {
        let company: &RegisteredCompany = &self.live()?.terms.company;
        Some(self.label(&company.into(), company.customer_number.as_deref()))
    }

    fn confirmed_label(&self) -> Option<Markup> {
        let number = self.live()?.terms.company.customer_number.as_deref();
        Some(self.label(self.confirmed?, number))
    }

    fn label(&self, company: &CompanyForm, customer_number: Option<&str>) -> Markup {
        Label {
            lang: self.lang(),
            company: company.clone(),
            customer_number,
            email: "",
        }
        .markup()
    }

    /// The channels, each with its name, how far it has come, and why it fails.
    fn channels(&self) -> Vec<(&'static str, String, &[&str])> {
        let text = &self.desk.t().delivery;
        let mail = match &self.email {
            Some(channel) => (text.email, self.delivery(channel), &channel.reasons[..]),
            None => (text.email, text.no_mail_server.to_owned(), &[][..]),
        };
        let webhook = self.webhook.as_ref().map(|channel| {
            let reasons = &channel.reasons[..];
            (text.webhook, self.delivery(channel), reasons)
        });
        [mail].into_iter().chain(webhook).collect()
    }

    fn delivery(&self, channel: &DeskChannel<'_>) -> String {
        let text = &self.desk.t().delivery;
        let at = |at: Option<OffsetDateTime>| at.map_or_else(String::new, |at| self.moment(at));
        match channel.delivery {
            DeskDelivery::None => text.none.to_owned(),
            DeskDelivery::Queued => text.queued.to_owned(),
            DeskDelivery::Retrying(next) => (text.retrying)(&at(next)),
            DeskDelivery::Delivered(last) => (text.delivered)(&at(last)),
            DeskDelivery::Failed => text.failed.to_owned(),
        }
    }

    fn happened(&self, event: &DeskEvent<'_>) -> String {
        self.moment(event.at)
    }

    fn rfc3339(&self, event: &DeskEvent<'_>) -> String {
        rfc3339(event.at)
    }

    fn event(&self, event: &DeskEvent<'_>) -> &'static str {
        event_name(event.kind, &self.desk.t().event)
    }

    fn actor(&self, event: &DeskEvent<'_>) -> Option<Markup> {
        let text = self.t();
        match event.actor {
            DeskActor::Usual => None,
            DeskActor::Integrator => Some(sentence(text.by_integrator.to_owned())),
            DeskActor::Staff(None) => Some(sentence(text.by_staff.to_owned())),
            DeskActor::Staff(Some(name)) => Some(sentence((text.by)(&bdi(name)))),
        }
    }

    /// Whether it can be sent again and corrected.
    fn is_open(&self) -> bool {
        self.live()
            .is_some_and(|invitation| invitation.state == State::Pending)
    }

    fn is_revocable(&self) -> bool {
        let state = self.live().map(|invitation| &invitation.state);
        matches!(state, Some(State::Pending | State::Accepted { .. }))
    }

    fn resend_hint(&self) -> String {
        (self.t().resend_hint)(&valid_until(self.renewed_until, self.now, self.lang()))
    }

    /// What became of a change, and whether nothing was changed.
    fn flash_text(&self) -> Option<(String, bool)> {
        let text = self.t();
        Some(match self.flash? {
            DeskFlash::Resent => (text.resent.to_owned(), false),
            DeskFlash::Renewed => (text.renewed.to_owned(), false),
            DeskFlash::Corrected => (text.corrected.to_owned(), false),
            DeskFlash::Revoked => (text.revoked_now.to_owned(), false),
            DeskFlash::Erased => (text.erased_now.to_owned(), false),
            DeskFlash::TooManyEmails(next) => ((text.too_many_emails)(&self.moment(next)), true),
            DeskFlash::StateForbids => (text.state_forbids.to_owned(), true),
            DeskFlash::Conflict => (text.conflict.to_owned(), true),
            DeskFlash::LinkUnreadable => (text.link_unreadable.to_owned(), true),
        })
    }
}

fn event_name(kind: EventKind, text: &DeskEventText) -> &'static str {
    match kind {
        EventKind::Created => text.created,
        EventKind::Sent => text.sent,
        EventKind::DeliveryFailed => text.delivery_failed,
        EventKind::Resent => text.resent,
        EventKind::Updated => text.updated,
        EventKind::LinkRevealed => text.link_revealed,
        EventKind::Reminded => text.reminded,
        EventKind::Expired => text.expired,
        EventKind::RenewalRequested => text.renewal_requested,
        EventKind::Approved => text.approved,
        EventKind::HelpRequested => text.help_requested,
        EventKind::Declined => text.declined,
        EventKind::Accepted => text.accepted,
        EventKind::Revoked => text.revoked,
        EventKind::Erased => text.erased,
        EventKind::CompanyCreated => text.company_created,
        EventKind::CompanyJoined => text.company_joined,
    }
}
