//! A sign-in with a provider, step by step, as a browser and the application in it go through it.

use reqwest::Url;
use serde_json::{Value, json};
use support::{Answer, App, Browser, Client, Providers, hint};

/// The page that the application has the browser come back to.
pub const PAGE: &str = "http://localhost:5173/signed-in";

/// The example of RFC 7636, appendix B.
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// The cookie that holds a sign-in that is under way.
pub const COOKIE: &str = "__Host-mentorship-oauth";

/// A server that knows the providers of the tests, at the time of day, which they go by.
pub async fn app() -> App {
    let app = App::start_with(|config| Providers::shared().configure(config)).await;
    app.set_clock_to_now();
    app
}

pub struct Journey {
    pub browser: Browser,
}

impl Journey {
    pub fn new(app: &App) -> Self {
        Self { browser: Browser::new(app) }
    }

    /// From the button to the provider: its address.
    pub async fn begin(&mut self, provider: &str) -> Url {
        let answer = self.browser.open(&format!("/auth/oauth/{provider}/start?{}", start_query())).await;
        located(&answer)
    }

    /// From the provider to the callback, not yet opened; `parameter` tells the provider what to do.
    pub async fn sign_in(&mut self, provider: &str, parameter: (&str, &Value)) -> Url {
        let mut address = self.begin(provider).await;
        address.query_pairs_mut().append_pair(parameter.0, &hint(parameter.1));
        self.browser.follow(address).await
    }

    pub async fn open(&mut self, callback: &Url) -> Answer {
        self.browser.open(callback.as_str()).await
    }

    /// The whole way to the fragment of the application's page.
    pub async fn outcome(&mut self, provider: &str, parameter: (&str, &Value)) -> (String, String) {
        let callback = self.sign_in(provider, parameter).await;
        let answer = self.open(&callback).await;
        outcome(&answer)
    }

    /// The code at the end of a sign-in with the certified provider.
    pub async fn code(&mut self, claims: &Value) -> String {
        let (name, value) = self.outcome("honest", ("login_hint", claims)).await;
        assert_eq!(name, "code", "{value}");
        value
    }
}

pub fn start_query() -> String {
    format!("returnTo={PAGE}&codeChallenge={CHALLENGE}")
}

pub fn located(answer: &Answer) -> Url {
    assert_eq!(answer.status, 302, "{answer}");
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
    answer.header("location").unwrap().parse().unwrap()
}

/// What the page is told.
pub fn outcome(answer: &Answer) -> (String, String) {
    let page = located(answer);
    let fragment = page.fragment().unwrap_or_default().to_owned();
    assert_eq!(page.as_str(), format!("{PAGE}#{fragment}"));
    let (name, value) = fragment.split_once('=').unwrap();
    (name.to_owned(), value.to_owned())
}

pub fn exchange_body(code: &str) -> Value {
    json!({ "code": code, "codeVerifier": VERIFIER })
}

pub async fn exchange(app: &App, code: &str) -> Answer {
    app.visitor().post("/auth/oauth/exchange", exchange_body(code)).await
}

/// Signs in at the certified provider and exchanges the code.
pub async fn sign_in(app: &App, claims: &Value) -> Answer {
    let code = Journey::new(app).code(claims).await;
    exchange(app, &code).await
}

/// Somebody whom nobody has seen before, with an address that the provider has verified.
pub fn ada(app: &App) -> Value {
    let id = app.state.new_id().simple();
    json!({ "sub": format!("sub-{id}"), "email": format!("ada-{id}@example.org"), "email_verified": true, "name": "Ada Lindqvist" })
}

/// Who is signed in with these tokens.
pub async fn me(app: &App, tokens: &Value) -> Value {
    bearer(app, tokens, "GET", "/me", Value::Null).await.ok()
}

pub async fn bearer(app: &App, tokens: &Value, method: &str, path: &str, body: Value) -> Answer {
    let visitor: Client = app.visitor();
    let header = format!("Bearer {}", tokens["accessToken"].as_str().unwrap());
    visitor.call(method, path, &[("Authorization", &header)], &body).await
}
