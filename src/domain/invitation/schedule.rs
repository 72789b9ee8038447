//! What the passing of time alone does to an invitation: reminders, and the expiry.

use time::{Duration, OffsetDateTime};

use super::{EventKind, Invitation, State, Status, Transition};

/// A reminder that could not be sent for this long is left out, so that a later one, a day after it
/// at the earliest, is not sent along with it.
const REMINDER_WINDOW: Duration = Duration::DAY;

/// A recipient who got an e-mail with the link so recently needs no reminder: it is left out. Less
/// than a day, so that a timer that was late once leaves out no reminder of the next day.
const REMINDER_PAUSE: Duration = Duration::hours(23);

/// How long before the expiry recipients are reminded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reminders(pub Vec<Duration>);

impl Reminders {
    /// Whether this is the moment of one of them.
    #[must_use]
    pub fn include(&self, moment: &Moment) -> bool {
        self.0.contains(&(moment.expires_at - moment.at))
    }
}

/// A time at which an invitation that is still pending expires, or its recipient is reminded. Of
/// the precision that the table keeps: milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// When.
    pub at: OffsetDateTime,
    /// The expiry that it belongs to; another one makes it void.
    pub expires_at: OffsetDateTime,
}

impl Moment {
    /// Whether the invitation expires then.
    #[must_use]
    pub fn is_expiry(&self) -> bool {
        self.at == self.expires_at
    }
}

impl Invitation {
    /// The expiry and the reminders that still lie ahead of it.
    #[must_use]
    pub fn moments(&self, reminders: &Reminders, now: OffsetDateTime) -> Vec<Moment> {
        let expires_at = milliseconds(self.expires_at);
        let reminders = reminders
            .0
            .iter()
            .filter(|_| self.terms.send_email)
            .map(|before| expires_at - *before)
            .filter(|at| *at > now);
        reminders
            .chain([expires_at])
            .map(|at| Moment { at, expires_at })
            .collect()
    }

    /// Whether the moment belongs to the expiry that the invitation has now.
    #[must_use]
    pub fn has(&self, moment: &Moment) -> bool {
        milliseconds(self.expires_at) == moment.expires_at
    }

    /// Records the expiry or the reminder, once each; `None` where there is nothing to record.
    #[must_use]
    pub fn reach(self, moment: &Moment, now: OffsetDateTime) -> Option<Transition> {
        let is_recorded = self.reached.is_some_and(|reached| moment.at <= reached);
        if self.state != State::Pending || !self.has(moment) || is_recorded {
            return None;
        }
        let kind = if moment.is_expiry() {
            (self.status(now) == Status::Expired).then_some(EventKind::Expired)
        } else {
            self.may_be_reminded(moment, now)
                .then_some(EventKind::Reminded)
        };
        let kind = kind?;
        let reminded = (kind == EventKind::Reminded).then_some(now);
        let next = Self {
            reached: Some(moment.at),
            reminded_at: reminded.or(self.reminded_at),
            ..self
        };
        Some(next.caused(kind, now))
    }

    fn may_be_reminded(&self, moment: &Moment, now: OffsetDateTime) -> bool {
        // Who has declined, or was named later, is not reminded of an e-mail of before.
        let sent_again = self.resends.iter().max();
        let since = self.contacts.not_me.max(self.mailbox_changed_at);
        let is_held = since.is_some_and(|at| sent_again.is_none_or(|again| *again < at));
        let is_in_time = moment.at <= now && now < moment.at + REMINDER_WINDOW;
        let is_due = is_in_time && now >= self.last_email_at() + REMINDER_PAUSE;
        is_due && self.status(now) == Status::Pending && self.terms.send_email && !is_held
    }

    /// When an e-mail with the link was last caused, of an invitation whose creation caused one.
    fn last_email_at(&self) -> OffsetDateTime {
        let later = [
            self.resends.iter().max().copied(),
            self.approved_at,
            self.reminded_at,
        ];
        later
            .into_iter()
            .flatten()
            .fold(self.created_at, OffsetDateTime::max)
    }
}

