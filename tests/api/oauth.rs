//! Signing in with a provider, from the button to the session (promises B1, B2, B9, B10, B11, B13).

use std::collections::BTreeSet;

use chrono::TimeDelta;
use entity::{account, oauth_handover, session, user};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::json;
use support::{App, Providers};
use tokio::task::JoinSet;

use crate::journey::{
    COOKIE, Journey, PAGE, VERIFIER, ada, app, exchange, exchange_body, located, me, outcome, sign_in, start_query,
};

#[tokio::test]
async fn a_member_signs_in_with_a_certified_provider() {
    let app = app().await;
    let claims = ada(&app);
    let first = sign_in(&app, &claims).await;
    assert_eq!(first.header("cache-control"), Some("no-store"));
    let first = first.ok();
    let profile = me(&app, &first).await;
    assert_eq!((&profile["name"], &profile["email"]), (&json!("Ada Lindqvist"), &claims["email"]));
    assert_eq!(first["user"]["emailVerified"], true);
    let again = sign_in(&app, &claims).await.ok();
    assert_eq!(again["user"]["id"], first["user"]["id"]);
    assert_eq!(user::Entity::find().count(app.db()).await.unwrap(), 1);
    let account = account::Entity::find().one(app.db()).await.unwrap().unwrap();
    let identity = format!("{} {}", Providers::shared().honest, claims["sub"].as_str().unwrap());
    assert_eq!((account.provider.as_str(), account.provider_account_id), ("honest", identity));
}

#[tokio::test]
async fn the_sign_in_page_learns_the_providers() {
    let app = app().await;
    let shown = app.visitor().get("/auth/providers").await.ok();
    let ids: Vec<_> = shown["items"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["github", "honest", "forger", "aloof", "liar", "dead"]);
    assert!(!shown.to_string().contains("secret"), "{shown}");
    let none = App::start().await.visitor().get("/auth/providers").await.ok();
    assert_eq!(none, json!({ "items": [] }));
}

#[tokio::test]
async fn the_provider_is_asked_with_pkce_a_state_and_a_nonce_that_nobody_guesses() {
    let app = app().await;
    let mut seen = BTreeSet::new();
    for _ in 0..3 {
        let mut journey = Journey::new(&app);
        let address = journey.begin("honest").await;
        let asked: std::collections::HashMap<_, _> = address.query_pairs().into_owned().collect();
        assert_eq!(asked["response_type"], "code");
        assert_eq!(asked["code_challenge_method"], "S256");
        assert_eq!(asked["scope"], "openid email profile");
        assert_eq!(asked["redirect_uri"], "http://localhost:8080/api/v1/auth/oauth/honest/callback");
        assert!(!asked.contains_key("login_hint"));
        for name in ["state", "nonce", "code_challenge"] {
            assert!(asked[name].len() >= 43 && seen.insert(asked[name].clone()), "{name}");
        }
        let cookie = journey.browser.cookie(COOKIE).unwrap();
        assert!(!address.as_str().contains(cookie) && !cookie.contains(&asked["state"]));
    }
}

#[tokio::test]
async fn the_cookie_is_of_this_host_alone_and_nothing_is_written_before_the_callback() {
    let app = app().await;
    let start = app.visitor().get(format!("/auth/oauth/honest/start?{}", start_query())).await;
    let cookie = start.all("set-cookie");
    assert!(cookie.starts_with(&format!("{COOKIE}=")), "{cookie}");
    for attribute in ["HttpOnly", "Secure", "SameSite=Lax", "Path=/", "Max-Age=600"] {
        assert!(cookie.split("; ").any(|one| one == attribute), "{attribute} in {cookie}");
    }
    assert!(!cookie.contains("Domain") && cookie.len() < 4096, "{cookie}");
    assert_eq!(oauth_handover::Entity::find().count(app.db()).await.unwrap(), 0);
}

