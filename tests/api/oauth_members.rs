//! Who a sign-in with a provider is: by issuer and subject, and by the address under conditions (promises B3 to B6).

use api::config::EmailVerification;
use entity::{account, session, user, verification_token};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};
use support::{App, Providers, code_at};
use tokio::task::JoinSet;

use crate::journey::{Journey, ada, app, bearer, exchange, exchange_body, me, sign_in};
use crate::second_factor::enable;

const PASSWORD: &str = "a long walk by the river";

async fn register(app: &App, email: &Value) -> Value {
    let body = json!({ "name": "Somebody", "email": email, "password": PASSWORD });
    app.visitor().post("/auth/sign-up", body).await.accepted();
    with_password(app, email).await.ok()
}

async fn with_password(app: &App, email: &Value) -> support::Answer {
    app.visitor().post("/auth/sign-in", json!({ "email": email, "password": PASSWORD })).await
}

async fn verify(app: &App, tokens: &Value) {
    let id: uuid::Uuid = tokens["user"]["id"].as_str().unwrap().parse().unwrap();
    let row = user::ActiveModel { email_verified_at: Set(Some(app.clock.now())), ..Default::default() };
    user::Entity::update_many().set(row).filter(user::Column::Id.eq(id)).exec(app.db()).await.unwrap();
    app.state.auth.forget(id);
}

#[tokio::test]
async fn a_known_subject_is_the_same_person_whatever_the_address_says_now() {
    let app = app().await;
    let mut claims = ada(&app);
    let first = sign_in(&app, &claims).await.ok();
    let other = sign_in(&app, &ada(&app)).await.ok();
    let taken = me(&app, &other).await["email"].clone();
    for (email, verified) in [(json!("new@example.org"), true), (json!("new@example.org"), false), (taken, true)] {
        claims["email"] = email;
        claims["email_verified"] = json!(verified);
        let again = sign_in(&app, &claims).await.ok();
        assert_eq!(again["user"]["id"], first["user"]["id"]);
    }
    assert_ne!(me(&app, &first).await["email"], claims["email"]);
}

#[tokio::test]
async fn a_new_subject_with_a_known_address_is_not_that_person() {
    let app = app().await;
    let claims = ada(&app);
    sign_in(&app, &claims).await.ok();
    let mut reused = ada(&app);
    reused["email"] = claims["email"].clone();
    sign_in(&app, &reused).await.refused(409, "link_required");
    assert_eq!(user::Entity::find().count(app.db()).await.unwrap(), 1);
}

#[tokio::test]
async fn a_member_is_joined_where_both_sides_have_verified_the_address() {
    let app = app().await;
    let claims = ada(&app);
    let tokens = register(&app, &claims["email"]).await;
    verify(&app, &tokens).await;
    let mut shouted = claims.clone();
    shouted["email"] = json!(claims["email"].as_str().unwrap().to_uppercase());
    let joined = sign_in(&app, &shouted).await.ok();
    assert_eq!(joined["user"]["id"], tokens["user"]["id"]);
    assert_eq!(joined["user"]["name"], "Somebody");
    with_password(&app, &claims["email"]).await.ok();
    assert_eq!(sign_in(&app, &claims).await.ok()["user"]["id"], tokens["user"]["id"]);
}

/// What somebody set up with the address of another, before its owner came, is gone.
#[tokio::test]
async fn an_unverified_account_is_no_trap_for_the_owner_of_its_address() {
    let app = App::start_with(|config| {
        Providers::shared().configure(config);
        config.email_verification = EmailVerification::Required;
    })
    .await;
    app.set_clock_to_now();
    let claims = ada(&app);
    let intruder = register(&app, &claims["email"]).await;
    let pending = json!({ "email": "intruder@example.org" });
    bearer(&app, &intruder, "POST", "/me/email", pending).await;
    let mut trojan = ada(&app);
    trojan["email"] = json!("trojan@example.org");
    let code = Journey::new(&app).code(&trojan).await;
    bearer(&app, &intruder, "POST", "/me/accounts", exchange_body(&code)).await.created();

    let aloof = json!({ "claims": { "sub": claims["sub"], "email": claims["email"] } });
    let (_, code) = Journey::new(&app).outcome("forger", ("forge", &aloof)).await;
    let owner = exchange(&app, &code).await.ok();
    assert_eq!(owner["user"]["id"], intruder["user"]["id"]);
    assert_eq!(owner["user"]["emailVerified"], true);
    with_password(&app, &claims["email"]).await.refused(401, "invalid_credentials");
    bearer(&app, &intruder, "GET", "/me", Value::Null).await.refused(401, "unauthenticated");
    let stale = json!({ "refreshToken": intruder["refreshToken"] });
    app.visitor().post("/auth/refresh", stale).await.refused(401, "invalid_refresh_token");
    let other = sign_in(&app, &trojan).await.ok();
    assert_ne!(other["user"]["id"], owner["user"]["id"]);
    let open = verification_token::Entity::find().filter(verification_token::Column::UsedAt.is_null());
    assert_eq!(open.count(app.db()).await.unwrap(), 0);
}

