//! The probes, one function each.

use std::sync::Arc;

use uuid::Uuid;

use super::Outcome;
use crate::{
    clock::Clock,
    config::{ClientCredential, Config, Storage},
    domain::staff::Role,
    events::Webhook,
    identity::{Attempt, Entra, FetchError, SignInError},
    mail::Mailer,
    store::table::{ETag, Range, Table, TableError, Write},
};

/// The partition of the rows that are written and deleted.
const PARTITION: &str = "check";
const PROBE: &str = "probe";
const REPLACED: &str = "replaced";
/// A page may be empty and still lead to another.
const MAX_PAGES: usize = 100;

const FIX_STORAGE: &str = "check INVITATION_STORAGE (or AzureWebJobsStorage); a managed identity needs the role Storage Table Data Contributor on the table";
const FIX_AUTHORITY: &str = "check ENTRA_AUTHORITY, and that this host can reach it";
const FIX_DESK: &str =
    "check DESK_TENANT: the id of the seller's tenant, in the same cloud as ENTRA_AUTHORITY";
const FIX_IDENTITY: &str =
    "give the app a managed identity; for a user-assigned one set AZURE_CLIENT_ID";
const FIX_CREDENTIAL: &str = "check ENTRA_CLIENT_ID and ENTRA_CLIENT_SECRET (its value, not its id; not expired) of the app registration, \
                               or the federated credential of the managed identity";

pub(super) fn fails(reason: impl ToString, remedy: &'static str) -> Outcome {
    Outcome::Fails(reason.to_string(), remedy)
}

pub(super) fn session_keys(config: &Config) -> Outcome {
    let keys = config.session_keys;
    if !keys.are_random {
        return fails(
            "a key is not random",
            "generate one with `openssl rand -base64 64 | tr -d '\\n'` and put it first",
        );
    }
    if !keys.are_distinct {
        return fails(
            "a key is listed twice",
            "remove the duplicate from SESSION_KEYS",
        );
    }
    let names = config.sealer.names().join(", ");
    Outcome::Works(format!(
        "{} of 64 bytes; the first seals; their names in exports: {names}",
        keys.count
    ))
}

pub(super) async fn storage(config: &Config, table: Result<Arc<dyn Table>, TableError>) -> Outcome {
    let table = match table {
        Ok(table) => table,
        Err(error) if matches!(config.storage, Storage::Embedded(_)) => {
            return fails(
                error,
                "one process at a time: stop the service first, or check INVITATION_STORAGE",
            );
        }
        Err(error) => return fails(error, FIX_STORAGE),
    };
    match try_table(&*table).await {
        Ok(()) => Outcome::Works(format!(
            "table {}: read, write, conditions, transactions, pages",
            config.table
        )),
        Err(error) => fails(error, FIX_STORAGE),
    }
}

/// Tries what the store relies on, with rows that are deleted again.
async fn try_table(table: &dyn Table) -> Result<(), TableError> {
    let run = Uuid::new_v4().simple();
    let keys = ["a", "b", "c"].map(|end| format!("{run}-{end}"));
    let tried = try_writes(table, &keys).await;
    let read = match tried {
        Ok(()) => try_pages(table, &keys).await,
        Err(error) => Err(error),
    };
    for key in &keys {
        let delete = Write::Delete {
            key: key.clone(),
            if_match: ETag::any(),
        };
        match table.commit(PARTITION, &[delete]).await {
            Ok(_) | Err(TableError::Changed) => {}
            Err(error) => return read.and(Err(error)),
        }
    }
    read
}

/// Transactions, which are atomic, and conditions.
async fn try_writes(table: &dyn Table, [one, two, three]: &[String; 3]) -> Result<(), TableError> {
    let both = [insert(one), insert(two)];
    let written = table.commit(PARTITION, &both).await?;
    let first = written.into_iter().next().flatten();
    let first = first.ok_or_else(|| wrong("a row that is written gets no version"))?;
    let again = table.commit(PARTITION, &[insert(one)]).await;
    expect(again, "a row could be inserted twice")?;
    table.commit(PARTITION, &[replace(one, &first)]).await?;
    let stale = table.commit(PARTITION, &[replace(one, &first)]).await;
    expect(stale, "a row could be replaced by its old version")?;
    // It fails at its last write.
    let in_part = [insert(three), replace(one, &first)];
    let failed = table.commit(PARTITION, &in_part).await;
    expect(
        failed,
        "a transaction succeeded although one of its writes must fail",
    )?;
    if table.get(PARTITION, three).await?.is_some() {
        return Err(wrong("a transaction that failed was done in part"));
    }
    let row = table.get(PARTITION, one).await?;
    match row.as_ref().and_then(|row| row.fields.get(PROBE)) {
        Some(value) if value == REPLACED => Ok(()),
        _ => Err(wrong("a row that was written is missing or different")),
    }
}

