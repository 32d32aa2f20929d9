use std::sync::{Arc, Mutex};

use api::auth::Claims;
use api::state::AppState;
use chrono::{DateTime, Utc};
use entity::{session, user};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE};
use reqwest::{Method, RequestBuilder};
use serde_json::Value;
use uuid::Uuid;

use crate::answer::Answer;
use crate::document::document;
use crate::stream::Stream;

/// Somebody who calls the API, or nobody. Every answer is checked against the document before the test sees it.
#[derive(Clone)]
pub struct Client {
    /// Who it is; nil for nobody.
    pub id: Uuid,
    pub name: String,
    pub email: String,
    http: reqwest::Client,
    base: String,
    signed_in: Option<SignedIn>,
}

/// A session, for which a new access token is signed whenever the clock was moved.
#[derive(Clone)]
struct SignedIn {
    state: AppState,
    session: session::Model,
    token: Arc<Mutex<Option<Token>>>,
}

struct Token {
    signed_at: DateTime<Utc>,
    text: String,
}

impl SignedIn {
    fn token(&self) -> String {
        let now = self.state.clock.now();
        let mut known = self.token.lock().unwrap();
        match &*known {
            Some(token) if token.signed_at == now => token.text.clone(),
            _ => {
                let text = self.state.auth.sign(&Claims::of_session(&self.state, &self.session, now)).unwrap();
                known.insert(Token { signed_at: now, text }).text.clone()
            }
        }
    }
}

impl Client {
    pub(crate) fn new(http: reqwest::Client, base: String) -> Self {
        Self { id: Uuid::nil(), name: String::new(), email: String::new(), http, base, signed_in: None }
    }

    pub(crate) fn signed_in(self, state: AppState, session: session::Model, user: &user::Model) -> Self {
        let signed_in = SignedIn { state, session, token: Arc::default() };
        Self { id: user.id, name: user.name.clone(), email: user.email.clone(), signed_in: Some(signed_in), ..self }
    }

    /// The same person at another server on the same database.
    pub fn at(&self, base: String) -> Self {
        Self { base, ..self.clone() }
    }

    /// The access token that the next request would carry.
    pub fn token(&self) -> Option<String> {
        self.signed_in.as_ref().map(SignedIn::token)
    }

    pub async fn get(&self, path: impl AsRef<str>) -> Answer {
        self.call("GET", path, &[], &Value::Null).await
    }

    /// The pages of a list, each the items of one answer.
    pub async fn pages(&self, path: impl AsRef<str>) -> Vec<Vec<Value>> {
        let first = path.as_ref().to_owned();
        let join = if first.contains('?') { '&' } else { '?' };
        let (mut path, mut pages) = (first.clone(), Vec::new());
        loop {
            let page = self.get(path).await.ok();
            pages.push(page["items"].as_array().unwrap().clone());
            match page["nextCursor"].as_str() {
                Some(cursor) => path = format!("{first}{join}cursor={cursor}"),
                None => return pages,
            }
        }
    }

    /// All items of a list.
    pub async fn all(&self, path: impl AsRef<str>) -> Vec<Value> {
        self.pages(path).await.concat()
    }

    pub async fn post(&self, path: impl AsRef<str>, body: Value) -> Answer {
        self.call("POST", path, &[], &body).await
    }

    pub async fn put(&self, path: impl AsRef<str>, body: Value) -> Answer {
        self.call("PUT", path, &[], &body).await
    }

    pub async fn patch(&self, path: impl AsRef<str>, body: Value) -> Answer {
        self.call("PATCH", path, &[], &body).await
    }

    pub async fn delete(&self, path: impl AsRef<str>) -> Answer {
        self.call("DELETE", path, &[], &Value::Null).await
    }

    pub async fn patch_if(&self, path: impl AsRef<str>, etag: impl AsRef<str>, body: Value) -> Answer {
        self.call("PATCH", path, &[("If-Match", etag.as_ref())], &body).await
    }

    pub async fn delete_if(&self, path: impl AsRef<str>, etag: impl AsRef<str>) -> Answer {
        self.call("DELETE", path, &[("If-Match", etag.as_ref())], &Value::Null).await
    }

    pub async fn get_with(&self, path: impl AsRef<str>, headers: &[(&str, &str)]) -> Answer {
        self.call("GET", path, headers, &Value::Null).await
    }

    pub async fn post_with(&self, path: impl AsRef<str>, headers: &[(&str, &str)], body: Value) -> Answer {
        self.call("POST", path, headers, &body).await
    }

