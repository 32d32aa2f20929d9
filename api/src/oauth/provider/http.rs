//! Requests to providers: short, capped, and to nobody else, since no redirect is followed.

use std::time::Duration;

use oauth2::http::header::{ACCEPT, AUTHORIZATION};
use oauth2::{HttpRequest, HttpResponse};
use reqwest::redirect::Policy;
use serde::de::DeserializeOwned;

use super::Failure;

const PATIENCE: Duration = Duration::from_secs(5);
const MAX_ANSWER: usize = 1024 * 1024;

pub struct Http(reqwest::Client);

impl Http {
    pub fn new() -> reqwest::Result<Self> {
        let client = reqwest::Client::builder()
            .user_agent("mentorship")
            .timeout(PATIENCE)
            .redirect(Policy::none())
            // Workers have a runtime each; a connection that waits for reuse would tie one to another.
            .pool_max_idle_per_host(0);
        client.build().map(Self)
    }

    /// A successful answer to GET, read as JSON.
    pub async fn get<T: DeserializeOwned>(&self, url: &str, token: Option<&str>) -> Result<T, Failure> {
        let mut request = HttpRequest::default();
        *request.uri_mut() = url.parse().map_err(|_| Failure::Invalid("an address of the provider is none"))?;
        let headers = request.headers_mut();
        headers.insert(ACCEPT, "application/json".parse().map_err(|_| UNREADABLE)?);
        if let Some(token) = token {
            headers.insert(AUTHORIZATION, format!("Bearer {token}").parse().map_err(|_| UNREADABLE)?);
        }
        let answer = self.send(request).await?;
        if !answer.status().is_success() {
            return Err(Failure::Unavailable("the provider refused a request"));
        }
        serde_json::from_slice(answer.body()).map_err(|_| UNREADABLE)
    }

    pub async fn send(&self, request: HttpRequest) -> Result<HttpResponse, Failure> {
        let request = request.try_into().map_err(|_| Failure::Invalid("an address of the provider is none"))?;
        let mut answer = self.0.execute(request).await.map_err(|_| UNREACHABLE)?;
        let status = answer.status();
        if status.is_server_error() {
            return Err(Failure::Unavailable("the provider failed"));
        }
        let mut response = HttpResponse::default();
        *response.status_mut() = status;
        *response.headers_mut() = answer.headers().clone();
        while let Some(chunk) = answer.chunk().await.map_err(|_| UNREACHABLE)? {
            if response.body().len() + chunk.len() > MAX_ANSWER {
                return Err(Failure::Invalid("an answer of the provider is too large"));
            }
            response.body_mut().extend_from_slice(&chunk);
        }
        Ok(response)
    }
}

const UNREACHABLE: Failure = Failure::Unavailable("the provider did not answer in time");
const UNREADABLE: Failure = Failure::Invalid("an answer of the provider is not what it should be");
