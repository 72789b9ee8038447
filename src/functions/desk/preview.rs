//! A file before anyone is invited: what has to be corrected, who will be invited, and what is
//! there already for them.

use axum::{http::StatusCode, response::Response};
use futures::{StreamExt, TryStreamExt, stream};

use super::{
    existing,
    places::address,
    results::CONCURRENT_READS,
    upload::{KeptRow, WrongCell},
    uploaded::{Found, page_number, pages, part},
};
use crate::{
    app::App,
    domain::sheet::Column,
    http::{
        desk::{page, staff::Staff},
        failure::Failure,
    },
    store::StoreError,
    text::names,
    views::{DeskExisting, DeskSection, PersonRow, RowsPage, WrongRow},
};

/// The page.
pub(super) async fn show(app: &App, staff: &Staff, found: &Found) -> Result<Response, Failure> {
    let now = app.clock.now();
    let rows = found.rows(app).await?;
    let kept: Vec<_> = rows.iter().filter_map(KeptRow::of).collect();
    let (mut wrong, mut valid) = (Vec::new(), Vec::new());
    for kept in &kept {
        let cells = found.about.wrong_cells(kept, staff.lang, now);
        if cells.is_empty() {
            valid.push(kept);
        }
        wrong.extend(cells.into_iter().map(|cell| wrong_row(kept, cell)));
    }
    let number = page_number(staff);
    let people = people(app, staff, found, part(&valid, number)).await?;
    let here = staff.request.desk_address();
    let page = RowsPage {
        desk: page::frame(app, staff, (Some(DeskSection::Many), &here)),
        all: kept.len(),
        valid: u32::try_from(valid.len()).unwrap_or_default(),
        wrong: part(&wrong, number),
        people: &people,
        pages: pages(found, number, wrong.len().max(valid.len())),
        corrections_url: &address(&found.path("/corrections.csv")),
        action: &address(&found.path("")),
    };
    Ok(page::html(app, staff, StatusCode::OK, page.render()))
}

fn wrong_row(kept: &KeptRow, wrong: WrongCell) -> WrongRow {
    let cell = |column| kept.row.cells.get(column);
    WrongRow {
        number: kept.row.number,
        column: wrong.column.map_or("", Column::name),
        cell: wrong.column.map_or("", cell).to_owned(),
        message: wrong.message,
    }
}

async fn people(
    app: &App,
    staff: &Staff,
    found: &Found,
    rows: &[&KeptRow],
) -> Result<Vec<PersonRow>, StoreError> {
    let read = rows.iter().map(|kept| person(app, staff, found, kept));
    stream::iter(read.collect::<Vec<_>>())
        .buffered(CONCURRENT_READS)
        .try_collect()
        .await
}

async fn person(
    app: &App,
    staff: &Staff,
    found: &Found,
    kept: &KeptRow,
) -> Result<PersonRow, StoreError> {
    let cell = |column| kept.row.cells.get(column).to_owned();
    let existing = match found.about.check(&kept.row.cells, app.clock.now()) {
        // A hint, without which the row can be invited, too.
        Ok(draft) => existing::find(app, staff, &draft.terms)
            .await
            .unwrap_or_else(|error| {
                tracing::warn!(%error, "what is there already could not be read");
                DeskExisting::default()
            }),
        Err(_) => DeskExisting::default(),
    };
    Ok(PersonRow {
        number: kept.row.number,
        email: cell(Column::Email),
        name: names::full(&cell(Column::FirstName), &cell(Column::LastName)),
        company: cell(Column::CompanyName),
        existing,
    })
}
