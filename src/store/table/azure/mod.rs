//! The table in Azure Table Storage, or in Azurite.
//!
//! Facts of azure_data_tables 0.21 that shaped this, beside those in `answer.rs`:
//! - its own retries (azure_core's `ExponentialRetryPolicy`) bound neither a try nor, as they check
//!   the time before they sleep for as long as `Retry-After` says, the whole; nor do they retry a
//!   body that breaks off. They are switched off; `patiently` does it instead, around everything
//!   that a call may take: the token, the creation of the table, the answer's last byte;
//! - it puts keys into URLs and filters without quoting them: escaped keys need none;
//! - its default HTTP client keeps no connection: hand it a pooled one;
//! - **azure_core logs every request at `debug`, with the `Authorization` header and the body**:
//!   targets beginning with `azure_core` must never be logged below `info`.

mod answer;
mod credential;

use std::{collections::BTreeMap, fmt, sync::Arc, time::Duration};

use async_trait::async_trait;
use azure_core_legacy::{
    Continuable, Error, Etag, HttpClient, RetryOptions, TransportOptions, Url, error::ErrorKind,
};
use azure_data_tables::{
    IfMatchCondition,
    clients::{TableClient, TableServiceClientBuilder},
    operations::QueryEntityResponse,
};
use azure_storage::{
    CloudLocation, ConnectionString, EndpointProtocol, StorageCredentials,
    clients::{EMULATOR_ACCOUNT, EMULATOR_ACCOUNT_KEY},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use futures::StreamExt;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::time::{Instant, sleep, timeout_at};

use self::{
    answer::{Answers, Failure, cause},
    credential::NoToken,
};
use super::{
    Continuation, ETag, Fields, Page, Range, Row, Table, TableError, Write, key, limits,
    request_deadline,
};
use crate::{net::loopback::is_loopback, net::managed_identity::managed_identity};

/// A table of a storage account. It is made when something is first written to it; nothing is asked
/// of the network before that or a read.
#[derive(Clone)]
pub struct AzureTable {
    client: TableClient,
    one_try: Duration,
    in_total: Duration,
}

impl fmt::Debug for AzureTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AzureTable")
            .field("table", &self.client.table_name())
            .finish_non_exhaustive()
    }
}

impl AzureTable {
    /// The table of a storage connection string: an account key, a SAS, or
    /// `UseDevelopmentStorage=true`, with a `TableEndpoint` of its own or without. A
    /// [`reqwest::Client`] is a transport.
    ///
    /// # Errors
    /// [`TableError::Refused`] says what is wrong with the string or the table's name, quoting
    /// neither.
    pub fn from_connection_string(
        connection: &str,
        table: &str,
        transport: Arc<dyn HttpClient>,
    ) -> Result<Self, TableError> {
        let parts = parts(connection)?;
        let (endpoint, account) = endpoint(&parts)?;
        Self::new(&endpoint, account, credentials(&parts)?, table, transport)
    }

    /// The table of an account that the app's managed identity may use: the user-assigned identity
    /// with that client id, or the system's. `table_service_uri` is
    /// `https://ACCOUNT.table.core.windows.net`.
    ///
    /// # Errors
    /// [`TableError::Refused`] where the address or the table's name is wrong, or the host has no
    /// such identity.
    pub fn with_managed_identity(
        table_service_uri: &str,
        client_id: Option<&str>,
        table: &str,
        client: reqwest::Client,
    ) -> Result<Self, TableError> {
        let identity = managed_identity(client_id, client.clone()).map_err(|_| {
            refused("this host offers no managed identity of a kind that is supported")
        })?;
        let credentials =
            StorageCredentials::token_credential(Arc::new(credential::Bridge(identity)));
        let sends_tokens_in_clear = Url::parse(table_service_uri)
            .is_ok_and(|uri| uri.scheme() == "http" && !is_loopback(&uri));
        if sends_tokens_in_clear {
            return Err(refused("the table service is reached by https only"));
        }
        Self::new(table_service_uri, "", credentials, table, Arc::new(client))
    }

