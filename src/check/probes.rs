//! What is tried, one function each.

use base64::{Engine, engine::general_purpose::STANDARD};
use uuid::Uuid;

use super::Found;
use crate::{
    clock::Clock,
    config::{ClientCredential, Config, Storage},
    events::Webhook,
    identity::{Attempt, Entra, FetchError, SignInError},
    mail::Mailer,
    startup,
    store::table::{Table, TableError, Write},
};

/// The partition of the rows that are written and taken away.
const PARTITION: &str = "check";
/// 64 random bytes have far more different ones, but for one case in very many.
const LEAST_DIFFERENT: usize = 32;

const MEND_STORAGE: &str = "see INVITATION_STORAGE (or AzureWebJobsStorage); a managed identity needs the role Storage Table Data Contributor on the account";
const MEND_AUTHORITY: &str = "see ENTRA_AUTHORITY, and whether this host may reach it";
const MEND_IDENTITY: &str =
    "give the app a managed identity; for a user-assigned one set AZURE_CLIENT_ID";
const MEND_CREDENTIAL: &str = "see ENTRA_CLIENT_ID and ENTRA_CLIENT_SECRET (its value, not its id; not expired) of the app registration, \
                               or the federated credential of the managed identity";

fn fails(why: impl ToString, mend: &'static str) -> Found {
    Found::Fails(why.to_string(), mend)
}

pub(super) fn session_keys(text: &str) -> Found {
    let keys: Vec<Vec<u8>> = text
        .split(',')
        .filter_map(|key| STANDARD.decode(key.trim()).ok())
        .collect();
    let different = |key: &Vec<u8>| key.iter().collect::<std::collections::BTreeSet<_>>().len();
    if keys.iter().any(|key| different(key) < LEAST_DIFFERENT) {
        return fails(
            "a key is not random",
            "make one by `openssl rand -base64 64 | tr -d '\\n'` and put it in front",
        );
    }
    if (1..keys.len()).any(|at| keys[..at].contains(&keys[at])) {
        return fails(
            "a key stands there twice",
            "leave it out once in SESSION_KEYS",
        );
    }
    Found::Works(format!("{} of 64 bytes; the first seals", keys.len()))
}

pub(super) async fn storage(config: &Config) -> Found {
    let table = match startup::table(config) {
        Ok(table) => table,
        Err(error) if matches!(config.storage, Storage::Embedded(_)) => {
            return fails(
                error,
                "one process at a time: stop the service first, or see INVITATION_STORAGE",
            );
        }
        Err(error) => return fails(error, MEND_STORAGE),
    };
    match write_and_read(&*table).await {
        Ok(()) => Found::Works(format!(
            "table {}: read, write, transaction, delete",
            config.table
        )),
        Err(error) => fails(error, MEND_STORAGE),
    }
}

/// Two rows in one transaction, a second insert that must be refused, a read, and both away again.
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
        let row = row
            .ok_or_else(|| TableError::Refused("a row that was written is not there".to_owned()))?;
        deletes.push(Write::Delete {
            key: row.key,
            if_match: row.etag,
        });
    }
    table.commit(PARTITION, &deletes).await?;
    match refused {
        Err(TableError::Exists) => Ok(()),
        Ok(_) | Err(_) => Err(TableError::Refused(
            "a row that exists could be inserted again".to_owned(),
        )),
    }
}

fn entra(config: &Config) -> Result<Entra, FetchError> {
    Entra::new(&config.entra, config.public.api("AcceptCallback"))
}

pub(super) async fn metadata(config: &Config) -> Found {
    let fetched = async { entra(config)?.fetch_metadata().await };
    match fetched.await {
        Ok(()) => Found::Works("fetched and usable".to_owned()),
        Err(error) => fails(error, MEND_AUTHORITY),
    }
}

pub(super) async fn keys(config: &Config) -> Found {
    let fetched = async { entra(config)?.fetch_keys().await };
    match fetched.await {
        Ok(()) => Found::Works("fetched and usable".to_owned()),
        Err(error) => fails(error, MEND_AUTHORITY),
    }
}

pub(super) async fn managed_identity(config: &Config) -> Found {
    if let ClientCredential::Secret(_) = config.entra.credential {
        return Found::Unknown(
            "not used for the sign-in (ENTRA_CLIENT_ASSERTION is not set)".to_owned(),
        );
    }
    let token = async { entra(config)?.fetch_assertion().await };
    match token.await {
        Ok(()) => Found::Works("gives a token for the sign-in".to_owned()),
        Err(error) => fails(error, MEND_IDENTITY),
    }
}

/// A code that nobody was given must be refused as a code: a client that is not known is refused as
/// a client.
pub(super) async fn credential(config: &Config) -> Found {
    let entra = match entra(config) {
        Ok(entra) => entra,
        Err(error) => return fails(error, MEND_IDENTITY),
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
            Found::Works("accepted, as far as can be told without a person".to_owned())
        }
        Err(SignInError::Misconfigured(name)) if name == "invalid_request" => Found::Unknown(
            "cannot be told: the sign-in service looks at the code before the client".to_owned(),
        ),
        Err(SignInError::Misconfigured(name)) => fails(
            format!("the sign-in service refuses this app: {name}"),
            MEND_CREDENTIAL,
        ),
        Err(SignInError::Unavailable(error)) => fails(error, MEND_AUTHORITY),
        Err(SignInError::Refused(why)) => fails(why, MEND_AUTHORITY),
        Ok(_) => fails("a made-up code was accepted", MEND_AUTHORITY),
    }
}

pub(super) async fn mail(config: &Config) -> Found {
    let Some(mailer) = config.mail.as_ref().map(Mailer::new) else {
        return Found::Unknown(
            "not configured (SMTP_URL is not set): no e-mail goes out".to_owned(),
        );
    };
    let Some(mailer) = mailer else {
        return fails("the settings are not usable", "see SMTP_URL and MAIL_FROM");
    };
    match mailer.probe().await {
        Ok(()) => Found::Works(
            "connected, secured and logged in as SMTP_URL says; nothing was sent".to_owned(),
        ),
        Err(error) => fails(
            error,
            "see SMTP_URL: host, port, smtps:// or ?tls=required, user and password",
        ),
    }
}

pub(super) async fn webhook(config: &Config) -> Found {
    let Some(config) = &config.webhook else {
        return Found::Unknown(
            "not configured (WEBHOOK_URL is not set): nobody is told".to_owned(),
        );
    };
    let webhook = match Webhook::new(config) {
        Ok(webhook) => webhook,
        Err(error) => return fails(error, "see WEBHOOK_URL and WEBHOOK_SECRET"),
    };
    match webhook.probe().await {
        Ok(status) => Found::Works(format!(
            "reachable (a HEAD was answered with {status}); no event was told"
        )),
        Err(why) => fails(
            why,
            "see WEBHOOK_URL: name, port, certificate; a private address needs WEBHOOK_ALLOW_PRIVATE=true",
        ),
    }
}
