//! What became of the rows of a file, on a page and as a file.

use super::{
    places::{address, invitation},
    upload::{About, KeptRow, WrongCell},
};
use crate::{
    app::App,
    domain::{
        invitation::{InvitationId, Record},
        sheet::{self, Column, Separator},
    },
    store::{RowState, StoreError, UploadRow},
    text::Lang,
    views::ResultRow,
};

/// Invitations that are read at the same time.
pub(super) const CONCURRENT_READS: usize = 16;

/// What became of a row.
pub(super) struct SheetResult {
    number: usize,
    email: String,
    company: String,
    customer_number: String,
    invitation: Option<InvitationId>,
    outcome: String,
    problem: String,
}

impl SheetResult {
    /// What is known of people is read from the invitation.
    pub(super) async fn read(
        app: &App,
        about: &About,
        row: &UploadRow,
        lang: Lang,
    ) -> Result<Self, StoreError> {
        let text = &lang.text().upload;
        let RowState::Created(id) = row.state else {
            return Ok(Self::of_failed(app, about, row, lang));
        };
        let found = app.store.invitations.find_record(id).await?;
        let terms = found
            .and_then(Record::live)
            .map(|invitation| invitation.terms);
        let outcome = match &terms {
            Some(_) => text.results.invited,
            None => text.results.erased,
        };
        let (email, company, customer_number) = terms.map_or_else(Default::default, |terms| {
            let number = terms.company.customer_number.unwrap_or_default();
            (
                terms.recipient.email.as_str().to_owned(),
                terms.company.name,
                number,
            )
        });
        Ok(Self {
            number: row.number,
            email,
            company,
            customer_number,
            invitation: Some(id),
            outcome: outcome.to_owned(),
            problem: String::new(),
        })
    }

    fn of_failed(app: &App, about: &About, row: &UploadRow, lang: Lang) -> Self {
        let text = &lang.text().upload;
        let kept = KeptRow::of(row);
        let cell = |column| {
            let kept = kept.as_ref();
            kept.map_or("", |kept| kept.row.cells.get(column))
                .to_owned()
        };
        let wrong = kept
            .as_ref()
            .map(|kept| about.wrong_cells(kept, lang, app.clock.now()));
        let problem = match wrong.as_deref() {
            None => text.wrong.unreadable.to_owned(),
            Some([]) => text.wrong.not_created.to_owned(),
            Some(cells) => in_words(cells, lang),
        };
        Self {
            number: row.number,
            email: cell(Column::Email),
            company: cell(Column::CompanyName),
            customer_number: cell(Column::CustomerNumber),
            invitation: None,
            outcome: text.results.not_invited.to_owned(),
            problem,
        }
    }

    /// As a row of a page.
    pub(super) fn shown(&self, lang: Lang) -> ResultRow {
        let colon = lang.text().problem.colon;
        ResultRow {
            number: self.number,
            email: self.email.clone(),
            company: self.company.clone(),
            invitation: self.invitation.map(|id| address(&invitation(id))),
            outcome: match self.problem.as_str() {
                "" => self.outcome.clone(),
                problem => format!("{}{colon}{problem}", self.outcome),
            },
        }
    }
}

/// All results. The columns have the names of the API.
pub(super) fn results_file(results: &[SheetResult], separator: Separator) -> Vec<u8> {
    let header = [
        "row",
        "email",
        "companyName",
        "customerNumber",
        "result",
        "invitation",
        "problem",
    ];
    let rows: Vec<_> = results
        .iter()
        .map(|result| {
            let id = result
                .invitation
                .map(|id| id.to_string())
                .unwrap_or_default();
            [
                result.number.to_string(),
                result.email.clone(),
                result.company.clone(),
                result.customer_number.clone(),
                result.outcome.clone(),
                id,
                result.problem.clone(),
            ]
        })
        .collect();
    let rows = rows.iter().map(|row| row.each_ref().map(String::as_str));
    sheet::write([header].into_iter().chain(rows), separator)
}

/// The rows as they were uploaded, with what is wrong with them: to be corrected and uploaded.
pub(super) fn corrections_file(
    rows: impl Iterator<Item = (KeptRow, Vec<WrongCell>)>,
    (separator, lang): (Separator, Lang),
) -> Vec<u8> {
    let columns = Column::ALL.map(Column::name);
    let header = columns
        .into_iter()
        .chain([sheet::PROBLEM])
        .map(str::to_owned);
    let cells = rows.map(|(kept, wrong)| {
        let cells = Column::ALL.map(|column| kept.row.cells.get(column).to_owned());
        let problem = in_words(&wrong, lang);
        cells.into_iter().chain([problem]).collect::<Vec<_>>()
    });
    let all: Vec<Vec<String>> = [header.collect()].into_iter().chain(cells).collect();
    let all = all.iter().map(|row| row.iter().map(String::as_str));
    sheet::write(all, separator)
}

/// Each cell that is wrong, by its column.
fn in_words(wrong: &[WrongCell], lang: Lang) -> String {
    let colon = lang.text().problem.colon;
    let sentence = |cell: &WrongCell| match cell.column {
        Some(column) => format!("{}{colon}{}", column.name(), cell.message),
        None => cell.message.clone(),
    };
    wrong.iter().map(sentence).collect::<Vec<_>>().join(" ")
}
