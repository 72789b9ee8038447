//! The sample invitations of `make run`, and the accounts of their recipients.

use std::{path::Path, time::Duration};

use anyhow::Context;
use serde_json::{Value, json};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use uuid::{Uuid, uuid};

use crate::{
    clock,
    signin::{Account, Block},
    stack::Stack,
    staff,
};

/// The organisation that the accounts belong to.
const ORGANISATION: Uuid = uuid!("7b0a3f52-1c64-4b0e-9d1a-2f5f0c9b8e21");

/// Has an organisation's account: case 1.
pub const KNOWN: &str = "anna.meier@meier-praezision.example";
/// Has none yet: case 2.
pub const UNKNOWN: &str = "ben.carter@carter-tooling.example";
const CHINESE: &str = "yijun.chen@yongfeng.example";
const LATE: &str = "carla.rossi@rossi-stampi.example";
const DONE: &str = "dieter.huber@huber-werkzeug.example";
/// Their organisation does not let them in until its administrator approves the app.
const BLOCKED: &str = "greta.keller@keller-technik.example";
const ADMINISTRATOR: &str = "it@keller-technik.example";
const BLOCKING_ORGANISATION: Uuid = uuid!("3d2c1b0a-9f8e-4d7c-8b6a-5f4e3d2c1b0a");
/// Two of one customer: who presses first creates the company, the other joins it.
pub const COLLEAGUES: [&str; 2] = [
    "emma.weber@weber-formenbau.example",
    "felix.brandt@weber-formenbau.example",
];

/// The file that exists once all of them were sent.
const SENT: &str = "samples-sent";

/// The accounts from the start, with the same ids after a restart: invitations are bound to them.
#[must_use]
pub fn accounts() -> Vec<Account> {
    [
        (
            KNOWN,
            "Anna Meier",
            uuid!("0c5b7f0e-6d0a-4f5e-9a51-3f4f4c1d8a01"),
        ),
        (
            CHINESE,
            "陳怡君",
            uuid!("5e8d9a64-2b1f-4c7a-8f0d-7a6b5c4d3e02"),
        ),
        (
            LATE,
            "Carla Rossi",
            uuid!("91f3c2d7-8e4b-4d6c-b2a1-0f9e8d7c6b03"),
        ),
        (
            DONE,
            "Dieter Huber",
            uuid!("c7a4e1b8-3d5f-4a29-9c6e-1b2d3f4a5c04"),
        ),
        (
            COLLEAGUES[0],
            "Emma Weber",
            uuid!("d8b5f2c9-4e6a-4b3a-8d7f-2c3e4a5b6d05"),
        ),
        (
            COLLEAGUES[1],
            "Felix Brandt",
            uuid!("e9c6a3da-5f7b-4c4b-9e8a-3d4f5b6c7e06"),
        ),
    ]
    .into_iter()
    .map(|(email, name, oid)| Account {
        oid,
        xms_edov: Some(true),
        ..Account::organisation(email, name, ORGANISATION)
    })
    .chain(blocking_organisation())
    .chain(staff::accounts())
    .collect()
}

fn blocking_organisation() -> [Account; 2] {
    let account = |email, name, oid| Account {
        oid,
        xms_edov: Some(true),
        ..Account::organisation(email, name, BLOCKING_ORGANISATION)
    };
    [
        Account {
            block: Some(Block::Approval),
            ..account(
                BLOCKED,
                "Greta Keller",
                uuid!("a4d1c2b3-6e5f-4b7a-9c8d-2e1f0a9b8c05"),
            )
        },
        Account {
            is_admin: true,
            ..account(
                ADMINISTRATOR,
                "IT Keller",
                uuid!("b5e2d3c4-7f6a-4c8b-8d9e-3f2a1b0c9d06"),
            )
        },
    ]
}

/// An invitation as an integrator posts it.
#[must_use]
pub fn invitation(email: &str, first_name: &str, last_name: &str) -> Value {
    json!({
        "recipient": {"email": email, "firstName": first_name, "lastName": last_name},
        "inviter": {"name": "Thomas Keller", "organization": "GFMS", "email": "thomas.keller@gfms.example"},
        "company": {
            "name": "Meier Präzision AG", "street": "Seestrasse 12", "postalCode": "8002", "city": "Zürich",
            "country": "CH", "phone": "+41 44 668 18 00", "customerNumber": "C-10042"
        }
    })
}

/// Mail that could not be sent at once is sent by the timer, a minute later.
const MAIL_TIMEOUT: Duration = Duration::from_secs(90);
/// When the late invitation expires: its e-mail must have been sent before.
const LATE_AFTER: [Duration; 3] = [
    Duration::from_secs(3),
    Duration::from_secs(10),
    Duration::from_secs(30),
];

/// Whether the sample invitations still have to be sent.
#[must_use]
pub fn are_due(dir: &Path) -> bool {
    !dir.join(SENT).exists()
}

/// Sends the sample invitations, unless `dir` shows that this was done before. It can be repeated
/// after an interruption: no one is invited twice.
///
/// # Errors
/// Anything that keeps one of them from its state.
pub async fn send(stack: &Stack, dir: &Path) -> anyhow::Result<()> {
    if !are_due(dir) {
        return Ok(());
    }
    let (late, others) = tokio::join!(expired(stack, dir), others(stack));
    late.and(others)?;
    Ok(std::fs::write(dir.join(SENT), "")?)
}

