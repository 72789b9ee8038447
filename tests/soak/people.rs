//! Recipients on their way from the invitation to the welcome page, who look closely at what they
//! are shown.

use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use local::{
    browser::{Form, Page, ScriptedBrowser},
    host::Keys,
    samples,
    signin::Account,
};
use reqwest::{Method, StatusCode};
use serde_json::Value;
use tokio::time::sleep;
use uuid::{Uuid, uuid};

use crate::world::World;

const ORGANISATION: Uuid = uuid!("7b0a3f52-1c64-4b0e-9d1a-2f5f0c9b8e21");
/// How often a person begins anew before giving up.
const TRIES: usize = 60;

/// What one person went through.
#[derive(Debug, Default)]
pub(crate) struct Journey {
    /// The id of the invitation.
    pub(crate) id: String,
    /// How long each request took.
    pub(crate) waits: Vec<Duration>,
    /// Pages that asked to try again.
    pub(crate) failures: usize,
}

struct Traveller<'a> {
    world: &'a World,
    browser: ScriptedBrowser,
    email: String,
    journey: Journey,
}

/// From the creation of an invitation to the welcome page.
///
/// # Errors
/// Whatever a person could not get past: a page that leads nowhere, an answer that is none.
pub(crate) async fn travel(world: &World) -> anyhow::Result<Journey> {
    let email = format!("p{}@soak.example", Uuid::new_v4().simple());
    let account = Account {
        xms_edov: Some(true),
        ..Account::organisation(&email, "Anna Meier", ORGANISATION)
    };
    world.stack.sign_in.add_account(account);
    let browser = ScriptedBrowser::new(world.an_instance().url(), &world.stack.url())?;
    let mut traveller = Traveller {
        world,
        browser,
        email,
        journey: Journey::default(),
    };
    let link = traveller.be_invited().await.context("the invitation")?;
    traveller.sign_in(&link).await.context("the sign-in")?;
    traveller
        .create_company(&link)
        .await
        .context("the company")?;
    Ok(traveller.journey)
}

impl Traveller<'_> {
    async fn be_invited(&mut self) -> anyhow::Result<String> {
        let key = Uuid::new_v4().to_string();
        let mut invitation = samples::invitation(&self.email, "Anna", "Meier");
        // Each creates a company of its own.
        invitation["company"]["customerNumber"] = key.as_str().into();
        let invitation = invitation.to_string();
        for _ in 0..TRIES {
            let url = format!("{}/api/Invitations", self.world.an_instance().url());
            let request = self
                .browser
                .http()
                .post(url)
                .header("x-functions-key", Keys::default().host)
                .header("idempotency-key", &key);
            let begun = Instant::now();
            let answer = request
                .header("content-type", "application/json")
                .body(invitation.clone())
                .send()
                .await?;
            self.journey.waits.push(begun.elapsed());
            if answer.status() == StatusCode::CREATED {
                let created: Value = serde_json::from_str(&answer.text().await?)?;
                self.journey.id = created["id"].as_str().context("no id")?.to_owned();
                return Ok(created["link"].as_str().context("no link")?.to_owned());
            }
            ensure!(
                [429, 503].contains(&answer.status().as_u16()),
                "{}",
                answer.status()
            );
            ensure!(
                answer.headers().contains_key("retry-after"),
                "no Retry-After"
            );
            self.journey.failures += 1;
            sleep(Duration::from_millis(100)).await;
        }
        bail!("never created")
    }

    /// From the link to the page with the company data. A step that fails leads back to the link.
    async fn sign_in(&mut self, link: &str) -> anyhow::Result<()> {
        for _ in 0..TRIES {
            let Some(page) = self.open(link).await? else {
                continue;
            };
            ensure!(
                page.status == 200,
                "the link shows {} «{}»",
                page.status,
                page.title()
            );
            let Some(sent) = self.send(&page.form("#get-started")?).await? else {
                continue;
            };
            let authorize = sent.location()?;
            let back = self
                .world
                .stack
                .sign_in
                .sign_in_as(self.browser.http(), &authorize, &self.email)
                .await?;
            let Some(page) = self.open(&back).await? else {
                continue;
            };
            if page
                .location()
                .is_ok_and(|to| to.contains("/CreateCompany?"))
            {
                return Ok(());
            }
            // The code was used, or its answer was lost: it is said, with a button to begin again.
            ensure!(
                page.status.is_client_error() || page.status.is_redirection(),
                "{} «{}»",
                page.status,
                page.title()
            );
            self.journey.failures += 1;
        }
        bail!("never signed in")
    }

    async fn create_company(&mut self, link: &str) -> anyhow::Result<()> {
        let leads_on = |page: &Page| page.location().is_ok_and(|to| to.contains("/Welcome?"));
        for _ in 0..TRIES {
            let Some(page) = self.open("/api/CreateCompany").await? else {
                continue;
            };
            if !leads_on(&page) {
                ensure!(
                    page.status == 200,
                    "the form is {} «{}» after {link}",
                    page.status,
                    page.title()
                );
                match self.send(&page.form("#create-company")?).await? {
                    Some(page) if leads_on(&page) => {}
                    Some(page) => {
                        bail!("{} «{}» instead of the welcome", page.status, page.title())
                    }
                    None => continue,
                }
            }
            let Some(welcome) = self.open("/api/Welcome").await? else {
                continue;
            };
            ensure!(
                welcome.status == 200 && welcome.title().contains("Anna"),
                "{} «{}»",
                welcome.status,
                welcome.title()
            );
            return Ok(());
        }
        bail!("never created a company")
    }

    async fn open(&mut self, address: &str) -> anyhow::Result<Option<Page>> {
        self.step(Method::GET, address, None).await
    }

    async fn send(&mut self, form: &Form) -> anyhow::Result<Option<Page>> {
        self.step(Method::POST, &form.action, Some(&form.fields))
            .await
    }

    /// `None` where the page honestly said to try again, and how.
    async fn step(
        &mut self,
        method: Method,
        address: &str,
        fields: Option<&[(String, String)]>,
    ) -> anyhow::Result<Option<Page>> {
        self.browser = self.browser.at(self.world.an_instance().url())?;
        let begun = Instant::now();
        let page = self
            .browser
            .request(method.clone(), address, fields)
            .await
            .with_context(|| format!("{method} without an answer"))?;
        self.journey.waits.push(begun.elapsed());
        ensure!(
            page.status != 500 && page.status != 502 && page.status != 504,
            "{} «{}»",
            page.status,
            page.title()
        );
        if page.status != 503 {
            return Ok(Some(page));
        }
        ensure!(
            page.headers.contains_key("retry-after"),
            "no Retry-After on «{}»",
            page.title()
        );
        ensure!(
            page.has("main a, main button"),
            "«{}» leads nowhere",
            page.title()
        );
        self.journey.failures += 1;
        sleep(Duration::from_millis(100)).await;
        Ok(None)
    }
}
