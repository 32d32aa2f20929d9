//! Setting a password: by a mailed link, or by who is signed in; what ends with it, and who is told (promises A7, C11, C13, G4).

use chrono::TimeDelta;
use serde_json::{Value, json};
use support::{App, Client};

use crate::identity::{call, refresh};
use crate::proofs::{PASSWORD, fresh_address};

const NEW: &str = "another walk by the river";

async fn sign_in(app: &App, who: &Client, password: &str) -> support::Answer {
    app.visitor().post("/auth/sign-in", json!({ "email": who.email, "password": password })).await
}

async fn reset_token(app: &App, who: &Client) -> String {
    app.visitor().post("/auth/password-reset", json!({ "email": who.email })).await.queued();
    app.mailed_token(&who.email, "RESET_PASSWORD").await
}

#[tokio::test]
async fn a_reset_ends_all_that_was_open() {
    let app = App::start().await;
    let ann = app.mentor("Ann").await;
    app.set_password(&ann, PASSWORD).await;
    let tokens = sign_in(&app, &ann, PASSWORD).await.ok();
    let elsewhere = fresh_address(&app);
    ann.post("/me/email", json!({ "email": elsewhere })).await.queued();
    let change = app.mailed_token(&elsewhere, "CHANGE_EMAIL").await;
    app.visitor().post("/auth/sign-in-link", json!({ "email": ann.email })).await.queued();
    let link = app.mailed_token(&ann.email, "SIGN_IN_LINK").await;
    let token = reset_token(&app, &ann).await;

    let body = json!({ "token": token, "password": NEW });
    app.visitor().post("/auth/password-reset/redeem", body).await.no_content();

    call(&app, &tokens).await.refused(401, "unauthenticated");
    refresh(&app, &tokens).await.refused(401, "invalid_refresh_token");
    ann.get("/me").await.refused(401, "unauthenticated");
    app.visitor().post("/auth/email-change/confirm", json!({ "token": change })).await.refused(401, "invalid_token");
    app.visitor().post("/auth/sign-in-link/redeem", json!({ "token": link })).await.refused(401, "invalid_token");
    sign_in(&app, &ann, PASSWORD).await.refused(401, "invalid_credentials");
    sign_in(&app, &ann, NEW).await.ok();
    app.mail(&ann.email, "PASSWORD_CHANGED").await;
}

#[tokio::test]
async fn who_has_no_password_sets_one_by_a_reset() {
    let app = App::start().await;
    let ann = app.newcomer("Ann").await;
    let body = json!({ "token": reset_token(&app, &ann).await, "password": NEW });
    app.visitor().post("/auth/password-reset/redeem", body).await.no_content();
    sign_in(&app, &ann, NEW).await.ok();
}

#[tokio::test]
async fn a_new_password_signs_the_other_devices_out_and_is_told() {
    let app = App::start().await;
    let ann = app.mentor("Ann").await;
    app.set_password(&ann, PASSWORD).await;
    let other = sign_in(&app, &ann, PASSWORD).await.ok();
    ann.put("/me/password", json!({ "password": "short" })).await.invalid("/password");
    ann.put("/me/password", json!({ "password": NEW })).await.no_content();
    call(&app, &other).await.refused(401, "unauthenticated");
    ann.get("/me").await.ok();
    sign_in(&app, &ann, PASSWORD).await.refused(401, "invalid_credentials");
    sign_in(&app, &ann, NEW).await.ok();
    app.mail(&ann.email, "PASSWORD_CHANGED").await;
}

#[tokio::test]
async fn a_sign_in_that_a_new_password_races_does_not_outlive_it() {
    let app = App::start().await;
    let ann = app.mentor("Ann").await;
    app.set_password(&ann, PASSWORD).await;
    let mut now = PASSWORD.to_owned();
    for round in 0..10 {
        let next = format!("walk number {round} by the river");
        let body = json!({ "password": next });
        let (raced, set) = tokio::join!(sign_in(&app, &ann, &now), ann.put("/me/password", body));
        set.no_content();
        if raced.status == 200 {
            refresh(&app, &raced.ok()).await.refused(401, "invalid_refresh_token");
        }
        now = next;
    }
    assert_eq!(ann.all("/me/sessions").await.len(), 1);
}

#[tokio::test]
async fn what_is_sensitive_needs_a_recent_proof() {
    let app = App::start().await;
    let ann = app.mentor("Ann").await;
    app.set_password(&ann, PASSWORD).await;
    app.clock.advance(TimeDelta::minutes(5));
    let tokens = sign_in(&app, &ann, PASSWORD).await.ok();
    let header = format!("Bearer {}", tokens["accessToken"].as_str().unwrap());
    let bearer = [("Authorization", header.as_str())];
    ann.put("/me/password", json!({ "password": NEW })).await.no_content();
    app.clock.advance(TimeDelta::seconds(1));
    for (method, path, body) in [
        ("PUT", "/me/password", json!({ "password": NEW })),
        ("POST", "/me/email", json!({ "email": fresh_address(&app) })),
    ] {
        let refusal = ann.call(method, path, &[], &body).await;
        refusal.refused(401, "reauthentication_required");
        assert!(refusal.header("www-authenticate").unwrap().contains("max_age=300"), "{refusal}");
    }
    ann.post("/auth/reauthenticate", json!({ "password": PASSWORD })).await.refused(401, "invalid_credentials");
    app.visitor().get_with("/me", &bearer).await.refused(401, "unauthenticated");
    let proved = ann.post("/auth/reauthenticate", json!({ "password": NEW })).await.ok();
    ann.get("/me").await.refused(401, "unauthenticated");
    let header = format!("Bearer {}", proved["accessToken"].as_str().unwrap());
    let body = json!({ "password": PASSWORD });
    app.visitor().call("PUT", "/me/password", &[("Authorization", &header)], &body).await.no_content();
}

#[tokio::test]
async fn staff_starts_a_reset_and_sees_nothing_of_it() {
    let app = App::start().await;
    let (admin, owner, ann) = (app.admin().await, app.owner().await, app.mentor("Ann").await);
    let path = |who: &Client| format!("/admin/users/{}/password-reset", who.id);
    let started = admin.post(path(&ann), Value::Null).await;
    started.queued();
    assert!(started.bytes().is_empty());
    let token = app.mailed_token(&ann.email, "RESET_PASSWORD").await;
    let log = admin.get("/admin/audit-log").await.ok().to_string();
    assert!(log.contains("user.reset_started") && !log.contains(&token), "{log}");
    admin.post(path(&owner), Value::Null).await.refused(403, "staff_account");
    owner.post(path(&admin), Value::Null).await.queued();
    assert_eq!(app.mails_to(&owner.email).await.len(), 0);
    assert_eq!(app.mails_to(&admin.email).await.len(), 1);
}
