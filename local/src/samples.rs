//! The sample invitations of `make run`, and who can sign in for them.

use std::{path::Path, time::Duration};

use anyhow::Context;
use serde_json::{Value, json};
use time::format_description::well_known::Rfc3339;
use uuid::{Uuid, uuid};

use crate::{signin::Account, stack::Stack};

/// The organisation whose people have accounts.
const ORGANISATION: Uuid = uuid!("7b0a3f52-1c64-4b0e-9d1a-2f5f0c9b8e21");

/// Has an organisation's account: case 1.
pub const KNOWN: &str = "anna.meier@meier-praezision.example";
/// Has none yet: case 2.
pub const UNKNOWN: &str = "ben.carter@carter-tooling.example";
const CHINESE: &str = "yijun.chen@yongfeng.example";
const LATE: &str = "carla.rossi@rossi-stampi.example";
const DONE: &str = "dieter.huber@huber-werkzeug.example";

/// Everybody who can sign in from the start.
#[must_use]
pub fn accounts() -> Vec<Account> {
    [(KNOWN, "Anna Meier"), (CHINESE, "陳怡君"), (LATE, "Carla Rossi"), (DONE, "Dieter Huber")]
        .into_iter()
        .map(|(email, name)| Account { xms_edov: Some(true), ..Account::organisation(email, name, ORGANISATION) })
        .collect()
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

/// Sends the sample invitations, unless `dir` says that this was done before.
///
/// # Errors
/// Whatever keeps one of them from its state.
pub async fn send(stack: &Stack, dir: &Path) -> anyhow::Result<()> {
    let done = dir.join("samples-sent");
    if done.exists() {
        return Ok(());
    }
    expired(stack).await?;
    completed(stack).await?;
    stack.invite(&chinese()).await?;
    stack.invite(&second_case()).await?;
    stack.invite(&first_case()).await?;
    // The app sends them after it has answered.
    for recipient in [KNOWN, UNKNOWN, CHINESE, DONE] {
        stack.mailbox.wait_for(recipient, Duration::from_secs(20)).await?;
    }
    Ok(std::fs::write(done, "")?)
}

fn first_case() -> Value {
    let mut invitation = invitation(KNOWN, "Anna", "Meier");
    invitation["message"] = "It was a pleasure to install your new machine. See you on the platform!".into();
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

fn chinese() -> Value {
    let mut invitation = invitation(CHINESE, "怡君", "陳");
    invitation["recipient"]["locale"] = "zh-Hant".into();
    invitation["inviter"] = json!({"name": "林志明", "organization": "GFMS 台灣", "email": "lin.zhiming@gfms.example"});
    invitation["company"] = json!({
        "name": "永豐精密工業股份有限公司", "street": "工業區一路 58 號", "postalCode": "407", "city": "台中市", "region": "西屯區",
        "country": "TW", "phone": "+886 4 2359 1234", "customerNumber": "C-31005"
    });
    invitation
}

async fn expired(stack: &Stack) -> anyhow::Result<()> {
    let mut late = invitation(LATE, "Carla", "Rossi");
    // Time enough for its e-mail, which is not sent any more afterwards.
    let expires = crate::now() + Duration::from_secs(3);
    late["expiresAt"] = expires.format(&Rfc3339)?.into();
    stack.invite(&late).await?;
    stack.mailbox.wait_for(LATE, Duration::from_secs(3)).await?;
    tokio::time::sleep((expires - crate::now()).try_into().unwrap_or_default()).await;
    Ok(())
}

async fn completed(stack: &Stack) -> anyhow::Result<()> {
    let created = stack.invite(&invitation(DONE, "Dieter", "Huber")).await?;
    let link = created["link"].as_str().context("no link in the creation's answer")?;
    let mut dieter = stack.person()?;
    let form = dieter.sign_in(link, &stack.sign_in, DONE).await?.location()?;
    let form = dieter.open(&form).await?;
    dieter.press(&form, "#create-company", &[]).await?.location()?;
    Ok(())
}
