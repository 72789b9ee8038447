//! The storage account or folder.

use std::{fmt, path::PathBuf, sync::Arc, time::Duration};

use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::Reader;
use crate::{
    net::loopback::is_secure,
    store::table::{
        Table, TableError,
        azure::{self, AzureTable},
        embedded::EmbeddedTable,
        metered::Metered,
    },
};

/// The storage account or folder.
#[derive(Clone)]
pub enum Storage {
    /// An account key or a shared access signature.
    ConnectionString(SecretString),
    /// An account, without a secret.
    ManagedIdentity {
        /// `https://ACCOUNT.table.core.windows.net/`
        service: Url,
        /// The user-assigned identity; `None`: the system-assigned one.
        client_id: Option<String>,
    },
    /// A folder on this machine.
    Embedded(PathBuf),
}

impl Storage {
    /// Opens the table of this name. Sends no request.
    ///
    /// # Errors
    /// Where the embedded table cannot be opened, or the credentials cannot be used.
    pub fn open(&self, table: &str) -> Result<Arc<dyn Table>, TableError> {
        Ok(match self {
            Self::Embedded(dir) => Arc::new(Metered(EmbeddedTable::open(dir)?)),
            Self::ConnectionString(connection) => {
                let transport = Arc::new(client()?);
                Arc::new(Metered(AzureTable::from_connection_string(
                    connection.expose_secret(),
                    table,
                    transport,
                )?))
            }
            Self::ManagedIdentity { service, client_id } => {
                Arc::new(Metered(AzureTable::with_managed_identity(
                    service.as_str(),
                    client_id.as_deref(),
                    table,
                    client()?,
                )?))
            }
        })
    }
}

/// A client with a connection pool: the library's own opens a new connection, with TLS, for every
/// call.
fn client() -> Result<reqwest::Client, TableError> {
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(Duration::from_secs(3))
        .pool_idle_timeout(Duration::from_secs(90))
        .build()
        .map_err(|error| TableError::Refused(format!("TLS cannot be set up: {error}")))
}

/// The account of the Functions host, of which the app itself needs nothing.
#[derive(Clone, Debug)]
pub enum HostStorage {
    /// The invitations are in it, too.
    Shared,
    /// The address of its blobs, and whether the managed identity reads them, with its client id.
    Blobs {
        /// `https://ACCOUNT.blob.core.windows.net/`
        service: Url,
        /// `None`: with a key.
        identity: Option<Option<String>>,
    },
    /// It is not named, or by settings that only the host knows.
    Unknown,
}

/// The host's account; what is wrong with it is the host's to report.
pub(super) fn read_host(read: &Reader) -> HostStorage {
    let set = |prefix: &str| {
        ["", "__accountName", "__tableServiceUri"]
            .iter()
            .any(|end| read.optional(&format!("{prefix}{end}")).is_some())
    };
    if !set("INVITATION_STORAGE") {
        return HostStorage::Shared;
    }
    if let Some(text) = read.optional("AzureWebJobsStorage") {
        return match azure::blob_endpoint(&text).and_then(|text| Url::parse(&text).ok()) {
            Some(service) => HostStorage::Blobs {
                service,
                identity: None,
            },
            None => HostStorage::Unknown,
        };
    }
    let service = match read.optional("AzureWebJobsStorage__blobServiceUri") {
        Some(text) => service_uri(&text).ok(),
        None => read
            .optional("AzureWebJobsStorage__accountName")
            .and_then(|account| service_of(&account, "blob").ok()),
    };
    service.map_or(HostStorage::Unknown, |service| HostStorage::Blobs {
        service,
        identity: Some(read.optional("AzureWebJobsStorage__clientId")),
    })
}

impl fmt::Debug for Storage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ConnectionString(_) => f.write_str("ConnectionString(…)"),
            Self::ManagedIdentity { service, .. } => write!(f, "ManagedIdentity({service})"),
            Self::Embedded(dir) => write!(f, "Embedded({})", dir.display()),
        }
    }
}

pub(super) fn read(read: &mut Reader) -> Option<Storage> {
    for name in ["INVITATION_STORAGE", "AzureWebJobsStorage"] {
        if let Some(text) = read.optional(name) {
            return read.check(name, connection(name, &text));
        }
        // Errors name the setting that was set, not the one that it falls back from.
        let (uri, account) = (
            format!("{name}__tableServiceUri"),
            format!("{name}__accountName"),
        );
        let service = match (read.optional(&uri), read.optional(&account)) {
            (Some(text), _) => read.check(&uri, service_uri(&text)),
            (None, Some(text)) => read.check(&account, service_of(&text, "table")),
            (None, None) => continue,
        };
        let client_id = read.optional(&format!("{name}__clientId"));
        return service.map(|service| Storage::ManagedIdentity { service, client_id });
    }
    read.missing(
        "INVITATION_STORAGE",
        "a storage connection string, UseDevelopmentStorage=true or embedded:DIR (or INVITATION_STORAGE__accountName)",
    )
}

fn service_uri(text: &str) -> Result<Url, &'static str> {
    let url = Url::parse(text)
        .ok()
        .filter(|url| is_secure(url) && url.query().is_none() && url.fragment().is_none());
    url.ok_or("must be an https URL such as https://NAME.table.core.windows.net")
}

/// <https://learn.microsoft.com/azure/storage/common/storage-account-overview#storage-account-name>
fn service_of(account: &str, kind: &str) -> Result<Url, &'static str> {
    let is_name = (3..=24).contains(&account.len())
        && account
            .bytes()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    let url = is_name
        .then(|| Url::parse(&format!("https://{account}.{kind}.core.windows.net/")).ok())
        .flatten();
    url.ok_or("must be the name of a storage account, 3 to 24 lower-case letters and digits")
}

fn connection(name: &str, text: &str) -> Result<Storage, String> {
    match text.strip_prefix("embedded:") {
        Some("") => Err("names no folder after `embedded:`".to_owned()),
        Some(dir) if name == "INVITATION_STORAGE" => Ok(Storage::Embedded(dir.into())),
        None if text.contains('=') => match azure::check_connection_string(text) {
            Ok(()) => Ok(Storage::ConnectionString(text.into())),
            Err(why) => Err(format!("cannot be used: {why}")),
        },
        _ => Err(
            "is neither a storage connection string, UseDevelopmentStorage=true nor embedded:DIR"
                .to_owned(),
        ),
    }
}

/// <https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model#table-names>
pub(super) fn table(read: &mut Reader) -> String {
    let name = read
        .optional("INVITATION_TABLE")
        .unwrap_or_else(|| "Invitations".to_owned());
    let is_name = name.chars().all(|c| c.is_ascii_alphanumeric())
        && name.starts_with(|c: char| c.is_ascii_alphabetic());
    if !is_name || !(3..=63).contains(&name.len()) {
        read.problem(
            "INVITATION_TABLE",
            "must be 3 to 63 letters and digits, a letter first",
        );
    }
    name
}
