//! The second factor of a member: set up, asked for at each way of signing in, good once, and lost.

use std::collections::HashSet;

use chrono::TimeDelta;
use entity::{event, recovery_code, second_factor};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};
use support::{Answer, App, Client, code_at};

use crate::proofs::PASSWORD;

/// Ann, who has a password, with a second factor from a while ago.
pub struct Stage {
    pub app: App,
    pub ann: Client,
    secret: String,
    recovery_codes: Vec<String>,
}

async fn stage() -> Stage {
    let app = App::start().await;
    let ann = app.member("Ann").await;
    app.set_password(&ann, PASSWORD).await;
    let (secret, recovery_codes) = enable(&app, &ann).await;
    app.clock.advance(TimeDelta::seconds(90));
    Stage { app, ann, secret, recovery_codes }
}

/// Enables it: the secret and the recovery codes.
pub async fn enable(app: &App, who: &Client) -> (String, Vec<String>) {
    let secret = text(&who.post("/me/second-factor", Value::Null).await.ok()["secret"]);
    let code = json!({ "code": code_at(&secret, app.clock.now()) });
    let codes = who.post("/me/second-factor/confirm", code).await.ok();
    (secret, codes["recoveryCodes"].as_array().unwrap().iter().map(text).collect())
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

impl Stage {
    /// The code of the app, so many steps from now.
    fn code(&self, steps: i64) -> String {
        code_at(&self.secret, self.app.clock.now() + TimeDelta::seconds(30 * steps))
    }

    async fn sign_in(&self, given: impl Into<Option<&str>>) -> Answer {
        sign_in(&self.app, &self.ann.email, PASSWORD, given.into()).await
    }

    async fn left(&self) -> Value {
        self.ann.get("/me/second-factor").await.ok()["recoveryCodesLeft"].clone()
    }
}

async fn sign_in(app: &App, email: &str, password: &str, given: Option<&str>) -> Answer {
    let mut body = json!({ "email": email, "password": password });
    if let Some(given) = given {
        body["secondFactor"] = json!(given);
    }
    app.visitor().post("/auth/sign-in", body).await
}

#[tokio::test]
async fn it_is_set_up_with_a_secret_and_enabled_with_a_code() {
    let app = App::start().await;
    let ann = app.member("Ann").await;
    let none = json!({ "enabled": false, "since": null, "recoveryCodesLeft": 0 });
    assert_eq!(ann.get("/me/second-factor").await.ok(), none);
    ann.post("/me/second-factor/confirm", json!({ "code": "000000" })).await.refused(409, "invalid_transition");
    let first = ann.post("/me/second-factor", Value::Null).await;
    assert_eq!(first.header("cache-control"), Some("no-store"));
    let (first, second) = (first.ok(), ann.post("/me/second-factor", Value::Null).await.ok());
    assert_ne!(first["secret"], second["secret"]);
    let (secret, uri) = (text(&second["secret"]), text(&second["uri"]));
    assert!(uri.starts_with("otpauth://totp/Mentorship:") && uri.contains(&format!("secret={secret}")), "{uri}");
    assert!(uri.contains("issuer=Mentorship") && secret.len() == 32, "{uri}");

    app.set_password(&ann, PASSWORD).await;
    let other = text(&sign_in(&app, &ann.email, PASSWORD, None).await.ok()["accessToken"]);
    let other = [("Authorization", format!("Bearer {other}"))];
    let other = other.each_ref().map(|(name, value)| (*name, value.as_str()));
    app.visitor().get_with("/me", &other).await.ok();
    for wrong in ["000000".to_owned(), code_at(&text(&first["secret"]), app.clock.now())] {
        let refusal = ann.post("/me/second-factor/confirm", json!({ "code": wrong })).await;
        assert_eq!(refusal.invalid("/code")["errors"][0]["code"], "wrong_code");
    }
    let code = json!({ "code": code_at(&secret, app.clock.now()) });
    let enabled = ann.post("/me/second-factor/confirm", code.clone()).await;
    assert_eq!(enabled.header("cache-control"), Some("no-store"));
    let codes: HashSet<_> = enabled.ok()["recoveryCodes"].as_array().unwrap().iter().map(text).collect();
    assert!(codes.len() == 10 && codes.iter().all(|code| code.len() == 19), "{codes:?}");
    let now = json!({ "enabled": true, "since": "2026-11-02T09:00:00.000Z", "recoveryCodesLeft": 10 });
    assert_eq!(ann.get("/me/second-factor").await.ok(), now);
    app.visitor().get_with("/me", &other).await.refused(401, "unauthenticated");
    ann.post("/me/second-factor", Value::Null).await.refused(409, "already_exists");
    ann.post("/me/second-factor/confirm", code).await.refused(409, "invalid_transition");
    app.mail(&ann.email, "SECOND_FACTOR_ENABLED").await;
}

#[tokio::test]
async fn it_is_asked_for_after_the_right_password_alone() {
    let stage = stage().await;
    let refusal = stage.sign_in(None).await;
    assert_eq!(refusal.header("www-authenticate"), Some("Bearer"));
    refusal.refused(401, "second_factor_required");
    let code = stage.code(0);
    for given in [None, Some(code.as_str()), Some("000000")] {
        for email in [stage.ann.email.as_str(), "nobody@example.org"] {
            sign_in(&stage.app, email, "not the password", given).await.refused(401, "invalid_credentials");
        }
    }
    for wrong in ["", "000000", "12345", "1234567", "not a code", &stage.code(2), &stage.code(-2), &"9".repeat(65)] {
        let status = stage.sign_in(wrong).await.status;
        assert_eq!(status, if matches!(wrong.len(), 0 | 65) { 422 } else { 401 }, "{wrong:?}");
    }
    stage.sign_in("000000").await.refused(401, "invalid_second_factor");
    stage.sign_in(code.as_str()).await.ok();
    let ben = stage.app.member("Ben").await;
    stage.app.set_password(&ben, PASSWORD).await;
    sign_in(&stage.app, &ben.email, PASSWORD, Some("not needed")).await.ok();
}

#[tokio::test]
async fn a_code_is_good_once_and_none_before_it_is() {
    let stage = stage().await;
    for good in [-1, 0, 1] {
        stage.sign_in(stage.code(good).as_str()).await.ok();
        stage.sign_in(stage.code(good).as_str()).await.refused(401, "invalid_second_factor");
        stage.sign_in(stage.code(-1).as_str()).await.refused(401, "invalid_second_factor");
    }
    stage.app.clock.advance(TimeDelta::seconds(30));
    stage.sign_in(stage.code(0).as_str()).await.refused(401, "invalid_second_factor");
    let spaced = stage.code(1);
    stage.sign_in(format!(" {} {} ", &spaced[..3], &spaced[3..]).as_str()).await.ok();
    stage.app.clock.advance(TimeDelta::days(-1));
    stage.sign_in(stage.code(0).as_str()).await.ok();
    stage.sign_in(stage.code(0).as_str()).await.refused(401, "invalid_second_factor");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_uses_of_one_code_at_once_one_counts() {
    let stage = stage().await;
    let node = stage.app.another_node().await;
    let (code, recovery) = (stage.code(0), stage.recovery_codes[0].clone());
    for given in [code, recovery] {
        let tries = (0..4).map(|number| {
            let visitor = if number % 2 == 0 { stage.app.visitor() } else { node.visitor() };
            let body = json!({ "email": stage.ann.email, "password": PASSWORD, "secondFactor": given });
            async move { visitor.post("/auth/sign-in", body).await.status }
        });
        let mut statuses = futures_util::future::join_all(tries).await;
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 401, 401, 401]);
    }
}

