//! The code that is mailed to prove that the invited mailbox is one's own: how long it works, how
//! often it may be tried, and how many are sent. No I/O, no clock, and not the code itself.

use serde::{Deserialize, Serialize};
use time::{Date, Duration, OffsetDateTime};

use super::Account;

/// How long a code works.
pub const CODE_LIFETIME: Duration = Duration::minutes(10);
/// How often a code may be entered wrongly.
pub const CODE_TRIES: u8 = 5;
/// How many codes are sent for an invitation on one day (UTC).
pub const CODES_A_DAY: u8 = 5;

/// A code that was issued for an account. What was mailed is not in it, only a digest that the
/// service alone can make.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct IssuedCode {
    /// Who may enter it.
    pub account: Account,
    /// Digest of the code.
    pub digest: String,
    #[serde(with = "time::serde::rfc3339")]
    expires_at: OffsetDateTime,
    wrong: u8,
    day: Date,
    issued_today: u8,
}

/// No more codes today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooManyCodes;

/// What became of a try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tried {
    /// The mailbox is theirs.
    Right,
    /// It is not; the code with one try less.
    Wrong(IssuedCode),
    /// The code is too old, was tried too often, or is another account's. Nothing changes.
    Useless,
}

impl IssuedCode {
    /// A new code, which makes the previous one useless.
    ///
    /// # Errors
    /// [`TooManyCodes`] when the day's codes were all sent.
    pub fn issue(
        previous: Option<&Self>,
        account: Account,
        digest: String,
        now: OffsetDateTime,
    ) -> Result<Self, TooManyCodes> {
        let day = now.date();
        let before = previous
            .filter(|code| code.day == day)
            .map_or(0, |code| code.issued_today);
        if before >= CODES_A_DAY {
            return Err(TooManyCodes);
        }
        Ok(Self {
            account,
            digest,
            expires_at: now + CODE_LIFETIME,
            wrong: 0,
            day,
            issued_today: before + 1,
        })
    }

    /// Whether the account may still enter it.
    #[must_use]
    pub fn works(&self, account: Account, now: OffsetDateTime) -> bool {
        self.account == account && now < self.expires_at && self.wrong < CODE_TRIES
    }

    /// Tries a code; `matches` says whether it has the digest.
    pub fn try_code(
        self,
        account: Account,
        now: OffsetDateTime,
        matches: impl FnOnce(&str) -> bool,
    ) -> Tried {
        if !self.works(account, now) {
            Tried::Useless
        } else if matches(&self.digest) {
            Tried::Right
        } else {
            Tried::Wrong(Self {
                wrong: self.wrong + 1,
                ..self
            })
        }
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

    fn code() -> IssuedCode {
        IssuedCode::issue(None, account(1), "digest".into(), NOW).unwrap()
    }

    #[test]
    fn the_right_code_is_right_for_ten_minutes_and_for_its_account() {
        assert_eq!(
            code().try_code(account(1), NOW + Duration::seconds(599), |digest| digest
                == "digest"),
            Tried::Right
        );
        assert_eq!(
            code().try_code(account(1), NOW + CODE_LIFETIME, |_| true),
            Tried::Useless
        );
        assert_eq!(code().try_code(account(2), NOW, |_| true), Tried::Useless);
    }

    #[test]
    fn after_five_wrong_tries_even_the_right_code_is_useless() {
        let mut current = code();
        for _ in 0..CODE_TRIES {
            let Tried::Wrong(next) = current.try_code(account(1), NOW, |_| false) else {
                panic!("a try was left")
            };
            current = next;
        }
        assert_eq!(current.try_code(account(1), NOW, |_| true), Tried::Useless);
    }

    #[test]
    fn five_codes_are_sent_a_day_and_the_next_day_again() {
        let mut current = code();
        for _ in 1..CODES_A_DAY {
            current = IssuedCode::issue(Some(&current), account(2), "other".into(), NOW).unwrap();
        }
        assert_eq!(
            IssuedCode::issue(Some(&current), account(1), "x".into(), NOW),
            Err(TooManyCodes)
        );
        assert!(
            IssuedCode::issue(
                Some(&current),
                account(1),
                "x".into(),
                NOW + Duration::hours(12)
            )
            .is_ok()
        );
    }
}
