//! The person behind every page: who invites, and what can be asked of them.

use serde::{Deserialize, Serialize};
use time::{Date, Duration, OffsetDateTime};

use super::{cookies::Age, links::Fields};
use crate::{
    app::App,
    domain::invitation::{ContactKind, Invitation, Link, Situation},
    text::Lang,
    views::{Contact, ContactOffer},
};

/// The target of the forms that contact the inviter.
pub const PATH: &str = "/api/ContactInviter";
/// How long a page can be used to contact the inviter, at least.
const TICKET_LIFETIME: Duration = Duration::DAY;
/// The purpose of its seal.
const PURPOSE: &str = "contact";

/// The longest address that is read (RFC 5321, 4.5.3.1.3).
pub const MAX_ADDRESS: usize = 254;

/// What is shown again of what was typed as an address.
#[must_use]
pub fn kept(typed: &str) -> String {
    typed.chars().take(MAX_ADDRESS).collect()
}

/// What the forms of a page are about. It is sealed: who holds one has seen a page of the
/// invitation.
#[derive(Clone, Copy, Debug)]
pub struct ContactTicket {
    /// The link of the invitation.
    pub link: Link,
    /// What stopped the recipient, as the page knew it.
    pub situation: Situation,
}

#[derive(Serialize, Deserialize)]
struct Sealed {
    link: String,
    situation: Situation,
}

impl ContactTicket {
    /// To put into a form.
    #[must_use]
    pub fn seal(&self, app: &App) -> String {
        let sealed = Sealed {
            link: self.link.reveal(),
            situation: self.situation,
        };
        // To the end of a day, so that the page of the link stays the same each time it is opened.
        let until = (app.clock.now() + TICKET_LIFETIME).date().next_day();
        let until = until.unwrap_or(Date::MAX).midnight().assume_utc();
        app.cookies()
            .seal_for(PURPOSE, sealed, until)
            .unwrap_or_default()
    }

    /// From a form, and whether it is too old: its page was open for more than a day.
    #[must_use]
    pub fn open(app: &App, sealed: &str) -> Option<(Self, Age)> {
        let now = app.clock.now();
        let (opened, age): (Sealed, Age) = app.cookies().open_of_any_age(PURPOSE, sealed, now)?;
        let ticket = Self {
            link: opened.link.parse().ok()?,
            situation: opened.situation,
        };
        Some((ticket, age))
    }
}

/// The hidden fields of a button that contacts the inviter.
#[must_use]
pub fn fields(
    app: &App,
    (link, situation): (&Link, Situation),
    kind: ContactKind,
    lang: Lang,
) -> Fields {
    let ticket = ContactTicket {
        link: *link,
        situation,
    };
    vec![
        ("ticket", ticket.seal(app)),
        ("kind", kind.name().to_owned()),
        ("lang", lang.tag().to_owned()),
    ]
}

/// Whether this can be asked of the inviter now.
#[must_use]
pub fn is_open(invitation: &Invitation, kind: ContactKind, now: OffsetDateTime) -> bool {
    invitation.may_ask(kind, now) && invitation.contacts.allow(kind, now)
}

/// Whether messages to the inviter are mailed. Otherwise they are recorded, and no page may promise
/// more.
#[must_use]
pub fn reaches_inviter(app: &App, invitation: &Invitation) -> bool {
    app.store.channels().mail && invitation.terms.inviter.email.is_some()
}

/// What the page shows of the inviter.
#[must_use]
pub fn block<'a>(
    app: &App,
    (link, invitation): (&Link, &'a Invitation),
    situation: Situation,
    lang: Lang,
) -> Contact<'a> {
    let (inviter, now) = (&invitation.terms.inviter, app.clock.now());
    let offer = |kind| ContactOffer {
        asked_at: invitation.contacts.last(kind),
        is_open: is_open(invitation, kind, now),
    };
    let ticket = ContactTicket {
        link: *link,
        situation,
    };
    Contact {
        name: &inviter.name,
        organization: &inviter.organization,
        email: inviter.email.as_ref().map(|email| email.as_str()),
        phone: inviter.phone.as_deref(),
        action: PATH,
        ticket: ticket.seal(app),
        lang,
        help: offer(ContactKind::Help),
        not_me: offer(ContactKind::NotMe),
        new_invitation: offer(ContactKind::NewInvitation),
        colleague: None,
        is_colleague_wrong: false,
        form: None,
    }
}
