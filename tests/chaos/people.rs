//! Those who walk through the app while it is shot at: integrators who call the API, recipients
//! with their browsers. Everybody repeats a step that got no answer or a 5xx, as one who reloads a
//! page.

use std::time::Duration;

use anyhow::{Context, bail, ensure};
use local::{
    browser::{Form, Page, ScriptedBrowser},
    mailbox::RecipientRule,
    samples,
    signin::Account,
};
use rand::{Rng, rngs::StdRng};
use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use tokio::time::sleep;
use uuid::{Uuid, uuid};

use crate::world::World;

const ORGANISATION: Uuid = uuid!("7b0a3f52-1c64-4b0e-9d1a-2f5f0c9b8e21");
/// Of one step, each after a pause: some minutes, on a machine that can do nothing else.
const REPETITIONS: usize = 1000;
/// The host repeats a request without a body whose handler died so often, under the same id, before
/// it answers the caller with a 500.
const HOST_TRIES: usize = 10;
const HOST_PAUSE: Duration = Duration::from_millis(200);
const INVOCATION: &str = "x-azure-functions-invocationid";
/// Sign-ins that a person begins before giving up.
const SIGN_INS: usize = 200;
/// How long people wait for the e-mail before they use the link from the seller.
const MAIL_TIMEOUT: Duration = Duration::from_secs(5);
/// How soon a short-lived invitation expires.
const SOON: time::Duration = time::Duration::milliseconds(1500);

/// What becomes of an invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Course {
    Completes,
    CompletesByTheLetter,
    CompletesAfterAResend,
    CompletesAfterItExpired,
    /// The mail server refuses the first e-mail for good.
    IsUndeliverableAtFirst,
    IsRevoked,
    IsRevokedAfterItWasAccepted,
    StopsHalfway,
}

/// An invitation at the end of its course.
#[derive(Clone, Debug)]
pub(crate) struct Flow {
    pub(crate) id: String,
    pub(crate) email: String,
    pub(crate) course: Course,
    /// Requests to resend it: each may have done so once.
    pub(crate) resends: usize,
}

impl Course {
    fn any(rng: &mut StdRng) -> Self {
        match rng.gen_range(0..100) {
            0..35 => Self::Completes,
            35..50 => Self::CompletesByTheLetter,
            50..60 => Self::CompletesAfterAResend,
            60..70 => Self::CompletesAfterItExpired,
            70..75 => Self::IsUndeliverableAtFirst,
            75..85 => Self::IsRevoked,
            85..92 => Self::IsRevokedAfterItWasAccepted,
            _ => Self::StopsHalfway,
        }
    }

    /// The status that the API must show at the end.
    pub(crate) fn end(self) -> &'static str {
        match self {
            Self::Completes
            | Self::CompletesByTheLetter
            | Self::CompletesAfterAResend
            | Self::CompletesAfterItExpired => "completed",
            Self::IsUndeliverableAtFirst => "pending",
            Self::IsRevoked | Self::IsRevokedAfterItWasAccepted => "revoked",
            Self::StopsHalfway => "accepted",
        }
    }
}

/// An inviter and a recipient.
struct Pair<'a> {
    world: &'a World,
    rng: &'a mut StdRng,
    browser: ScriptedBrowser,
    api: reqwest::Client,
    email: String,
    id: String,
    link: String,
    resends: usize,
}

