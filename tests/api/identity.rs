//! Signing up, in and out; access tokens (promises A1, A2, C3, C4, C8, C11, C15).

use entity::{session, user};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};
use support::{Answer, App, Client};
use tokio::task::JoinSet;

const PASSWORD: &str = "a long walk by the river";

async fn sign_up(app: &App, email: &str) -> Answer {
    let body = json!({ "name": "Ada Lindqvist", "email": email, "password": PASSWORD });
    app.visitor().post("/auth/sign-up", body).await
}

async fn sign_in(app: &App, email: &str, password: &str) -> Answer {
    app.visitor().post("/auth/sign-in", json!({ "email": email, "password": password })).await
}

/// A new member's first tokens.
pub(crate) async fn tokens(app: &App) -> Value {
    sign_up(app, "ada@example.org").await.accepted();
    sign_in(app, "ada@example.org", PASSWORD).await.ok()
}

pub(crate) fn text<'a>(tokens: &'a Value, name: &str) -> &'a str {
    tokens[name].as_str().unwrap()
}

pub(crate) async fn refresh(app: &App, tokens: &Value) -> Answer {
    app.visitor().post("/auth/refresh", json!({ "refreshToken": tokens["refreshToken"] })).await
}

/// A request that any member may make.
pub(crate) async fn call(app: &App, tokens: &Value) -> Answer {
    bear(&app.visitor(), text(tokens, "accessToken")).await
}

async fn bear(visitor: &Client, token: &str) -> Answer {
    visitor.get_with("/notifications", &[("Authorization", &format!("Bearer {token}"))]).await
}

#[tokio::test]
async fn an_address_makes_one_user_in_whatever_case() {
    let app = App::start().await;
    let first = sign_up(&app, "ada@example.org").await;
    let second = sign_up(&app, "ADA@Example.org").await;
    assert_eq!(first.accepted(), second.accepted());
    assert_eq!(user::Entity::find().count(app.db()).await.unwrap(), 1);
    sign_in(&app, "Ada@EXAMPLE.org", PASSWORD).await.ok();
}

#[tokio::test]
async fn signing_up_at_once_makes_one_user() {
    let app = App::start().await;
    let mut attempts = JoinSet::new();
    for _ in 0..8 {
        let visitor = app.visitor();
        let body = json!({ "name": "Ada", "email": "ada@example.org", "password": PASSWORD });
        attempts.spawn(async move { visitor.post("/auth/sign-up", body).await.status });
    }
    assert_eq!(attempts.join_all().await, [202; 8]);
    assert_eq!(user::Entity::find().count(app.db()).await.unwrap(), 1);
}

#[tokio::test]
async fn look_alike_addresses_are_different_people() {
    let app = App::start().await;
    sign_up(&app, "ada@example.org").await.accepted();
    let with = |email: &str, password: &str| json!({ "name": "Eve", "email": email, "password": password });
    for alike in ["adà@example.org", "аda@example.org", "ada@exаmple.org"] {
        app.visitor().post("/auth/sign-up", with(alike, "another password")).await.invalid("/email");
    }
    let alike = "ada@examp1e.org";
    app.visitor().post("/auth/sign-up", with(alike, "another password")).await.accepted();
    sign_in(&app, "ada@example.org", "another password").await.refused(401, "invalid_credentials");
    sign_in(&app, alike, PASSWORD).await.refused(401, "invalid_credentials");
    assert_eq!(sign_in(&app, alike, "another password").await.ok()["user"]["name"], "Eve");
    sign_in(&app, "ada@example.org", PASSWORD).await.ok();
    assert_eq!(user::Entity::find().count(app.db()).await.unwrap(), 2);
}

#[tokio::test]
async fn a_sign_up_is_checked() {
    let app = App::start().await;
    let visitor = app.visitor();
    let good = json!({ "name": "Ada", "email": "ada@example.org", "password": PASSWORD });
    let faulty = [
        ("/name", json!("")),
        ("/name", json!(" \u{202e}")),
        ("/name", json!("a".repeat(81))),
        ("/email", json!("no address")),
        ("/email", json!(format!("{}@example.org", "a".repeat(254)))),
        ("/password", json!("seven77")),
        ("/password", json!("a".repeat(257))),
        ("/password", Value::Null),
        ("/role", json!("OWNER")),
        ("/status", json!("ACTIVE")),
        ("/emailVerifiedAt", json!("2026-01-01T00:00:00Z")),
    ];
    for (pointer, value) in faulty {
        let mut body = good.clone();
        body[&pointer[1..]] = value;
        let problem = visitor.post("/auth/sign-up", body).await.invalid(pointer).to_string();
        assert!(!problem.contains(PASSWORD) && !problem.contains("seven77"), "{problem}");
    }
    let problem = visitor.post("/auth/sign-up", json!({ "name": "", "role": "OWNER" })).await;
    assert_eq!(problem.refused(422, "invalid_input")["errors"].as_array().unwrap().len(), 4);
    assert_eq!(user::Entity::find().count(app.db()).await.unwrap(), 0);
    visitor.post("/auth/sign-up", good).await.accepted();
}

