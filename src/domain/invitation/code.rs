//! The codes that are mailed to prove that the invited mailbox is one's own: how long they work, how
//! often they may be tried, and how many are sent. No I/O, no clock, and not the codes themselves.
//!
//! Codes and attempts are counted for each account, so that someone else with the link cannot use up
//! the recipient's. The number of e-mails is limited for each invitation, too.

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use super::Account;

/// How long a code works.
pub const CODE_LIFETIME: Duration = Duration::minutes(10);
/// How often a code may be entered wrongly.
pub const CODE_TRIES: u8 = 5;
/// How long an e-mail may take to be sent: longer than the mail server is waited for.
const SENDING: Duration = Duration::MINUTE;
/// The period that the numbers of codes refer to.
const WINDOW: Duration = Duration::DAY;
/// How many codes are sent for an account in any 24 hours.
pub const CODES_PER_ACCOUNT: usize = 3;
/// How many codes are sent to the mailbox in any 24 hours.
const CODES_PER_INVITATION: usize = 10;
/// How many of them are reserved for accounts that show the invited address.
const RESERVED_CODES: usize = 3;

/// A code that was mailed. What was mailed is not in it, only a digest that the service alone can
/// make.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Code {
    account: Account,
    digest: String,
    #[serde(with = "time::serde::rfc3339")]
    expires_at: OffsetDateTime,
    wrong: u8,
    /// Whether the mail server has taken the e-mail. Earlier versions did not note it.
    #[serde(default = "yes")]
    is_sent: bool,
}

const fn yes() -> bool {
    true
}

/// The codes of an invitation, oldest first. Only the newest of an account works.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Stored", into = "Vec<Code>")]
pub struct IssuedCodes(Vec<Code>);

/// Rows of earlier versions hold the latest code alone.
#[derive(Deserialize)]
#[serde(untagged)]
enum Stored {
    All(Vec<Code>),
    Latest(Code),
}

/// Who asks for a code.
#[derive(Clone, Copy, Debug)]
pub struct CodeRequest {
    /// The account that will enter it.
    pub account: Account,
    /// Whether the account shows the invited address. It can be faked.
    pub shows_invited: bool,
    /// When the newest code was sent, as the page with the button knew it; a code that was sent
    /// since then answers the same press.
    pub known: Option<Known>,
}

/// The newest code that a page knew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known(#[serde(with = "time::serde::rfc3339::option")] pub Option<OffsetDateTime>);

impl From<Account> for CodeRequest {
    fn from(account: Account) -> Self {
        Self {
            account,
            shows_invited: false,
            known: None,
        }
    }
}

/// Why no code is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotIssued {
    /// The same press has sent one already.
    AlreadySent,
    /// Too many were sent.
    TooMany {
        /// When the next may be sent.
        next_at: OffsetDateTime,
        /// Whether the newest still works.
        is_alive: bool,
    },
}

/// What the page shows of the newest code of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeStatus {
    /// When it was sent, or its sending began.
    pub sent_at: OffsetDateTime,
    /// Whether the mail server has taken the e-mail.
    pub is_sent: bool,
    /// Whether it can be entered.
    pub is_alive: bool,
    /// Whether it replaced an earlier one.
    pub is_repeated: bool,
}

/// The result of a try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tried {
    /// The mailbox is theirs.
    Right,
    /// It is another code; the codes with one try less.
    Wrong {
        /// With the try counted.
        codes: IssuedCodes,
        /// How many tries are left.
        tries_left: u8,
    },
    /// It is an earlier code, which a newer one replaced. It costs no try.
    Older,
    /// The account has no code, or one that expired or was tried too often. Nothing changes.
    NoActiveCode,
}

impl IssuedCodes {
    /// Adds a new code, which replaces the earlier ones of the account.
    ///
    /// # Errors
    /// See [`NotIssued`].
    pub fn issue(
        self,
        request: CodeRequest,
        digest: String,
        now: OffsetDateTime,
    ) -> Result<Self, NotIssued> {
        let status = self.status(request.account, now);
        let sent_at = status.map(|status| status.sent_at);
        // One that the page does not know; not the end of the one that it does.
        if request.known.is_some_and(|Known(known)| sent_at > known) {
            return Err(NotIssued::AlreadySent);
        }
        let mut codes = self.0;
        codes.retain(|code| code.is_kept(now));
        let limit = if request.shows_invited {
            CODES_PER_INVITATION
        } else {
            CODES_PER_INVITATION - RESERVED_CODES
        };
        let counted = codes.iter().filter(|code| code.counts(now));
        let own = counted.clone();
        let own = own.filter(|code| code.account == request.account);
        let next_at = next_at(own, CODES_PER_ACCOUNT).max(next_at(counted, limit));
        if let Some(next_at) = next_at {
            let is_alive = status.is_some_and(|status| status.is_alive);
            return Err(NotIssued::TooMany { next_at, is_alive });
        }
        codes.push(Code {
            account: request.account,
            digest,
            expires_at: now + CODE_LIFETIME,
            wrong: 0,
            is_sent: false,
        });
        Ok(Self(codes))
    }