    /// Waits for `one_try` of a request and for a call `in_total`, retries and pauses included (4 s
    /// and 8 s); at most as long as the request that makes the call may still wait.
    #[must_use]
    pub fn patience(self, one_try: Duration, in_total: Duration) -> Self {
        Self {
            one_try,
            in_total,
            ..self
        }
    }

    fn new(
        endpoint: &str,
        account: &str,
        credentials: StorageCredentials,
        table: &str,
        transport: Arc<dyn HttpClient>,
    ) -> Result<Self, TableError> {
        if !is_table_name(table) {
            return Err(refused(
                "a table's name is 3 to 63 ASCII letters and digits, a letter first",
            ));
        }
        // A slash at the end would be doubled by the library.
        let uri = address(endpoint)?.as_str().trim_end_matches('/').to_owned();
        let client = TableServiceClientBuilder::with_location(
            CloudLocation::Custom {
                account: account.to_owned(),
                uri,
            },
            credentials,
        )
        .transport(TransportOptions::new(Arc::new(Answers(transport))))
        .retry(RetryOptions::none())
        .build()
        .table_client(table);
        Ok(Self {
            client,
            one_try: Duration::from_secs(4),
            in_total: Duration::from_secs(8),
        })
    }

    /// Tries until it succeeds, is refused, or the time is up. A write that succeeded without our
    /// hearing of it is tried again too, and is then told [`TableError::Exists`] or
    /// [`TableError::Changed`]. The calls of one request share its time.
    async fn patiently<T, F>(&self, attempt: impl Fn() -> F + Send + Sync) -> Result<T, TableError>
    where
        T: Send,
        F: Future<Output = Result<T, TableError>> + Send,
    {
        let (_call, left) = request_deadline::begin();
        let in_total = left.map_or(self.in_total, |left| left.min(self.in_total));
        if in_total.is_zero() {
            return Err(unavailable("the request has waited long enough", None));
        }
        let deadline = Instant::now() + in_total;
        let mut pause = Duration::from_millis(100);
        loop {
            let until = deadline.min(Instant::now() + self.one_try);
            let failed = match timeout_at(until, attempt()).await {
                Ok(Err(failed @ TableError::Unavailable { .. })) => failed,
                Ok(done) => return done,
                Err(_) => unavailable("no answer in time", None),
            };
            let asked = if let TableError::Unavailable { retry_after, .. } = &failed {
                *retry_after
            } else {
                None
            };
            let wait = asked.unwrap_or_default().max(jittered(pause));
            if Instant::now() + wait >= deadline {
                return Err(failed);
            }
            sleep(wait).await;
            pause = (pause * 2).min(Duration::from_secs(2));
        }
    }

    async fn try_get(
        &self,
        partition: &str,
        escaped: &str,
        key: &str,
    ) -> Result<Option<Row>, TableError> {
        let entity = self
            .client
            .partition_key_client(partition)
            .entity_client(escaped);
        match entity.get::<Entity>().await {
            Ok(found) => Ok(Some(Row {
                key: key.to_owned(),
                etag: ETag(found.etag.to_string()),
                fields: found.entity.fields(),
            })),
            Err(error) if is_missing(&error) => Ok(None),
            Err(error) => Err(table_error(&error)),
        }
    }

    async fn try_query(
        &self,
        filter: &str,
        top: usize,
        after: Option<&Next>,
    ) -> Result<Page, TableError> {
        let top = u32::try_from(top).map_err(|_| refused("the page is too large"))?;
        let mut query = self.client.query().filter(filter.to_owned()).top(top);
        if let Some(Next(partition, row)) = after {
            query = query.initial_partition_key(partition.clone());
            if let Some(row) = row {
                query = query.initial_row_key(row.clone());
            }
        }
        let page = query.into_stream::<Entity>().next().await;
        match page {
            Some(Ok(page)) => read_page(page),
            Some(Err(error)) if !is_missing(&error) => Err(table_error(&error)),
            Some(Err(_)) | None => Ok(Page {
                rows: Vec::new(),
                next: None,
            }),
        }
    }

