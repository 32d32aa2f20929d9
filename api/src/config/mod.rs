//! Settings: compiled-in defaults, overridden by the environment, every fault reported at once.

mod channels;
mod check;
mod keys;
mod providers;
mod reader;

use std::ffi::OsString;
use std::time::Duration;

use ipnet::IpNet;
use secrecy::SecretString;
use serde::Deserialize;

pub use channels::ChannelSettings;
pub use keys::VerificationKey;
pub use providers::{OidcProvider, ProviderSettings};
use reader::Reader;

const PREFIX: &str = "MENTORSHIP_";

/// How the machine itself names this server; no page elsewhere can have its own name mean that and be answered for it.
const LOOPBACK: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// What tests and tools may do in a minute.
const IN_DEVELOPMENT: u32 = 6000;

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
    pub app_url: String,
    pub redis_url: SecretString,
    pub cors_origins: Vec<String>,
    pub allowed_hosts: Vec<String>,
    pub trusted_proxies: Vec<IpNet>,
    pub rate_limit: u32,
    pub attempt_limit: u32,
    pub signing_key: SecretString,
    pub verification_keys: Vec<SecretString>,
    pub token_secret: SecretString,
    pub email_verification: EmailVerification,
    pub smtp_url: SecretString,
    pub mail_from: String,
    pub docs: bool,
    pub workers: usize,
    pub database_connections: u32,
    pub sqlite_synchronous: Synchronous,
    pub acquire_timeout: u64,
    pub request_timeout: u64,
    pub body_timeout: u64,
    pub body_limit: usize,
    pub answer_timeout: u64,
    pub drain_seconds: u64,
    pub shutdown_seconds: u64,
    pub hash_permits: usize,
    pub hash_queue: usize,
    pub hash_niceness: u8,
    pub search_permits: usize,
    pub export_permits: usize,
    pub refill_lists: bool,
    pub seat_price_minutes: u32,
    pub seat_price_people: u32,
    pub event_days: u32,
    pub providers: ProviderSettings,
    pub channels: ChannelSettings,
}

/// Everything that is wrong with the configuration, a line each.
#[derive(Debug, thiserror::Error)]
#[error("the configuration is not usable:\n  - {}", .0.join("\n  - "))]
pub struct Faults(Vec<String>);

impl Config {
    /// How long an answer may wait for something: it must be under way before the request is cut.
    pub fn patience(&self) -> Duration {
        Duration::from_secs(self.request_timeout).saturating_sub(Duration::from_secs(1)).max(Duration::from_millis(500))
    }

    /// Reads the process environment over the defaults.
    pub fn from_environment() -> Result<Self, Faults> {
        Self::from_os_variables(std::env::vars_os())
    }

    /// Reads `variables`, as the environment would hold them, over the defaults.
    pub fn from_variables(variables: impl IntoIterator<Item = (String, String)>) -> Result<Self, Faults> {
        Self::from_os_variables(variables.into_iter().map(|(name, text)| (name.into(), text.into())))
    }

