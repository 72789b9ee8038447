//! What staff want to invite, before anyone is invited: an upload of one row, from the form, or of
//! many, from a file. All that is known of it is kept in the store, so that a page of it can be
//! opened again, in another language or on another instance.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{
    app::App,
    domain::{
        email::Email,
        sheet::{Cells, Column, Separator, SheetRow},
        staff::StaffMember,
    },
    functions::invitations::{self, Draft, Rejected},
    store::{RowState, StoreError, Upload, UploadKind, UploadRow},
    text::Lang,
};

/// What holds for all rows of an upload.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct About {
    /// Whether it is the one invitation of a form.
    pub(crate) is_form: bool,
    /// Who invites in the name of the inviter.
    pub(crate) by: StaffMember,
    /// The member of a creation.
    pub(crate) inviter: InviterForm,
    pub(crate) send_email: bool,
    /// Of the file, and of those that are made of it.
    pub(crate) separator: Separator,
}

/// The inviter, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct InviterForm {
    pub(crate) inviter_name: String,
    pub(crate) inviter_organization: String,
    pub(crate) inviter_email: String,
    pub(crate) inviter_phone: String,
    /// The language of e-mails to the inviter.
    pub(crate) inviter_locale: String,
}

/// A row as it is kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct KeptRow {
    pub(crate) row: SheetRow,
    /// The number of the earlier row with the same mailbox.
    pub(crate) same_mailbox_as: Option<usize>,
}

/// What is wrong with a row.
#[derive(Clone, Debug)]
pub(crate) struct WrongCell {
    /// `None` if the error is about the row.
    pub(crate) column: Option<Column>,
    pub(crate) message: String,
}

impl InviterForm {
    /// The name of the field with the member at this JSON pointer.
    pub(crate) fn field_at(pointer: &str) -> Option<&'static str> {
        Some(match pointer {
            "/inviter/name" => "inviterName",
            "/inviter/organization" => "inviterOrganization",
            "/inviter/email" => "inviterEmail",
            "/inviter/phone" => "inviterPhone",
            _ => return None,
        })
    }

    fn member(&self) -> Value {
        json!({
            "name": self.inviter_name,
            "organization": self.inviter_organization,
            "email": self.inviter_email,
            "phone": self.inviter_phone,
            "locale": self.inviter_locale,
        })
    }
}

impl About {
    pub(crate) fn of(upload: &Upload) -> Result<Self, StoreError> {
        serde_json::from_slice(&upload.about).map_err(|_| StoreError::Corrupt("about"))
    }

    fn kind(&self) -> UploadKind {
        if self.is_form {
            UploadKind::Form
        } else {
            UploadKind::File
        }
    }

    /// The body of a creation.
    pub(crate) fn body(&self, cells: &Cells) -> Value {
        cells.body(&self.inviter.member(), self.send_email)
    }

    /// The invitation that comes of these cells, or all that is wrong with them.
    pub(crate) fn check(&self, cells: &Cells, now: OffsetDateTime) -> Result<Draft, Vec<Rejected>> {
        invitations::check(self.body(cells), now, self.send_email)
    }

    /// What is wrong with a row, for people; nothing where it can be invited.
    pub(crate) fn wrong_cells(
        &self,
        kept: &KeptRow,
        lang: Lang,
        now: OffsetDateTime,
    ) -> Vec<WrongCell> {
        let rejected = self.check(&kept.row.cells, now).err().unwrap_or_default();
        let wrong = rejected.iter().map(|rejected| {
            let column = Column::at(rejected.pointer());
            WrongCell {
                // A file has no list to choose from.
                message: match column {
                    Some(Column::Country) => lang.text().upload.wrong.country.to_owned(),
                    _ => rejected.message(lang),
                },
                column,
            }
        });
        let duplicate = kept.same_mailbox_as.map(|row| WrongCell {
            column: Some(Column::Email),
            message: (lang.text().upload.wrong.duplicate)(&row.to_string()),
        });
        wrong.chain(duplicate).collect()
    }
}

impl KeptRow {
    /// `None` where it names its invitation instead, or cannot be read.
    pub(crate) fn of(row: &UploadRow) -> Option<Self> {
        match &row.state {
            RowState::Open(text) | RowState::Failed(text, _) => serde_json::from_slice(text).ok(),
            RowState::Created(_) | RowState::Unreadable => None,
        }
    }
}

/// Keeps an upload, and answers with its name. The name follows from what is uploaded and from
/// `key`, which the form has: pressed twice, it is one upload.
pub(crate) async fn keep(
    app: &App,
    about: &About,
    rows: Vec<SheetRow>,
    key: &str,
) -> Result<Uuid, StoreError> {
    let corrupt = |_: serde_json::Error| StoreError::Corrupt("row");
    let serialised = |kept: &KeptRow| Ok((kept.row.number, serde_json::to_vec(kept)?));
    let rows: Result<Vec<_>, _> = noted(rows).iter().map(serialised).collect();
    let rows = rows.map_err(corrupt)?;
    let said = serde_json::to_vec(about).map_err(corrupt)?;
    let id = name_of(key, &said, &rows);
    let store = &app.store.uploads;
    store
        .add(
            id,
            (about.by.oid, about.kind()),
            (&said, &rows),
            app.clock.now(),
        )
        .await?;
    Ok(id)
}

/// The rows, those of a mailbox that an earlier row has noted as such.
fn noted(rows: Vec<SheetRow>) -> Vec<KeptRow> {
    let mut first_of: HashMap<String, usize> = HashMap::new();
    let mut note = |row: SheetRow| {
        let email = Email::typed(row.cells.get(Column::Email)).ok();
        let earlier = email.and_then(|email| {
            let mailbox = email.normalised().to_owned();
            let first = *first_of.entry(mailbox).or_insert(row.number);
            (first != row.number).then_some(first)
        });
        KeptRow {
            row,
            same_mailbox_as: earlier,
        }
    };
    rows.into_iter().map(&mut note).collect()
}

fn name_of(key: &str, about: &[u8], rows: &[(usize, Vec<u8>)]) -> Uuid {
    let mut digest = Sha256::new().chain_update("upload/1");
    let texts = rows.iter().map(|(_, text)| text.as_slice());
    for part in [key.as_bytes(), about].into_iter().chain(texts) {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part);
    }
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest.finalize()[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}
