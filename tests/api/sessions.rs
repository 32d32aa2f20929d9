//! The devices that somebody is signed in on: listed, ended singly and all at once, on every node (promises C8, C9, C11).

use std::time::{Duration, Instant};

use entity::user;
use sea_orm::ActiveValue::Set;
use serde_json::{Value, json};
use support::{Answer, App, Client};
use tokio::time::timeout;

use crate::identity::{call, refresh};
use crate::proofs::PASSWORD;

async fn with_password(app: &App) -> Client {
    let ann = app.mentor("Ann").await;
    app.set_password(&ann, PASSWORD).await;
    ann
}

async fn sign_in(app: &App, who: &Client, agent: &str) -> Value {
    let body = json!({ "email": who.email, "password": PASSWORD });
    app.visitor().post_with("/auth/sign-in", &[("User-Agent", agent)], body).await.ok()
}

#[tokio::test]
async fn the_list_names_each_device_and_the_present_one() {
    let app = App::start().await;
    let ann = with_password(&app).await;
    sign_in(&app, &ann, "Firefox on a train").await;
    let listed = ann.all("/me/sessions").await;
    assert_eq!(listed.len(), 2);
    assert_eq!((&listed[0]["userAgent"], &listed[0]["current"]), (&json!("Firefox on a train"), &json!(false)));
    assert_eq!((&listed[1]["userAgent"], &listed[1]["current"]), (&Value::Null, &json!(true)));
    assert!(app.mentee("Bo").await.all("/me/sessions").await.len() == 1);
}

#[tokio::test]
async fn one_is_ended_and_the_others_go_on() {
    let app = App::start().await;
    let ann = with_password(&app).await;
    let (lost, kept) = (sign_in(&app, &ann, "lost").await, sign_in(&app, &ann, "kept").await);
    let listed = ann.all("/me/sessions").await;
    let id = listed.iter().find(|one| one["userAgent"] == "lost").unwrap()["id"].as_str().unwrap();
    ann.delete(format!("/me/sessions/{id}")).await.no_content();
    ann.delete(format!("/me/sessions/{id}")).await.no_content();
    call(&app, &lost).await.refused(401, "unauthenticated");
    refresh(&app, &lost).await.refused(401, "invalid_refresh_token");
    call(&app, &kept).await.ok();
    assert_eq!(ann.all("/me/sessions").await.len(), 2);
    app.mentee("Bo").await.delete(format!("/me/sessions/{id}")).await.refused(404, "not_found");
}

#[tokio::test]
async fn all_are_ended_at_once() {
    let app = App::start().await;
    let ann = with_password(&app).await;
    let (first, second) = (sign_in(&app, &ann, "first").await, sign_in(&app, &ann, "second").await);
    ann.delete("/me/sessions").await.no_content();
    for tokens in [&first, &second] {
        call(&app, tokens).await.refused(401, "unauthenticated");
        refresh(&app, tokens).await.refused(401, "invalid_refresh_token");
    }
    ann.get("/me").await.refused(401, "unauthenticated");
}

#[tokio::test]
async fn signing_in_takes_no_session_that_a_client_names() {
    let app = App::start().await;
    let ann = with_password(&app).await;
    let body = json!({ "email": ann.email, "password": PASSWORD, "sessionId": ann.all("/me/sessions").await[0]["id"] });
    app.visitor().post("/auth/sign-in", body).await.invalid("/sessionId");
    let (first, second) = (sign_in(&app, &ann, "x").await, sign_in(&app, &ann, "x").await);
    assert_ne!(first["refreshToken"], second["refreshToken"]);
    assert_eq!(ann.all("/me/sessions").await.len(), 3);
}

/// The answer of the other node once it is the refusal, and after how long.
async fn until_refused(ask: impl AsyncFn() -> Answer) -> (Answer, Duration) {
    let start = Instant::now();
    let refused = timeout(Duration::from_secs(6), async {
        loop {
            let answer = ask().await;
            if answer.status >= 400 {
                return answer;
            }
            tokio::task::yield_now().await;
        }
    });
    (refused.await.expect("refused within five seconds on the other node"), start.elapsed())
}

#[tokio::test]
async fn what_one_node_ends_every_node_refuses_within_five_seconds() {
    let app = App::start().await;
    let other = app.another_node().await;
    let (admin, owner) = (app.admin().await, app.owner().await);
    let ann = with_password(&app).await;
    let there = ann.at(other.base().to_owned());

    there.get("/me").await.ok();
    admin.post(format!("/admin/users/{}/suspend", ann.id), json!({ "note": "x" })).await.ok();
    ann.get("/me").await.refused(403, "account_suspended");
    let (refusal, after) = until_refused(async || there.get("/me").await).await;
    refusal.refused(403, "account_suspended");
    assert!(after < Duration::from_secs(5), "{after:?}");

    let bo = app.person("Bo", |row| row.role = Set(user::Role::Admin)).await;
    let there = bo.at(other.base().to_owned());
    there.get("/admin/users").await.ok();
    owner.put(format!("/owner/users/{}/role", bo.id), json!({ "role": "REGULAR" })).await.ok();
    bo.get("/admin/users").await.refused(403, "forbidden");
    until_refused(async || there.get("/admin/users").await).await.0.refused(403, "forbidden");

    let cy = app.mentee("Cy").await;
    let there = cy.at(other.base().to_owned());
    there.get("/me").await.ok();
    cy.post("/auth/sign-out", Value::Null).await.no_content();
    cy.get("/me").await.refused(401, "unauthenticated");
    until_refused(async || there.get("/me").await).await.0.refused(401, "unauthenticated");
}