    /// Notes that a code was sent.
    #[must_use]
    pub fn sent(mut self, is_this: impl Fn(&str) -> bool) -> Self {
        for code in self.0.iter_mut().filter(|code| is_this(&code.digest)) {
            code.is_sent = true;
        }
        self
    }

    /// Takes a code back that could not be mailed: it is not counted, and the one before works
    /// again.
    #[must_use]
    pub fn withdraw(self, is_this: impl Fn(&str) -> bool) -> Self {
        let kept = self.0.into_iter().filter(|code| !is_this(&code.digest));
        Self(kept.collect())
    }

    /// The newest code of the account, if one was sent in the last day, or is being sent.
    #[must_use]
    pub fn status(&self, account: Account, now: OffsetDateTime) -> Option<CodeStatus> {
        let mut own = self
            .0
            .iter()
            .filter(|code| code.account == account && code.is_kept(now));
        let newest = own.next_back()?;
        Some(CodeStatus {
            sent_at: newest.sent_at(),
            is_sent: newest.is_sent,
            is_alive: newest.is_alive(now),
            is_repeated: own.next().is_some(),
        })
    }

    /// Tries a code; `matches` says whether it has the digest.
    pub fn try_code(
        mut self,
        account: Account,
        now: OffsetDateTime,
        matches: impl Fn(&str) -> bool,
    ) -> Tried {
        let mut own = self.0.iter_mut().filter(|code| code.account == account);
        let Some(newest) = own.next_back().filter(|code| code.is_alive(now)) else {
            return Tried::NoActiveCode;
        };
        if matches(&newest.digest) {
            return Tried::Right;
        }
        if own.any(|older| matches(&older.digest)) {
            return Tried::Older;
        }
        newest.wrong += 1;
        let tries_left = CODE_TRIES - newest.wrong;
        Tried::Wrong {
            codes: self,
            tries_left,
        }
    }
}

impl Code {
    fn sent_at(&self) -> OffsetDateTime {
        self.expires_at - CODE_LIFETIME
    }

    /// Within the window, unless the process died before the e-mail was sent.
    fn counts(&self, now: OffsetDateTime) -> bool {
        let until = if self.is_sent { WINDOW } else { SENDING };
        self.sent_at() + until > now
    }

    /// Whether it counts, or can still be entered: its e-mail may have arrived all the same.
    fn is_kept(&self, now: OffsetDateTime) -> bool {
        self.counts(now) || self.is_alive(now)
    }

    fn is_alive(&self, now: OffsetDateTime) -> bool {
        now < self.expires_at && self.wrong < CODE_TRIES
    }
}

/// When fewer than `limit` of the codes are within the window; `None`: they are already.
fn next_at<'a>(
    codes: impl DoubleEndedIterator<Item = &'a Code>,
    limit: usize,
) -> Option<OffsetDateTime> {
    codes
        .rev()
        .nth(limit - 1)
        .map(|code| code.sent_at() + WINDOW)
}

impl From<Stored> for IssuedCodes {
    fn from(stored: Stored) -> Self {
        match stored {
            Stored::All(codes) => Self(codes),
            Stored::Latest(code) => Self(vec![code]),
        }
    }
}

impl From<IssuedCodes> for Vec<Code> {
    fn from(codes: IssuedCodes) -> Self {
        codes.0
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;
    use uuid::Uuid;

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-11-22 12:00 UTC);

    fn account(oid: u128) -> Account {
        Account {
            tid: Uuid::nil(),
            oid: Uuid::from_u128(oid),
        }
    }

    fn add(codes: IssuedCodes, oid: u128, digest: &str, now: OffsetDateTime) -> IssuedCodes {
        codes
            .issue(account(oid).into(), digest.into(), now)
            .unwrap()
            .sent(|own| own == digest)
    }

    fn one() -> IssuedCodes {
        add(IssuedCodes::default(), 1, "first", NOW)
    }

    fn enter(codes: &IssuedCodes, oid: u128, entered: &str, now: OffsetDateTime) -> Tried {
        codes
            .clone()
            .try_code(account(oid), now, |digest| digest == entered)
    }

    #[test]
    fn right_code_works_for_ten_minutes() {
        let late = NOW + CODE_LIFETIME;
        assert_eq!(
            enter(&one(), 1, "first", late - Duration::SECOND),
            Tried::Right
        );
        assert_eq!(enter(&one(), 1, "first", late), Tried::NoActiveCode);
        assert_eq!(enter(&one(), 2, "first", NOW), Tried::NoActiveCode);
    }

