//! The table in Azure Table Storage, or in Azurite.
//!
//! Facts of azure_data_tables 0.21 that shaped this, beside those in `answer.rs`:
//! - its own retries (azure_core's `ExponentialRetryPolicy`) bound neither a try nor, as they check
//!   the time before they sleep for as long as `Retry-After` says; nor do they retry a
//!   body that breaks off. They are switched off; `with_retries` does it instead, around everything
//!   that a call may take: the token, the creation of the table, the answer's last byte;
//! - it puts keys into URLs and filters without quoting them: escaped keys need none;
//! - its default HTTP client keeps no connection: hand it a pooled one;
//! - **azure_core logs every request at `debug`, with the `Authorization` header and the body**:
//!   targets beginning with `azure_core` must never be logged below `info`.

mod answer;
mod connection;
mod credential;
mod entity;
mod error;
mod request;
mod retry;

use std::{fmt, sync::Arc, time::Duration};

use async_trait::async_trait;
use azure_core_legacy::{
    Error, Etag, HttpClient, RetryOptions, TransportOptions, Url, error::ErrorKind,
};
use azure_data_tables::{
    IfMatchCondition,
    clients::{TableClient, TableServiceClientBuilder},
};
use azure_storage::{CloudLocation, StorageCredentials};
use futures::StreamExt;

pub use self::connection::{blob_endpoint, check_connection_string};
use self::{
    answer::{Answers, Failure, cause},
    connection::{address, credentials, endpoint, parts},
    entity::{Entity, NewEntity, Next, read_any_page, read_page},
    error::{is_missing, refused, table_error},
};
use super::{AnyPage, Continuation, ETag, Page, Range, Row, Table, TableError, Write, key, limits};
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
            StorageCredentials::token_credential(Arc::new(credential::CredentialAdapter(identity)));
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
    pub fn timeouts(self, one_try: Duration, in_total: Duration) -> Self {
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

    async fn with_retries<T, F>(
        &self,
        attempt: impl Fn() -> F + Send + Sync,
    ) -> Result<T, TableError>
    where
        T: Send,
        F: Future<Output = Result<T, TableError>> + Send,
    {
        retry::retried(self.one_try, self.in_total, attempt).await
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
                fields: found.entity.fields,
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

    /// Every row of every partition, in the order of the partitions.
    async fn try_scan(&self, top: u32, after: Option<&Next>) -> Result<AnyPage, TableError> {
        let mut query = self.client.query().top(top);
        if let Some(Next(partition, row)) = after {
            query = query.initial_partition_key(partition.clone());
            if let Some(row) = row {
                query = query.initial_row_key(row.clone());
            }
        }
        match query.into_stream::<Entity>().next().await {
            Some(Ok(page)) => read_any_page(page),
            Some(Err(error)) if !is_missing(&error) => Err(table_error(&error)),
            Some(Err(_)) | None => Ok(AnyPage {
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
        self.with_retries(|| self.try_get(&partition, &escaped, key))
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
        self.with_retries(|| self.try_query(&filter, limits::rows(limit), after.as_ref()))
            .await
    }

    async fn scan(
        &self,
        limit: usize,
        after: Option<&Continuation>,
    ) -> Result<AnyPage, TableError> {
        let after = after.map(Next::parse).transpose()?;
        let top = u32::try_from(limits::rows(limit)).unwrap_or(u32::MAX);
        self.with_retries(|| self.try_scan(top, after.as_ref()))
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
        self.with_retries(|| self.try_commit(&partition, writes))
            .await
    }
}

fn condition(etag: &ETag) -> IfMatchCondition {
    IfMatchCondition::Etag(Etag::from(etag.0.clone()))
}

/// Source:
/// <https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model#table-names>
fn is_table_name(name: &str) -> bool {
    let letters_and_digits = name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    letters_and_digits
        && (3..=63).contains(&name.len())
        && !name.starts_with(|first: char| first.is_ascii_digit())
}
