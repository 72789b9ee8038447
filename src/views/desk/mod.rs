//! The pages of the desk.

mod badge;
mod confirm;
mod correct;
mod fields;
mod gone;
mod list;
mod many;
mod new;
mod notice;
mod one;
mod progress;
mod results;
mod review;
mod rows;

pub use badge::StatusBadge;
pub use confirm::{DeskConfirmPage, DeskQuestion};
pub use correct::DeskCorrectPage;
pub use fields::{FieldMessages, InviterValues};
pub use gone::GonePage;
pub use list::{DELIVERY_FAILED, DeskListPage, ListChoice, ListedInvitation};
pub use many::{EarlierUpload, ManyPage};
pub use new::NewPage;
pub use notice::{DeskNotice, DeskNoticePage, SignInForm};
pub use one::{DeskActor, DeskChannel, DeskDelivery, DeskEvent, DeskFlash, DeskForm, DeskOnePage};
pub use progress::ProgressPage;
pub use results::{ResultRow, ResultsPage};
pub use review::{DeskExisting, PendingInvitation, ReviewPage};
pub use rows::{Pages, PersonRow, RowsPage, WrongRow};

use super::{Frame, Sheet, SheetKind};
use crate::text::{DeskFrameText, DeskText};

/// What surrounds every page of the desk.
#[derive(Debug, Clone)]
pub struct DeskFrame<'a> {
    /// What surrounds every page.
    pub frame: Frame<'a>,
    /// Who is signed in.
    pub visitor: Option<DeskVisitor<'a>>,
    /// The part of the desk that the page belongs to.
    pub section: Option<DeskSection>,
}

/// Who is signed in.
#[derive(Debug, Clone)]
pub struct DeskVisitor<'a> {
    /// The name of the person.
    pub name: &'a str,
    /// Whether the person may change anything.
    pub manages: bool,
    /// The token of the forms of this person.
    pub token: String,
}

/// A part of the desk, as in its navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeskSection {
    /// The list, and each invitation.
    Invitations,
    /// The form that invites one person.
    New,
    /// The file that invites many.
    Many,
}

/// An entry of the navigation.
struct NavigationLink {
    label: &'static str,
    path: &'static str,
    current: bool,
}

impl DeskFrame<'_> {
    fn t(&self) -> &'static DeskText {
        self.frame.lang.desk()
    }

    fn sheet(&self) -> &Sheet {
        self.frame.sheet(SheetKind::Desk)
    }

    /// Of the forms of this person.
    fn token(&self) -> &str {
        self.visitor
            .as_ref()
            .map_or("", |visitor| visitor.token.as_str())
    }

    /// Those that the person may use.
    fn navigation(&self) -> Vec<NavigationLink> {
        let Some(visitor) = &self.visitor else {
            return Vec::new();
        };
        let text: &DeskFrameText = &self.t().frame;
        let link = |section, label, path| NavigationLink {
            label,
            path,
            current: self.section == Some(section),
        };
        let list = link(DeskSection::Invitations, text.invitations, "/api/desk");
        let managed = [
            link(DeskSection::New, text.new, "/api/desk/new"),
            link(DeskSection::Many, text.many, "/api/desk/many"),
        ];
        let managed = managed.into_iter().filter(|_| visitor.manages);
        [list].into_iter().chain(managed).collect()
    }
}