    #[test]
    fn five_wrong_tries_void_a_code() {
        let mut codes = one();
        for left in (0..CODE_TRIES).rev() {
            let Tried::Wrong {
                codes: next,
                tries_left,
            } = enter(&codes, 1, "x", NOW)
            else {
                panic!("a try was left")
            };
            assert_eq!(tries_left, left);
            codes = next;
        }
        assert_eq!(enter(&codes, 1, "first", NOW), Tried::NoActiveCode);
        assert!(!codes.status(account(1), NOW).unwrap().is_alive);
    }

    #[test]
    fn earlier_code_is_named_and_costs_no_try() {
        let codes = add(one(), 1, "second", NOW);
        assert_eq!(enter(&codes, 1, "first", NOW), Tried::Older);
        assert_eq!(enter(&codes, 1, "second", NOW), Tried::Right);
        assert!(codes.status(account(1), NOW).unwrap().is_repeated);
    }

    #[test]
    fn other_accounts_do_not_touch_a_code() {
        let mut codes = one();
        for digest in ["a", "b", "c"] {
            codes = add(codes, 2, digest, NOW);
            let Tried::Wrong { codes: next, .. } = enter(&codes, 2, "x", NOW) else {
                panic!("a try was left")
            };
            codes = next;
        }
        assert_eq!(enter(&codes, 1, "first", NOW), Tried::Right);
        let refused = codes.issue(account(2).into(), "d".into(), NOW);
        let next_at = NOW + Duration::DAY;
        let is_alive = true;
        assert_eq!(refused, Err(NotIssued::TooMany { next_at, is_alive }));
    }

    #[test]
    fn three_codes_are_sent_in_any_day() {
        let hour = |hours| NOW + Duration::hours(hours);
        let codes = (0..3).fold(IssuedCodes::default(), |codes, at| {
            add(codes, 1, "x", hour(at))
        });
        let late = codes.clone().issue(account(1).into(), "y".into(), hour(23));
        let (next_at, is_alive) = (hour(24), false);
        assert_eq!(late, Err(NotIssued::TooMany { next_at, is_alive }));
        assert!(codes.issue(account(1).into(), "y".into(), hour(24)).is_ok());
    }

    #[test]
    fn last_three_emails_are_kept_for_the_invited_address() {
        let codes = (0..7).fold(IssuedCodes::default(), |codes, oid| {
            add(codes, oid, "x", NOW)
        });
        assert!(
            codes
                .clone()
                .issue(account(8).into(), "y".into(), NOW)
                .is_err()
        );
        let shows = |oid| CodeRequest {
            shows_invited: true,
            ..account(oid).into()
        };
        let full = (8..11).fold(codes, |codes, oid| {
            codes.issue(shows(oid), "y".into(), NOW).unwrap()
        });
        assert!(full.issue(shows(11), "y".into(), NOW).is_err());
    }

    #[test]
    fn withdrawn_code_is_not_counted() {
        let codes = add(one(), 1, "lost", NOW).withdraw(|digest| digest == "lost");
        assert_eq!(codes, one());
    }

    /// The process died before the mail server took it.
    #[test]
    fn code_that_was_never_sent_counts_for_a_minute() {
        let unsent = IssuedCodes::default().issue(account(1).into(), "lost".into(), NOW);
        let unsent = unsent.unwrap();
        let before = unsent.status(account(1), NOW + Duration::seconds(59));
        assert!(before.is_some_and(|status| !status.is_sent && status.is_alive));
        let after = NOW + SENDING;
        let shown = unsent.status(account(1), after);
        assert!(
            shown.is_some_and(|status| status.is_alive),
            "it may have been sent"
        );
        assert_eq!(enter(&unsent, 1, "lost", after), Tried::Right);
        assert_eq!(unsent.status(account(1), NOW + CODE_LIFETIME), None);
        let codes = (0..3).fold(unsent, |codes, _| add(codes, 1, "x", after));
        assert!(codes.issue(account(1).into(), "y".into(), after).is_err());
    }

    #[test]
    fn second_press_of_a_button_sends_nothing() {
        let known = |at| CodeRequest {
            known: Some(Known(at)),
            ..account(1).into()
        };
        let again = one().issue(known(None), "x".into(), NOW);
        assert_eq!(again, Err(NotIssued::AlreadySent));
        let withdrawn = one().withdraw(|digest| digest == "first");
        assert!(withdrawn.issue(known(Some(NOW)), "x".into(), NOW).is_ok());
        assert!(one().issue(known(Some(NOW)), "x".into(), NOW).is_ok());
    }

    #[test]
    fn rows_of_the_earlier_version_are_read() {
        let row = format!(
            r#"{{"account":{{"tid":"{0}","oid":"{1}"}},"digest":"first","wrong":0,"day":"2026-11-22",
               "issuedToday":2,"expiresAt":"2026-11-22T12:10:00Z"}}"#,
            account(1).tid,
            account(1).oid,
        );
        assert_eq!(serde_json::from_str::<IssuedCodes>(&row).unwrap(), one());
    }
}
