//! Nothing secret or personal is in the logs, whatever is sent and however it fails (promise O1).

use sea_orm::{ConnectionTrait, TransactionTrait};
use serde_json::{Value, json};
use support::{App, Client, Process, Proxy, is_postgres};

const PASSWORD: &str = "canary-password-7f3a";
const EMAIL: &str = "canary-address-7f3a@example.org";
const MESSAGE: &str = "canary-message-7f3a";

#[tokio::test(flavor = "multi_thread")]
async fn the_log_holds_no_secret() {
    let app = App::start().await;
    app.set_clock_to_now();
    let pair = app.pair().await;
    let url = app.url();
    let proxy = if is_postgres() { Some(Proxy::start().await) } else { None };
    let through = proxy.as_ref().map_or(url.clone(), |proxy| proxy.url(&url));
    let variables = [("DATABASE_URL", through.as_str()), ("RUST_LOG", "debug"), ("MENTORSHIP_LOG_FORMAT", "json")];
    let process = Process::serve(&variables).await;
    let visitor = app.visitor().at(process.url(""));

    let person = json!({ "name": "canary-name-7f3a", "email": EMAIL, "password": PASSWORD });
    visitor.post("/auth/sign-up", person.clone()).await.accepted();
    visitor.post("/auth/sign-up", person).await.accepted();
    let tokens = visitor.post("/auth/sign-in", json!({ "email": EMAIL, "password": PASSWORD })).await.ok();
    visitor
        .post("/auth/sign-in", json!({ "email": EMAIL, "password": "canary-wrong-7f3a" }))
        .await
        .refused(401, "invalid_credentials");
    let (access, refresh) = (tokens["accessToken"].as_str().unwrap(), tokens["refreshToken"].as_str().unwrap());
    visitor.post("/auth/refresh", json!({ "refreshToken": refresh })).await.ok();
    visitor
        .post("/auth/refresh", json!({ "refreshToken": "canary-refresh-7f3a" }))
        .await
        .refused(401, "invalid_refresh_token");
    for token in [access, "canary-access-7f3a"] {
        visitor.get_with("/notifications", &[("Authorization", &format!("Bearer {token}"))]).await;
    }
    let sender = pair.mentor.at(process.url(""));
    let messages = format!("/mentorships/{}/messages", pair.id);
    let message = json!({ "clientId": "019b0000-0000-7000-8000-000000000001", "content": MESSAGE });
    sender.post(&messages, message).await.created();
    sender
        .post(&messages, json!({ "clientId": "x", "content": MESSAGE, "canary-field-7f3a": 1 }))
        .await
        .refused(422, "invalid_input");
    sender
        .call_raw("POST", &messages, "application/json", format!("{{{MESSAGE}").into_bytes())
        .await
        .refused(400, "malformed_request");
    sender.get(format!("/notifications?canary-query-7f3a={EMAIL}")).await.refused(422, "invalid_input");
    sender.get("/canary-path-7f3a").await.refused(404, "not_found");
    sender.post_with("/auth/sign-out", &[("Idempotency-Key", "canary-key-7f3a")], Value::Null).await.no_content();
    let sender = pair.mentee.at(process.url(""));
    fail_inside(&app, &sender, &messages).await;
    lose_the_database(&app, proxy.as_ref(), &sender, &messages).await;

    process.signal("KILL");
    let (_, log) = process.wait();
    for kept in ["answered", "internal error", "the database cannot answer"] {
        assert!(log.contains(kept), "the log is not kept: {log}");
    }
    for secret in ["7f3a", access, refresh, &refresh[4..40], sender.token().unwrap().as_str()] {
        let found: Vec<_> = log.lines().filter(|line| line.contains(secret)).take(3).collect();
        assert!(found.is_empty(), "{secret} is in the log: {found:#?}");
    }
}

fn another_message() -> Value {
    json!({ "clientId": uuid::Uuid::new_v4(), "content": MESSAGE })
}

/// The database refuses a row for a reason that no code of ours foresees; PostgreSQL tells the whole row with it.
async fn fail_inside(app: &App, sender: &Client, messages: &str) {
    let (broken, mended) = if is_postgres() {
        (
            "ALTER TABLE messages ADD CONSTRAINT never CHECK (content = '') NOT VALID",
            "ALTER TABLE messages DROP CONSTRAINT never",
        )
    } else {
        ("CREATE TRIGGER never BEFORE INSERT ON messages BEGIN SELECT RAISE(ABORT, 'never'); END", "DROP TRIGGER never")
    };
    app.db().execute_unprepared(broken).await.unwrap();
    let failed = sender.post_failing(messages, &another_message()).await;
    assert_eq!(failed, (500, "internal".to_owned()));
    app.db().execute_unprepared(mended).await.unwrap();
    sender.post(messages, another_message()).await.created();
}

/// The link is cut, or on SQLite the write lock does not come.
async fn lose_the_database(app: &App, proxy: Option<&Proxy>, sender: &Client, messages: &str) {
    if let Some(proxy) = proxy {
        proxy.cut();
        sender.post(messages, another_message()).await.refused(503, "unavailable");
        proxy.restore();
    } else {
        let lock = app.db().begin().await.unwrap();
        lock.execute_unprepared("UPDATE settings SET version = version").await.unwrap();
        sender.post(messages, another_message()).await.refused(503, "unavailable");
        lock.rollback().await.unwrap();
    }
}
