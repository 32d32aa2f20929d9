//! ID tokens that are not what they should be, and providers that are down or misbehave (promises B8, B12).

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use entity::{session, user};
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};
use support::{App, Providers};

use crate::journey::{Journey, app, exchange, start_query};

async fn outcome(app: &App, forge: Value) -> (String, String) {
    Journey::new(app).outcome("forger", ("forge", &forge)).await
}

fn error(word: &str) -> (String, String) {
    ("error".to_owned(), word.to_owned())
}

/// The claims of a sign-in as somebody of their own.
fn person(app: &App) -> Value {
    let id = app.state.new_id().simple();
    json!({ "sub": format!("sub-{id}"), "email": format!("{id}@example.org") })
}

#[tokio::test]
async fn an_id_token_with_a_wrong_claim_signs_nobody_in() {
    let app = app().await;
    let now = app.clock.now().timestamp();
    let wrong = [
        json!({ "nonce": "another" }),
        json!({ "nonce": null }),
        json!({ "aud": "another" }),
        json!({ "aud": ["another"] }),
        json!({ "aud": null }),
        json!({ "aud": ["mentorship", "another"] }),
        json!({ "aud": ["mentorship", "another"], "azp": "another" }),
        json!({ "azp": "another" }),
        json!({ "iss": "https://another.example" }),
        json!({ "iss": format!("{}/", Providers::shared().forger) }),
        json!({ "iss": null }),
        json!({ "exp": now - 61 }),
        json!({ "exp": null }),
        json!({ "exp": (now + 300).to_string() }),
        json!({ "iat": now + 90 }),
        json!({ "iat": null }),
        json!({ "nbf": now + 90 }),
        json!({ "nbf": "tomorrow" }),
        json!({ "sub": null }),
        json!({ "sub": "" }),
        json!({ "sub": "s".repeat(256) }),
        json!({ "sub": 7 }),
    ];
    for claims in wrong {
        let told = outcome(&app, json!({ "claims": claims })).await;
        assert_eq!(told, error("provider_answer_invalid"), "{claims}");
    }
    let right = [
        person(&app),
        json!({ "aud": ["mentorship"], "azp": "mentorship" }),
        json!({ "aud": ["mentorship", "another"], "azp": "mentorship" }),
        json!({ "exp": now - 30, "iat": now + 30, "nbf": now + 30 }),
    ];
    for claims in right {
        assert_eq!(outcome(&app, json!({ "claims": claims })).await.0, "code", "{claims}");
    }
    assert_eq!(session::Entity::find().count(app.db()).await.unwrap(), 0);
}

#[tokio::test]
async fn an_id_token_that_the_provider_did_not_sign_signs_nobody_in() {
    let app = app().await;
    let wrong = [
        json!({ "alg": "none" }),
        json!({ "alg": "HS256" }),
        json!({ "key": "stranger" }),
        json!({ "key": "stranger", "kid": "usual" }),
        json!({ "kid": "nobody's" }),
    ];
    for forge in wrong {
        assert_eq!(outcome(&app, forge.clone()).await, error("provider_answer_invalid"), "{forge}");
    }
    assert_eq!(outcome(&app, json!({})).await.0, "code");
}

/// Alone in its own provider: what it counts must be its own requests.
#[tokio::test]
async fn unknown_keys_are_asked_for_once_a_minute_and_then_known() {
    let providers = Providers::start("http://localhost:8080");
    let app = App::start_with(|config| providers.configure(config)).await;
    app.set_clock_to_now();
    let fetched = async || {
        let told: Value = reqwest::get(format!("{}/requests", providers.forger)).await.unwrap().json().await.unwrap();
        told["keys"].as_u64().unwrap()
    };
    assert_eq!(outcome(&app, json!({})).await.0, "code");
    assert_eq!(fetched().await, 1);
    for _ in 0..5 {
        assert_eq!(outcome(&app, json!({ "key": "new" })).await, error("provider_answer_invalid"));
    }
    assert_eq!(fetched().await, 1);
    app.clock.advance(TimeDelta::seconds(61));
    assert_eq!(outcome(&app, json!({ "key": "new" })).await.0, "code");
    assert_eq!(outcome(&app, json!({})).await.0, "code");
    assert_eq!(fetched().await, 2);
}

#[tokio::test]
async fn a_flag_that_is_no_boolean_verifies_no_address() {
    let app = app().await;
    for flag in [json!("true"), json!(1), json!(false), json!(null)] {
        let mut claims = person(&app);
        claims["email_verified"] = flag;
        let (_, code) = outcome(&app, json!({ "claims": claims })).await;
        exchange(&app, &code).await.refused(403, "provider_email_unverified");
    }
    let (_, code) = outcome(&app, json!({ "claims": person(&app) })).await;
    exchange(&app, &code).await.ok();
    assert_eq!(user::Entity::find().count(app.db()).await.unwrap(), 1);
}

#[tokio::test]
async fn a_provider_that_misbehaves_ends_the_sign_in_and_nothing_else() {
    let app = app().await;
    for (how, word) in [
        (json!(500), "provider_unavailable"),
        (json!(400), "provider_answer_invalid"),
        (json!("huge"), "provider_answer_invalid"),
        (json!("garbage"), "provider_answer_invalid"),
        (json!("redirect"), "provider_answer_invalid"),
        (json!("hang"), "provider_unavailable"),
    ] {
        let began = Instant::now();
        assert_eq!(outcome(&app, json!({ "token": how })).await, error(word), "{how}");
        assert!(began.elapsed() < Duration::from_secs(5), "{how}");
    }
}

#[tokio::test]
async fn a_provider_that_is_down_or_lies_about_itself_is_told_at_once_and_passwords_work() {
    let app = app().await;
    let body = json!({ "name": "Ada", "email": "ada@example.org", "password": "a long walk by the river" });
    app.visitor().post("/auth/sign-up", body.clone()).await.accepted();
    for (provider, word) in [("dead", "provider_unavailable"), ("liar", "provider_answer_invalid")] {
        let answer = app.visitor().get(format!("/auth/oauth/{provider}/start?{}", start_query())).await;
        assert_eq!(crate::journey::outcome(&answer), error(word));
    }
    let known = json!({ "email": body["email"], "password": body["password"] });
    app.visitor().post("/auth/sign-in", known).await.ok();
}
