//! An upload of a file, and the pages that show its rows.

use uuid::Uuid;

use super::{places::address, upload::About};
use crate::{
    app::App,
    domain::sheet,
    http::desk::staff::Staff,
    store::{StoreError, Upload, UploadRow},
    views::Pages,
};

/// Under the address of the desk.
pub(super) const HERE: &str = "/many";
/// Rows of one page.
const PAGE_SIZE: usize = 40;

/// An upload of this person, as far as it was read.
pub(super) struct Found {
    pub(super) upload: Upload,
    pub(super) about: About,
}

/// The upload of this person.
pub(super) async fn find(app: &App, staff: &Staff, id: Uuid) -> Result<Option<Found>, StoreError> {
    let Some(upload) = app.store.uploads.find(id).await? else {
        return Ok(None);
    };
    let about = About::of(&upload)?;
    let is_own = upload.owner() == staff.account().oid && !about.is_form;
    Ok(is_own.then_some(Found { upload, about }))
}

impl Found {
    pub(super) async fn rows(&self, app: &App) -> Result<Vec<UploadRow>, StoreError> {
        let all = self.upload.rows();
        app.store.uploads.rows(&self.upload, 1, all).await
    }

    /// Under the address of the desk.
    pub(super) fn path(&self, rest: &str) -> String {
        format!("{HERE}/{}{rest}", self.upload.id)
    }
}

/// The page that is asked for, from 1.
pub(super) fn page_number(staff: &Staff) -> usize {
    let given = staff.request.parameter("page").ok().flatten();
    given
        .and_then(|page| page.parse().ok())
        .unwrap_or(1)
        .clamp(1, sheet::MAX_ROWS)
}

/// The rows of this page.
pub(super) fn part<T>(all: &[T], number: usize) -> &[T] {
    all.chunks(PAGE_SIZE).nth(number - 1).unwrap_or_default()
}

/// The links to the first and the next page.
pub(super) fn pages(found: &Found, number: usize, rows: usize) -> Pages {
    let url = |page: usize| address(&found.path(&format!("?page={page}")));
    Pages {
        first: (number > 1).then(|| address(&found.path(""))),
        next: (number * PAGE_SIZE < rows).then(|| url(number + 1)),
    }
}