#[tokio::test]
async fn a_callback_that_this_browser_does_not_await_sets_no_session() {
    let app = app().await;
    let (mut mine, mut others) = (Journey::new(&app), Journey::new(&app));
    let foreign = others.sign_in("honest", ("login_hint", &ada(&app))).await;
    mine.open(&foreign).await.refused(400, "invalid_oauth_state");
    mine.begin("honest").await;
    mine.open(&foreign).await.refused(400, "invalid_oauth_state");
    let mut stateless = foreign.clone();
    stateless.query_pairs_mut().clear().append_pair("code", "1");
    others.open(&stateless).await.refused(400, "invalid_oauth_state");
    let sealed = others.browser.cookie(COOKIE).unwrap().to_owned();
    let another = if sealed.starts_with('A') { 'B' } else { 'A' };
    others.browser.set_cookie(COOKIE, &format!("{another}{}", &sealed[1..]));
    others.open(&foreign).await.refused(400, "invalid_oauth_state");
    others.browser.set_cookie(COOKIE, &sealed);
    assert_eq!(outcome(&others.open(&foreign).await).0, "code");
    assert_eq!(session::Entity::find().count(app.db()).await.unwrap(), 0);
}

#[tokio::test]
async fn a_state_is_good_once_and_for_ten_minutes() {
    let app = app().await;
    let mut journey = Journey::new(&app);
    let callback = journey.sign_in("honest", ("login_hint", &ada(&app))).await;
    let sealed = journey.browser.cookie(COOKIE).unwrap().to_owned();
    assert_eq!(outcome(&journey.open(&callback).await).0, "code");
    assert_eq!(journey.browser.cookie(COOKIE), None);
    journey.browser.set_cookie(COOKIE, &sealed);
    journey.open(&callback).await.refused(400, "invalid_oauth_state");

    let mut slow = Journey::new(&app);
    let callback = slow.sign_in("honest", ("login_hint", &ada(&app))).await;
    app.clock.advance(TimeDelta::minutes(10));
    slow.open(&callback).await.refused(400, "invalid_oauth_state");
}

#[tokio::test]
async fn a_callback_that_comes_many_times_at_once_counts_once() {
    let app = app().await;
    let mut journey = Journey::new(&app);
    let callback = journey.sign_in("honest", ("login_hint", &ada(&app))).await;
    let cookie = format!("{COOKIE}={}", journey.browser.cookie(COOKIE).unwrap());
    let mut attempts = JoinSet::new();
    for _ in 0..16 {
        let (visitor, cookie) = (app.visitor(), cookie.clone());
        let path = format!("{}?{}", callback.path(), callback.query().unwrap());
        attempts.spawn(async move { visitor.get_with(path, &[("Cookie", &cookie)]).await });
    }
    let (went_on, refused): (Vec<_>, Vec<_>) =
        attempts.join_all().await.into_iter().partition(|answer| answer.status == 302);
    assert_eq!((went_on.len(), refused.len()), (1, 15));
    refused.iter().for_each(|answer| _ = answer.refused(400, "invalid_oauth_state"));
    exchange(&app, &outcome(&went_on[0]).1).await.ok();
    assert_eq!(session::Entity::find().count(app.db()).await.unwrap(), 1);
}

#[tokio::test]
async fn a_code_is_exchanged_once_by_whoever_has_its_verifier_within_a_minute() {
    let app = app().await;
    let code = Journey::new(&app).code(&ada(&app)).await;
    let other = json!({ "code": code, "codeVerifier": VERIFIER.replace('d', "e") });
    app.visitor().post("/auth/oauth/exchange", other).await.refused(400, "invalid_oauth_code");
    exchange(&app, "another-code").await.refused(400, "invalid_oauth_code");
    exchange(&app, &code).await.ok();
    exchange(&app, &code).await.refused(400, "invalid_oauth_code");

    let late = Journey::new(&app).code(&ada(&app)).await;
    app.clock.advance(TimeDelta::seconds(60));
    exchange(&app, &late).await.refused(400, "invalid_oauth_code");
}

