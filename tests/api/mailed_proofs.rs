//! What is mailed proves once, for a while, for one purpose, account and address; and only the POST uses it up (promises A3 to A9).

use chrono::TimeDelta;
use entity::{user, verification_token};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use support::{Answer, App, Client};
use tokio::task::JoinSet;

use crate::proofs::{PASSWORD, fresh_address, mailed};

/// What can be done with a mailed token: the operation of the document, its address, and how long the token is good.
const PROOFS: [(&str, &str, i64); 6] = [
    ("verify_email", "/auth/verify-email", 24 * 60),
    ("sign_in_by_link", "/auth/sign-in-link/redeem", 15),
    ("reset_password", "/auth/password-reset/redeem", 30),
    ("confirm_email", "/auth/email-change/confirm", 24 * 60),
    ("undo_email_change", "/auth/email-change/undo", 7 * 24 * 60),
    ("accept_invitation", "/auth/invitations/accept", 7 * 24 * 60),
];

fn body(id: &str, token: &str) -> Value {
    match id {
        "reset_password" => json!({ "token": token, "password": PASSWORD }),
        "accept_invitation" => json!({ "token": token, "name": "Ada", "password": PASSWORD }),
        _ => json!({ "token": token }),
    }
}

async fn redeem(app: &App, id: &str, path: &str, token: &str) -> Answer {
    app.visitor().post(path, body(id, token)).await
}

#[tokio::test]
async fn each_is_good_once() {
    let app = App::start().await;
    for (id, path, _) in PROOFS {
        let token = mailed(&app, id).await.unwrap();
        assert!(redeem(&app, id, path, &token).await.status < 300, "{id}");
        redeem(&app, id, path, &token).await.refused(401, "invalid_token");
    }
}

#[tokio::test]
async fn sixteen_at_once_succeed_once() {
    let app = App::start().await;
    for (id, path, _) in PROOFS {
        let token = mailed(&app, id).await.unwrap();
        let mut attempts = JoinSet::new();
        for _ in 0..16 {
            let (visitor, body) = (app.visitor(), body(id, &token));
            attempts.spawn(async move { visitor.post(path, body).await.status });
        }
        let mut statuses = attempts.join_all().await;
        statuses.sort_unstable();
        assert!(statuses[0] < 300, "{id} {statuses:?}");
        assert_eq!(statuses[1..], [401; 15], "{id}");
    }
}

#[tokio::test]
async fn each_lasts_for_its_time() {
    let app = App::start().await;
    for (id, path, minutes) in PROOFS {
        let token = mailed(&app, id).await.unwrap();
        app.clock.advance(TimeDelta::minutes(minutes));
        redeem(&app, id, path, &token).await.refused(401, "invalid_token");
        let token = mailed(&app, id).await.unwrap();
        app.clock.advance(TimeDelta::minutes(minutes) - TimeDelta::seconds(1));
        assert!(redeem(&app, id, path, &token).await.status < 300, "{id}");
    }
}

#[tokio::test]
async fn each_is_good_for_its_purpose_only() {
    let app = App::start().await;
    for (id, path, _) in PROOFS {
        let token = mailed(&app, id).await.unwrap();
        for (other, elsewhere, _) in PROOFS.iter().filter(|(other, _, _)| *other != id) {
            redeem(&app, other, elsewhere, &token).await.refused(401, "invalid_token");
        }
        assert!(redeem(&app, id, path, &token).await.status < 300, "{id}");
    }
}

#[tokio::test]
async fn a_newer_one_voids_the_older() {
    let app = App::start().await;
    let ann = app.newcomer("Ann").await;
    let ask = async || {
        app.visitor().post("/auth/password-reset", json!({ "email": ann.email })).await.queued();
        app.mailed_token(&ann.email, "RESET_PASSWORD").await
    };
    let (older, newer) = (ask().await, ask().await);
    assert_ne!(older, newer);
    redeem(&app, "reset_password", PROOFS[2].1, &older).await.refused(401, "invalid_token");
    redeem(&app, "reset_password", PROOFS[2].1, &newer).await.no_content();
}

#[tokio::test]
async fn none_outlives_the_address_it_was_sent_to() {
    let app = App::start().await;
    let ann = app.newcomer("Ann").await;
    for (path, kind, id) in [
        ("/auth/password-reset", "RESET_PASSWORD", "reset_password"),
        ("/auth/sign-in-link", "SIGN_IN_LINK", "sign_in_by_link"),
    ] {
        app.visitor().post(path, json!({ "email": ann.email })).await.queued();
        let token = app.mailed_token(&ann.email, kind).await;
        let elsewhere = fresh_address(&app);
        app.change_user(&ann, |row| row.email = Set(elsewhere)).await;
        let (_, path, _) = PROOFS.iter().find(|(one, _, _)| *one == id).unwrap();
        redeem(&app, id, path, &token).await.refused(401, "invalid_token");
        app.change_user(&ann, |row| row.email = Set(ann.email.clone())).await;
    }
}

