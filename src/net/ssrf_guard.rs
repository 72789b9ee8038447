//! Names that lead to the public internet only: a webhook must not be a way into the network of the
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

use crate::net::error_chain;

/// Azure's own services answer a machine of Azure at this address, which counts as public:
/// <https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16>
const AZURE_WIRE_SERVER: Ipv4Addr = Ipv4Addr::new(168, 63, 129, 16);

/// The client reaches public addresses only. Not by a proxy from the environment either: it would
/// resolve the name itself, wherever it stands. An address in the URL is nothing to resolve: who
/// reads the URL asks [`is_public`].
pub(crate) fn guard(client: ClientBuilder) -> ClientBuilder {
    client.dns_resolver(Arc::new(Resolver)).no_proxy()
}

/// Whether the guard is why a request failed.
pub(crate) fn refused(error: &(dyn Error + 'static)) -> bool {
    error_chain::of(error).any(<dyn Error>::is::<NotPublic>)
}

#[derive(Debug, thiserror::Error)]
#[error("the name has no public address")]
struct NotPublic;

/// Resolves a name and keeps its public addresses; the connection goes to one of these, so a name
/// that changes between check and connection gains nothing.
#[derive(Debug)]
struct Resolver;

impl Resolve for Resolver {
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

/// Whether the address is none of the special-purpose ones of RFC 6890, nor Azure's own.
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
    // Of all that is assigned, only 2000::/3 is global unicast; documentation and the ways into
    // IPv4 are not.
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
    async fn a_name_of_this_machine_is_not_resolved() {
        let refusal = Resolver
            .resolve("localhost".parse().unwrap())
            .await
            .err()
            .unwrap();
        assert!(refused(&*refusal), "{refusal}");
    }

    /// Numbers need no name server, so this is known without a network.
    #[tokio::test]
    async fn a_name_with_a_public_address_is_resolved() {
        let found: Vec<_> = Resolver
            .resolve("8.8.8.8".parse().unwrap())
            .await
            .unwrap()
            .collect();
        assert_eq!(found, ["8.8.8.8:0".parse().unwrap()]);
    }

    #[tokio::test]
    async fn a_guarded_client_says_that_the_guard_refused() {
        let client = guard(reqwest::Client::builder()).build().unwrap();
        assert!(refused(
            &client.get("http://localhost:1/").send().await.unwrap_err()
        ));
        assert!(!refused(
            &reqwest::Client::new()
                .get("http://localhost:1/")
                .send()
                .await
                .unwrap_err()
        ));
    }
}
