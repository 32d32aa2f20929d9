//! What makes a configuration unusable although each value can be read.

use redis::IntoConnectionInfo;
use secrecy::ExposeSecret;

use super::{Config, PREFIX, channels, providers};

/// As many as microseconds tell apart.
const MOST_A_MINUTE: u32 = 10_000_000;

impl Config {
    fn is_smtp_usable(&self) -> bool {
        let url = self.smtp_url.expose_secret();
        let known = |url: &str| lettre::AsyncSmtpTransport::<lettre::Tokio1Executor>::from_url(url).is_ok();
        url.is_empty() || known(url)
    }

    pub(super) fn check(&self, faults: &mut Vec<String>) {
        providers::check(self, faults);
        channels::check(self, faults);
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
        let redis = self.redis_url.expose_secret();
        demand(
            redis.is_empty() || redis.into_connection_info().is_ok(),
            "REDIS_URL must be redis://HOST:PORT, or rediss:// with TLS",
        );
        demand(
            self.rust_log.parse::<tracing_subscriber::EnvFilter>().is_ok(),
            "RUST_LOG is not a filter that tracing-subscriber understands",
        );
        demand(is_origin(&self.public_url), "MENTORSHIP_PUBLIC_URL must be an http or https origin without a path");
        demand(is_page(&self.app_url), "MENTORSHIP_APP_URL must be an http or https URL without query and fragment");
        demand(
            self.mail_from.parse::<lettre::message::Mailbox>().is_ok(),
            "MENTORSHIP_MAIL_FROM must be an address such as \"Mentorship <no-reply@example.org>\"",
        );
        demand(self.is_smtp_usable(), "MENTORSHIP_SMTP_URL must be smtp:// or smtps://[USER:PASSWORD@]HOST[:PORT]");
        for origin in &self.cors_origins {
            demand(
                is_origin(origin),
                &format!(
                    "MENTORSHIP_CORS_ORIGINS: {origin:?} is not an exact origin (scheme://host[:port], no wildcard)"
                ),
            );
        }
        for host in &self.allowed_hosts {
            demand(
                is_host(host),
                &format!("MENTORSHIP_ALLOWED_HOSTS: {host:?} is not a host name, or one with a port, in lower case"),
            );
        }
        demand(
            self.token_secret.expose_secret().chars().count() >= 32,
            "MENTORSHIP_TOKEN_SECRET must have at least 32 characters",
        );
        demand(self.database_connections > 0, "MENTORSHIP_DATABASE_CONNECTIONS must be at least 1");
        for (limit, name) in [(self.rate_limit, "RATE_LIMIT"), (self.attempt_limit, "ATTEMPT_LIMIT")] {
            demand(limit <= MOST_A_MINUTE, &format!("{PREFIX}{name} must be at most {MOST_A_MINUTE}"));
        }
        demand(self.hash_niceness <= 19, "MENTORSHIP_HASH_NICENESS must be at most 19");
        demand((1..=365).contains(&self.event_days), "MENTORSHIP_EVENT_DAYS must be from 1 to 365");
        demand(self.export_permits > 0, "MENTORSHIP_EXPORT_PERMITS must be at least 1");
        demand(self.body_limit >= 1024, "MENTORSHIP_BODY_LIMIT must be at least 1024");
        for (seconds, name) in [
            (self.acquire_timeout, "ACQUIRE_TIMEOUT"),
            (self.request_timeout, "REQUEST_TIMEOUT"),
            (self.body_timeout, "BODY_TIMEOUT"),
            (self.answer_timeout, "ANSWER_TIMEOUT"),
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
        demand(
            self.verification_keys().is_some(),
            "MENTORSHIP_VERIFICATION_KEYS must each be base64 of an Ed25519 key in DER, PKCS #8 or SPKI",
        );
        if self.is_production() {
            demand(
                !self.accepts_development_key(),
                "MENTORSHIP_VERIFICATION_KEYS has the development key, which production refuses",
            );
            demand(
                !self.token_secret.expose_secret().starts_with("development"),
                "MENTORSHIP_TOKEN_SECRET must be set in production",
            );
            demand(!self.smtp_url.expose_secret().is_empty(), "MENTORSHIP_SMTP_URL must be set in production");
            demand(
                self.app_url.starts_with("https://") || !is_page(&self.app_url),
                "MENTORSHIP_APP_URL must be https in production",
            );
            demand(self.public_url.starts_with("https://"), "MENTORSHIP_PUBLIC_URL must be https in production");
            demand(
                !self.cors_origins.iter().any(|origin| origin.starts_with("http://")),
                "MENTORSHIP_CORS_ORIGINS must be https origins in production",
            );
        }
    }
}

fn is_page(text: &str) -> bool {
    url::Url::parse(text).is_ok_and(|url| {
        matches!(url.scheme(), "http" | "https") && url.has_host() && url.query().is_none() && url.fragment().is_none()
    })
}

fn is_host(text: &str) -> bool {
    // Without its default port, which an origin leaves out.
    let shown = |url: url::Url| url.origin().ascii_serialization();
    url::Url::parse(&format!("http://{text}"))
        .is_ok_and(|url| shown(url) == format!("http://{}", text.strip_suffix(":80").unwrap_or(text)))
        && !text.contains('*')
}

pub(super) fn is_origin(text: &str) -> bool {
    url::Url::parse(text)
        .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.origin().ascii_serialization() == text)
        && !text.contains('*')
}
