//! The storage account of the Functions host. The app itself needs nothing of it, but without it
//! the timers stop and function keys are not read.

use std::time::Duration;

use azure_core::credentials::TokenCredential;
use reqwest::{Client, RequestBuilder, StatusCode};
use url::Url;

use super::{Outcome, probes::fails};
use crate::{
    config::{Config, HostStorage},
    net::{error_chain::error_chain, managed_identity::managed_identity},
};

/// <https://learn.microsoft.com/rest/api/storageservices/versioning-for-the-azure-storage-services>
const VERSION: &str = "2021-12-02";
const SCOPE: &str = "https://storage.azure.com/.default";
const FIX: &str = "check AzureWebJobsStorage, and that this host can reach the account; a managed identity needs the role Storage Blob Data Owner on it";

pub(super) async fn probe(config: &Config) -> Outcome {
    match &config.host_storage {
        HostStorage::Shared => Outcome::Works("the account of the invitations".to_owned()),
        HostStorage::Unknown => Outcome::Unknown(
            "AzureWebJobsStorage is not set: the host runs no timers without it".to_owned(),
        ),
        HostStorage::Blobs { service, identity } => {
            match containers(service, identity.as_ref()).await {
                Ok(outcome) | Err(outcome) => outcome,
            }
        }
    }
}

/// Lists the containers, with a token of the identity. A key is the host's: it is not tried.
async fn containers(service: &Url, identity: Option<&Option<String>>) -> Result<Outcome, Outcome> {
    let client = Client::builder().timeout(Duration::from_secs(10)).build();
    let client = client.map_err(|error| fails(error, FIX))?;
    let request = client
        .get(service.clone())
        .query(&[("comp", "list"), ("maxresults", "1")])
        .header("x-ms-version", VERSION);
    let Some(client_id) = identity else {
        let status = send(request).await?;
        return Ok(Outcome::Works(format!(
            "reachable (answered with {status}); the key was not tried"
        )));
    };
    let token = token(client_id.as_deref(), client).await;
    let token = token.ok_or_else(|| fails("the managed identity gives no token", FIX))?;
    match send(request.bearer_auth(token)).await? {
        StatusCode::OK => Ok(Outcome::Works("blobs can be listed".to_owned())),
        status => Err(fails(format!("it answered with {status}"), FIX)),
    }
}

async fn send(request: RequestBuilder) -> Result<StatusCode, Outcome> {
    let answer = request.send().await;
    let answer = answer.map_err(|error| fails(reason(&error), FIX))?;
    Ok(answer.status())
}

/// The error itself only says that there was one, and names the address.
fn reason(error: &reqwest::Error) -> String {
    let root = error_chain(error).last();
    root.map(ToString::to_string).unwrap_or_default()
}

async fn token(client_id: Option<&str>, client: Client) -> Option<String> {
    let identity = managed_identity(client_id, client).ok()?;
    let token = identity.get_token(&[SCOPE], None).await.ok()?;
    Some(token.token.secret().to_owned())
}
