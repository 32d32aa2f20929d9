//! A browser as far as a sign-in needs one: it keeps cookies by origin and follows redirects when told.

use std::collections::BTreeMap;

use reqwest::Url;
use reqwest::header::{COOKIE, HeaderMap, LOCATION, SET_COOKIE};

use crate::answer::Answer;
use crate::app::App;
use crate::client::Client;

pub struct Browser {
    http: reqwest::Client,
    api: Client,
    public_url: String,
    cookies: BTreeMap<String, BTreeMap<String, String>>,
}

impl Browser {
    pub fn new(app: &App) -> Self {
        let http = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let public_url = app.state.config.public_url.clone();
        Self { http, api: app.visitor(), public_url, cookies: BTreeMap::new() }
    }

    /// Opens an address of the API, as its public address or as a path below `/api/v1`.
    pub async fn open(&mut self, address: &str) -> Answer {
        let path = address.strip_prefix(&self.public_url).unwrap_or(address).trim_start_matches("/api/v1");
        let own = self.public_url.clone();
        let cookies = self.cookies_of(&own);
        let headers: Vec<_> = cookies.iter().map(|cookies| ("Cookie", cookies.as_str())).collect();
        let answer = self.api.get_with(path, &headers).await;
        self.keep(&own, &answer.headers);
        answer
    }

    /// Follows a provider's redirects until one leads back to the API: to there.
    pub async fn follow(&mut self, mut address: Url) -> Url {
        for _ in 0..10 {
            if address.as_str().starts_with(&self.public_url) {
                return address;
            }
            let origin = address.origin().ascii_serialization();
            let mut request = self.http.get(address.clone());
            if let Some(cookies) = self.cookies_of(&origin) {
                request = request.header(COOKIE, cookies);
            }
            let answer = request.send().await.unwrap();
            self.keep(&origin, answer.headers());
            let (status, headers) = (answer.status(), answer.headers().clone());
            let body = answer.text().await.unwrap();
            let next = headers.get(LOCATION).unwrap_or_else(|| panic!("{address} leads nowhere: {status} {body:.500}"));
            address = address.join(next.to_str().unwrap()).unwrap();
        }
        panic!("{address} is not the last redirect");
    }

    /// The cookie `name` of the API.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.get(&self.public_url)?.get(name).map(String::as_str)
    }

    /// Puts a cookie of the API, or one of another browser.
    pub fn set_cookie(&mut self, name: &str, value: &str) {
        self.cookies.entry(self.public_url.clone()).or_default().insert(name.to_owned(), value.to_owned());
    }

    fn cookies_of(&self, origin: &str) -> Option<String> {
        let known = self.cookies.get(origin).filter(|known| !known.is_empty())?;
        Some(known.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; "))
    }

    fn keep(&mut self, origin: &str, headers: &HeaderMap) {
        let known = self.cookies.entry(origin.to_owned()).or_default();
        for line in headers.get_all(SET_COOKIE).iter().filter_map(|line| line.to_str().ok()) {
            let (pair, attributes) = line.split_once(';').unwrap_or((line, ""));
            let (name, value) = pair.split_once('=').unwrap();
            if value.is_empty() || attributes.to_ascii_lowercase().contains("max-age=0") {
                known.remove(name);
            } else {
                known.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}
