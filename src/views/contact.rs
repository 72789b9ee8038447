use time::OffsetDateTime;

use super::markup::{Markup, bdi, moment, sentence};
use crate::domain::company::phone;
use crate::text::{ContactText, Lang, unbroken};

/// The inviter, and what a recipient can ask of them.
#[derive(Debug, Clone)]
pub struct Contact<'a> {
    /// The inviter.
    pub name: &'a str,
    /// The organisation that invites.
    pub organization: &'a str,
    /// Where the inviter can be written to.
    pub email: Option<&'a str>,
    /// Where the inviter can be called.
    pub phone: Option<&'a str>,
    /// The `action` of the forms.
    pub action: &'a str,
    /// The hidden field `ticket`.
    pub ticket: String,
    /// The language of the page.
    pub lang: Lang,
    /// Asking for help.
    pub help: ContactOffer,
    /// Saying not to be the right person.
    pub not_me: ContactOffer,
    /// Asking for a new invitation; its button is the page's own.
    pub new_invitation: ContactOffer,
    /// What was typed as a colleague's address and is not sent yet.
    pub colleague: Option<&'a str>,
    /// Whether that is no address.
    pub is_colleague_wrong: bool,
    /// The id of the form on the page whose fields are kept when help is asked for; `None` where
    /// there is nothing to keep, or a script keeps it.
    pub form: Option<&'a str>,
}

/// What can be asked of the inviter, and when it was.
#[derive(Debug, Clone, Copy, Default)]
pub struct ContactOffer {
    /// When it was last asked for.
    pub asked_at: Option<OffsetDateTime>,
    /// Whether it can be asked for now.
    pub is_open: bool,
}

impl ContactOffer {
    /// Where another button of the page asks for it.
    #[must_use]
    pub fn without_button(self) -> Self {
        Self {
            is_open: false,
            ..self
        }
    }
}

impl Contact<'_> {
    fn t(&self) -> &'static ContactText {
        &self.lang.text().contact
    }

    pub(super) fn heading(&self) -> &'static str {
        self.t().heading
    }

    /// The name of the inviter in a sentence.
    pub(super) fn shown_name(&self) -> Markup {
        sentence(bdi(self.name))
    }

    pub(super) fn help_label(&self, name: &Markup) -> Markup {
        sentence((self.t().help)(name.as_str()))
    }

    pub(super) fn not_me_label(&self) -> &'static str {
        self.t().not_me
    }

    pub(super) fn not_me_body(&self, name: &Markup) -> Markup {
        sentence((self.t().not_me_body)(name.as_str()))
    }

    pub(super) fn colleague_label(&self) -> &'static str {
        self.t().colleague
    }

    pub(super) fn colleague_error(&self) -> &'static str {
        self.t().colleague_error
    }

    pub(super) fn not_me_button(&self, name: &Markup) -> Markup {
        sentence((self.t().not_me_button)(name.as_str()))
    }

    pub(super) fn email_label(&self) -> &'static str {
        self.lang.text().company.email
    }

    pub(super) fn phone_label(&self) -> &'static str {
        self.lang.text().company.phone
    }

    /// As people read it; the link has it as it is stored.
    pub(super) fn readable_phone(&self, phone: &str) -> String {
        unbroken(phone::international(phone))
    }

    pub(super) fn colon(&self) -> &'static str {
        self.lang.text().problem.colon
    }

    pub(super) fn comma(&self) -> &'static str {
        self.lang.comma()
    }

    pub(super) fn optional(&self) -> &'static str {
        self.lang.text().company.optional
    }

    /// What was asked for before.
    pub(super) fn asked(&self) -> Vec<Markup> {
        let (text, name) = (self.t(), || bdi(self.name));
        let at = |offer: &ContactOffer| Some(moment(offer.asked_at?, self.lang));
        let said = [
            at(&self.help).map(|at| (text.help_asked)(&name(), &at)),
            at(&self.not_me).map(|at| (text.not_me_said)(&at)),
            at(&self.new_invitation).map(|at| (text.new_invitation_asked)(&name(), &at)),
        ];
        said.into_iter().flatten().map(sentence).collect()
    }
}