    async fn try_commit(
        &self,
        partition: &str,
        writes: &[Write],
    ) -> Result<Vec<Option<ETag>>, TableError> {
        let failed = match self.send(partition, writes).await {
            Ok(etags) => return Ok(etags),
            Err(error) => error,
        };
        let table_is_missing =
            cause::<Failure>(&failed).is_some_and(|failure| failure.code == "TableNotFound");
        if !table_is_missing {
            return Err(table_error(&failed));
        }
        // A row to replace or to delete is not in a table that is not there.
        if !writes
            .iter()
            .all(|write| matches!(write, Write::Insert { .. }))
        {
            return Err(TableError::Changed);
        }
        self.create().await?;
        self.send(partition, writes)
            .await
            .map_err(|error| table_error(&error))
    }

    async fn create(&self) -> Result<(), TableError> {
        match self.client.create().await {
            Ok(_) => Ok(()),
            // Another instance was faster.
            Err(error)
                if cause::<Failure>(&error)
                    .is_some_and(|failure| failure.code == "TableAlreadyExists") =>
            {
                Ok(())
            }
            Err(error) => Err(table_error(&error)),
        }
    }

    async fn send(
        &self,
        partition: &str,
        writes: &[Write],
    ) -> azure_core_legacy::Result<Vec<Option<ETag>>> {
        let mut transaction = self.client.partition_key_client(partition).transaction();
        for write in writes {
            let row = key::escape(write.key());
            transaction = match write {
                Write::Insert { fields, .. } => transaction.insert(NewEntity {
                    partition,
                    row: &row,
                    fields,
                })?,
                Write::Replace {
                    if_match, fields, ..
                } => transaction.update(
                    row.as_str(),
                    NewEntity {
                        partition,
                        row: &row,
                        fields,
                    },
                    Some(condition(if_match)),
                )?,
                Write::Delete { if_match, .. } => {
                    transaction.delete(row.as_str(), Some(condition(if_match)))?
                }
            };
        }
        let parts = transaction.await?.operation_responses;
        if parts.len() != writes.len() {
            return Err(Error::message(
                ErrorKind::DataConversion,
                "not an answer for each write",
            ));
        }
        Ok(parts
            .into_iter()
            .map(|part| part.etag.map(|etag| ETag(etag.to_string())))
            .collect())
    }
}

#[async_trait]
impl Table for AzureTable {
    async fn get(&self, partition: &str, key: &str) -> Result<Option<Row>, TableError> {
        let (partition, escaped) = limits::keys(partition, key)?;
        self.patiently(|| self.try_get(&partition, &escaped, key))
            .await
    }

    async fn query(
        &self,
        partition: &str,
        range: &Range,
        limit: usize,
        after: Option<&Continuation>,
    ) -> Result<Page, TableError> {
        let mut filter = format!("PartitionKey eq '{}'", limits::key(partition)?);
        if let Some(from) = &range.from {
            filter += &format!(" and RowKey ge '{}'", key::escape(from));
        }
        if let Some(below) = &range.below {
            filter += &format!(" and RowKey lt '{}'", key::escape(below));
        }
        let after = after.map(Next::parse).transpose()?;
        self.patiently(|| self.try_query(&filter, limits::rows(limit), after.as_ref()))
            .await
    }

    async fn commit(
        &self,
        partition: &str,
        writes: &[Write],
    ) -> Result<Vec<Option<ETag>>, TableError> {
        limits::check(writes)?;
        for write in writes {
            limits::key(write.key())?;
        }
        let partition = limits::key(partition)?;
        self.patiently(|| self.try_commit(&partition, writes)).await
    }
}

/// A row as it is sent.
#[derive(Serialize)]
struct NewEntity<'a> {
    #[serde(rename = "PartitionKey")]
    partition: &'a str,
    #[serde(rename = "RowKey")]
    row: &'a str,
    #[serde(flatten)]
    fields: &'a Fields,
}

