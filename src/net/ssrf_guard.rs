//! Guards against server-side request forgery: a webhook must not reach the private network of the
//! app.

use std::{
    error::Error,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
};

use reqwest::{
    ClientBuilder,
    dns::{Addrs, Name, Resolve, Resolving},
};

use crate::net::error_chain::error_chain;

/// Azure's platform services answer virtual machines at this address, which is otherwise public:
/// <https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16>
const AZURE_WIRE_SERVER: Ipv4Addr = Ipv4Addr::new(168, 63, 129, 16);

/// Restricts the client to public addresses. Without a proxy from the environment, because the proxy
/// would resolve the name. An IP address in the URL is not resolved: check it with [`is_public`]
/// when the URL is read.
pub(crate) fn guard(client: ClientBuilder) -> ClientBuilder {
    client.dns_resolver(Arc::new(PublicResolver)).no_proxy()
}

/// Whether the guard blocked the request.
pub(crate) fn blocked(error: &(dyn Error + 'static)) -> bool {
    error_chain(error).any(<dyn Error>::is::<NotPublic>)
}

#[derive(Debug, thiserror::Error)]
#[error("the name has no public address")]
struct NotPublic;

/// Resolves a name and keeps its public addresses. The connection goes to one of these, which rules
/// out DNS rebinding.
#[derive(Debug)]
struct PublicResolver;

impl Resolve for PublicResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let host = name.as_str().to_owned();
        Box::pin(async move {
            let addresses: Vec<SocketAddr> = tokio::net::lookup_host((host, 0))
                .await?
                .filter(|address| is_public(address.ip()))
                .collect();
            if addresses.is_empty() {
                return Err(NotPublic.into());
            }
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

/// Whether the address is neither a special-purpose one (RFC 6890) nor Azure's own.
pub(crate) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => address
            .to_ipv4_mapped()
            .map_or_else(|| is_public_v6(address), is_public_v4),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_documentation()
        || address == AZURE_WIRE_SERVER
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 198 && (b == 18 || b == 19));
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    // Only 2000::/3 is assigned as global unicast; in it, documentation and the transition
    // mechanisms to IPv4 are special.
    let [first, second, ..] = address.segments();
    let global = first & 0xe000 == 0x2000;
    let special = match first {
        0x2001 => second == 0x0db8 || second < 0x0200,
        0x2002 => true,
        _ => false,
    };
    global && !special
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_addresses_are_public() {
        for public in [
            "8.8.8.8",
            "168.63.129.15",
            "52.239.1.1",
            "2606:4700::1111",
            "2a01:111::1",
        ] {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
        for special in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "168.63.129.16",
            "::ffff:168.63.129.16",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "198.18.0.1",
            "::1",
            "::",
            "fe80::1",
            "fc00::1",
            "ff02::1",
            "::ffff:10.0.0.1",
            "::ffff:127.0.0.1",
            "2001:db8::1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
        ] {
            assert!(!is_public(special.parse().unwrap()), "{special}");
        }
    }

    #[tokio::test]
    async fn a_loopback_name_is_blocked() {
        let refusal = PublicResolver
            .resolve("localhost".parse().unwrap())
            .await
            .err()
            .unwrap();
        assert!(blocked(&*refusal), "{refusal}");
    }

    /// An IP address needs no name server, so the test needs no network.
    #[tokio::test]
    async fn a_public_address_is_resolved() {
        let found: Vec<_> = PublicResolver
            .resolve("8.8.8.8".parse().unwrap())
            .await
            .unwrap()
            .collect();
        assert_eq!(found, ["8.8.8.8:0".parse().unwrap()]);
    }

    #[tokio::test]
    async fn a_guarded_client_reports_the_block() {
        let client = guard(reqwest::Client::builder()).build().unwrap();
        assert!(blocked(
            &client.get("http://localhost:1/").send().await.unwrap_err()
        ));
        assert!(!blocked(
            &reqwest::Client::new()
                .get("http://localhost:1/")
                .send()
                .await
                .unwrap_err()
        ));
    }
}
