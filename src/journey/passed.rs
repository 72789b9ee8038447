//! The holder of a pass: an administrator who approves the app for an organisation.

use crate::{
    app::App,
    domain::invitation::{Invitation, Status},
    http::{error::AppError, failure::Failure, observe, pass, request_info::RequestInfo},
    text::Lang,
};

/// A request, the pending invitation that its pass opens, and the language to answer in.
#[derive(Debug)]
pub struct Passed {
    /// The head of the request.
    pub request: RequestInfo,
    /// The pass, as it was issued.
    pub pass: String,
    /// The invitation.
    pub invitation: Invitation,
    /// The language that was chosen on a page.
    pub chosen: Option<Lang>,
    /// The language to answer in.
    pub lang: Lang,
}

impl Passed {
    /// `text`: the pass, possibly with text around it. `earlier`: the language that was chosen on a page
    /// before; the address has the newest.
    ///
    /// # Errors
    /// No pass that is open; a store that is down.
    pub async fn open(
        app: &App,
        request: RequestInfo,
        text: &str,
        earlier: Option<Lang>,
    ) -> Result<Self, Failure> {
        let chosen = request.chosen_lang().or(earlier);
        let closed = || Failure::from(AppError::ApprovalClosed).in_lang(chosen);
        let (pass, id) = pass::find(app, text).ok_or_else(closed)?;
        observe::record_invitation(id);
        let found = app.store.invitations.find(id).await;
        let found = found.map_err(|error| Failure::from(error).in_lang(chosen))?;
        let is_pending = |own: &Invitation| own.status(app.clock.now()) == Status::Pending;
        let invitation = found.filter(is_pending).ok_or_else(closed)?;
        let locale = invitation.terms.recipient.locale.as_deref();
        Ok(Self {
            lang: request.lang(chosen, locale),
            request,
            pass,
            invitation,
            chosen,
        })
    }
}
