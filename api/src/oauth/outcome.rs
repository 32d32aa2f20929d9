//! How a sign-in at a provider came out, as the application is told.

use actix_web::HttpResponse;
use actix_web::cookie::Cookie;
use actix_web::http::header::{CACHE_CONTROL, LOCATION};
use anyhow::Context;
use url::Url;
use url::form_urlencoded::Serializer;

use super::flow::{self, Flow};
use super::provider::{Failure, Provider};
use crate::error::Result;

/// What the fragment of the address says that the browser returns to. Servers and their logs never see a fragment.
pub enum Outcome {
    /// To be exchanged, once.
    Code(String),
    /// `access_denied`, `provider_unavailable` or `provider_answer_invalid`.
    Error(&'static str),
}

impl Outcome {
    pub const DENIED: Self = Self::Error("access_denied");

    /// Tells the log why, and the application what.
    pub fn of_failure(provider: &Provider, failure: Failure) -> Self {
        tracing::warn!(provider = %provider.id, reason = %failure, "nobody was signed in by a provider");
        Self::Error(match failure {
            Failure::Unavailable(_) => "provider_unavailable",
            Failure::Invalid(_) => "provider_answer_invalid",
        })
    }
}

/// Where the browser goes next.
pub struct Redirect {
    to: Url,
    cookie: Cookie<'static>,
}

impl Redirect {
    pub fn to_provider(to: Url, cookie: Cookie<'static>) -> Self {
        Self { to, cookie }
    }

    /// Back to the application; the sign-in is over in this browser.
    pub fn back(flow: &Flow, outcome: &Outcome) -> Result<Self> {
        let mut to = Url::parse(&flow.return_to).context("an address that was checked is one")?;
        let (name, value) = match outcome {
            Outcome::Code(code) => ("code", code.as_str()),
            Outcome::Error(word) => ("error", *word),
        };
        to.set_fragment(Some(&Serializer::new(String::new()).append_pair(name, value).finish()));
        Ok(Self { to, cookie: flow::removal() })
    }

    pub fn into_response(self) -> HttpResponse {
        HttpResponse::Found()
            .insert_header((LOCATION, self.to.as_str()))
            .insert_header((CACHE_CONTROL, "no-store"))
            .cookie(self.cookie)
            .finish()
    }
}