#[tokio::test]
async fn the_database_holds_no_mailed_token() {
    let app = App::start().await;
    for (id, _, _) in PROOFS {
        let token = mailed(&app, id).await.unwrap();
        assert!(token.len() >= 47, "{token}");
        let hash = blake3::hash(token.as_bytes()).to_hex().to_string();
        let kept = verification_token::Entity::find().filter(verification_token::Column::TokenHash.eq(hash));
        assert!(kept.one(app.db()).await.unwrap().is_some_and(|row| !row.token_hash.contains(&token[4..])), "{id}");
    }
}

#[tokio::test]
async fn made_up_ones_are_refused() {
    let app = App::start().await;
    let good = mailed(&app, "verify_email").await.unwrap();
    for token in ["x", "mvt_", &good[4..], &good[..40], &format!("{good}A"), &good.to_uppercase(), "' OR 1=1 --"] {
        redeem(&app, "verify_email", PROOFS[0].1, token).await.refused(401, "invalid_token");
    }
    redeem(&app, "verify_email", PROOFS[0].1, &good).await.no_content();
}

/// Scanners of mail open every link.
#[tokio::test]
async fn opening_a_link_changes_nothing() {
    let app = App::start().await;
    for (id, path, _) in PROOFS {
        let token = mailed(&app, id).await.unwrap();
        for method in ["GET", "HEAD"] {
            let opened = app.visitor().call(method, format!("{path}?token={token}"), &[], &Value::Null).await;
            assert!(matches!(opened.status, 404 | 405), "{opened}");
        }
        assert!(redeem(&app, id, path, &token).await.status < 300, "{id}");
    }
}

#[tokio::test]
async fn links_lead_where_the_configuration_says_whatever_the_request_claims() {
    let app = App::start_with(|config| config.app_url = "https://app.example.org/mentoring".to_owned()).await;
    let ann = app.newcomer("Ann").await;
    let forged = [
        ("X-Forwarded-Host", "evil.test"),
        ("X-Forwarded-Proto", "http"),
        ("Forwarded", "host=evil.test"),
        ("Origin", "https://evil.test"),
        ("Referer", "https://evil.test/"),
    ];
    app.visitor().post_with("/auth/sign-in-link", &forged, json!({ "email": ann.email })).await.queued();
    let mail = app.mail(&ann.email, "SIGN_IN_LINK").await.to_string();
    assert!(mail.contains("https://app.example.org/mentoring/sign-in#token=mvt_"), "{mail}");
    assert!(!mail.contains("evil.test"), "{mail}");
}

async fn is_verified(client: &Client) -> bool {
    client.get("/me").await.ok()["emailVerifiedAt"].is_string()
}

#[tokio::test]
async fn an_unverified_member_verifies_and_is_let_in() {
    let app = App::start_with(|config| config.email_verification = api::config::EmailVerification::Required).await;
    let email = fresh_address(&app);
    let sign_up = json!({ "name": "Ada", "email": email, "password": PASSWORD });
    app.visitor().post("/auth/sign-up", sign_up).await.accepted();
    let row = user::Entity::find().filter(user::Column::Email.eq(email.as_str())).one(app.db()).await.unwrap();
    let ada = app.sign_in(&row.unwrap()).await;
    ada.get("/notifications").await.refused(403, "email_not_verified");
    assert!(!is_verified(&ada).await);
    let first = app.mailed_token(&email, "VERIFY_EMAIL").await;
    ada.post("/me/email/verification", Value::Null).await.queued();
    let second = app.mailed_token(&email, "VERIFY_EMAIL").await;
    assert_ne!(first, second);
    redeem(&app, "verify_email", PROOFS[0].1, &second).await.no_content();
    assert!(is_verified(&ada).await);
    ada.get("/notifications").await.ok();
    ada.post("/me/email/verification", Value::Null).await.queued();
    assert_eq!(app.mails_to(&email).await.len(), 2);
}

/// Somebody signs up with an address that is not theirs, and waits for its owner to come.
#[tokio::test]
async fn an_account_made_beforehand_is_no_trap_for_the_owner_of_the_address() {
    let app = App::start().await;
    for (path, kind, redeemed) in [
        ("/auth/sign-in-link", "SIGN_IN_LINK", "/auth/sign-in-link/redeem"),
        ("/auth/password-reset", "RESET_PASSWORD", "/auth/password-reset/redeem"),
    ] {
        let email = fresh_address(&app);
        let trap = json!({ "name": "Ada", "email": email, "password": "the thief's own words" });
        app.visitor().post("/auth/sign-up", trap).await.accepted();
        let theirs = json!({ "email": email, "password": "the thief's own words" });
        let thief = app.visitor().post("/auth/sign-in", theirs.clone()).await.ok();
        app.visitor().post(path, json!({ "email": email })).await.queued();
        let token = app.mailed_token(&email, kind).await;
        let body = if kind == "RESET_PASSWORD" { body("reset_password", &token) } else { json!({ "token": token }) };
        assert!(app.visitor().post(redeemed, body).await.status < 300);
        app.visitor().post("/auth/sign-in", theirs).await.refused(401, "invalid_credentials");
        let refresh = json!({ "refreshToken": thief["refreshToken"] });
        app.visitor().post("/auth/refresh", refresh).await.refused(401, "invalid_refresh_token");
    }
}
