//! A person at the pages of the sign-in service, scripted.

use std::time::Duration;

use anyhow::{Context, bail};
use reqwest::Client;

use crate::{
    mailbox::Mailbox,
    page::{Form, Page},
};

/// More pages and redirects than any way through has.
const MAX_STEPS: usize = 30;
const MAIL_TIMEOUT: Duration = Duration::from_secs(10);

pub(super) struct Visitor<'a> {
    /// Follows no redirects.
    pub(super) http: &'a Client,
    pub(super) email: &'a str,
    pub(super) name: &'a str,
    /// Presses "Accept" on the page of permissions, or else "Decline".
    pub(super) accepts: bool,
    /// Where the code for a new account arrives.
    pub(super) mailbox: Option<&'a Mailbox>,
}

impl Visitor<'_> {
    /// Walks from page to page until the browser is sent elsewhere, and returns that address.
    pub(super) async fn walk(&self, base: &str, authorize_url: &str) -> anyhow::Result<String> {
        let mut page = Page::of(self.http.get(authorize_url).send().await?).await?;
        for _ in 0..MAX_STEPS {
            let request = match page.location() {
                Ok(location) if location.starts_with('/') => {
                    self.http.get(format!("{base}{location}"))
                }
                Ok(location) => return Ok(location),
                Err(_) => {
                    let form = self.fill_in(&page).await?;
                    self.http
                        .post(format!("{base}{}", form.action))
                        .form(&form.fields)
                }
            };
            page = Page::of(request.send().await?).await?;
        }
        bail!("no end after {MAX_STEPS} steps")
    }

    async fn fill_in(&self, page: &Page) -> anyhow::Result<Form> {
        if let Some(error) = page.text("[role=alert]") {
            bail!("the page shows an error: {error}");
        }
        let declines = !self.accepts && page.has("#decline");
        // The first button is the one that goes on.
        let mut form = page.form(if declines { "#decline" } else { "#main button" })?;
        form.replace("email", self.email);
        form.replace("name", self.name);
        if form.fields.iter().any(|(name, _)| name == "code") {
            let mailbox = self.mailbox.context("the account does not exist")?;
            let mail = mailbox.wait_for(self.email, MAIL_TIMEOUT).await?;
            form.replace("code", six_digits(&mail.text)?);
        }
        Ok(form)
    }
}

fn six_digits(text: &str) -> anyhow::Result<&str> {
    let mut words = text.split(|c: char| !c.is_ascii_digit());
    words
        .find(|word| word.len() == 6)
        .context("no code in the mail")
}