/// From the creation of an invitation to the end of its course.
pub(crate) async fn walk(world: &World, rng: &mut StdRng) -> anyhow::Result<Flow> {
    let course = Course::any(rng);
    let email = format!("p{:016x}@chaos.example", rng.r#gen::<u64>());
    let (browser, api) = (
        ScriptedBrowser::new(world.public(), world.public())?,
        reqwest::Client::new(),
    );
    let mut pair = Pair {
        world,
        rng,
        browser,
        api,
        email,
        id: String::new(),
        link: String::new(),
        resends: 0,
    };
    pair.invite(course).await.context("the creation")?;
    pair.follow(course)
        .await
        .with_context(|| format!("{course:?} of {}", pair.id))?;
    Ok(Flow {
        id: pair.id,
        email: pair.email,
        course,
        resends: pair.resends,
    })
}

impl Pair<'_> {
    async fn follow(&mut self, course: Course) -> anyhow::Result<()> {
        match course {
            Course::Completes => self.complete().await,
            Course::CompletesByTheLetter => {
                self.wait_for_the_email().await;
                self.complete().await
            }
            Course::CompletesAfterAResend => {
                self.resend().await?;
                self.complete().await
            }
            Course::CompletesAfterItExpired => {
                self.ask_for_a_new_one().await?;
                self.resend().await?;
                self.complete().await
            }
            Course::IsUndeliverableAtFirst => self.resend().await,
            Course::IsRevoked => self.revoke().await,
            Course::IsRevokedAfterItWasAccepted => {
                self.sign_in().await?;
                self.revoke().await
            }
            Course::StopsHalfway => self.sign_in().await,
        }
    }

    async fn invite(&mut self, course: Course) -> anyhow::Result<()> {
        let world = self.world;
        let seller = format!("seller-{}", self.email);
        world.sign_in.add_account(Account {
            xms_edov: Some(true),
            ..Account::organisation(&self.email, "Anna Meier", ORGANISATION)
        });
        world.maybe_disturb_mail(self.rng, &self.email);
        world.maybe_disturb_mail(self.rng, &seller);
        if course == Course::IsUndeliverableAtFirst {
            world
                .mailbox
                .refuse(RecipientRule::permanent(&self.email).times(1));
        }
        let mut invitation = samples::invitation(&self.email, "Anna", "Meier");
        invitation["inviter"]["email"] = seller.as_str().into();
        invitation["company"]["customerNumber"] = world.a_customer().into();
        for _ in 0..REPETITIONS {
            if course == Course::CompletesAfterItExpired && invitation["expiresAt"].is_null() {
                invitation["expiresAt"] = (world.clock.now() + SOON).format(&Rfc3339)?.into();
            }
            let answered = self.call("", Some(invitation.clone())).await?;
            // It expired before a first try arrived, so there is none yet: another body, and
            // another key for it.
            if let Some((422, _)) = answered {
                invitation["expiresAt"] = Value::Null;
            }
            if let Some((201, created)) = answered {
                self.id = created["id"].as_str().context("no id")?.to_owned();
                self.link = created["link"].as_str().context("no link")?.to_owned();
                return Ok(());
            }
            self.pause().await;
        }
        bail!("no invitation was created")
    }

    async fn resend(&mut self) -> anyhow::Result<()> {
        self.world.maybe_disturb_mail(self.rng, &self.email);
        let (tries, answer) = self.call_until_answered("resend").await?;
        self.resends += tries;
        match answer {
            (200, _) => Ok(()),
            (status, problem) => bail!("resend was answered with {status}: {problem}"),
        }
    }

    /// A first try that was not answered may have done it; the host's repetition may not say so.
    async fn revoke(&mut self) -> anyhow::Result<()> {
        let (tries, answer) = self.call_until_answered("revoke").await?;
        match answer {
            (200, _) => Ok(()),
            (409, problem)
                if tries > 1
                    && problem["detail"]
                        .as_str()
                        .unwrap_or_default()
                        .contains("revoked") =>
            {
                Ok(())
            }
            (status, problem) => bail!("revoke was answered with {status}: {problem}"),
        }
    }

    /// The answer, and how many requests it took; the host's repetitions are not counted.
    async fn call_until_answered(&mut self, action: &str) -> anyhow::Result<(usize, (u16, Value))> {
        let path = format!("/{}/{action}", self.id);
        for tries in 1..=REPETITIONS {
            if let Some(answer) = self.call(&path, None).await? {
                return Ok((tries, answer));
            }
            self.pause().await;
        }
        bail!("no answer to {action}")
    }

    /// `None` where the connection broke or the answer was a 5xx.
    async fn call(&self, path: &str, body: Option<Value>) -> anyhow::Result<Option<(u16, Value)>> {
        let url = format!("{}/api/Invitations{path}", self.world.an_instance());
        let tries = if body.is_none() { HOST_TRIES } else { 1 };
        let body = body.map(|body| body.to_string()).unwrap_or_default();
        // The same body is the same request, however often it is sent.
        let key = format!("{:x}", Sha256::digest(&body));
        let request = self
            .api
            .post(url)
            .header("content-type", "application/json")
            .header("idempotency-key", key)
            .header(INVOCATION, Uuid::new_v4().to_string())
            .body(body);
        for _ in 0..tries {
            match answered(request.try_clone().context("a stream")?).await {
                Ok((status, text)) if status < 500 => {
                    return Ok(Some((status, serde_json::from_str(&text)?)));
                }
                Ok(_) => break,
                Err(_) => sleep(HOST_PAUSE).await,
            }
        }
        Ok(None)
    }

    /// Who never gets it has the same link from the seller.
    async fn wait_for_the_email(&self) {
        let _ = self.world.mailbox.wait_for(&self.email, MAIL_TIMEOUT).await;
    }

    /// After the invitation has expired.
    async fn ask_for_a_new_one(&mut self) -> anyhow::Result<()> {
        let link = self.link.clone();
        for _ in 0..REPETITIONS {
            let page = self.open(&link).await?;
            if page.status == 200 {
                self.pause().await;
                continue;
            }
            ensure!(
                page.status == 410,
                "an expired link shows {} «{}»",
                page.status,
                page.title()
            );
            // Without a button: an unheard first try was enough.
            let Ok(form) = page.form(".actions form button") else {
                return Ok(());
            };
            let asked = self.send(&form).await?;
            ensure!(
                asked.status == 303,
                "the request for a new one was answered with {} «{}»",
                asked.status,
                asked.title()
            );
            return Ok(());
        }
        bail!("the invitation does not expire")
    }

    /// A kill between the code and the session makes it begin again from the link; that is legal.
    async fn sign_in(&mut self) -> anyhow::Result<()> {
        let link = self.link.clone();
        for _ in 0..SIGN_INS {
            let page = self.open(&link).await?;
            ensure!(
                page.status == 200,
                "the link shows {} «{}»",
                page.status,
                page.title()
            );
            let Ok(authorize) = self.send(&page.form("#get-started")?).await?.location() else {
                continue;
            };
            let back = self
                .world
                .sign_in
                .sign_in_as(self.browser.http(), &authorize, &self.email)
                .await?;
            if self
                .open(&back)
                .await?
                .location()
                .is_ok_and(|to| to.contains("/CreateCompany?"))
            {
                return Ok(());
            }
        }
        bail!("no sign-in came to an end")
    }

    async fn complete(&mut self) -> anyhow::Result<()> {
        let leads_on = |page: &Page| page.location().is_ok_and(|to| to.contains("/Welcome?"));
        self.sign_in().await?;
        for _ in 0..REPETITIONS {
            let page = self.open("/api/CreateCompany").await?;
            let button = if page.has("#join-company") {
                "#join-company"
            } else {
                "#create-company"
            };
            if leads_on(&page) || leads_on(&self.send(&page.form(button)?).await?) {
                let welcome = self.open("/api/Welcome").await?;
                ensure!(
                    welcome.status == 200 && welcome.title().contains("Anna"),
                    "{} «{}»",
                    welcome.status,
                    welcome.title()
                );
                return Ok(());
            }
        }
        bail!("the company can neither be created nor joined")
    }

    async fn open(&mut self, address: &str) -> anyhow::Result<Page> {
        self.step(Method::GET, address, None).await
    }

    async fn send(&mut self, form: &Form) -> anyhow::Result<Page> {
        self.step(Method::POST, &form.action, Some(&form.fields))
            .await
    }

    async fn step(
        &mut self,
        method: Method,
        address: &str,
        fields: Option<&[(String, String)]>,
    ) -> anyhow::Result<Page> {
        let tries = if fields.is_none() { HOST_TRIES } else { 1 };
        for _ in 0..REPETITIONS {
            self.browser = self.browser.at(self.world.an_instance())?;
            self.browser.headers = vec![(INVOCATION, Uuid::new_v4().to_string())];
            for _ in 0..tries {
                match self.browser.request(method.clone(), address, fields).await {
                    Ok(page) if !page.status.is_server_error() => return Ok(page),
                    Ok(_) => break,
                    Err(_) => sleep(HOST_PAUSE).await,
                }
            }
            self.pause().await;
        }
        bail!("no answer to {method}")
    }

    async fn pause(&mut self) {
        sleep(Duration::from_millis(self.rng.gen_range(20..150))).await;
    }
}

/// The status and the body, or that the connection broke.
async fn answered(request: reqwest::RequestBuilder) -> reqwest::Result<(u16, String)> {
    let answer = request.send().await?;
    Ok((answer.status().as_u16(), answer.text().await?))
}

/// Has delivered again what was given up since then, as an operator would.
pub(crate) async fn redeliver_since(world: &World, since: OffsetDateTime) {
    let since = since.format(&Rfc3339).unwrap();
    let api = reqwest::Client::new();
    for _ in 0..REPETITIONS {
        let url = format!("{}/api/Events/redeliver", world.an_instance());
        let request = api.post(url).query(&[("since", &since)]);
        if answered(request)
            .await
            .is_ok_and(|(status, _)| status == 202)
        {
            return;
        }
        sleep(HOST_PAUSE).await;
    }
    panic!("no instance takes the redelivery");
}

/// What the API shows of the invitation.
pub(crate) async fn shown(world: &World, id: &str) -> Value {
    let url = format!("{}/api/Invitations/{id}", world.an_instance());
    let answer = reqwest::get(url).await.unwrap().text().await.unwrap();
    serde_json::from_str(&answer).unwrap_or_else(|_| json!({"answer": answer}))
}