#[tokio::test]
async fn an_address_that_nobody_vouches_for_is_refused_alike_whether_known_or_not() {
    let app = app().await;
    let known = ada(&app);
    let tokens = register(&app, &known["email"]).await;
    verify(&app, &tokens).await;
    let mut refusals = Vec::new();
    for email in [&known["email"], &json!("nobody@example.org"), &Value::Null] {
        let mut claims = ada(&app);
        claims["email"] = email.clone();
        claims["email_verified"] = json!(false);
        let mut problem = sign_in(&app, &claims).await.refused(403, "provider_email_unverified");
        problem.as_object_mut().unwrap().remove("instance");
        refusals.push(problem);
    }
    assert!(refusals.iter().all(|one| *one == refusals[0]), "{refusals:?}");
    let claims = json!({ "claims": { "sub": "aloof", "email": known["email"], "email_verified": true } });
    let (_, code) = Journey::new(&app).outcome("aloof", ("forge", &claims)).await;
    exchange(&app, &code).await.refused(403, "provider_email_unverified");
    assert_eq!(user::Entity::find().count(app.db()).await.unwrap(), 1);
}

fn at_github(id: u64, emails: Value) -> Value {
    json!({ "user": { "id": id, "login": "octo", "name": null }, "emails": emails })
}

#[tokio::test]
async fn github_is_asked_for_the_primary_and_verified_address() {
    let app = app().await;
    let email = |address: &str, primary: bool, verified: bool| json!({ "email": address, "primary": primary, "verified": verified });
    let unproven = [
        json!([]),
        json!([email("octo@example.org", true, false)]),
        json!([email("octo@example.org", false, true)]),
        json!([email("octo@example.org", true, false), email("other@example.org", false, true)]),
    ];
    for emails in unproven {
        let (_, code) = Journey::new(&app).outcome("github", ("as", &at_github(7, emails))).await;
        exchange(&app, &code).await.refused(403, "provider_email_unverified");
    }
    let emails = json!([email("other@example.org", false, true), email("octo@example.org", true, true)]);
    let (_, code) = Journey::new(&app).outcome("github", ("as", &at_github(7, emails))).await;
    let tokens = exchange(&app, &code).await.ok();
    assert_eq!(me(&app, &tokens).await["email"], "octo@example.org");
    assert_eq!(tokens["user"]["name"], "octo");
    let (_, code) = Journey::new(&app).outcome("github", ("as", &at_github(7, json!([])))).await;
    assert_eq!(exchange(&app, &code).await.ok()["user"]["id"], tokens["user"]["id"]);
}

#[tokio::test]
async fn the_same_subject_of_another_issuer_is_somebody_else() {
    let app = app().await;
    let claims = ada(&app);
    sign_in(&app, &claims).await.ok();
    let moved = app.another_node_with(|config| {
        for provider in &mut config.providers.own {
            if provider.id == "honest" {
                provider.issuer = Providers::shared().forger.clone();
            }
        }
    });
    let moved = moved.await;
    let same = json!({ "claims": { "sub": claims["sub"], "email": "other@example.org" } });
    let (_, code) = Journey::new(&moved).outcome("honest", ("forge", &same)).await;
    exchange(&moved, &code).await.ok();
    assert_eq!(user::Entity::find().count(app.db()).await.unwrap(), 2);
}

#[tokio::test]
async fn first_sign_ins_of_one_person_at_once_make_one_member() {
    let app = app().await;
    for _ in 0..3 {
        let (claims, mut codes) = (ada(&app), Vec::new());
        for _ in 0..6 {
            codes.push(Journey::new(&app).code(&claims).await);
        }
        let mut attempts = JoinSet::new();
        for code in codes {
            let visitor = app.visitor();
            attempts.spawn(async move { visitor.post("/auth/oauth/exchange", exchange_body(&code)).await.ok() });
        }
        let ids: std::collections::BTreeSet<_> =
            attempts.join_all().await.iter().map(|tokens| tokens["user"]["id"].to_string()).collect();
        assert_eq!(ids.len(), 1);
    }
    assert_eq!(user::Entity::find().count(app.db()).await.unwrap(), 3);
    assert_eq!(account::Entity::find().count(app.db()).await.unwrap(), 3);
}

#[tokio::test]
async fn the_suspended_stay_out_and_newcomers_wait_where_settings_ask() {
    let app = app().await;
    let claims = ada(&app);
    let tokens = sign_in(&app, &claims).await.ok();
    let id = tokens["user"]["id"].as_str().unwrap();
    app.admin().await.post(format!("/admin/users/{id}/suspend"), json!({ "note": "spam" })).await.ok();
    let before = session::Entity::find().count(app.db()).await.unwrap();
    sign_in(&app, &claims).await.refused(403, "account_suspended");
    assert_eq!(session::Entity::find().count(app.db()).await.unwrap(), before);
    let owner = app.owner().await;
    let settings = owner.get("/owner/settings").await;
    owner.patch_if("/owner/settings", settings.etag(), json!({ "memberApproval": true })).await.ok();
    assert_eq!(sign_in(&app, &ada(&app)).await.ok()["user"]["status"], "PENDING_APPROVAL");
}

#[tokio::test]
async fn the_second_factor_is_asked_for_before_anything_is_used_up() {
    let app = app().await;
    let member = app.member("Ann").await;
    let (secret, _) = enable(&app, &member).await;
    let mut claims = ada(&app);
    claims["email"] = json!(member.email);
    let code = Journey::new(&app).code(&claims).await;
    let with = async |second: Value| {
        let mut body = exchange_body(&code);
        body["secondFactor"] = second;
        app.visitor().post("/auth/oauth/exchange", body).await
    };
    exchange(&app, &code).await.refused(401, "second_factor_required");
    with(json!("000000")).await.refused(401, "invalid_second_factor");
    assert_eq!(account::Entity::find().count(app.db()).await.unwrap(), 0);
    let now = app.clock.now() + chrono::TimeDelta::seconds(30);
    assert_eq!(with(json!(code_at(&secret, now))).await.ok()["user"]["id"], json!(member.id));
}