#[tokio::test]
async fn whoever_cannot_come_in_by_this_password_is_refused_alike() {
    let app = App::start().await;
    sign_up(&app, "ada@example.org").await.accepted();
    let (without_password, suspended) = (app.mentor("Bo").await.email, app.mentee("Cy").await);
    app.set_password(&suspended, PASSWORD).await;
    app.change_user(&suspended, |row| row.status = Set(user::Status::Suspended)).await;
    let (mut problems, mut headers) = (Vec::new(), Vec::new());
    for (email, password) in [
        ("ada@example.org", "not the password"),
        ("nobody@example.org", PASSWORD),
        (&without_password, PASSWORD),
        (&suspended.email, "not the password"),
    ] {
        let answer = sign_in(&app, email, password).await;
        headers.push(answer.names().into_iter().map(str::to_owned).collect::<Vec<_>>());
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
        let mut problem = answer.refused(401, "invalid_credentials");
        problem.as_object_mut().unwrap().remove("instance");
        problems.push(problem);
    }
    assert!(problems.windows(2).all(|pair| pair[0] == pair[1]), "{problems:?}");
    assert!(headers.windows(2).all(|pair| pair[0] == pair[1]), "{headers:?}");
    let tokens = sign_in(&app, "ada@example.org", PASSWORD).await;
    assert_eq!(tokens.header("cache-control"), Some("no-store"));
    assert_eq!(tokens.ok()["tokenType"], "Bearer");
}

#[tokio::test]
async fn signing_out_bites_at_once() {
    let app = App::start().await;
    let tokens = tokens(&app).await;
    let other = sign_in(&app, "ada@example.org", PASSWORD).await.ok();
    call(&app, &tokens).await.ok();
    let header = format!("Bearer {}", text(&tokens, "accessToken"));
    app.visitor().post_with("/auth/sign-out", &[("Authorization", &header)], Value::Null).await.no_content();
    call(&app, &tokens).await.refused(401, "unauthenticated");
    refresh(&app, &tokens).await.refused(401, "invalid_refresh_token");
    call(&app, &other).await.ok();
}

#[tokio::test]
async fn the_suspended_are_told_so_but_only_with_their_password() {
    let app = App::start().await;
    let tokens = tokens(&app).await;
    let admin = app.admin().await;
    call(&app, &tokens).await.ok();
    let id = text(&tokens["user"], "id");
    admin.post(format!("/admin/users/{id}/suspend"), json!({ "note": "spam" })).await.ok();
    call(&app, &tokens).await.refused(403, "account_suspended");
    refresh(&app, &tokens).await.refused(403, "account_suspended");
    sign_in(&app, "ada@example.org", PASSWORD).await.refused(403, "account_suspended");
    sign_in(&app, "ada@example.org", "not the password").await.refused(401, "invalid_credentials");
    admin.post(format!("/admin/users/{id}/reactivate"), Value::Null).await.ok();
    call(&app, &tokens).await.refused(401, "unauthenticated");
    refresh(&app, &tokens).await.refused(401, "invalid_refresh_token");
    let again = sign_in(&app, "ada@example.org", PASSWORD).await.ok();
    call(&app, &again).await.ok();
}

#[tokio::test]
async fn a_session_that_a_suspension_races_does_not_outlive_it() {
    let app = App::start().await;
    let tokens = tokens(&app).await;
    let (admin, id) = (app.admin().await, text(&tokens["user"], "id").to_owned());
    for _ in 0..5 {
        let (visitor, body) = (app.visitor(), json!({ "email": "ada@example.org", "password": PASSWORD }));
        let suspend = admin.post(format!("/admin/users/{id}/suspend"), json!({ "note": "spam" }));
        let (_, suspended) = tokio::join!(visitor.post("/auth/sign-in", body), suspend);
        suspended.ok();
        let live = session::Entity::find().filter(session::Column::UserId.eq(id.parse::<uuid::Uuid>().unwrap()));
        let live = live.filter(session::Column::EndedAt.is_null()).count(app.db()).await.unwrap();
        assert_eq!(live, 0);
        admin.post(format!("/admin/users/{id}/reactivate"), Value::Null).await.ok();
    }
}

#[tokio::test]
async fn a_new_member_waits_where_settings_ask_for_approval() {
    let app = App::start().await;
    let owner = app.owner().await;
    let settings = owner.get("/owner/settings").await;
    owner.patch_if("/owner/settings", settings.etag(), json!({ "memberApproval": true })).await.ok();
    let tokens = tokens(&app).await;
    assert_eq!(tokens["user"]["status"], "PENDING_APPROVAL");
    call(&app, &tokens).await.refused(403, "account_pending");
    owner.post(format!("/admin/users/{}/approve", text(&tokens["user"], "id")), Value::Null).await.ok();
    call(&app, &tokens).await.ok();
}

#[tokio::test]
async fn an_unverified_address_reaches_the_own_account_only() {
    let app = App::start_with(|config| config.email_verification = api::config::EmailVerification::Required).await;
    let tokens = tokens(&app).await;
    call(&app, &tokens).await.refused(403, "email_not_verified");
    let verified = app.person("Vera", |row| row.email_verified_at = Set(Some(app.clock.now()))).await;
    verified.get("/notifications").await.ok();
    let header = format!("Bearer {}", text(&tokens, "accessToken"));
    app.visitor().post_with("/auth/sign-out", &[("Authorization", &header)], Value::Null).await.no_content();
}
