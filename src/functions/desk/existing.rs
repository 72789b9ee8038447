//! What is there already for someone who is about to be invited.

use super::places::{address, invitation};
use crate::{
    app::App,
    domain::{
        email::Email,
        invitation::{Invitation, Status, Terms},
    },
    http::desk::staff::Staff,
    store::{Filter, StoreError},
    text::valid_until,
    views::{DeskExisting, PendingInvitation},
};

/// An invitation that this mailbox can accept, and the company that the recipient would join.
pub(super) async fn find(
    app: &App,
    staff: &Staff,
    terms: &Terms,
) -> Result<DeskExisting, StoreError> {
    let (email, company) = (&terms.recipient.email, &terms.company);
    let (pending, company) = tokio::try_join!(
        newest_pending(app, email),
        company_of(app, company.customer_number.as_deref())
    )?;
    let now = app.clock.now();
    let pending = pending.map(|pending| PendingInvitation {
        until: valid_until(pending.expires_at, now, staff.lang),
        url: address(&invitation(pending.id)),
    });
    Ok(DeskExisting { pending, company })
}

async fn newest_pending(app: &App, email: &Email) -> Result<Option<Invitation>, StoreError> {
    let filter = Filter {
        email: Some(email.clone()),
        statuses: vec![Status::Pending],
        ..Filter::default()
    };
    let (index, now) = (&app.store.index, app.clock.now());
    let listed = index.list(&filter, 1, None, now).await?;
    Ok(listed.items.into_iter().find_map(|record| record.live()))
}

async fn company_of(app: &App, number: Option<&str>) -> Result<Option<String>, StoreError> {
    let Some(number) = number else {
        return Ok(None);
    };
    let found = app.store.companies.find_by_number(number).await?;
    Ok(found.map(|existing| existing.company.name().to_owned()))
}
