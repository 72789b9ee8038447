//! The pages: data in, HTML out. Each page is a struct with a `render`; the templates escape
//! untrusted names and texts, and clean them of invisible characters that change how others are
//! displayed.

mod approval;
mod company;
mod confirm;
mod contact;
mod desk;
mod form_rules;
mod icon;
mod invite;
mod join;
mod label;
mod languages;
mod logo;
mod markup;
mod no_script;
mod notice;
mod pass;
mod policy;
mod stopped;
mod theme;
mod welcome;

pub use approval::{ApprovalNotice, ApprovalPage};
pub use company::CompanyPage;
pub use confirm::{CodeProblem, ConfirmPage, ConfirmStep, ShownAccount};
pub use contact::{Contact, ContactOffer};
pub use desk::{
    DELIVERY_FAILED, DeskActor, DeskChannel, DeskConfirmPage, DeskCorrectPage, DeskDelivery,
    DeskEvent, DeskExisting, DeskFlash, DeskForm, DeskFrame, DeskListPage, DeskNotice,
    DeskNoticePage, DeskOnePage, DeskQuestion, DeskSection, DeskVisitor, EarlierUpload,
    FieldMessages, GonePage, InviterValues, ListChoice, ListedInvitation, ManyPage, NewPage, Pages,
    PendingInvitation, PersonRow, ProgressPage, ResultRow, ResultsPage, ReviewPage, RowsPage,
    SignInForm, StatusBadge, WrongRow,
};
pub use icon::Icon;
pub use invite::{InvitePage, InviteState};
pub use join::JoinPage;
pub use logo::Logo;
pub use markup::{clean, mask_email};
pub(crate) use markup::{clean_lines, marked, unmarked};
pub use notice::{Acceptance, Action, Contacted, Notice, NoticePage};
pub use pass::Pass;
pub use policy::{FormTarget, Policies};
pub use stopped::StoppedPage;
pub(crate) use theme::cjk_fonts;
pub use theme::{Color, Shades, Sheet, SheetKind, Theme};
pub use welcome::{WelcomeLink, WelcomePage};

use std::sync::LazyLock;

use askama::Template;
use memchr::memmem::Finder;

use crate::text::{Lang, Localized, Text};
use markup::Markup;

/// The style of every page. [`Theme`] adds the colours of the platform and the styles of one kind
/// of page.
const STYLE_SOURCE: &str = include_str!("style.css");

/// The script of the company form, company.js minified by `make script`, exactly as it is
/// between the tags.
pub const fn script() -> &'static str {
    include_str!("company.min.js")
}

/// Writes moments in the zone of the browser.
const TIMES_SCRIPT: &str = include_str!("times.js");

/// Moves the button below the fields when these are opened, for the keyboard and for screen readers.
const ORDER_SCRIPT: &str = include_str!("order.js");

/// Removes comment lines, indentation and line breaks from a style sheet: every page includes it.
fn minify_css(source: &str) -> String {
    let lines = source.lines().map(str::trim);
    let lines = lines.filter(|line| !line.starts_with("//") && !line.starts_with("/*"));
    lines.fold(String::new(), |minified, line| {
        let is_over = minified.is_empty() || minified.ends_with(['{', '}', ';', ',']);
        minified + if is_over { "" } else { "\n" } + line
    })
}

/// What surrounds every page.
#[derive(Debug, Clone, Copy)]
pub struct Frame<'a> {
    /// The language of the page.
    pub lang: Lang,
    /// The platform's name.
    pub platform: &'a str,
    /// The platform's colours.
    pub theme: &'a Theme,
    /// The platform's initial.
    pub icon: &'a Icon,
    /// Where people find help.
    pub support_url: Option<&'a str>,
    /// The platform's logo.
    pub logo: Option<&'a Logo>,
    /// Privacy, imprint, terms.
    pub legal: &'a [LegalLink],
    /// This page's path and query without `lang`, for the language links; `None` if the page cannot
    /// be requested again.
    pub here: Option<&'a str>,
    /// Who invites: name and organisation. On pages that do not name them otherwise.
    pub inviter: Option<(&'a str, &'a str)>,
}

/// A link in the foot of every page and e-mail.
#[derive(Clone, Debug)]
pub struct LegalLink {
    /// Its title.
    pub title: Localized,
    /// Its target.
    pub url: String,
}

/// A page, with the policies that allow its style.
#[derive(Clone, Debug)]
pub struct Html {
    /// The document.
    pub document: String,
    /// Its content security policies, by where its forms lead.
    pub policies: Policies,
}

impl Html {
    /// With the script that writes moments in the zone of the browser, where there are any.
    fn of(template: &impl Template, sheet: &Sheet) -> Self {
        let mut page = Self::without_script(template, sheet);
        // Behind the style, which is half of a page.
        let content = page.document.as_bytes().get(sheet.style.len()..);
        if content.is_some_and(|content| MOMENT.find(content).is_some())
            && let Some(end) = page.document.rfind("</body>")
        {
            let script = format!("<script>{TIMES_SCRIPT}</script>\n");
            page.document.insert_str(end, &script);
        }
        page
    }

