//! The providers that members can sign in with: what they are asked, and how far their answers are believed.

mod cached;
mod github;
mod http;
mod id_token;
mod keys;
mod oidc;
mod profile;
mod registration;

use std::time::Duration;

use anyhow::Context;
use chrono::{DateTime, Utc};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use tokio::time::timeout;
use url::Url;

use github::Github;
use http::Http;
use oidc::Oidc;
use profile::{Profile, Trust};
use registration::Registration;

use super::flow::Flow;
use crate::config::Config;

const GOOGLE: &str = "https://accounts.google.com";

/// Why a provider has signed nobody in. The reasons are for the log; they hold nothing that a provider sent.
#[derive(Clone, Copy, Debug, thiserror::Error)]
pub enum Failure {
    #[error("{0}")]
    Unavailable(&'static str),
    #[error("{0}")]
    Invalid(&'static str),
}

/// Whom a provider has signed in. Issuer and subject are the identity; the address never is.
#[derive(Deserialize, Serialize)]
pub struct Identity {
    pub issuer: String,
    pub subject: String,
    pub email: Option<String>,
    /// Whether the address surely belongs to them.
    pub email_proven: bool,
    pub name: Option<String>,
}

/// Every provider of the configuration.
pub struct Providers {
    all: Vec<Provider>,
    /// None where there is no provider: a machine without certificates is then none the worse.
    http: Option<Http>,
    patience: Duration,
}

pub struct Provider {
    pub id: String,
    pub name: String,
    kind: Kind,
}

enum Kind {
    Oidc(Box<Oidc>),
    Github(Box<Github>),
}

impl Providers {
    pub fn new(config: &Config) -> anyhow::Result<Self> {
        let mut all = Vec::new();
        if !config.providers.google_client_id.is_empty() {
            let registration = registration(
                config,
                "google",
                &config.providers.google_client_id,
                &config.providers.google_client_secret,
            )?;
            let google = Oidc::new(GOOGLE, registration, Trust::Google);
            all.push(Provider::new("google", "Google", Kind::Oidc(Box::new(google))));
        }
        if !config.providers.github_client_id.is_empty() {
            let registration = registration(
                config,
                "github",
                &config.providers.github_client_id,
                &config.providers.github_client_secret,
            )?;
            let github = Github::new(&config.providers.github_url, &config.providers.github_api_url, registration)?;
            all.push(Provider::new("github", "GitHub", Kind::Github(Box::new(github))));
        }
        for own in &config.providers.own {
            let registration = registration(config, &own.id, &own.client_id, &own.client_secret)?;
            let trust = if own.trusts_email { Trust::Always } else { Trust::Never };
            let oidc = Oidc::new(&own.issuer, registration, trust);
            all.push(Provider::new(&own.id, &own.name, Kind::Oidc(Box::new(oidc))));
        }
        let http = if all.is_empty() { None } else { Some(Http::new().context("no HTTPS to providers")?) };
        Ok(Self { all, http, patience: config.patience() })
    }

    pub fn all(&self) -> &[Provider] {
        &self.all
    }

    pub fn get(&self, id: &str) -> Option<&Provider> {
        self.all.iter().find(|provider| provider.id == id)
    }

    /// Where the browser goes to sign in.
    pub async fn authorize(&self, provider: &Provider, flow: &Flow, now: DateTime<Utc>) -> Result<Url, Failure> {
        match &provider.kind {
            Kind::Oidc(oidc) => self.in_time(oidc.authorize(self.http()?, flow, now)).await,
            Kind::Github(github) => Ok(github.authorize(flow)),
        }
    }

    /// Whom the provider signed in, by the code that the browser brought back.
    pub async fn identify(
        &self,
        provider: &Provider,
        code: &str,
        iss: Option<&str>,
        flow: &Flow,
        now: DateTime<Utc>,
    ) -> Result<Identity, Failure> {
        if iss.is_some_and(|iss| iss != provider.issuer()) {
            return Err(Failure::Invalid("the callback is of another issuer"));
        }
        let http = self.http()?;
        match &provider.kind {
            Kind::Oidc(oidc) => self.in_time(oidc.identify(http, code, iss, flow, now)).await,
            Kind::Github(github) => self.in_time(github.identify(http, code, flow)).await,
        }
    }

    fn http(&self) -> Result<&Http, Failure> {
        self.http.as_ref().ok_or(Failure::Unavailable("there is no provider"))
    }

    async fn in_time<T>(&self, work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
        timeout(self.patience, work).await.unwrap_or(Err(Failure::Unavailable("the provider did not answer in time")))
    }
}

impl Provider {
    fn new(id: &str, name: &str, kind: Kind) -> Self {
        Self { id: id.to_owned(), name: name.to_owned(), kind }
    }

    pub fn issuer(&self) -> &str {
        match &self.kind {
            Kind::Oidc(oidc) => &oidc.issuer,
            Kind::Github(github) => &github.issuer,
        }
    }
}

/// Each provider has a redirect URI of its own, so that none can pass another's code to us.
fn registration(config: &Config, id: &str, client_id: &str, secret: &SecretString) -> anyhow::Result<Registration> {
    let redirect = format!("{}/api/v1/auth/oauth/{id}/callback", config.public_url);
    Ok(Registration::new(client_id, secret, redirect)?)
}
