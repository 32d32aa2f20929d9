//! A fresh proof for each operation that uses one up: a mailed token, a refresh token, a password.

use sea_orm::ActiveValue::Set;
use serde_json::{Value, json};
use support::{App, Client, code_at};

use crate::journey::{Journey, exchange_body};

pub const PASSWORD: &str = "a long walk by the river";
pub const ORIGIN: &str = "http://localhost:3000";

const MAILED: [&str; 6] =
    ["verify_email", "sign_in_by_link", "reset_password", "confirm_email", "undo_email_change", "accept_invitation"];

/// The mailed token that the operation `id` uses up, where it does.
pub async fn mailed(app: &App, id: &str) -> Option<String> {
    if !MAILED.contains(&id) {
        return None;
    }
    let newcomer = app.newcomer("Nia Newcomer").await;
    Some(match id {
        "verify_email" => {
            app.change_user(&newcomer, |row| row.email_verified_at = Set(None)).await;
            newcomer.post("/me/email/verification", Value::Null).await.queued();
            app.mailed_token(&newcomer.email, "VERIFY_EMAIL").await
        }
        "sign_in_by_link" => {
            app.visitor().post("/auth/sign-in-link", json!({ "email": newcomer.email })).await.queued();
            app.mailed_token(&newcomer.email, "SIGN_IN_LINK").await
        }
        "reset_password" => {
            app.visitor().post("/auth/password-reset", json!({ "email": newcomer.email })).await.queued();
            app.mailed_token(&newcomer.email, "RESET_PASSWORD").await
        }
        "confirm_email" => change(app, &newcomer).await,
        "undo_email_change" => {
            let token = change(app, &newcomer).await;
            app.visitor().post("/auth/email-change/confirm", json!({ "token": token })).await.no_content();
            app.mailed_token(&newcomer.email, "EMAIL_CHANGED").await
        }
        "accept_invitation" => {
            let email = fresh_address(app);
            app.admin().await.post("/admin/invitations", json!({ "email": email })).await.created();
            app.mailed_token(&email, "INVITATION").await
        }
        other => panic!("nobody knows how {other} gets its token"),
    })
}

/// Brings the caller to where the operation `id` on the second factor begins; the code that it takes, where it does.
pub async fn second_factor(app: &App, id: &str, caller: &Client) -> Option<String> {
    let begins_set_up = matches!(id, "confirm_second_factor" | "renew_recovery_codes");
    if caller.token().is_none() || !begins_set_up {
        return None;
    }
    let secret = caller.post("/me/second-factor", Value::Null).await.ok()["secret"].as_str().unwrap().to_owned();
    let code = code_at(&secret, app.clock.now());
    if id == "renew_recovery_codes" {
        caller.post("/me/second-factor/confirm", json!({ "code": code })).await.ok();
    }
    Some(code)
}

async fn change(app: &App, newcomer: &Client) -> String {
    let email = fresh_address(app);
    newcomer.post("/me/email", json!({ "email": email })).await.queued();
    app.mailed_token(&email, "CHANGE_EMAIL").await
}

/// A code of a sign-in of somebody new at a provider, with its verifier.
pub async fn at_provider(app: &App) -> Value {
    let (id, email) = (app.state.new_id().as_u64_pair().1 >> 12, fresh_address(app));
    let person = json!({ "user": { "id": id, "login": "nia", "name": "Nia Newcomer" },
        "emails": [{ "email": email, "primary": true, "verified": true }] });
    let (_, code) = Journey::new(app).outcome("github", ("as", &person)).await;
    exchange_body(&code)
}

pub fn fresh_number(app: &App) -> String {
    format!("+4915{:09}", app.state.new_id().as_u128() % 1_000_000_000)
}

pub fn fresh_address(app: &App) -> String {
    format!("{}@example.org", app.state.new_id().simple())
}

/// The tokens of a new session of a new user.
pub async fn signed_in(app: &App, mode: &str) -> (Value, Option<String>) {
    let newcomer = app.newcomer("Nia Newcomer").await;
    app.set_password(&newcomer, PASSWORD).await;
    let body = json!({ "email": newcomer.email, "password": PASSWORD, "mode": mode });
    let answer = app.visitor().post_with("/auth/sign-in", &own_page(), body).await;
    let cookie = answer.header("set-cookie").map(|cookie| cookie.split(';').next().unwrap().to_owned());
    (answer.ok(), cookie)
}

/// What a page of ours sends with what it asks for by cookie.
pub fn own_page() -> [(&'static str, &'static str); 2] {
    [("Origin", ORIGIN), ("X-Mentorship-Client", "spa")]
}
