//! Where a request comes from: the peer, or what a proxy of ours says of it. No other header is believed.

use std::fmt;
use std::future::{Ready, ready};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use actix_web::dev::Payload;
use actix_web::http::header::HeaderMap;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use crate::error::{Error, Result};
use crate::state::AppState;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientAddress(IpAddr);

impl ClientAddress {
    pub fn of(request: &HttpRequest) -> Self {
        let peer = request.peer_addr().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.ip()).to_canonical();
        let proxies = request.app_data::<Data<AppState>>().map(|state| state.config.trusted_proxies.as_slice());
        Self(behind(peer, request.headers(), proxies.unwrap_or_default()))
    }

    /// The whole address, for the log of security events only.
    pub fn exact(self) -> String {
        self.0.to_string()
    }

    /// By what limits are counted: an IPv6 customer has a network of addresses, of which 64 bits are their own.
    pub fn throttle_key(self) -> String {
        self.network(32, 64)
    }

    fn network(self, v4: u8, v6: u8) -> String {
        let network = match self.0 {
            IpAddr::V4(ip) => Ipv4Net::new(ip, v4).map(|net| IpNet::from(net.trunc())),
            IpAddr::V6(ip) => Ipv6Net::new(ip, v6).map(|net| IpNet::from(net.trunc())),
        };
        network.map(|network| network.to_string()).unwrap_or_default()
    }
}

impl FromRequest for ClientAddress {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self::of(request)))
    }
}

/// The address as people and logs see it, too rough to tell one household: `203.0.113.0/24`.
impl fmt::Display for ClientAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.network(24, 48))
    }
}

/// The rightmost address that none of our proxies has. What stands left of it was written by whoever sent it.
fn behind(peer: IpAddr, headers: &HeaderMap, proxies: &[IpNet]) -> IpAddr {
    let ours = |ip: &IpAddr| proxies.iter().any(|network| network.contains(ip));
    let lists: Vec<_> = headers.get_all("x-forwarded-for").map(|list| list.to_str().unwrap_or_default()).collect();
    let mut hops = lists.iter().rev().flat_map(|list| list.rsplit(','));
    let mut client = peer;
    while ours(&client) {
        // What is no address is as good as none: the last one that is known counts.
        let Some(hop) = hops.next().and_then(address_in) else { break };
        client = hop;
    }
    client
}

/// Some proxies add the port: `192.0.2.1:4711`, `[2001:db8::1]:4711`.
fn address_in(hop: &str) -> Option<IpAddr> {
    let hop = hop.trim();
    let bare = || hop.strip_prefix('[')?.strip_suffix(']')?.parse::<Ipv6Addr>().ok().map(IpAddr::from);
    let with_port = || hop.parse::<std::net::SocketAddr>().ok().map(|address| address.ip());
    hop.parse().ok().or_else(with_port).or_else(bare).map(|ip: IpAddr| ip.to_canonical())
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};

    use super::*;

    fn seen(peer: &str, lists: &[&'static str]) -> ClientAddress {
        let mut headers = HeaderMap::new();
        for list in lists {
            headers.append(HeaderName::from_static("x-forwarded-for"), HeaderValue::from_static(list));
        }
        let proxies = ["10.0.0.0/8", "2001:db8:ffff::/48"].map(|network| network.parse().unwrap());
        ClientAddress(behind(peer.parse().unwrap(), &headers, &proxies))
    }

    fn ip(text: &str) -> ClientAddress {
        ClientAddress(text.parse().unwrap())
    }

    #[test]
    fn only_our_proxies_are_believed() {
        assert_eq!(seen("203.0.113.9", &["198.51.100.1"]), ip("203.0.113.9"));
        assert_eq!(seen("10.0.0.1", &["198.51.100.1"]), ip("198.51.100.1"));
        assert_eq!(seen("10.0.0.1", &[]), ip("10.0.0.1"));
    }

    #[test]
    fn what_the_client_wrote_itself_stands_left_and_does_not_count() {
        assert_eq!(seen("10.0.0.1", &["1.1.1.1, 198.51.100.1 ,10.0.0.2"]), ip("198.51.100.1"));
        assert_eq!(seen("10.0.0.1", &["1.1.1.1", "198.51.100.1, 10.0.0.2", "10.0.0.3"]), ip("198.51.100.1"));
        assert_eq!(seen("10.0.0.1", &["10.0.0.9, 10.0.0.2"]), ip("10.0.0.9"));
    }

    #[test]
    fn nonsense_ends_the_search() {
        for nonsense in ["x", "", "198.51.100.1, unknown", "198.51.100.1, 1.2.3"] {
            assert_eq!(seen("10.0.0.1", &[nonsense]), ip("10.0.0.1"), "{nonsense}");
        }
    }

    #[test]
    fn ports_brackets_and_mapped_addresses_are_read() {
        assert_eq!(seen("10.0.0.1", &["198.51.100.1:4711"]), ip("198.51.100.1"));
        assert_eq!(seen("10.0.0.1", &["[2001:db8::7]:4711"]), ip("2001:db8::7"));
        assert_eq!(seen("2001:db8:ffff::1", &["[2001:db8::7]"]), ip("2001:db8::7"));
        assert_eq!(seen("10.0.0.1", &["::ffff:198.51.100.1"]), ip("198.51.100.1"));
    }

    #[test]
    fn a_key_is_an_address_or_what_one_customer_has() {
        assert_eq!(ip("203.0.113.9").throttle_key(), "203.0.113.9/32");
        assert_eq!(ip("2001:db8:1:2:3:4:5:6").throttle_key(), "2001:db8:1:2::/64");
        assert_eq!(ip("203.0.113.9").to_string(), "203.0.113.0/24");
        assert_eq!(ip("2001:db8:1:2:3:4:5:6").to_string(), "2001:db8:1::/48");
    }
}
