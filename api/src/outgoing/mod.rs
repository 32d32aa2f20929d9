//! Requests to addresses that a member named: over https, to public addresses only, short, and to nobody else.
//!
//! A name is checked when it is resolved for the connection itself, so it cannot mean something else afterwards.

mod public;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::Policy;
use url::{Host, Url};

const PATIENCE: Duration = Duration::from_secs(5);
const HTTPS: u16 = 443;

/// A client for such requests; `anywhere` lets it go to this machine and its network too, for tests.
pub fn client(anywhere: bool) -> reqwest::Result<reqwest::Client> {
    let client = reqwest::Client::builder()
        .user_agent("mentorship")
        .timeout(PATIENCE)
        .redirect(Policy::none())
        .https_only(!anywhere)
        // A proxy would resolve names by itself.
        .no_proxy();
    if anywhere { client.build() } else { client.dns_resolver(Arc::new(PublicOnly)).build() }
}

/// What is wrong with an address that a member names, if anything can be told from its form.
pub fn fault_of(url: &Url, anywhere: bool) -> Option<&'static str> {
    if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
        return Some("must have neither a user nor a fragment");
    }
    if anywhere {
        return (!matches!(url.scheme(), "http" | "https")).then_some("must be an http or https address");
    }
    if url.scheme() != "https" || url.port_or_known_default() != Some(HTTPS) {
        return Some("must be an https address on the usual port");
    }
    let is_public = match url.host() {
        Some(Host::Domain(name)) => name.trim_end_matches('.').contains('.'),
        Some(Host::Ipv4(address)) => public::is_public(address.into()),
        Some(Host::Ipv6(address)) => public::is_public(address.into()),
        None => false,
    };
    (!is_public).then_some("must be a public address")
}

struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let public: Vec<SocketAddr> = found.filter(|address| public::is_public(address.ip())).collect();
            if public.is_empty() {
                return Err("the name has no public address".into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_to_public_addresses_passes() {
        let fault = |text: &str| fault_of(&Url::parse(text).unwrap(), false);
        for good in ["https://push.example.org/x", "https://93.184.216.34/", "https://[2606:2800:220:1::1]:443/x?y"] {
            assert_eq!(fault(good), None, "{good}");
        }
        for bad in [
            "http://push.example.org/",
            "ftp://push.example.org/",
            "https://push.example.org:8443/",
            "https://me@push.example.org/",
            "https://push.example.org/#x",
            "https://localhost/",
            "https://localhost./",
            "https://127.0.0.1/",
            "https://2130706433/",
            "https://0x7f.1/",
            "https://0177.0.0.1/",
            "https://10.1.2.3/",
            "https://[::1]/",
            "https://[::ffff:127.0.0.1]/",
            "https://[64:ff9b::7f00:1]/",
            "https://[fe80::1]/",
        ] {
            assert!(fault(bad).is_some(), "{bad}");
        }
        assert_eq!(fault_of(&Url::parse("http://127.0.0.1:8080/").unwrap(), true), None);
    }

    #[tokio::test]
    async fn a_name_of_this_machine_is_not_connected_to() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://localhost:{}/", listener.local_addr().unwrap().port());
        let error = client(false).unwrap().get(url).send().await.unwrap_err();
        assert!(format!("{error:?}").contains("no public address"), "{error:?}");
    }
}
