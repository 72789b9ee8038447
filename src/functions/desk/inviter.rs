//! Who invites, unless the form says otherwise.

use super::upload::{About, InviterForm};
use crate::{
    app::App,
    domain::email::Email,
    http::desk::staff::Staff,
    store::{Filter, StoreError},
};

/// As in the last upload of this person; otherwise the person, for the organisation of the newest
/// invitation.
pub(super) async fn usual(app: &App, staff: &Staff) -> Result<InviterForm, StoreError> {
    let own = &app.store.uploads;
    let own = own.of_owner(staff.account().oid, None, 1).await?;
    if let Some(last) = own.first() {
        return Ok(About::of(last)?.inviter);
    }
    let newest = app
        .store
        .index
        .list(&Filter::default(), 1, None, app.clock.now())
        .await?;
    let newest = newest.items.into_iter().find_map(|record| record.live());
    let email = staff.session.user_name.clone();
    Ok(InviterForm {
        inviter_name: staff.session.name.clone(),
        inviter_organization: newest
            .map(|own| own.terms.inviter.organization)
            .unwrap_or_default(),
        inviter_email: email.parse::<Email>().map(|_| email).unwrap_or_default(),
        inviter_phone: String::new(),
        inviter_locale: staff.lang.tag().to_owned(),
    })
}
