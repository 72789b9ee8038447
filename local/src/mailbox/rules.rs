//! Recipients whose mail is not accepted, to see how the sender handles it.

/// How mail for a recipient is answered.
#[derive(Clone, Debug)]
pub struct RecipientRule {
    address: String,
    pub(super) refusal: Refusal,
    left: Option<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// A code, an enhanced status and a text.
    Answer(u16, [u8; 3], &'static str),
    HangUp,
}

impl RecipientRule {
    /// 550: there is no such mailbox. `*` is any address.
    pub fn permanent(address: impl Into<String>) -> Self {
        Self::new(address, Refusal::Answer(550, [5, 1, 1], "No such mailbox"))
    }

    /// 451: try again later. `*` is any address.
    pub fn temporary(address: impl Into<String>) -> Self {
        Self::new(address, Refusal::Answer(451, [4, 7, 1], "Try again later"))
    }

    /// 535: the sender's own credentials are wrong. `*` is any address.
    pub fn credentials(address: impl Into<String>) -> Self {
        Self::new(
            address,
            Refusal::Answer(535, [5, 7, 8], "Authentication failed"),
        )
    }

    /// Closes the connection without an answer. `*` is any address.
    pub fn hang_up(address: impl Into<String>) -> Self {
        Self::new(address, Refusal::HangUp)
    }

    /// Applies only this many times.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.left = Some(times);
        self
    }

    fn new(address: impl Into<String>, refusal: Refusal) -> Self {
        Self {
            address: address.into(),
            refusal,
            left: None,
        }
    }

    /// Whether it applies to `address` this time; counts the use.
    pub(super) fn applies(&mut self, address: &str) -> bool {
        let matches = self.address == "*" || self.address.eq_ignore_ascii_case(address);
        match &mut self.left {
            None => matches,
            Some(left) => {
                let applies = matches && *left > 0;
                *left -= u32::from(applies);
                applies
            }
        }
    }
}