    /// The same of variables that need not be text.
    pub fn from_os_variables(variables: impl IntoIterator<Item = (OsString, OsString)>) -> Result<Self, Faults> {
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
        let app_url = reader.get::<String>("app_url");
        let redis_url = reader.get::<String>("redis_url");
        let cors_origins = reader.get("cors_origins");
        let allowed_hosts = reader.get("allowed_hosts");
        let trusted_proxies = reader.get("trusted_proxies");
        let rate_limit = reader.get("rate_limit");
        let attempt_limit = reader.get("attempt_limit");
        let signing_key = reader.get::<String>("signing_key");
        let verification_keys = reader.get::<Vec<String>>("verification_keys");
        let token_secret = reader.get::<String>("token_secret");
        let email_verification = reader.get("email_verification");
        let smtp_url = reader.get::<String>("smtp_url");
        let mail_from = reader.get("mail_from");
        let docs = reader.get("docs");
        let workers = reader.get("workers");
        let database_connections = reader.get("database_connections");
        let sqlite_synchronous = reader.get("sqlite_synchronous");
        let acquire_timeout = reader.get("acquire_timeout");
        let request_timeout = reader.get("request_timeout");
        let body_timeout = reader.get("body_timeout");
        let body_limit = reader.get("body_limit");
        let answer_timeout = reader.get("answer_timeout");
        let drain_seconds = reader.get("drain_seconds");
        let shutdown_seconds = reader.get("shutdown_seconds");
        let hash_permits = reader.get("hash_permits");
        let hash_queue = reader.get("hash_queue");
        let hash_niceness = reader.get("hash_niceness");
        let search_permits = reader.get("search_permits");
        let export_permits = reader.get("export_permits");
        let refill_lists = reader.get("refill_lists");
        let seat_price_minutes = reader.get("seat_price_minutes");
        let seat_price_people = reader.get("seat_price_people");
        let event_days = reader.get("event_days");
        let providers = ProviderSettings::read(reader);
        let channels = ChannelSettings::read(reader);
        Some(Self {
            app_env: app_env?,
            host: host?,
            port: port?,
            database_url: database_url?.into(),
            rust_log: rust_log?,
            log_format: log_format?,
            public_url: public_url?.trim_end_matches('/').to_owned(),
            app_url: app_url?.trim_end_matches('/').to_owned(),
            redis_url: redis_url?.into(),
            cors_origins: cors_origins?,
            allowed_hosts: allowed_hosts?,
            trusted_proxies: trusted_proxies?,
            rate_limit: rate_limit?,
            attempt_limit: attempt_limit?,
            signing_key: signing_key?.into(),
            verification_keys: verification_keys?.into_iter().map(Into::into).collect(),
            token_secret: token_secret?.into(),
            email_verification: email_verification?,
            smtp_url: smtp_url?.into(),
            mail_from: mail_from?,
            docs: docs?,
            workers: workers?,
            database_connections: database_connections?,
            sqlite_synchronous: sqlite_synchronous?,
            acquire_timeout: acquire_timeout?,
            request_timeout: request_timeout?,
            body_timeout: body_timeout?,
            body_limit: body_limit?,
            answer_timeout: answer_timeout?,
            drain_seconds: drain_seconds?,
            shutdown_seconds: shutdown_seconds?,
            hash_permits: hash_permits?,
            hash_queue: hash_queue?,
            hash_niceness: hash_niceness?,
            search_permits: search_permits?,
            export_permits: export_permits?,
            refill_lists: refill_lists?,
            seat_price_minutes: seat_price_minutes?,
            seat_price_people: seat_price_people?,
            event_days: event_days?,
            providers: providers?,
            channels: channels?,
        })
    }

    pub fn is_production(&self) -> bool {
        self.app_env == AppEnv::Production
    }

    pub fn verified_email_required(&self) -> bool {
        match self.email_verification {
            EmailVerification::Required => true,
            EmailVerification::Off => false,
            EmailVerification::Auto => self.is_production(),
        }
    }

    /// The hosts that are answered for; none: any.
    pub fn hosts(&self) -> Vec<String> {
        if !self.allowed_hosts.is_empty() || !self.is_production() {
            return self.allowed_hosts.clone();
        }
        let url = url::Url::parse(&self.public_url).ok();
        let public = url.as_ref().and_then(url::Url::host_str);
        public.into_iter().chain(LOOPBACK).map(str::to_owned).collect()
    }

    /// Requests a minute of one account, or of one address where nobody is signed in.
    pub fn requests_a_minute(&self) -> u32 {
        self.or_by_environment(self.rate_limit, 100)
    }

    /// Attempts a minute of one address to prove who is calling.
    pub fn attempts_a_minute(&self) -> u32 {
        self.or_by_environment(self.attempt_limit, 60)
    }

    fn or_by_environment(&self, limit: u32, in_production: u32) -> u32 {
        match limit {
            0 if self.is_production() => in_production,
            0 => IN_DEVELOPMENT,
            limit => limit,
        }
    }

    pub fn worker_count(&self) -> usize {
        or_cores(self.workers)
    }

    pub fn hash_permit_count(&self) -> usize {
        or_cores(self.hash_permits)
    }

    /// How many wait for a hash: what is served in two seconds, where one takes 50 ms.
    pub fn hash_queue_length(&self) -> usize {
        if self.hash_queue > 0 { self.hash_queue } else { self.hash_permit_count() * 40 }
    }

    /// How many text searches run at once.
    pub fn search_permit_count(&self) -> usize {
        let half = (self.database_connections / 2).max(1) as usize;
        if self.search_permits > 0 { self.search_permits } else { half }
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
