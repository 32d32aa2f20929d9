//! The sign-in providers of the configuration.

use std::collections::BTreeSet;

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer};
use url::Url;

use super::Config;
use super::reader::Reader;

/// What other ways of signing in, and the presets, are called.
const TAKEN: [&str; 4] = ["email", "github", "google", "password"];
const MAX_ID: usize = 30;

/// The presets, and OpenID providers of one's own.
#[derive(Clone, Debug)]
pub struct ProviderSettings {
    pub google_client_id: String,
    pub google_client_secret: SecretString,
    pub github_client_id: String,
    pub github_client_secret: SecretString,
    pub github_url: String,
    pub github_api_url: String,
    pub own: Vec<OidcProvider>,
}

impl ProviderSettings {
    pub(super) fn read(reader: &mut Reader) -> Option<Self> {
        let google_client_id = reader.get("google_client_id");
        let google_client_secret = reader.get::<String>("google_client_secret");
        let github_client_id = reader.get("github_client_id");
        let github_client_secret = reader.get::<String>("github_client_secret");
        let github_url = reader.get("github_url");
        let github_api_url = reader.get("github_api_url");
        let own = reader.get_with("oidc_providers", parse);
        Some(Self {
            google_client_id: google_client_id?,
            google_client_secret: google_client_secret?.into(),
            github_client_id: github_client_id?,
            github_client_secret: github_client_secret?.into(),
            github_url: github_url?,
            github_api_url: github_api_url?,
            own: own?,
        })
    }
}

/// An OpenID provider as the setting lists it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OidcProvider {
    pub id: String,
    pub name: String,
    pub issuer: String,
    pub client_id: String,
    #[serde(deserialize_with = "secret")]
    pub client_secret: SecretString,
    /// Whether an e-mail address that it calls verified is taken for the owner's.
    #[serde(default)]
    pub trusts_email: bool,
}

fn secret<'de, D: Deserializer<'de>>(from: D) -> Result<SecretString, D::Error> {
    String::deserialize(from).map(SecretString::from)
}

/// The providers that `text` lists. The fault names the place alone: the text holds secrets.
fn parse(text: &str) -> Result<Vec<OidcProvider>, String> {
    serde_json::from_str(text).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        format!(
            "MENTORSHIP_OIDC_PROVIDERS is not the JSON array that it should be: see line {line}, column {column}, and the \
             fields id, name, issuer, clientId, clientSecret, trustsEmail"
        )
    })
}

pub(super) fn check(config: &Config, faults: &mut Vec<String>) {
    let settings = &config.providers;
    for (name, id, secret) in [
        ("GOOGLE", &settings.google_client_id, &settings.google_client_secret),
        ("GITHUB", &settings.github_client_id, &settings.github_client_secret),
    ] {
        if id.is_empty() != secret.expose_secret().is_empty() {
            faults.push(format!("MENTORSHIP_{name}_CLIENT_ID and MENTORSHIP_{name}_CLIENT_SECRET go together"));
        }
    }
    for (name, url) in [("GITHUB_URL", &settings.github_url), ("GITHUB_API_URL", &settings.github_api_url)] {
        faults.extend(address_fault(config, url).map(|fault| format!("MENTORSHIP_{name} {fault}")));
    }
    let mut seen = BTreeSet::from(TAKEN);
    for provider in &settings.own {
        let mut report = |fault: &str| {
            faults.push(format!("MENTORSHIP_OIDC_PROVIDERS: the provider {:?} {fault}", provider.id));
        };
        if !is_id(&provider.id) {
            report("has an id that is not 1 to 30 of a-z, 0-9 and -");
        } else if !seen.insert(&provider.id) {
            report("has an id that is taken");
        }
        if provider.name.trim().is_empty() || provider.name.chars().count() > 50 {
            report("has no name of 1 to 50 characters");
        }
        if provider.client_id.is_empty() || provider.client_secret.expose_secret().is_empty() {
            report("lacks its clientId or its clientSecret");
        }
        if let Some(fault) = address_fault(config, &provider.issuer) {
            report(&format!("has an issuer that {fault}"));
        }
    }
}

fn is_id(id: &str) -> bool {
    let fits = |letter: u8| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == b'-';
    (1..=MAX_ID).contains(&id.len()) && id.bytes().all(fits)
}

fn address_fault(config: &Config, text: &str) -> Option<&'static str> {
    let Ok(url) = Url::parse(text) else { return Some("is not an address") };
    let is_bare = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    match url.scheme() {
        "https" if is_bare => None,
        "http" if is_bare && !config.is_production() => None,
        "http" if is_bare => Some("must be https in production"),
        _ => Some("is not an https address without query and fragment"),
    }
}
