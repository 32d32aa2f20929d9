//! GitHub is OAuth 2 without an ID token: who it is, and which of the addresses is proven, its API must be asked.

use oauth2::{AuthType, AuthUrl, TokenResponse, TokenUrl};
use serde::Deserialize;
use url::Url;

use super::registration::Registration;
use super::{Failure, Http, Identity};
use crate::oauth::flow::Flow;

const SCOPES: [&str; 2] = ["read:user", "user:email"];

pub struct Github {
    pub issuer: String,
    registration: Registration,
    authorize: AuthUrl,
    token: TokenUrl,
    api: String,
}

#[derive(Deserialize)]
struct User {
    id: u64,
    login: String,
    name: Option<String>,
}

#[derive(Deserialize)]
struct Email {
    email: String,
    primary: bool,
    verified: bool,
}

impl Github {
    pub fn new(base: &str, api: &str, registration: Registration) -> Result<Self, url::ParseError> {
        let base = base.trim_end_matches('/');
        Ok(Self {
            issuer: base.to_owned(),
            registration,
            authorize: AuthUrl::new(format!("{base}/login/oauth/authorize"))?,
            token: TokenUrl::new(format!("{base}/login/oauth/access_token"))?,
            api: api.trim_end_matches('/').to_owned(),
        })
    }

    pub fn authorize(&self, flow: &Flow) -> Url {
        self.registration.authorize(self.authorize.clone(), &SCOPES, flow)
    }

    pub async fn identify(&self, http: &Http, code: &str, flow: &Flow) -> Result<Identity, Failure> {
        let granted = self.registration.redeem(http, self.token.clone(), AuthType::RequestBody, code, flow).await?;
        let token = granted.access_token().secret();
        let user: User = http.get(&format!("{}/user", self.api), Some(token)).await?;
        let emails: Vec<Email> = http.get(&format!("{}/user/emails", self.api), Some(token)).await?;
        let primary = emails.into_iter().find(|email| email.primary);
        Ok(Identity {
            issuer: self.issuer.clone(),
            subject: user.id.to_string(),
            email_proven: primary.as_ref().is_some_and(|email| email.verified),
            email: primary.map(|email| email.email),
            name: user.name.or(Some(user.login)),
        })
    }
}
