//! The probes, one function each.

use std::sync::Arc;

use uuid::Uuid;

use super::Outcome;
use crate::{
    clock::Clock,
    config::{ClientCredential, Config, Storage},
    events::Webhook,
    identity::{Attempt, Entra, FetchError, SignInError},
    mail::Mailer,
    store::table::{Table, TableError, Write},
};

/// The partition of the rows that are written and deleted.
const PARTITION: &str = "check";

const FIX_STORAGE: &str = "check INVITATION_STORAGE (or AzureWebJobsStorage); a managed identity needs the role Storage Table Data Contributor on the account";
const FIX_AUTHORITY: &str = "check ENTRA_AUTHORITY, and that this host can reach it";
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
    match write_and_read(&*table).await {
        Ok(()) => Outcome::Works(format!(
            "table {}: read, write, transaction, delete",
            config.table
        )),
        Err(error) => fails(error, FIX_STORAGE),
    }
}

/// Inserts two rows in one transaction, checks that a second insert is refused, reads and deletes
/// them.
async fn write_and_read(table: &dyn Table) -> Result<(), TableError> {
    let keys = ["a", "b"].map(|end| format!("{}-{end}", Uuid::new_v4().simple()));
    let insert = |key: &String| Write::Insert {
        key: key.clone(),
        fields: [("probe".to_owned(), key.clone())].into(),
    };
    table
        .commit(PARTITION, &keys.each_ref().map(insert))
        .await?;
    let refused = table.commit(PARTITION, &[insert(&keys[0])]).await;
    let mut deletes = Vec::new();
    for key in &keys {
        let row = table
            .get(PARTITION, key)
            .await?
            .filter(|row| row.fields.get("probe") == Some(key));
        let row =
            row.ok_or_else(|| TableError::Refused("a row that was written is missing".to_owned()))?;
        deletes.push(Write::Delete {
            key: row.key,
            if_match: row.etag,
        });
    }
    table.commit(PARTITION, &deletes).await?;
    match refused {
        Err(TableError::Exists) => Ok(()),
        Ok(_) | Err(_) => Err(TableError::Refused(
            "a row could be inserted twice".to_owned(),
        )),
    }
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