#[tokio::test]
async fn a_code_that_is_exchanged_many_times_at_once_makes_one_session() {
    let app = app().await;
    for _ in 0..5 {
        let before = session::Entity::find().count(app.db()).await.unwrap();
        let code = Journey::new(&app).code(&ada(&app)).await;
        let mut attempts = JoinSet::new();
        for _ in 0..16 {
            let (visitor, body) = (app.visitor(), exchange_body(&code));
            attempts.spawn(async move { visitor.post("/auth/oauth/exchange", body).await.status });
        }
        let statuses = attempts.join_all().await;
        assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
        assert_eq!(statuses.iter().filter(|status| **status == 400).count(), 15, "{statuses:?}");
        assert_eq!(session::Entity::find().count(app.db()).await.unwrap(), before + 1);
    }
}

#[tokio::test]
async fn the_browser_returns_to_allowed_origins_only() {
    let app = app().await;
    let visitor = app.visitor();
    let start =
        async |page: &str| visitor.get(format!("/auth/oauth/honest/start?{}", start_query().replace(PAGE, page))).await;
    for page in ["https://evil.test/", "http://localhost:5173.evil.test/", "http://localhost:5174/", "/signed-in"] {
        start(page).await.invalid("/returnTo");
    }
    located(&start("http://localhost:3000/any/page?with=query").await);
    visitor.get(format!("/auth/oauth/nobody/start?{}", start_query())).await.refused(404, "not_found");
    visitor.get("/auth/oauth/nobody/callback").await.refused(404, "not_found");
}

/// A provider that passes on another's code, or is answered for by another, gets nowhere.
#[tokio::test]
async fn an_answer_counts_for_the_provider_that_was_asked_alone() {
    let app = app().await;
    let mut journey = Journey::new(&app);
    let callback = journey.sign_in("honest", ("login_hint", &ada(&app))).await;
    let elsewhere = callback.as_str().replace("/honest/", "/forger/").parse().unwrap();
    journey.open(&elsewhere).await.refused(400, "invalid_oauth_state");
    let names_another = callback.as_str().replace("iss=http", "iss=https").parse().unwrap();
    assert_eq!(
        outcome(&journey.open(&names_another).await),
        ("error".to_owned(), "provider_answer_invalid".to_owned())
    );

    let mut unnamed = Journey::new(&app);
    let callback = unnamed.sign_in("honest", ("login_hint", &ada(&app))).await;
    let pairs: Vec<_> = callback.query_pairs().into_owned().filter(|(name, _)| name != "iss").collect();
    let mut unnamed_callback = callback.clone();
    unnamed_callback.query_pairs_mut().clear().extend_pairs(pairs);
    assert_eq!(outcome(&unnamed.open(&unnamed_callback).await).1, "provider_answer_invalid");
}

#[tokio::test]
async fn no_token_of_a_provider_is_kept_and_no_trace_of_the_person_once_they_are_in() {
    let app = app().await;
    let claims = ada(&app);
    let code = Journey::new(&app).code(&claims).await;
    let row = oauth_handover::Entity::find().one(app.db()).await.unwrap().unwrap();
    let kept = format!("{row:?}");
    for secret in [code.as_str(), claims["sub"].as_str().unwrap(), claims["email"].as_str().unwrap(), "eyJ"] {
        assert!(!kept.contains(secret), "{secret} in {kept}");
    }
    exchange(&app, &code).await.ok();
    let taken = oauth_handover::Entity::find().filter(oauth_handover::Column::Identity.is_not_null());
    assert_eq!(taken.count(app.db()).await.unwrap(), 0);
    app.clock.advance(TimeDelta::minutes(13));
    Journey::new(&app).code(&claims).await;
    assert_eq!(oauth_handover::Entity::find().count(app.db()).await.unwrap(), 1);
}

#[tokio::test]
async fn whoever_says_no_at_the_provider_is_told_so() {
    let app = app().await;
    let mut journey = Journey::new(&app);
    let address = journey.begin("honest").await;
    let callback = journey.browser.follow(address).await;
    assert_eq!(outcome(&journey.open(&callback).await), ("error".to_owned(), "access_denied".to_owned()));
    assert_eq!(journey.browser.cookie(COOKIE), None);
    let failed = json!({ "error": "server_error" });
    let told = Journey::new(&app).outcome("forger", ("forge", &failed)).await;
    assert_eq!(told, ("error".to_owned(), "provider_answer_invalid".to_owned()));
}