    /// Writing into a string cannot fail; the templates have no fallible expressions.
    fn without_script(template: &impl Template, sheet: &Sheet) -> Self {
        let mut document = String::with_capacity(TYPICAL_PAGE_BYTES);
        let _ = template.render_into(&mut document);
        Self {
            document,
            policies: sheet.policies.clone(),
        }
    }
}

/// A step of the progress indicator.
struct Step {
    label: &'static str,
    done: bool,
    current: bool,
}

impl<'a> Frame<'a> {
    /// Names who invites in the foot of the page.
    #[must_use]
    pub fn by(self, name: &'a str, organization: &'a str) -> Self {
        Self {
            inviter: Some((name, organization)),
            ..self
        }
    }
}

impl Frame<'_> {
    /// The style sheet of a kind of page.
    #[must_use]
    pub fn sheet(&self, kind: SheetKind) -> &Sheet {
        self.theme.sheet(self.lang, kind)
    }

    fn text(&self) -> &'static Text {
        self.lang.text()
    }

    /// The name by which the page addresses a person, cleaned but not escaped.
    fn form_of_address(&self, first_name: &str, last_name: &str) -> String {
        (self.text().form_of_address)(&clean(first_name), &clean(last_name))
    }

    /// The title of the document: that of the page, and the platform if that does not name it.
    fn document_title(&self, title: &str) -> String {
        let platform = clean(self.platform);
        if title.contains(&*platform) {
            title.to_owned()
        } else {
            format!("{title} – {platform}")
        }
    }

    /// The legal links: titles and targets.
    fn legal(&self) -> Vec<(&str, &str)> {
        let links = self.legal.iter();
        links
            .map(|link| (link.title.get(self.lang), link.url.as_str()))
            .collect()
    }

    /// Between two sentences.
    fn space(&self) -> &'static str {
        if self.lang.is_largest_first() {
            ""
        } else {
            " "
        }
    }

    /// The current step in words, for screens without room for all.
    fn step_in_words(&self, current: usize) -> String {
        let frame = &self.text().frame;
        let label = current
            .checked_sub(1)
            .and_then(|index| frame.steps.get(index));
        label.map_or_else(String::new, |label| {
            (frame.step)(&current.to_string(), label)
        })
    }

    /// The four steps; `current` counts from 1, and is 0 on a page without steps.
    fn steps(&self, current: usize) -> Vec<Step> {
        if current == 0 {
            return Vec::new();
        }
        let step = |(index, label): (usize, &'static str)| Step {
            label,
            done: index + 1 < current,
            current: index + 1 == current,
        };
        self.text()
            .frame
            .steps
            .into_iter()
            .enumerate()
            .map(step)
            .collect()
    }
}

/// The filters of the templates.
#[expect(
    unreachable_pub,
    reason = "the attribute macro of askama writes a pub struct"
)]
mod filters {
    /// `{{ name|show }}`: a name from outside, cleaned and escaped.
    #[askama::filter_fn]
    pub(super) fn show<T: AsRef<str>>(
        name: T,
        _: &dyn askama::Values,
    ) -> askama::Result<super::markup::Name<T>> {
        Ok(super::markup::Name(name))
    }

    /// `{{ t().password|fixed }}`: a text of our own, which has nothing to escape; a test of all texts
    /// holds that.
    #[askama::filter_fn]
    pub(super) fn fixed(
        text: &'static str,
        _: &dyn askama::Values,
    ) -> askama::Result<askama::filters::Safe<&'static str>> {
        debug_assert_eq!(super::markup::escape(text), text);
        Ok(askama::filters::Safe(text))
    }

    /// `{{ token|attribute }}`: escaped as by default, but quicker for long values, which attributes
    /// mostly have.
    #[askama::filter_fn]
    pub(super) fn attribute<T: AsRef<str>>(
        value: T,
        _: &dyn askama::Values,
    ) -> askama::Result<super::markup::Attribute<T>> {
        Ok(super::markup::Attribute(value))
    }

    /// `{{ email|break_up }}`: as `show`, for the content of an element; a long address has places
    /// where it may be broken.
    #[askama::filter_fn]
    pub(super) fn break_up(
        name: impl AsRef<str>,
        _: &dyn askama::Values,
    ) -> askama::Result<super::Markup> {
        Ok(super::markup::one_line(name.as_ref()))
    }
}

/// Begins a moment.
static MOMENT: LazyLock<Finder> = LazyLock::new(|| Finder::new("<time "));

/// Most pages fit, so the buffer is allocated once.
const TYPICAL_PAGE_BYTES: usize = 12 * 1024;

#[cfg(test)]
mod tests;
