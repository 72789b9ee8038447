//! The seller's staff, who use the desk.

use uuid::{Uuid, uuid};

use crate::signin::Account;

/// The organisation that invites.
pub const SELLER: Uuid = uuid!("2f9d6c1b-8a7e-4f50-9b3c-6d5e4f3a2b1c");
/// May invite and change invitations.
pub const MANAGER: &str = "thomas.keller@gfms.example";
/// May see invitations.
pub const READER: &str = "lena.vogt@gfms.example";
/// Has no role at the desk.
pub const WITHOUT_ROLE: &str = "marco.bianchi@gfms.example";

/// Their accounts.
#[must_use]
pub fn accounts() -> [Account; 3] {
    let account = |email, name, oid, roles: &[&str]| Account {
        oid,
        roles: roles.iter().map(|role| (*role).to_owned()).collect(),
        ..Account::organisation(email, name, SELLER)
    };
    [
        account(
            MANAGER,
            "Thomas Keller",
            uuid!("1a2b3c4d-5e6f-4a7b-8c9d-0e1f2a3b4c01"),
            &["Invitations.Manage"],
        ),
        account(
            READER,
            "Lena Vogt",
            uuid!("2b3c4d5e-6f7a-4b8c-9d0e-1f2a3b4c5d02"),
            &["Invitations.Read"],
        ),
        account(
            WITHOUT_ROLE,
            "Marco Bianchi",
            uuid!("3c4d5e6f-7a8b-4c9d-8e1f-2a3b4c5d6e03"),
            &[],
        ),
    ]
}
