//! Text messages by an HTTP gateway in the form of Twilio's API.

use std::time::Duration;

use anyhow::{Context, Result};
use reqwest::StatusCode;
use reqwest::header::CONTENT_TYPE;
use reqwest::redirect::Policy;
use secrecy::{ExposeSecret, SecretString};
use url::form_urlencoded::Serializer;

use crate::config::Config;
use crate::deliveries::Outcome;

const PATIENCE: Duration = Duration::from_secs(5);

pub struct Gateway {
    http: reqwest::Client,
    url: String,
    account: String,
    token: SecretString,
    from: String,
}

impl Gateway {
    /// Nothing where no account is configured.
    pub fn new(config: &Config) -> Result<Option<Self>> {
        let settings = &config.channels;
        if settings.sms_account.is_empty() {
            return Ok(None);
        }
        let http = reqwest::Client::builder().user_agent("mentorship").timeout(PATIENCE).redirect(Policy::none());
        let http = http.build().context("no HTTPS to the SMS gateway")?;
        let url = format!("{}/2010-04-01/Accounts/{}/Messages.json", settings.sms_url, settings.sms_account);
        let (account, token, from) =
            (settings.sms_account.clone(), settings.sms_token.clone(), settings.sms_from.clone());
        Ok(Some(Self { http, url, account, token, from }))
    }

    pub async fn send(&self, to: &str, text: &str) -> Outcome {
        let form =
            Serializer::new(String::new()).extend_pairs([("To", to), ("From", &self.from), ("Body", text)]).finish();
        let request = self
            .http
            .post(&self.url)
            .basic_auth(&self.account, Some(self.token.expose_secret()))
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(form);
        match request.send().await {
            Ok(answer) => outcome_of(answer.status()),
            Err(error) => {
                tracing::warn!(cause = %error.without_url(), "the SMS gateway did not answer");
                Outcome::Failed
            }
        }
    }
}

/// What is wrong with one message is so for good; what is wrong with the account or the gateway can be mended.
fn outcome_of(status: StatusCode) -> Outcome {
    match status {
        status if status.is_success() => Outcome::Sent(None),
        StatusCode::BAD_REQUEST | StatusCode::NOT_FOUND => Outcome::Refused,
        status => {
            tracing::warn!(%status, "the SMS gateway refused a message");
            Outcome::Failed
        }
    }
}