/// A row as it is answered, with `odata.…` and `…@odata.…` among its properties.
#[derive(Deserialize)]
struct Entity {
    #[serde(rename = "RowKey")]
    row: String,
    #[serde(rename = "odata.etag", default)]
    etag: String,
    #[serde(flatten)]
    properties: BTreeMap<String, Value>,
}

impl Entity {
    fn fields(self) -> Fields {
        let ours =
            |name: &str| !name.contains("odata.") && !matches!(name, "PartitionKey" | "Timestamp");
        let text = |value| {
            if let Value::String(text) = value {
                text
            } else {
                value.to_string()
            }
        };
        self.properties
            .into_iter()
            .filter(|(name, _)| ours(name))
            .map(|(name, value)| (name, text(value)))
            .collect()
    }
}

fn read_page(page: QueryEntityResponse<Entity>) -> Result<Page, TableError> {
    let next = page
        .continuation()
        .map(|(partition, row)| Next(partition, row).into());
    let row = |entity: Entity| {
        let key = key::unescape(&entity.row)
            .ok_or_else(|| refused("the table has a row that is not ours"))?;
        Ok(Row {
            key,
            etag: ETag(entity.etag.clone()),
            fields: entity.fields(),
        })
    };
    Ok(Page {
        rows: page
            .entities
            .into_iter()
            .map(row)
            .collect::<Result<_, TableError>>()?,
        next,
    })
}

/// The `x-ms-continuation-NextPartitionKey` and, where it was given, `-NextRowKey`.
#[derive(Serialize, Deserialize)]
struct Next(String, Option<String>);

impl Next {
    fn parse(Continuation(text): &Continuation) -> Result<Self, TableError> {
        serde_json::from_str(text).map_err(|_| refused("the continuation is not one of this table"))
    }
}

impl From<Next> for Continuation {
    fn from(Next(partition, row): Next) -> Self {
        Self(serde_json::json!([partition, row]).to_string())
    }
}

fn condition(etag: &ETag) -> IfMatchCondition {
    IfMatchCondition::Etag(Etag::from(etag.0.clone()))
}

/// Whether the service can start with this connection string. What is wrong is said without quoting
/// it.
///
/// # Errors
/// What is wrong.
pub fn check_connection_string(connection: &str) -> Result<(), String> {
    let check = || {
        let parts = parts(connection)?;
        let (endpoint, _) = endpoint(&parts)?;
        credentials(&parts)?;
        address(&endpoint)
    };
    check().map(drop).map_err(|error| {
        if let TableError::Refused(why) = error {
            why
        } else {
            error.to_string()
        }
    })
}

fn parts(connection: &str) -> Result<ConnectionString<'_>, TableError> {
    // The library's errors quote the whole string.
    ConnectionString::new(connection).map_err(|_| {
        refused("the storage connection string is malformed or has a part that is not known")
    })
}

fn address(endpoint: &str) -> Result<Url, TableError> {
    let url = Url::parse(endpoint)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    url.ok_or_else(|| refused("the address of the table service is no http(s) URL"))
}

/// The address of the table service, and the account.
fn endpoint<'a>(parts: &ConnectionString<'a>) -> Result<(String, &'a str), TableError> {
    if parts.use_development_storage == Some(true) {
        let host = parts
            .development_storage_proxy_uri
            .unwrap_or("http://127.0.0.1")
            .trim_end_matches('/');
        return Ok((format!("{host}:10002/{EMULATOR_ACCOUNT}"), EMULATOR_ACCOUNT));
    }
    let account = parts.account_name.unwrap_or_default();
    if let Some(endpoint) = parts.table_endpoint {
        return Ok((endpoint.to_owned(), account));
    }
    if account.is_empty()
        || !account
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    {
        return Err(refused(
            "the storage connection string needs an AccountName or a TableEndpoint",
        ));
    }
    let protocol = parts
        .default_endpoints_protocol
        .as_ref()
        .unwrap_or(&EndpointProtocol::Https);
    let suffix = parts.endpoint_suffix.unwrap_or("core.windows.net");
    Ok((format!("{protocol}://{account}.table.{suffix}"), account))
}