fn milliseconds(at: OffsetDateTime) -> OffsetDateTime {
    at.replace_millisecond(at.millisecond()).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::invitation::{
        ContactKind, EventDetails,
        tests::{START, account, invitation},
    };

    const WEEK: Duration = Duration::days(7);

    fn reminders() -> Reminders {
        Reminders(vec![WEEK, Duration::DAY])
    }

    fn first_reminder(invitation: &Invitation) -> Moment {
        first_reminder_of(invitation, START)
    }

    fn first_reminder_of(invitation: &Invitation, now: OffsetDateTime) -> Moment {
        invitation.moments(&reminders(), now)[0]
    }

    fn expiry(invitation: &Invitation) -> Moment {
        let moments = invitation.moments(&Reminders::default(), START);
        assert_eq!(moments.len(), 1);
        moments[0]
    }

    #[test]
    fn moments_that_are_over_are_left_out() {
        let invitation = invitation();
        assert_eq!(invitation.moments(&reminders(), START).len(), 3);
        let late = invitation.expires_at - Duration::days(2);
        let moments = invitation.moments(&reminders(), late);
        assert_eq!(moments.len(), 2);
        assert!(moments[1].is_expiry() && !moments[0].is_expiry());
    }

    #[test]
    fn an_expiry_is_recorded_once() {
        let invitation = invitation();
        let moment = expiry(&invitation);
        assert!(
            invitation
                .clone()
                .reach(&moment, moment.at - WEEK)
                .is_none()
        );
        let (expired, event) = invitation.reach(&moment, moment.at).unwrap();
        assert_eq!(event.kind, EventKind::Expired);
        assert!(expired.reach(&moment, moment.at + WEEK).is_none());
    }

    #[test]
    fn each_expiry_is_recorded() {
        let invitation = invitation();
        let first = expiry(&invitation);
        let (expired, _) = invitation.reach(&first, first.at).unwrap();
        let (renewed, _) = expired.renew(first.at + WEEK, true, first.at).unwrap();
        let second = expiry(&renewed);
        assert!(renewed.clone().reach(&first, second.at).is_none());
        let (_, event) = renewed.reach(&second, second.at).unwrap();
        assert_eq!(event.kind, EventKind::Expired);
    }

    #[test]
    fn an_accepted_invitation_never_expires() {
        let (accepted, _) = invitation().accept(account(1), START).unwrap();
        let moment = expiry(&accepted);
        assert!(accepted.reach(&moment, moment.at).is_none());
    }

    #[test]
    fn each_reminder_is_recorded_once() {
        let invitation = invitation();
        let moments = invitation.moments(&reminders(), START);
        let (first, event) = invitation.reach(&moments[0], moments[0].at).unwrap();
        assert_eq!(event.kind, EventKind::Reminded);
        assert!(first.clone().reach(&moments[0], moments[0].at).is_none());
        assert!(first.reach(&moments[1], moments[1].at).is_some());
    }

    #[test]
    fn a_reminder_that_is_a_day_late_is_left_out() {
        let moment = first_reminder(&invitation());
        let late = moment.at + REMINDER_WINDOW;
        assert!(
            invitation()
                .reach(&moment, late - Duration::SECOND)
                .is_some()
        );
        assert!(invitation().reach(&moment, late).is_none());
    }

    #[test]
    fn no_reminder_within_a_day_of_an_email() {
        let moment = first_reminder(&invitation());
        let early = moment.at - REMINDER_PAUSE;
        let resent = |at| invitation().renew(moment.expires_at, true, at).unwrap().0;
        let approved = |at| invitation().approve(None, at).unwrap().0;
        for invitation in [resent(early), approved(early)] {
            assert!(invitation.reach(&moment, moment.at).is_some());
        }
        let late = early + Duration::SECOND;
        for invitation in [resent(late), approved(late)] {
            assert!(invitation.reach(&moment, moment.at).is_none());
        }
    }

    #[test]
    fn no_reminder_within_a_day_of_the_creation() {
        let expires_at = START + WEEK + Duration::MINUTE;
        let (new, _) = Invitation::create(invitation().id, invitation().terms, START, expires_at);
        let moments = new.moments(&reminders(), START);
        assert!(new.clone().reach(&moments[0], moments[0].at).is_none());
        assert!(new.reach(&moments[1], moments[1].at).is_some());
    }

    #[test]
    fn late_timer_costs_no_reminder_of_the_next_day() {
        let invitation = invitation();
        let each_day = Reminders(vec![Duration::days(2), Duration::DAY]);
        let moments = invitation.moments(&each_day, START);
        let late = moments[0].at + Duration::seconds(50);
        let (reminded, _) = invitation.reach(&moments[0], late).unwrap();
        let next_day = moments[1].at + Duration::SECOND;
        assert!(reminded.reach(&moments[1], next_day).is_some());
    }

    #[test]
    fn no_reminder_within_a_day_of_another() {
        let invitation = invitation();
        let moments = invitation.moments(&reminders(), START);
        // The timer was late.
        let late = moments[0].at + Duration::HOUR;
        let (reminded, _) = invitation.reach(&moments[0], late).unwrap();
        let expires_at = late + Duration::DAY + Duration::HOUR;
        let terms = reminded.terms.clone();
        let (sooner, _) = reminded.update(terms, expires_at, late).unwrap();
        let next = first_reminder_of(&sooner, late);
        assert!(sooner.reach(&next, next.at).is_none());
    }

    #[test]
    fn only_its_own_moment_is_included() {
        let moments = invitation().moments(&reminders(), START);
        let week = Reminders(vec![WEEK]);
        assert!(week.include(&moments[0]) && !week.include(&moments[1]));
        assert!(!Reminders::default().include(&moments[0]));
    }

    #[test]
    fn who_declined_is_reminded_once_invited_again() {
        let details = EventDetails::default();
        let (declined, _) = invitation()
            .contact(ContactKind::NotMe, details, START)
            .unwrap();
        let moment = first_reminder(&declined);
        assert!(declined.clone().reach(&moment, moment.at).is_none());
        let again = START + Duration::HOUR;
        let (again, _) = declined.renew(moment.expires_at, true, again).unwrap();
        assert!(again.reach(&moment, moment.at).is_some());
    }

    #[test]
    fn no_reminder_where_the_seller_sends_the_link() {
        let mut invitation = invitation();
        let moment = first_reminder(&invitation);
        invitation.terms.send_email = false;
        assert_eq!(invitation.moments(&reminders(), START).len(), 1);
        assert!(invitation.reach(&moment, moment.at).is_none());
    }
}