    /// Any request; a body of `null` is none.
    pub async fn call(&self, method: &str, path: impl AsRef<str>, headers: &[(&str, &str)], body: &Value) -> Answer {
        let request = self.request(method, path.as_ref());
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        self.send(with_body(request, body), body).await
    }

    /// A POST to a server that may end at any moment, without a body where that is `null`: `None` when no whole answer came.
    pub async fn try_post(&self, path: impl AsRef<str>, body: &Value) -> Option<u16> {
        let answer = with_body(self.request("POST", path.as_ref()), body).send().await.ok()?;
        let status = answer.status().as_u16();
        answer.bytes().await.ok().map(|_| status)
    }

    /// A POST that may fail inside, where the document promises no answer: its status and its code.
    pub async fn post_failing(&self, path: impl AsRef<str>, body: &Value) -> (u16, String) {
        let answer = self.request("POST", path.as_ref()).json(body).send().await.unwrap();
        let status = answer.status().as_u16();
        let problem: Value = serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap();
        (status, problem["code"].as_str().unwrap_or_default().to_owned())
    }

    /// A request with `body` as it stands, for what is not JSON.
    pub async fn call_raw(&self, method: &str, path: impl AsRef<str>, content_type: &str, body: Vec<u8>) -> Answer {
        self.call_raw_with(method, path, &[(CONTENT_TYPE.as_str(), content_type)], body).await
    }

    /// The same with these headers and no others.
    pub async fn call_raw_with(
        &self,
        method: &str,
        path: impl AsRef<str>,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> Answer {
        let shown = Value::String(String::from_utf8_lossy(&body).chars().take(200).collect());
        let request = self.request(method, path.as_ref());
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        self.send(request.body(body), &shown).await
    }

    /// A live stream, from now on or after an event.
    pub async fn stream(&self, after: Option<&str>) -> Stream {
        self.try_stream(after).await.unwrap()
    }

    /// The same from a server that may end at any moment.
    pub async fn try_stream(&self, after: Option<&str>) -> Option<Stream> {
        let request = self.request("GET", "/events");
        let request = after.iter().fold(request, |request, id| request.header("Last-Event-ID", id.as_bytes()));
        request.send().await.ok().filter(|answer| answer.status() == 200).map(Stream::new)
    }

    /// A ticket for a stream.
    pub async fn ticket(&self) -> String {
        let ticket = self.post("/events/tickets", Value::Null).await.ok();
        ticket["ticket"].as_str().unwrap().to_owned()
    }

    fn request(&self, method: &str, path: &str) -> RequestBuilder {
        let is_whole = ["/api/", "/health/", "/docs", "/.well-known/"].iter().any(|start| path.starts_with(start));
        let prefix = if is_whole { "" } else { "/api/v1" };
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let request = self.http.request(method, format!("{}{prefix}{path}", self.base));
        match self.token() {
            Some(token) => request.header(AUTHORIZATION, format!("Bearer {token}")),
            None => request,
        }
    }

    async fn send(&self, request: RequestBuilder, body: &Value) -> Answer {
        let (http, request) = request.build_split();
        let request = request.unwrap();
        let (method, path) = (request.method().to_string(), request.url().path().to_owned());
        let query = request.url().query().map(|query| format!("?{query}")).unwrap_or_default();
        let mut asked = format!("{method} {path}{query}");
        if !self.name.is_empty() {
            asked = format!("{asked} by {}", self.name);
        }
        if !body.is_null() {
            asked = format!("{asked} with {body}");
        }
        let response = http.execute(request).await.unwrap_or_else(|error| panic!("{asked}: {error:?}"));
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        if headers.get(CONTENT_TYPE).is_some_and(|kind| kind == "text/event-stream") {
            // It has no end.
            let answer = Answer { status, asked, headers, bytes: Vec::new() };
            document().check_head(&method, &path, &answer).unwrap();
            return answer;
        }
        let bytes = response.bytes().await.unwrap_or_else(|error| panic!("{asked}: {error:?}"));
        let answer = Answer { status, asked, headers, bytes: bytes.to_vec() };
        if let Err(fault) = document().check(&method, &path, &answer) {
            panic!("the document does not promise this answer: {fault}\n{answer}");
        }
        answer
    }
}

fn with_body(request: RequestBuilder, body: &Value) -> RequestBuilder {
    if body.is_null() { request } else { request.json(body) }
}
