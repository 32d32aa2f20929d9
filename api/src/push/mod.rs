//! Web Push: a message for a browser, encrypted so that only it can read it (RFC 8291), handed to the browser's push service
//! (RFC 8030) in our name (VAPID, RFC 8292).

mod encrypt;
mod vapid;

use anyhow::{Context, Result};
use chrono::{DateTime, TimeDelta, Utc};
use entity::push_subscription::Model;
use reqwest::StatusCode;
use reqwest::header::{AUTHORIZATION, CONTENT_ENCODING};
use url::Url;

use crate::config::Config;
use crate::outgoing;
pub use encrypt::Keys;
pub use vapid::{Vapid, read_key};

/// After so long a message is of no use any more.
const TTL: TimeDelta = TimeDelta::days(1);

/// What a browser is told.
pub struct Message {
    /// A message with the same topic takes the place of one that was not shown yet
    pub topic: String,
    pub text: String,
}

/// What a push service made of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pushed {
    Taken,
    /// The browser takes no messages any more
    Gone,
    Refused,
    Failed,
}

pub struct Pusher {
    pub vapid: Vapid,
    http: reqwest::Client,
    /// Whether push services may be anywhere, which is for tests
    anywhere: bool,
}

impl Pusher {
    /// Nothing where no key is configured.
    pub fn new(config: &Config) -> Result<Option<Self>> {
        let Some(vapid) = Vapid::new(config)? else { return Ok(None) };
        let anywhere = config.channels.push_anywhere;
        let http = outgoing::client(anywhere).context("no HTTPS to push services")?;
        Ok(Some(Self { vapid, http, anywhere }))
    }

    pub fn fault_of(&self, endpoint: &Url) -> Option<&'static str> {
        outgoing::fault_of(endpoint, self.anywhere)
    }

    pub async fn push(&self, to: &Model, message: &Message, now: DateTime<Utc>) -> Pushed {
        match self.try_push(to, message, now).await {
            Ok(pushed) => pushed,
            Err(error) => {
                // Whoever knows the endpoint can send there: it stays out of the log.
                tracing::warn!(cause = %format!("{error:#}"), "a push service did not take a message");
                Pushed::Failed
            }
        }
    }

    async fn try_push(&self, to: &Model, message: &Message, now: DateTime<Utc>) -> Result<Pushed> {
        let Ok(endpoint) = Url::parse(&to.endpoint) else { return Ok(Pushed::Gone) };
        let Some(keys) = Keys::read(&to.p256dh, &to.auth).filter(|_| self.fault_of(&endpoint).is_none()) else {
            return Ok(Pushed::Gone);
        };
        let body = encrypt::encrypt(&keys, message.text.as_bytes())?;
        let request = self
            .http
            .post(endpoint.clone())
            .header(AUTHORIZATION, self.vapid.authorize(&endpoint, now)?)
            .header(CONTENT_ENCODING, "aes128gcm")
            .header("TTL", TTL.num_seconds())
            .header("Topic", &message.topic)
            .body(body);
        let answer = request.send().await.map_err(reqwest::Error::without_url)?;
        Ok(match answer.status() {
            status if status.is_success() => Pushed::Taken,
            StatusCode::NOT_FOUND | StatusCode::GONE => Pushed::Gone,
            StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT => Pushed::Failed,
            status if status.is_server_error() => Pushed::Failed,
            _ => Pushed::Refused,
        })
    }
}
