//! Guessing at passwords: slowed down for strangers, never a lock on those who know it (promises C16, K5, K8).

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::{Value, json};
use support::{Answer, App};

use crate::identity::tokens;

const ADA: &str = "ada@example.org";
const WRONG: &str = "not the password";

/// The password of `identity::tokens`.
const RIGHT: &str = "a long walk by the river";

async fn sign_in(app: &App, email: &str, password: &str) -> Answer {
    try_on(app, email, password, &Value::Null).await
}

async fn try_on(app: &App, email: &str, password: &str, device: &Value) -> Answer {
    let mut body = json!({ "email": email, "password": password });
    if !device.is_null() {
        body["deviceToken"] = device.clone();
    }
    app.visitor().post("/auth/sign-in", body).await
}

async fn fail(app: &App, times: usize, device: &Value) {
    for _ in 0..times {
        try_on(app, ADA, WRONG, device).await.refused(401, "invalid_credentials");
    }
}

#[track_caller]
fn must_wait(answer: &Answer, seconds: i64) {
    assert_eq!(answer.header("retry-after"), Some(seconds.to_string().as_str()), "{answer}");
    answer.refused(429, "too_many_attempts");
}

#[tokio::test]
async fn after_ten_failures_each_attempt_waits_twice_as_long() {
    let app = App::start().await;
    tokens(&app).await;
    fail(&app, 10, &Value::Null).await;
    for seconds in [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900] {
        must_wait(&sign_in(&app, ADA, RIGHT).await, seconds);
        app.clock.advance(TimeDelta::seconds(seconds));
        fail(&app, 1, &Value::Null).await;
    }
    app.clock.advance(TimeDelta::minutes(15));
    sign_in(&app, ADA, RIGHT).await.ok();
    fail(&app, 10, &Value::Null).await;
    must_wait(&sign_in(&app, ADA, RIGHT).await, 1);
    app.clock.advance(TimeDelta::seconds(1) + TimeDelta::minutes(15));
    fail(&app, 10, &Value::Null).await;
}

#[tokio::test]
async fn an_unknown_address_is_slowed_down_like_a_known_one() {
    let app = App::start().await;
    tokens(&app).await;
    for _ in 0..14 {
        let mut seen = Vec::new();
        for email in [ADA, "nobody@example.org"] {
            let answer = sign_in(&app, email, WRONG).await;
            let mut problem = answer.json();
            problem.as_object_mut().unwrap().remove("instance");
            let names: Vec<_> = answer.names().into_iter().map(str::to_owned).collect();
            seen.push((answer.status, answer.header("retry-after").map(str::to_owned), names, problem));
        }
        assert_eq!(seen[0], seen[1]);
    }
    // However it is written: an address is compared without regard to ASCII case.
    must_wait(&sign_in(&app, "ADA@example.org", RIGHT).await, 1);
}

#[tokio::test]
async fn the_right_password_works_on_a_known_device_while_strangers_guess() {
    let app = App::start().await;
    let device = tokens(&app).await["deviceToken"].clone();
    assert!(device.as_str().unwrap().starts_with("mdt_"));
    fail(&app, 10, &Value::Null).await;
    must_wait(&sign_in(&app, ADA, RIGHT).await, 1);
    let again = try_on(&app, ADA, RIGHT, &device).await.ok();
    must_wait(&sign_in(&app, ADA, RIGHT).await, 1);

    fail(&app, 10, &device).await;
    must_wait(&try_on(&app, ADA, RIGHT, &device).await, 1);
    // The token of the later sign-in is one of the same device.
    must_wait(&try_on(&app, ADA, RIGHT, &again["deviceToken"]).await, 1);
    app.clock.advance(TimeDelta::seconds(1));
    try_on(&app, ADA, RIGHT, &device).await.ok();
}

#[tokio::test]
async fn a_device_token_counts_for_its_account_and_opens_nothing() {
    let app = App::start().await;
    let device = tokens(&app).await["deviceToken"].as_str().unwrap().to_owned();
    app.visitor().post("/auth/sign-up", json!({ "name": "Eve", "email": "eve@example.org", "password": RIGHT })).await;
    let foreign = sign_in(&app, "eve@example.org", RIGHT).await.ok()["deviceToken"].clone();
    fail(&app, 10, &Value::Null).await;
    let none = [foreign, json!("mdt_"), json!(""), json!(format!("{device}A")), json!(&device[4..])];
    for token in none {
        must_wait(&try_on(&app, ADA, RIGHT, &token).await, 1);
    }
    try_on(&app, ADA, WRONG, &json!(device)).await.refused(401, "invalid_credentials");
    let header = format!("Bearer {device}");
    app.visitor().get_with("/me", &[("Authorization", &header)]).await.refused(401, "unauthenticated");
    let refused = app.visitor().post("/auth/refresh", json!({ "refreshToken": device })).await;
    refused.refused(401, "invalid_refresh_token");
    try_on(&app, ADA, RIGHT, &json!("x".repeat(201))).await.invalid("/deviceToken");
}

