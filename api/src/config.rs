//! Settings: compiled-in defaults, overridden by the environment, every fault reported at once.

use std::collections::BTreeSet;

use base64::prelude::{BASE64_STANDARD, Engine};
use figment::Figment;
use figment::providers::{Format, Serialized, Toml};
use figment::value::Value;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde::de::DeserializeOwned;

const DEFAULTS: &str = include_str!("../config.default.toml");
const PREFIX: &str = "MENTORSHIP_";
const PLAIN_NAMES: [&str; 5] = ["APP_ENV", "HOST", "PORT", "DATABASE_URL", "RUST_LOG"];

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum AppEnv {
    Development,
    Production,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    Auto,
    Pretty,
    Json,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum EmailVerification {
    Auto,
    Required,
    Off,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "UPPERCASE")]
pub enum Synchronous {
    Full,
    Normal,
}

#[derive(Clone, Debug)]
pub struct Config {
    pub app_env: AppEnv,
    pub host: String,
    pub port: u16,
    pub database_url: SecretString,
    pub rust_log: String,
    pub log_format: LogFormat,
    pub public_url: String,
    pub cors_origins: Vec<String>,
    pub signing_key: SecretString,
    pub token_secret: SecretString,
    pub email_verification: EmailVerification,
    pub docs: bool,
    pub workers: usize,
    pub database_connections: u32,
    pub sqlite_synchronous: Synchronous,
    pub acquire_timeout: u64,
    pub request_timeout: u64,
    pub body_timeout: u64,
    pub body_limit: usize,
    pub drain_seconds: u64,
    pub shutdown_seconds: u64,
    pub hash_permits: usize,
}

/// Everything that is wrong with the configuration, a line each.
#[derive(Debug, thiserror::Error)]
#[error("the configuration is not usable:\n  - {}", .0.join("\n  - "))]
pub struct Faults(Vec<String>);

impl Config {
    /// Reads the process environment over the defaults.
    pub fn from_environment() -> Result<Self, Faults> {
        Self::from_variables(std::env::vars())
    }

    /// Reads `variables`, as the environment would hold them, over the defaults.
    pub fn from_variables(variables: impl IntoIterator<Item = (String, String)>) -> Result<Self, Faults> {
        let mut reader = Reader::new(variables);
        let config = Self::read(&mut reader);
        match config {
            Some(config) => {
                config.check(&mut reader.faults);
                reader.faults.is_empty().then_some(config).ok_or(Faults(reader.faults))
            }
            None => Err(Faults(reader.faults)),
        }
    }

    fn read(reader: &mut Reader) -> Option<Self> {
        let app_env = reader.get("app_env");
        let host = reader.get("host");
        let port = reader.get("port");
        let database_url = reader.get::<String>("database_url");
        let rust_log = reader.get("rust_log");
        let log_format = reader.get("log_format");
        let public_url = reader.get::<String>("public_url");
        let cors_origins = reader.get("cors_origins");
        let signing_key = reader.get::<String>("signing_key");
        let token_secret = reader.get::<String>("token_secret");
        let email_verification = reader.get("email_verification");
        let docs = reader.get("docs");
        let workers = reader.get("workers");
        let database_connections = reader.get("database_connections");
        let sqlite_synchronous = reader.get("sqlite_synchronous");
        let acquire_timeout = reader.get("acquire_timeout");
        let request_timeout = reader.get("request_timeout");
        let body_timeout = reader.get("body_timeout");
        let body_limit = reader.get("body_limit");
        let drain_seconds = reader.get("drain_seconds");
        let shutdown_seconds = reader.get("shutdown_seconds");
        let hash_permits = reader.get("hash_permits");
        Some(Self {
            app_env: app_env?,
            host: host?,
            port: port?,
            database_url: database_url?.into(),
            rust_log: rust_log?,
            log_format: log_format?,
            public_url: public_url?.trim_end_matches('/').to_owned(),
            cors_origins: cors_origins?,
            signing_key: signing_key?.into(),
            token_secret: token_secret?.into(),
            email_verification: email_verification?,
            docs: docs?,
            workers: workers?,
            database_connections: database_connections?,
            sqlite_synchronous: sqlite_synchronous?,
            acquire_timeout: acquire_timeout?,
            request_timeout: request_timeout?,
            body_timeout: body_timeout?,
            body_limit: body_limit?,
            drain_seconds: drain_seconds?,
            shutdown_seconds: shutdown_seconds?,
            hash_permits: hash_permits?,
        })
    }

