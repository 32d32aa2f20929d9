//! Linking and unlinking providers: after a recent sign-in, with a notice, and never the last (promise B7).

use chrono::TimeDelta;
use entity::mail;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};
use support::{App, Providers, SmtpServer};

use crate::journey::{Journey, ada, app, bearer, exchange, exchange_body, sign_in};
use crate::proofs::PASSWORD;

async fn notices(app: &App, kind: mail::Kind) -> u64 {
    mail::Entity::find().filter(mail::Column::Kind.eq(kind)).count(app.db()).await.unwrap()
}

async fn link(app: &App, tokens: &Value, claims: &Value) -> support::Answer {
    let code = Journey::new(app).code(claims).await;
    bearer(app, tokens, "POST", "/me/accounts", exchange_body(&code)).await
}

/// Tokens of somebody who signed up with a password.
async fn member(app: &App) -> Value {
    let email = ada(app)["email"].clone();
    let body = json!({ "name": "Ada", "email": email, "password": "a long walk by the river" });
    app.visitor().post("/auth/sign-up", body.clone()).await.accepted();
    let known = json!({ "email": email, "password": body["password"] });
    app.visitor().post("/auth/sign-in", known).await.ok()
}

async fn accounts(app: &App, tokens: &Value) -> Vec<Value> {
    bearer(app, tokens, "GET", "/me/accounts", Value::Null).await.ok()["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_linked_provider_signs_in_until_it_is_unlinked() {
    let app = app().await;
    let (tokens, claims) = (member(&app).await, ada(&app));
    let account = link(&app, &tokens, &claims).await.created();
    assert_eq!((&account["provider"], &account["name"]), (&json!("honest"), &json!("The honest one")));
    assert_eq!(notices(&app, mail::Kind::AccountLinked).await, 1);
    let providers: Vec<_> = accounts(&app, &tokens).await.iter().map(|one| one["provider"].clone()).collect();
    assert_eq!(providers, ["password", "honest"]);
    let one = format!("/me/accounts/{}", account["id"].as_str().unwrap());
    assert_eq!(bearer(&app, &tokens, "GET", &one, Value::Null).await.ok(), account);
    assert_eq!(sign_in(&app, &claims).await.ok()["user"]["id"], tokens["user"]["id"]);
    bearer(&app, &tokens, "DELETE", &one, Value::Null).await.no_content();
    assert_eq!(notices(&app, mail::Kind::AccountUnlinked).await, 1);
    assert_ne!(sign_in(&app, &claims).await.ok()["user"]["id"], tokens["user"]["id"]);
}

#[tokio::test]
async fn a_mail_server_gets_the_notices_of_both() {
    let mut server = SmtpServer::start();
    let url = server.url.clone();
    let app = App::start_with(|config| {
        Providers::shared().configure(config);
        config.smtp_url = url.into();
    })
    .await;
    app.set_clock_to_now();
    let ann = app.mentor("Ann").await;
    app.set_password(&ann, PASSWORD).await;
    let tokens = app.visitor().post("/auth/sign-in", json!({ "email": ann.email, "password": PASSWORD })).await.ok();
    let account = link(&app, &tokens, &ada(&app)).await.created();
    let mut told = async |what: &str| {
        app.deliver_mail().await;
        let mail = server.next().await;
        assert!(mail.contains(&format!("To: {}", ann.email)) && mail.contains(what), "{mail}");
        assert_eq!(server.waiting(), None);
    };
    told("was added to your account").await;
    let one = format!("/me/accounts/{}", account["id"].as_str().unwrap());
    bearer(&app, &tokens, "DELETE", &one, Value::Null).await.no_content();
    told("was removed from your account").await;
}

#[tokio::test]
async fn an_identity_is_of_one_member() {
    let app = app().await;
    let claims = ada(&app);
    let first = sign_in(&app, &claims).await.ok();
    link(&app, &first, &claims).await.refused(409, "already_exists");
    link(&app, &member(&app).await, &claims).await.refused(409, "already_exists");
    link(&app, &first, &ada(&app)).await.refused(409, "already_exists");
    assert_eq!(accounts(&app, &first).await.len(), 1);
}

#[tokio::test]
async fn the_last_way_that_works_stays() {
    let app = app().await;
    let tokens = member(&app).await;
    let password = format!("/me/accounts/{}", accounts(&app, &tokens).await[0]["id"].as_str().unwrap());
    let unlink = async |path: &str| bearer(&app, &tokens, "DELETE", path, Value::Null).await;
    unlink(&password).await.refused(409, "last_account");
    let linked = link(&app, &tokens, &ada(&app)).await.created();
    let linked = format!("/me/accounts/{}", linked["id"].as_str().unwrap());
    let without = app.another_node_with(|config| config.providers.own.clear()).await;
    bearer(&without, &tokens, "DELETE", &password, Value::Null).await.refused(409, "last_account");
    assert_eq!(accounts(&without, &tokens).await[1]["name"], Value::Null);
    let (one, other) = tokio::join!(unlink(&password), unlink(&linked));
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [204, 409]);
    assert_eq!(accounts(&app, &tokens).await.len(), 1);
}

#[tokio::test]
async fn linking_and_unlinking_need_a_recent_sign_in() {
    let app = app().await;
    let tokens = member(&app).await;
    let account = link(&app, &tokens, &ada(&app)).await.created();
    app.clock.advance(TimeDelta::minutes(5) + TimeDelta::seconds(1));
    let code = Journey::new(&app).code(&ada(&app)).await;
    let challenge = bearer(&app, &tokens, "POST", "/me/accounts", exchange_body(&code)).await;
    challenge.refused(401, "reauthentication_required");
    let path = format!("/me/accounts/{}", account["id"].as_str().unwrap());
    bearer(&app, &tokens, "DELETE", &path, Value::Null).await.refused(401, "reauthentication_required");
    exchange(&app, &code).await.ok();
}

#[tokio::test]
async fn a_code_links_once_and_only_with_its_verifier() {
    let app = app().await;
    let (mine, others) = (member(&app).await, member(&app).await);
    let code = Journey::new(&app).code(&ada(&app)).await;
    let post = async |tokens: &Value, body: Value| bearer(&app, tokens, "POST", "/me/accounts", body).await;
    let stolen = json!({ "code": code, "codeVerifier": "a".repeat(43) });
    post(&others, stolen).await.refused(400, "invalid_oauth_code");
    post(&mine, exchange_body(&code)).await.created();
    post(&others, exchange_body(&code)).await.refused(400, "invalid_oauth_code");
    exchange(&app, &code).await.refused(400, "invalid_oauth_code");
    let theirs = accounts(&app, &mine).await[1]["id"].as_str().unwrap().to_owned();
    for method in ["GET", "DELETE"] {
        let path = format!("/me/accounts/{theirs}");
        bearer(&app, &others, method, &path, Value::Null).await.refused(404, "not_found");
    }
}