/// A query goes on where a page ended.
async fn try_pages(table: &dyn Table, [one, two, _]: &[String; 3]) -> Result<(), TableError> {
    let range = Range {
        from: Some(one.clone()),
        below: Some(format!("{two}.")),
    };
    let (mut found, mut after) = (Vec::new(), None);
    for _ in 0..MAX_PAGES {
        let page = table.query(PARTITION, &range, 1, after.as_ref()).await?;
        found.extend(page.rows.into_iter().map(|row| row.key));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    // Another check may run at the same time.
    found.retain(|key| key == one || key == two);
    if found == [one.clone(), two.clone()] {
        Ok(())
    } else {
        Err(wrong("a query does not go on where its page ended"))
    }
}

fn insert(key: &str) -> Write {
    Write::Insert {
        key: key.to_owned(),
        fields: [(PROBE.to_owned(), "inserted".to_owned())].into(),
    }
}

fn replace(key: &str, version: &ETag) -> Write {
    Write::Replace {
        key: key.to_owned(),
        if_match: version.clone(),
        fields: [(PROBE.to_owned(), REPLACED.to_owned())].into(),
    }
}

/// The write must have been refused for a row that exists or has another version.
fn expect<T>(result: Result<T, TableError>, otherwise: &str) -> Result<(), TableError> {
    match result {
        Err(TableError::Exists | TableError::Changed) => Ok(()),
        Ok(_) => Err(wrong(otherwise)),
        Err(error) => Err(error),
    }
}

fn wrong(what: &str) -> TableError {
    TableError::Refused(what.to_owned())
}

fn entra(config: &Config) -> Result<Entra, FetchError> {
    Entra::new(&config.entra, config.public.api("AcceptCallback"))
}

pub(super) async fn metadata(config: &Config) -> Outcome {
    let fetched = async { entra(config)?.fetch_metadata().await };
    match fetched.await {
        Ok(()) => Outcome::Works("fetched and usable".to_owned()),
        Err(error) => fails(error, FIX_AUTHORITY),
    }
}

pub(super) async fn keys(config: &Config) -> Outcome {
    let fetched = async { entra(config)?.fetch_keys().await };
    match fetched.await {
        Ok(()) => Outcome::Works("fetched and usable".to_owned()),
        Err(error) => fails(error, FIX_AUTHORITY),
    }
}

/// Without someone who signs in, no one knows who has which role.
pub(super) async fn desk(config: &Config) -> Outcome {
    let Some(desk) = &config.desk else {
        return Outcome::Unknown("not configured (DESK_TENANT is not set): no desk".to_owned());
    };
    let address = config.public.api("desk");
    let fetched = async {
        let entra = Entra::new(&desk.entra, config.public.api("desk/signed-in"))?;
        tokio::try_join!(entra.fetch_metadata(), entra.fetch_keys())
    };
    match fetched.await {
        Ok(_) => Outcome::Works(format!(
            "metadata and keys of the tenant are usable; {address} opens for accounts with the \
             app role {} or {} (infra/register-app.sh creates them; not tried)",
            Role::Manage.name(),
            Role::Read.name()
        )),
        Err(error) => fails(error, FIX_DESK),
    }
}

pub(super) async fn managed_identity(config: &Config) -> Outcome {
    if let ClientCredential::Secret(_) = config.entra.credential {
        return Outcome::Unknown(
            "not used for the sign-in (ENTRA_CLIENT_ASSERTION is not set)".to_owned(),
        );
    }
    let token = async { entra(config)?.fetch_assertion().await };
    match token.await {
        Ok(()) => Outcome::Works("gives a token for the sign-in".to_owned()),
        Err(error) => fails(error, FIX_IDENTITY),
    }
}

/// A made-up code must be rejected as `invalid_grant`; wrong client credentials as
/// `invalid_client`.
pub(super) async fn credential(config: &Config) -> Outcome {
    let entra = match entra(config) {
        Ok(entra) => entra,
        Err(error) => return fails(error, FIX_IDENTITY),
    };
    let code = format!("handler-check-{}", Uuid::new_v4().simple());
    match entra
        .redeem(
            code,
            None,
            Attempt::new(Uuid::new_v4().to_string()),
            Clock::system().now(),
        )
        .await
    {
        Err(SignInError::CodeRefused(_)) => {
            Outcome::Works("accepted, as far as can be checked without a sign-in".to_owned())
        }
        Err(SignInError::Denied {
            error: "invalid_request",
            ..
        }) => Outcome::Unknown(
            "unknown: the sign-in service checks the code before the client".to_owned(),
        ),
        Err(SignInError::Denied { error, refusal }) => fails(
            match refusal.number {
                Some(number) => format!("the sign-in service rejects this app: {error}, {number}"),
                None => format!("the sign-in service rejects this app: {error}"),
            },
            FIX_CREDENTIAL,
        ),
        Err(SignInError::Unavailable(error)) => fails(error, FIX_AUTHORITY),
        Err(SignInError::Refused(reason)) => fails(reason, FIX_AUTHORITY),
        Ok(_) => fails("a made-up code was accepted", FIX_AUTHORITY),
    }
}

pub(super) async fn mail(config: &Config) -> Outcome {
    let Some(mailer) = config.mail.as_ref().map(Mailer::new) else {
        return Outcome::Unknown(
            "not configured (SMTP_URL is not set): no e-mail is sent".to_owned(),
        );
    };
    let Some(mailer) = mailer else {
        return fails(
            "the settings are not usable",
            "check SMTP_URL and MAIL_FROM",
        );
    };
    match mailer.probe().await {
        Ok(()) => Outcome::Works("connected and authenticated; nothing was sent".to_owned()),
        Err(error) => fails(
            error,
            "check SMTP_URL: host, port, smtps:// or ?tls=required, user and password",
        ),
    }
}

pub(super) async fn webhook(config: &Config) -> Outcome {
    let Some(config) = &config.webhook else {
        return Outcome::Unknown(
            "not configured (WEBHOOK_URL is not set): no events are sent".to_owned(),
        );
    };
    let webhook = match Webhook::new(config) {
        Ok(webhook) => webhook,
        Err(error) => return fails(error, "check WEBHOOK_URL and WEBHOOK_SECRET"),
    };
    match webhook.probe().await {
        Ok(status) => Outcome::Works(format!(
            "reachable (a HEAD was answered with {status}); no event was sent"
        )),
        Err(reason) => fails(
            reason,
            "check WEBHOOK_URL: name, port, certificate; a private address needs WEBHOOK_ALLOW_PRIVATE=true",
        ),
    }
}
