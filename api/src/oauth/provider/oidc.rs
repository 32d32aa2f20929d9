//! OpenID Connect: discovery, sign-in, and who it was.

use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::decode_header;
use oauth2::{AuthType, AuthUrl, TokenResponse, TokenUrl};
use serde::Deserialize;
use serde_json::Value;
use std::sync::Arc;
use url::Url;

use super::cached::Cached;
use super::id_token::{self, Claims, Expected};
use super::keys::Keys;
use super::profile::{Profile, Trust};
use super::registration::{Granted, Registration};
use super::{Failure, Http, Identity};
use crate::oauth::flow::Flow;

const SCOPES: [&str; 3] = ["openid", "email", "profile"];
const DISCOVERY_KEPT: TimeDelta = TimeDelta::hours(1);

pub struct Oidc {
    pub issuer: String,
    registration: Registration,
    trust: Trust,
    discovered: Cached<Metadata>,
    keys: Keys,
}

/// What discovery tells (OpenID Connect Discovery 1.0, section 3).
#[derive(Deserialize)]
struct Metadata {
    issuer: String,
    authorization_endpoint: AuthUrl,
    token_endpoint: TokenUrl,
    jwks_uri: String,
    userinfo_endpoint: Option<String>,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

#[derive(Deserialize)]
struct UserInfo {
    sub: String,
    #[serde(flatten)]
    profile: Profile,
}

impl Oidc {
    pub fn new(issuer: &str, registration: Registration, trust: Trust) -> Self {
        Self { issuer: issuer.to_owned(), registration, trust, discovered: Cached::default(), keys: Keys::default() }
    }

    pub async fn authorize(&self, http: &Http, flow: &Flow, now: DateTime<Utc>) -> Result<Url, Failure> {
        let metadata = self.discover(http, now).await?;
        Ok(self.registration.authorize(metadata.authorization_endpoint.clone(), &SCOPES, flow))
    }

    /// Whom the provider signed in; `iss` is what the callback said of its sender (RFC 9207).
    pub async fn identify(
        &self,
        http: &Http,
        code: &str,
        iss: Option<&str>,
        flow: &Flow,
        now: DateTime<Utc>,
    ) -> Result<Identity, Failure> {
        let metadata = self.discover(http, now).await?;
        if iss.is_none() && metadata.authorization_response_iss_parameter_supported {
            return Err(Failure::Invalid("the callback does not name its issuer"));
        }
        let (endpoint, auth) = (metadata.token_endpoint.clone(), metadata.client_authentication());
        let granted = self.registration.redeem(http, endpoint, auth, code, flow).await?;
        let claims = self.checked_claims(http, &granted, &metadata, flow, now).await?;
        let told = self.user_info(http, &granted, &metadata, &claims).await?;
        let profile = told.as_ref().unwrap_or(&claims.profile);
        Ok(Identity {
            issuer: self.issuer.clone(),
            email: profile.email().map(str::to_owned),
            email_proven: profile.proves_email(self.trust),
            name: profile.name().map(str::to_owned),
            subject: claims.sub,
        })
    }

    async fn checked_claims(
        &self,
        http: &Http,
        granted: &Granted,
        metadata: &Metadata,
        flow: &Flow,
        now: DateTime<Utc>,
    ) -> Result<Claims, Failure> {
        let token = granted.extra_fields().id_token.as_deref().ok_or(Failure::Invalid("there is no ID token"))?;
        let header = decode_header(token).map_err(|_| Failure::Invalid("the ID token cannot be read"))?;
        let key = self.keys.of(&header, http, &metadata.jwks_uri, now).await?;
        let claims = id_token::read(token, header.alg, &key)?;
        let client_id = &self.registration.client_id;
        claims.check(&Expected { issuer: &self.issuer, client_id, nonce: &flow.nonce, now })?;
        Ok(claims)
    }

    /// The claims of the user-info endpoint, where the ID token has no address. They must be of the same person
    /// (OpenID Connect Core 1.0, section 5.3.2).
    async fn user_info(
        &self,
        http: &Http,
        granted: &Granted,
        metadata: &Metadata,
        claims: &Claims,
    ) -> Result<Option<Profile>, Failure> {
        let Some(endpoint) = metadata.userinfo_endpoint.as_deref().filter(|_| claims.profile.email().is_none()) else {
            return Ok(None);
        };
        let told: UserInfo = http.get(endpoint, Some(granted.access_token().secret())).await?;
        if told.sub == claims.sub {
            Ok(Some(told.profile))
        } else {
            Err(Failure::Invalid("the user info is of somebody else"))
        }
    }

    async fn discover(&self, http: &Http, now: DateTime<Utc>) -> Result<Arc<Metadata>, Failure> {
        if let Some(metadata) = self.discovered.within(DISCOVERY_KEPT, now) {
            return Ok(metadata);
        }
        let address = format!("{}/.well-known/openid-configuration", self.issuer.trim_end_matches('/'));
        let answer: Value = http.get(&address, None).await?;
        let metadata: Metadata =
            serde_json::from_value(answer).map_err(|_| Failure::Invalid("the discovery document is not complete"))?;
        if metadata.issuer != self.issuer {
            return Err(Failure::Invalid("the discovery document is of another issuer"));
        }
        Ok(self.discovered.keep(metadata, now))
    }
}

impl Metadata {
    /// Basic is what every provider takes that does not say otherwise.
    fn client_authentication(&self) -> AuthType {
        let takes_basic = |methods: &Vec<String>| methods.iter().any(|method| method == "client_secret_basic");
        let is_basic = self.token_endpoint_auth_methods_supported.as_ref().is_none_or(takes_basic);
        if is_basic { AuthType::BasicAuth } else { AuthType::RequestBody }
    }
}