#[tokio::test]
async fn recovery_codes_are_good_once_each_and_void_when_there_are_new_ones() {
    let stage = stage().await;
    let code = &stage.recovery_codes[0];
    stage.sign_in(code.as_str()).await.ok();
    stage.sign_in(code.as_str()).await.refused(401, "invalid_second_factor");
    stage.sign_in(stage.recovery_codes[1].to_lowercase().replace('-', " ").as_str()).await.ok();
    assert_eq!(stage.left().await, 8);
    let ben = stage.app.member("Ben").await;
    stage.app.set_password(&ben, PASSWORD).await;
    enable(&stage.app, &ben).await;
    let others = sign_in(&stage.app, &ben.email, PASSWORD, Some(&stage.recovery_codes[2])).await;
    others.refused(401, "invalid_second_factor");
    let new = stage.ann.post("/me/second-factor/recovery-codes", Value::Null).await;
    assert_eq!(new.header("cache-control"), Some("no-store"));
    assert_eq!(stage.left().await, 10);
    stage.sign_in(stage.recovery_codes[3].as_str()).await.refused(401, "invalid_second_factor");
    stage.sign_in(new.ok()["recoveryCodes"][0].as_str()).await.ok();
    let used = event::Entity::find().filter(event::Column::Kind.eq("user.recovery_code_used"));
    assert_eq!(used.count(stage.app.db()).await.unwrap(), 3);
}