fn credentials(parts: &ConnectionString<'_>) -> Result<StorageCredentials, TableError> {
    if parts.use_development_storage == Some(true) {
        return Ok(StorageCredentials::access_key(
            EMULATOR_ACCOUNT,
            EMULATOR_ACCOUNT_KEY,
        ));
    }
    // The library notices a broken key only when it signs the first request.
    if parts
        .account_key
        .is_some_and(|key| BASE64_STANDARD.decode(key).is_err())
    {
        return Err(refused(
            "the AccountKey of the storage connection string is not base64",
        ));
    }
    parts
        .storage_credentials()
        .map_err(|_| refused("the storage connection string needs an AccountName and AccountKey, or a SharedAccessSignature"))
}

/// Source:
/// <https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model#table-names>
fn is_table_name(name: &str) -> bool {
    let letters_and_digits = name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    letters_and_digits
        && (3..=63).contains(&name.len())
        && !name.starts_with(|first: char| first.is_ascii_digit())
}

/// Whether the row, or the whole table, is not there. Other answers of 404 are not the table
/// service's.
fn is_missing(error: &Error) -> bool {
    cause::<Failure>(error)
        .is_some_and(|failure| failure.status == 404 && is_missing_code(&failure.code))
}

fn is_missing_code(code: &str) -> bool {
    matches!(
        code,
        "ResourceNotFound" | "EntityNotFound" | "TableNotFound"
    )
}

/// Source: <https://learn.microsoft.com/rest/api/storageservices/table-service-error-codes>
fn table_error(error: &Error) -> TableError {
    if let Some(no_token) = cause::<NoToken>(error) {
        let why = no_token.to_string();
        return if no_token.may_pass() {
            unavailable(&why, None)
        } else {
            refused(&why)
        };
    }
    let Some(failure) = cause::<Failure>(error) else {
        return match error.kind() {
            ErrorKind::Io => unavailable(io_reason(error), None),
            ErrorKind::HttpResponse { status, .. } => refused(&format!("status {status}")),
            ErrorKind::Credential => refused("the request cannot be signed"),
            ErrorKind::DataConversion | ErrorKind::MockFramework | ErrorKind::Other => {
                refused("the answer is not one of the table service")
            }
        };
    };
    match (failure.status, failure.code.as_str()) {
        (409, "EntityAlreadyExists") => TableError::Exists,
        (412, _) => TableError::Changed,
        (404, code) if is_missing_code(code) => TableError::Changed,
        (408 | 429 | 500 | 502 | 503 | 504, _)
        | (409, "TableBeingDeleted" | "AccountBeingCreated" | "OperationTimedOut") => {
            let throttled = failure.status == 429
                || matches!(failure.code.as_str(), "ServerBusy" | "OperationTimedOut");
            TableError::Unavailable {
                reason: failure.to_string(),
                retry_after: failure.retry_after,
                throttled,
            }
        }
        // A role that was just assigned takes some minutes to apply.
        (403, "AuthorizationPermissionMismatch") => unavailable(
            "the app may not use the table, or not yet: a new role assignment takes up to ten minutes",
            None,
        ),
        _ => refused(&failure.to_string()),
    }
}

/// Why no answer came; the error's own text has the address, with the signature of a SAS.
fn io_reason(error: &Error) -> &'static str {
    match cause::<reqwest::Error>(error) {
        Some(error) if error.is_connect() => "no connection",
        Some(error) if error.is_timeout() => "no answer in time",
        Some(_) | None => "the connection broke",
    }
}

/// Between a half and the whole of a pause, so that instances do not come back all at once.
fn jittered(pause: Duration) -> Duration {
    let [random, ..] = uuid::Uuid::new_v4().into_bytes();
    pause.mul_f64(0.5 + f64::from(random) / 512.0)
}

fn unavailable(reason: &str, retry_after: Option<Duration>) -> TableError {
    TableError::Unavailable {
        reason: reason.to_owned(),
        retry_after,
        throttled: false,
    }
}

fn refused(why: &str) -> TableError {
    TableError::Refused(why.to_owned())
}
