//! The secret in the link, and the public name that is derived from it one-way.

use std::{fmt, str::FromStr};

use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The GUID of the link in the e-mail: who knows it holds one of the two things that it takes to
/// accept.
///
/// `Debug` hides it; [`Link::reveal`] is for the e-mail, the creation answer and sealed cookies.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Link(Uuid);

impl Link {
    /// A new link from 122 random bits.
    #[must_use]
    pub fn random() -> Self {
        Self(Uuid::new_v4())
    }

    /// The public name of the invitation that this link opens.
    #[must_use]
    pub fn id(&self) -> InvitationId {
        let digest = digest(b"invitation-id/1", self.0.as_bytes());
        InvitationId(digest)
    }

    /// The secret itself, in the hyphenated form.
    #[must_use]
    pub fn reveal(&self) -> String {
        let mut buffer = Uuid::encode_buffer();
        self.0.hyphenated().encode_lower(&mut buffer).to_owned()
    }
}

impl From<Uuid> for Link {
    fn from(guid: Uuid) -> Self {
        Self(guid)
    }
}

/// Reads the hyphenated form, in either case, and no other.
impl FromStr for Link {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, uuid::Error> {
        let hyphenated: uuid::fmt::Hyphenated = text.parse()?;
        Ok(Self(hyphenated.into_uuid()))
    }
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Link(…)")
    }
}

/// The public name of an invitation: in the table, in logs, in the API. It does not open the link.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct InvitationId([u8; 16]);

impl InvitationId {
    /// The first of its hexadecimal digits, by which invitations spread evenly over 16 partitions.
    #[must_use]
    pub fn shard(&self) -> u8 {
        self.0[0] >> 4
    }

    /// The identifier of the one company that this invitation can create.
    #[must_use]
    pub fn company_id(&self) -> Uuid {
        uuid::Builder::from_custom_bytes(digest(b"company-id/1", &self.0)).into_uuid()
    }
}

/// 32 lower-case hexadecimal digits.
impl fmt::Display for InvitationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut buffer = Uuid::encode_buffer();
        f.write_str(Uuid::from_bytes(self.0).simple().encode_lower(&mut buffer))
    }
}

impl fmt::Debug for InvitationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The text is not the id of an invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an invitation's id has 32 hexadecimal digits")]
pub struct NotAnId;

impl FromStr for InvitationId {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        if text.len() != 32
            || text
                .bytes()
                .any(|b| !matches!(b, b'0'..=b'9' | b'a'..=b'f'))
        {
            return Err(NotAnId);
        }
        u128::from_str_radix(text, 16)
            .map(|number| Self(number.to_be_bytes()))
            .map_err(|_| NotAnId)
    }
}

fn digest(purpose: &[u8], bytes: &[u8]) -> [u8; 16] {
    let hash = Sha256::new()
        .chain_update(purpose)
        .chain_update(bytes)
        .finalize();
    let mut half = [0; 16];
    half.copy_from_slice(&hash[..16]);
    half
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_is_stable_and_does_not_show_the_link() {
        let link: Link = "3F2504E0-4F89-41D3-9A0C-0305E82C3301".parse().unwrap();
        let again: Link = "3f2504e0-4f89-41d3-9a0c-0305e82c3301".parse().unwrap();
        assert_eq!(link.id(), again.id());
        assert_eq!(link.id().to_string().parse(), Ok(link.id()));
        assert!(
            link.id()
                .to_string()
                .starts_with(&format!("{:x}", link.id().shard()))
        );
        assert_ne!(link.id().to_string(), link.reveal().replace('-', ""));
        assert_eq!(format!("{link:?}"), "Link(…)");
    }

    #[test]
    fn only_a_hyphenated_guid_is_a_link() {
        for text in [
            "",
            "3f2504e04f8941d39a0c0305e82c3301",
            "{3f2504e0-4f89-41d3-9a0c-0305e82c3301}",
            "urn:uuid:3f2504e0-4f89-41d3-9a0c-0305e82c3301",
            "3f2504e0-4f89-41d3-9a0c-0305e82c330g",
            " 3f2504e0-4f89-41d3-9a0c-0305e82c3301",
        ] {
            assert!(text.parse::<Link>().is_err(), "{text:?}");
        }
    }
}