#[tokio::test]
async fn nothing_of_it_can_be_read_in_the_database() {
    let stage = stage().await;
    let factor = second_factor::Entity::find().one(stage.app.db()).await.unwrap().unwrap();
    let codes = recovery_code::Entity::find().all(stage.app.db()).await.unwrap();
    let shown = format!("{factor:?}{codes:?}").to_uppercase();
    let plain = |code: &String| code.replace('-', "");
    assert!(!shown.contains(&stage.secret) && codes.len() == 10);
    for code in &stage.recovery_codes {
        assert!(!shown.contains(code) && !shown.contains(&plain(code)));
        let unkeyed = blake3::hash(plain(code).as_bytes()).to_hex().to_string();
        assert!(codes.iter().all(|row| row.code_hash != unkeyed));
    }
}

#[tokio::test]
async fn a_mailed_link_and_a_new_proof_take_it_too() {
    let stage = stage().await;
    let again = |given: Value| stage.ann.post("/auth/reauthenticate", given);
    again(json!({ "password": PASSWORD })).await.refused(401, "second_factor_required");
    again(json!({ "password": PASSWORD, "secondFactor": "000000" })).await.refused(401, "invalid_second_factor");
    again(json!({ "password": "wrong", "secondFactor": stage.code(0) })).await.refused(401, "invalid_credentials");
    stage.app.visitor().post("/auth/sign-in-link", json!({ "email": stage.ann.email })).await.queued();
    let token = stage.app.mailed_token(&stage.ann.email, "SIGN_IN_LINK").await;
    let redeem = |given: Value| {
        let body =
            if given.is_null() { json!({ "token": token }) } else { json!({ "token": token, "secondFactor": given }) };
        let visitor = stage.app.visitor();
        async move { visitor.post("/auth/sign-in-link/redeem", body).await }
    };
    redeem(Value::Null).await.refused(401, "second_factor_required");
    redeem(json!("000000")).await.refused(401, "invalid_second_factor");
    redeem(json!(stage.code(0))).await.ok();
    redeem(json!(stage.code(1))).await.refused(401, "invalid_token");
    again(json!({ "password": PASSWORD, "secondFactor": stage.code(1) })).await.ok();
}

#[tokio::test]
async fn guesses_are_slowed_down() {
    let stage = stage().await;
    stage.sign_in(None).await.refused(401, "second_factor_required");
    for _ in 0..10 {
        stage.sign_in("000000").await.refused(401, "invalid_second_factor");
    }
    let slowed = stage.sign_in(stage.code(0).as_str()).await;
    assert_eq!(slowed.header("retry-after"), Some("1"));
    slowed.refused(429, "too_many_attempts");
    let body = json!({ "password": PASSWORD, "secondFactor": stage.code(0) });
    stage.ann.post("/auth/reauthenticate", body).await.refused(429, "too_many_attempts");
    stage.sign_in(None).await.refused(401, "second_factor_required");
    stage.app.clock.advance(TimeDelta::seconds(1));
    stage.sign_in(stage.code(0).as_str()).await.ok();
    stage.sign_in("000000").await.refused(401, "invalid_second_factor");
}

#[tokio::test]
async fn changing_it_takes_a_fresh_proof() {
    let stage = stage().await;
    stage.app.clock.advance(TimeDelta::minutes(6));
    let calls = [("POST", ""), ("POST", "/confirm"), ("POST", "/recovery-codes"), ("DELETE", "")];
    for (method, path) in calls {
        let body = if path == "/confirm" { json!({ "code": "000000" }) } else { Value::Null };
        let answer = stage.ann.call(method, format!("/me/second-factor{path}"), &[], &body).await;
        answer.refused(401, "reauthentication_required");
    }
    stage.ann.get("/me/second-factor").await.ok();
}

#[tokio::test]
async fn disabled_it_is_asked_for_no_more() {
    let stage = stage().await;
    stage.ann.delete("/me/second-factor").await.no_content();
    stage.ann.delete("/me/second-factor").await.no_content();
    stage.app.mail(&stage.ann.email, "SECOND_FACTOR_DISABLED").await;
    assert_eq!(stage.app.mails_to(&stage.ann.email).await.len(), 2);
    assert_eq!(stage.ann.get("/me/second-factor").await.ok()["enabled"], false);
    stage.sign_in(None).await.ok();
    stage.ann.post("/me/second-factor/recovery-codes", Value::Null).await.refused(409, "invalid_transition");
}
