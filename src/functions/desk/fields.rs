//! The fields of the forms that invite.

use std::collections::HashMap;

use super::upload::InviterForm;
use crate::{
    domain::sheet::Column,
    functions::invitations::Rejected,
    http::desk::staff::Staff,
    text::Lang,
    views::{FieldMessages, InviterValues},
};

/// The hidden field that makes a second press the same as the first.
pub(super) const KEY: &str = "key";

/// The fields of a form, by name.
pub(super) type Fields = HashMap<String, String>;

/// What is wrong, by the names of the fields, in the language of the page.
pub(super) fn messages(rejected: Vec<Rejected>, staff: &Staff) -> FieldMessages {
    let named = rejected.iter().filter_map(|rejected| {
        let pointer = rejected.pointer();
        let column = Column::at(pointer).map(Column::name);
        let name = column.or_else(|| InviterForm::field_at(pointer))?;
        Some((name, rejected.message(staff.lang)))
    });
    named.collect()
}

impl InviterForm {
    /// From the fields of a form.
    pub(super) fn of(fields: &Fields, lang: Lang) -> Self {
        let field = |name: &str| fields.get(name).cloned().unwrap_or_default();
        Self {
            inviter_name: field("inviterName"),
            inviter_organization: field("inviterOrganization"),
            inviter_email: field("inviterEmail"),
            inviter_phone: field("inviterPhone"),
            inviter_locale: lang.tag().to_owned(),
        }
    }

    pub(super) fn values(&self) -> InviterValues<'_> {
        InviterValues {
            name: &self.inviter_name,
            organization: &self.inviter_organization,
            email: &self.inviter_email,
            phone: &self.inviter_phone,
        }
    }
}
