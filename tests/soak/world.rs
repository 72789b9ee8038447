//! Two instances over one table, and the proxies before their dependencies.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering::Relaxed},
};

use local::{host::Host, signin::Fault};
use onboarding::store::table::azure::AzureTable;
use serde_json::json;

use crate::proxy::Proxy;
use support::{Running, Store, azurite, start_with};

pub(crate) struct World {
    pub(crate) stack: Running,
    second: Host,
    /// Before the storage.
    pub(crate) storage: Proxy,
    /// Before the token and key endpoints of the sign-in service.
    pub(crate) sign_in: Proxy,
    /// The same table, without the app and the proxy.
    pub(crate) bare: AzureTable,
    visits: AtomicUsize,
}

impl World {
    pub(crate) async fn start(seed: u64) -> Self {
        let connection = azurite::azurite().await;
        let endpoint = connection
            .split("TableEndpoint=")
            .nth(1)
            .unwrap()
            .trim_end_matches(';');
        let (upstream, account) = endpoint.rsplit_once('/').unwrap();
        let storage = Proxy::start(upstream, seed).await;
        let through = connection.replace(endpoint, &format!("{}/{account}", storage.url));
        let stack = start_with(Store::Azurite, &[("INVITATION_STORAGE", &through)]).await;
        let sign_in = Proxy::start(stack.sign_in.url(), seed ^ 1).await;
        // The metadata names the endpoints; the people's browsers go on to the service itself.
        let behind = |path: &str| format!("{}{path}", sign_in.url);
        stack.sign_in.set_fault(Fault::metadata(json!({
            "token_endpoint": behind("/common/oauth2/v2.0/token"),
            "jwks_uri": behind("/common/discovery/v2.0/keys"),
        })));
        // The first instance may have read the metadata already; the process that follows reads it
        // anew.
        stack.host.kill_handler().await;
        let second = stack.another_instance(&[]).await.unwrap();
        let table = stack.setting("INVITATION_TABLE").unwrap().to_owned();
        let bare = AzureTable::from_connection_string(
            &connection,
            &table,
            Arc::new(reqwest::Client::new()),
        )
        .unwrap();
        Self {
            stack,
            second,
            storage,
            sign_in,
            bare,
            visits: AtomicUsize::new(0),
        }
    }

    /// The instances take turns, as behind a load balancer.
    pub(crate) fn an_instance(&self) -> &Host {
        if self.visits.fetch_add(1, Relaxed).is_multiple_of(2) {
            &self.stack.host
        } else {
            &self.second
        }
    }

    pub(crate) fn instances(&self) -> [&Host; 2] {
        [&self.stack.host, &self.second]
    }

    /// So many of a thousand exchanges with the dependencies are spoiled from now on.
    pub(crate) fn spoil(&self, per_mille: u32) {
        self.storage.spoil(per_mille);
        self.sign_in.spoil(per_mille);
    }
}
