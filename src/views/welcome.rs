use askama::Template;

use super::label::Label;
use super::markup::{Markup, bdi, plain, sentence};
use super::pass::mailto;
use super::{Frame, Html, Sheet, SheetKind, filters};
use crate::domain::company::CompanyForm;
use crate::text::WelcomeText;

/// A link into the platform.
#[derive(Debug, Clone, Copy)]
pub struct WelcomeLink<'a> {
    /// In the language of the page.
    pub title: &'a str,
    /// Its target.
    pub url: &'a str,
    /// `machine`, `book`, `users`, `support`, `settings`, `chart`; any other name shows an arrow.
    pub icon: &'a str,
}

/// The end of the journey, with links into the platform.
#[derive(Debug, Template)]
#[template(path = "welcome.html")]
pub struct WelcomePage<'a> {
    /// The parts that all pages share.
    pub frame: Frame<'a>,
    /// The user.
    pub first_name: &'a str,
    /// The user.
    pub last_name: &'a str,
    /// The company that was created or joined.
    pub company_name: &'a str,
    /// Whether a colleague had created it.
    pub has_joined: bool,
    /// The company as it was confirmed, with the person; `None` once it is not known any more.
    pub registered: Option<&'a CompanyForm>,
    /// The seller's number of the company.
    pub customer_number: Option<&'a str>,
    /// The recipient's mailbox.
    pub email: &'a str,
    /// Who has the data corrected.
    pub inviter_name: &'a str,
    /// Their mailbox, if it is known.
    pub inviter_email: Option<&'a str>,
    /// The links into the platform.
    pub links: &'a [WelcomeLink<'a>],
    /// The inviter, where entries came too late to be saved.
    pub unsaved: Option<&'a str>,
    /// The platform itself.
    pub platform_url: Option<&'a str>,
}

impl WelcomePage<'_> {
    /// The page as HTML.
    pub fn render(&self) -> Html {
        Html::of(self, self.sheet())
    }

    fn sheet(&self) -> &Sheet {
        self.frame.sheet(SheetKind::Text)
    }

    fn t(&self) -> &'static WelcomeText {
        &self.frame.text().welcome
    }

    fn step(&self) -> usize {
        4
    }

    fn title(&self) -> String {
        (self.t().title)(&self.frame.form_of_address(self.first_name, self.last_name))
    }

    fn heading(&self) -> Markup {
        sentence((self.t().title)(&bdi(&self
            .frame
            .form_of_address(self.first_name, self.last_name))))
    }

    fn lead(&self) -> Markup {
        let lead = if self.has_joined {
            self.t().lead_joined
        } else {
            self.t().lead
        };
        let next = if self.links.is_empty() && self.platform_url.is_none() {
            self.t().nothing_to_do
        } else {
            self.t().start_here
        };
        let lead = lead(&bdi(self.company_name), &bdi(self.frame.platform));
        sentence(lead + self.frame.space() + next)
    }

    fn unsaved(&self) -> Option<Markup> {
        let inviter = bdi(self.unsaved?);
        Some(sentence((self.t().unsaved)(&inviter)))
    }

    fn label(&self) -> Option<Markup> {
        let label = Label {
            lang: self.frame.lang,
            company: self.registered?.clone(),
            customer_number: self.customer_number,
            email: self.email,
        };
        Some(label.markup())
    }

    /// Whom to ask for a correction, with a link to their mailbox.
    fn correct(&self) -> Markup {
        let name = bdi(self.inviter_name);
        let text = sentence((self.t().correct)(&name));
        match self.inviter_email {
            Some(email) => {
                let link = format!("<a href=\"{}\">{name}</a>", mailto(email));
                sentence(text.as_str().replacen(&name, &link, 1))
            }
            None => text,
        }
    }

    fn open(&self) -> String {
        plain(self.t().open_platform, self.frame.platform)
    }
}

/// Drawn on a 24 × 24 grid with strokes.
fn icon(name: &str) -> Markup {
    let path = match name {
        "machine" => {
            "M3 5h18v13H3zM6 8h9v7H6zM10.500 8v3M18 8.500v1M18 12v3M5 18v2.500M19 18v2.500"
        }
        "book" => "M12 6c-2-1.500-5-2-8-2v14c3 0 6 .5 8 2 2-1.500 5-2 8-2V4c-3 0-6 .5-8 2zM12 6v14",
        "users" => {
            "M9 11a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7zM2.500 20c0-3.500 3-6 6.500-6s6.500 2.500 6.500 6M16 4.500a3.500 3.500 0 0 1 0 6M18 14.500c2.200.8 3.500 2.800 3.500 5.500"
        }
        "support" => {
            "M4 14v-2a8 8 0 0 1 16 0v2M4 14h3v5H5a1 1 0 0 1-1-1zM20 14h-3v5h2a1 1 0 0 0 1-1zM20 18c0 2-2 3-5 3"
        }
        "settings" => "M4 7h9M17 7h3M4 17h3M11 17h9M15 4.500v5M9 14.500v5",
        "chart" => "M4 4v16h16M8 16v-4M12 16V8M16 16v-6",
        _ => "M5 12h14M13 6l6 6-6 6",
    };
    sentence(format!(
        r#"<svg viewBox="0 0 24 24" aria-hidden="true"><path d="{path}"/></svg>"#
    ))
}