async fn others(stack: &Stack) -> anyhow::Result<()> {
    completed(stack).await?;
    for (name, invitation) in [
        ("chinese", chinese()),
        ("emma", colleague(COLLEAGUES[0], "Emma", "Weber")),
        ("felix", colleague(COLLEAGUES[1], "Felix", "Brandt")),
        ("unknown", second_case()),
        ("blocked", blocked()),
        ("known", first_case()),
    ] {
        stack.invite_once(&key(name), &invitation).await?;
    }
    // The app sends them after it has answered.
    for recipient in [KNOWN, UNKNOWN, CHINESE, DONE, BLOCKED]
        .into_iter()
        .chain(COLLEAGUES)
    {
        stack.mailbox.wait_for(recipient, MAIL_TIMEOUT).await?;
    }
    Ok(())
}

/// The `Idempotency-Key` of a sample.
fn key(name: &str) -> String {
    format!("sample-{name}")
}

fn first_case() -> Value {
    let mut invitation = invitation(KNOWN, "Anna", "Meier");
    invitation["message"] =
        "It was a pleasure to install your new machine. See you on the platform!".into();
    invitation
}

fn second_case() -> Value {
    let mut invitation = invitation(UNKNOWN, "Ben", "Carter");
    invitation["company"] = json!({
        "name": "Carter Tooling Inc.", "street": "400 Mill Road", "postalCode": "61101", "city": "Rockford", "region": "IL",
        "country": "US", "customerNumber": "C-20817"
    });
    invitation
}

/// An invitation to one of the [`COLLEAGUES`].
#[must_use]
pub fn colleague(email: &str, first_name: &str, last_name: &str) -> Value {
    let mut invitation = invitation(email, first_name, last_name);
    invitation["company"] = json!({
        "name": "Weber Formenbau GmbH", "street": "Industriestraße 7", "postalCode": "70565", "city": "Stuttgart",
        "country": "DE", "phone": "+49 711 6680", "customerNumber": "C-40711"
    });
    invitation
}

fn done() -> Value {
    let mut invitation = invitation(DONE, "Dieter", "Huber");
    invitation["company"] = json!({
        "name": "Huber Werkzeugbau AG", "street": "Bahnhofstrasse 3", "postalCode": "3600", "city": "Thun", "country": "CH",
        "customerNumber": "C-15530"
    });
    invitation
}

fn blocked() -> Value {
    let mut invitation = invitation(BLOCKED, "Greta", "Keller");
    invitation["company"] = json!({
        "name": "Keller Technik AG", "street": "Werkstrasse 9", "postalCode": "8400", "city": "Winterthur", "country": "CH",
        "customerNumber": "C-22714"
    });
    invitation
}

fn late() -> Value {
    let mut invitation = invitation(LATE, "Carla", "Rossi");
    invitation["company"] = json!({
        "name": "Rossi Stampi S.r.l.", "street": "Via Roma 12", "postalCode": "20121", "city": "Milano", "country": "IT",
        "customerNumber": "C-18260"
    });
    invitation
}

fn chinese() -> Value {
    let mut invitation = invitation(CHINESE, "怡君", "陳");
    invitation["recipient"]["locale"] = "zh-Hant".into();
    invitation["inviter"] =
        json!({"name": "林志明", "organization": "GFMS 台灣", "email": "lin.zhiming@gfms.example"});
    invitation["company"] = json!({
        "name": "永豐精密工業股份有限公司", "street": "西屯區工業區一路 58 號", "postalCode": "407", "city": "台中市",
        "country": "TW", "phone": "+886 4 2359 1234", "customerNumber": "C-31005"
    });
    invitation
}

async fn expired(stack: &Stack, dir: &Path) -> anyhow::Result<()> {
    let file = dir.join("late");
    // After an interruption the same invitation is asked for.
    let mut expires = std::fs::read_to_string(&file)
        .ok()
        .and_then(|kept| OffsetDateTime::parse(&kept, &Rfc3339).ok());
    for after in LATE_AFTER {
        let until = *expires.get_or_insert_with(|| clock::now() + after);
        let text = until.format(&Rfc3339)?;
        std::fs::write(&file, &text)?;
        let mut late = late();
        late["expiresAt"] = text.as_str().into();
        if clock::now() < until {
            stack.invite_once(&key(&text), &late).await?;
        }
        let left = (until - clock::now()).try_into().unwrap_or_default();
        let (mail, ()) = tokio::join!(stack.mailbox.wait_for(LATE, left), tokio::time::sleep(left));
        if mail.is_ok() {
            return Ok(());
        }
        expires = None;
    }
    anyhow::bail!("no mail to {LATE} came before its invitation expired")
}

async fn completed(stack: &Stack) -> anyhow::Result<()> {
    let created = stack.invite_once(&key("done"), &done()).await?;
    let link = created["link"]
        .as_str()
        .context("no link in the creation's answer")?;
    let mut dieter = stack.person()?;
    let callback = dieter.sign_in(link, &stack.sign_in, DONE).await?;
    let form = dieter.open(&callback.location()?).await?;
    // After an interruption this may be the welcome page.
    if form.has("#create-company") {
        dieter
            .press(&form, "#create-company", &[])
            .await?
            .location()?;
    }
    Ok(())
}