    fn check(&self, faults: &mut Vec<String>) {
        let mut demand = |holds: bool, fault: &str| {
            if !holds {
                faults.push(fault.to_owned());
            }
        };
        let database = self.database_url.expose_secret();
        demand(
            ["sqlite:", "postgres:", "postgresql:"].iter().any(|scheme| database.starts_with(scheme)),
            "DATABASE_URL must begin with sqlite: or postgres:",
        );
        demand(
            self.rust_log.parse::<tracing_subscriber::EnvFilter>().is_ok(),
            "RUST_LOG is not a filter that tracing-subscriber understands",
        );
        demand(is_origin(&self.public_url), "MENTORSHIP_PUBLIC_URL must be an http or https origin without a path");
        for origin in &self.cors_origins {
            demand(
                is_origin(origin),
                &format!(
                    "MENTORSHIP_CORS_ORIGINS: {origin:?} is not an exact origin (scheme://host[:port], no wildcard)"
                ),
            );
        }
        demand(
            self.token_secret.expose_secret().chars().count() >= 32,
            "MENTORSHIP_TOKEN_SECRET must have at least 32 characters",
        );
        demand(self.database_connections > 0, "MENTORSHIP_DATABASE_CONNECTIONS must be at least 1");
        demand(self.body_limit >= 1024, "MENTORSHIP_BODY_LIMIT must be at least 1024");
        for (seconds, name) in [
            (self.acquire_timeout, "ACQUIRE_TIMEOUT"),
            (self.request_timeout, "REQUEST_TIMEOUT"),
            (self.body_timeout, "BODY_TIMEOUT"),
        ] {
            demand(seconds > 0, &format!("{PREFIX}{name} must be at least 1 second"));
        }
        if self.is_development_key() {
            demand(!self.is_production(), "MENTORSHIP_SIGNING_KEY must be set in production");
        } else {
            demand(
                self.signing_key_der().is_some(),
                "MENTORSHIP_SIGNING_KEY is not base64 of a PKCS #8 Ed25519 key in DER",
            );
        }
        if self.is_production() {
            demand(
                !self.token_secret.expose_secret().starts_with("development"),
                "MENTORSHIP_TOKEN_SECRET must be set in production",
            );
            demand(self.public_url.starts_with("https://"), "MENTORSHIP_PUBLIC_URL must be https in production");
            demand(
                !self.cors_origins.iter().any(|origin| origin.starts_with("http://")),
                "MENTORSHIP_CORS_ORIGINS must be https origins in production",
            );
        }
    }

    pub fn is_production(&self) -> bool {
        self.app_env == AppEnv::Production
    }

    pub fn is_development_key(&self) -> bool {
        self.signing_key.expose_secret() == "development"
    }

    /// The PKCS #8 form of the configured Ed25519 key: 16 bytes of header, then the 32 bytes of the key (RFC 8410, section 7).
    pub fn signing_key_der(&self) -> Option<Vec<u8>> {
        const HEADER: [u8; 16] = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
        if self.is_development_key() {
            return Some([HEADER.as_slice(), &[7; 32]].concat());
        }
        let der = BASE64_STANDARD.decode(self.signing_key.expose_secret().trim()).ok()?;
        (der.len() == 48 && der.starts_with(&HEADER)).then_some(der)
    }

    pub fn verified_email_required(&self) -> bool {
        match self.email_verification {
            EmailVerification::Required => true,
            EmailVerification::Off => false,
            EmailVerification::Auto => self.is_production(),
        }
    }

    pub fn worker_count(&self) -> usize {
        or_cores(self.workers)
    }

    pub fn hash_permit_count(&self) -> usize {
        or_cores(self.hash_permits)
    }

    pub fn logs_json(&self) -> bool {
        match self.log_format {
            LogFormat::Json => true,
            LogFormat::Pretty => false,
            LogFormat::Auto => self.is_production(),
        }
    }
}

fn or_cores(count: usize) -> usize {
    if count > 0 { count } else { std::thread::available_parallelism().map_or(2, usize::from) }
}

fn is_origin(text: &str) -> bool {
    url::Url::parse(text)
        .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.origin().ascii_serialization() == text)
        && !text.contains('*')
}

struct Reader {
    figment: Figment,
    faults: Vec<String>,
}

impl Reader {
    fn new(variables: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut figment = Figment::from(Toml::string(DEFAULTS));
        let known: BTreeSet<String> = figment
            .extract::<figment::value::Dict>()
            .map(|defaults| defaults.into_keys().collect())
            .unwrap_or_default();
        let mut faults = Vec::new();
        for (name, text) in variables {
            let Some(key) = setting_of(&name) else { continue };
            if !known.contains(&key) {
                faults.push(format!("{name} names no setting"));
                continue;
            }
            let value = parse(&figment, &key, text);
            figment = figment.merge(Serialized::default(&key, value));
        }
        Self { figment, faults }
    }

    fn get<T: DeserializeOwned>(&mut self, key: &str) -> Option<T> {
        self.figment
            .extract_inner(key)
            .map_err(|error| self.faults.push(format!("{}: {}", variable_of(key), error.kind)))
            .ok()
    }
}

fn setting_of(variable: &str) -> Option<String> {
    if PLAIN_NAMES.contains(&variable) {
        return Some(variable.to_lowercase());
    }
    variable.strip_prefix(PREFIX).map(str::to_lowercase)
}

fn variable_of(key: &str) -> String {
    let name = key.to_uppercase();
    if PLAIN_NAMES.contains(&name.as_str()) { name } else { format!("{PREFIX}{name}") }
}

/// A variable takes the kind of its default: a list is split at commas, numbers and switches are read, all else is text.
fn parse(defaults: &Figment, key: &str, text: String) -> Value {
    match defaults.find_value(key) {
        Ok(Value::Array(..)) => Value::from(
            text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect::<Vec<_>>(),
        ),
        Ok(Value::Num(..)) => text.parse::<u64>().map_or_else(|_| Value::from(text.clone()), Value::from),
        Ok(Value::Bool(..)) => text.parse::<bool>().map_or_else(|_| Value::from(text.clone()), Value::from),
        _ => Value::from(text),
    }
}