#[tokio::test]
async fn an_address_has_sixty_attempts_a_minute() {
    let change = |config: &mut api::config::Config| {
        config.attempt_limit = 60;
        config.trusted_proxies = vec!["127.0.0.1/32".parse().unwrap()];
    };
    let app = App::start_with(change).await;
    let guess = async |number: usize, from: &str| {
        let body = json!({ "email": format!("user-{number}@example.org"), "password": WRONG });
        app.visitor().post_with("/auth/sign-in", &[("X-Forwarded-For", from)], body).await
    };
    for number in 0..60 {
        guess(number, "198.51.100.7").await.refused(401, "invalid_credentials");
    }
    must_wait(&guess(60, "198.51.100.7").await, 1);
    guess(60, "198.51.100.8").await.refused(401, "invalid_credentials");
    app.clock.advance(TimeDelta::seconds(1));
    guess(60, "198.51.100.7").await.refused(401, "invalid_credentials");
}

#[tokio::test(flavor = "multi_thread")]
async fn guesses_at_the_same_time_are_as_dear_as_in_turn() {
    let app = App::start_with(|config| config.hash_queue = 100).await;
    tokens(&app).await;
    let answers = join_all((0..40).map(|_| sign_in(&app, ADA, WRONG))).await;
    let tried = answers.iter().filter(|answer| answer.status == 401).count();
    let refused = answers.iter().filter(|answer| answer.status == 429).count();
    assert_eq!((tried, refused), (10, 30));
}

#[tokio::test]
async fn a_stolen_session_does_not_help_to_guess_the_password() {
    let app = App::start().await;
    let tokens = tokens(&app).await;
    let header = format!("Bearer {}", tokens["accessToken"].as_str().unwrap());
    let prove = async |password: &str| {
        let headers = [("Authorization", header.as_str())];
        app.visitor().post_with("/auth/reauthenticate", &headers, json!({ "password": password })).await
    };
    for _ in 0..10 {
        prove(WRONG).await.refused(401, "invalid_credentials");
    }
    must_wait(&prove(RIGHT).await, 1);
    sign_in(&app, ADA, RIGHT).await.ok();
    app.clock.advance(TimeDelta::seconds(1));
    prove(RIGHT).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_finds_no_place_to_be_hashed_is_refused_at_once_and_counts_for_nobody() {
    let change = |config: &mut api::config::Config| (config.hash_permits, config.hash_queue) = (1, 2);
    let app = App::start_with(change).await;
    tokens(&app).await;
    let strangers = |number: usize| format!("user-{number}@example.org");
    let flood = async |first: usize| {
        for turn in 0.. {
            sign_in(&app, &strangers(first + 10 * turn), WRONG).await;
        }
    };
    let probe = async {
        let mut times = Vec::new();
        for turn in 0.. {
            let (started, email) = (Instant::now(), strangers(10 * turn + 9));
            let answer = sign_in(&app, &email, WRONG).await;
            if answer.status == 503 {
                times.push(started.elapsed());
                assert_eq!(answer.header("retry-after"), Some("1"));
                answer.refused(503, "unavailable");
            }
            if times.len() == 20 {
                break;
            }
        }
        times.into_iter().min().unwrap()
    };
    let quickest = tokio::select! {
        quickest = probe => quickest,
        _ = join_all((0..6).map(flood)) => unreachable!("it does not end"),
    };
    // The others wait for this process, which sends them.
    assert!(quickest < Duration::from_millis(100), "refused after {quickest:?}");

    // Nobody was kept waiting by what was never tried.
    for _ in 0..15 {
        join_all((0..4).map(|_| sign_in(&app, ADA, RIGHT))).await;
    }
    sign_in(&app, ADA, RIGHT).await.ok();
    let over_long = sign_in(&app, ADA, &"x".repeat(257)).await;
    over_long.invalid("/password");
}

/// What can be tried without an account, each with a body that is read.
fn without_account() -> [(&'static str, Value); 8] {
    let token = json!({ "token": "mvt_made-up" });
    [
        ("/auth/sign-up", json!({ "name": "Eve", "email": "eve@example.org", "password": RIGHT })),
        ("/auth/sign-in-link", json!({ "email": ADA })),
        ("/auth/password-reset", json!({ "email": ADA })),
        ("/auth/verify-email", token.clone()),
        ("/auth/email-change/confirm", token.clone()),
        ("/auth/email-change/undo", token.clone()),
        ("/auth/password-reset/redeem", json!({ "token": "mvt_made-up", "password": RIGHT })),
        ("/auth/invitations/accept", json!({ "token": "mvt_made-up", "name": "Eve", "password": RIGHT })),
    ]
}

#[tokio::test]
async fn an_address_signs_up_asks_for_mail_and_tries_tokens_so_often_a_minute() {
    let app = App::start_with(|config| config.attempt_limit = 8).await;
    for (path, body) in without_account() {
        let once = app.visitor().post(path, body).await;
        assert!(matches!(once.status, 202 | 401), "{once}");
    }
    for (path, body) in without_account() {
        app.visitor().post(path, body).await.refused(429, "too_many_attempts");
    }
    app.clock.advance(TimeDelta::minutes(1));
    for (path, body) in without_account() {
        assert_ne!(app.visitor().post(path, body).await.status, 429, "{path}");
    }
}
