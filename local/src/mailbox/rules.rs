//! Recipients whose mail is not accepted, to try what the sender makes of it.

/// What to answer when mail for a recipient is offered.
#[derive(Clone, Debug)]
pub struct RecipientRule {
    address: String,
    pub(super) refusal: Refusal,
    left: Option<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    Permanent,
    Temporary,
    HangUp,
    Credentials,
}

impl RecipientRule {
    /// 550: there is no such mailbox. `*` is any address.
    pub fn permanent(address: impl Into<String>) -> Self {
        Self::new(address, Refusal::Permanent)
    }

    /// 451: try again later. `*` is any address.
    pub fn temporary(address: impl Into<String>) -> Self {
        Self::new(address, Refusal::Temporary)
    }

    /// 535: the sender's own credentials are wrong. `*` is any address.
    pub fn credentials(address: impl Into<String>) -> Self {
        Self::new(address, Refusal::Credentials)
    }

    /// Closes the connection without an answer. `*` is any address.
    pub fn hang_up(address: impl Into<String>) -> Self {
        Self::new(address, Refusal::HangUp)
    }

    /// Applies so often and then no more.
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
            _ if !matches => false,
            None => true,
            Some(0) => false,
            Some(left) => {
                *left -= 1;
                true
            }
        }
    }
}
