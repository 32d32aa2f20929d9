//! What is left of an erased account: a row that staff see and nobody can use, and no way round the limits (promises K4, O4).

use chrono::TimeDelta;
use entity::{mail, user};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};
use support::App;

use crate::erasure::{CANARY, erase, found};
use crate::proofs::{PASSWORD, fresh_address};

#[tokio::test]
async fn staff_see_that_it_is_erased_and_can_do_nothing_with_it() {
    let app = App::start().await;
    let (owner, admin, cora) = (app.owner().await, app.admin().await, app.member("Cora").await);
    erase(&cora).await.no_content();
    let account = format!("/admin/users/{}", cora.id);
    let seen = admin.get(&account).await.ok();
    assert_eq!((&seen["name"], &seen["email"]), (&json!("Former member"), &Value::Null));
    assert_eq!(seen["erasedAt"], "2026-11-02T09:00:00.000Z");
    for act in ["approve", "reactivate", "password-reset"] {
        admin.post(format!("{account}/{act}"), Value::Null).await.refused(409, "invalid_transition");
    }
    admin.post(format!("{account}/suspend"), json!({ "note": CANARY })).await.refused(409, "invalid_transition");
    let role = format!("/owner/users/{}/role", cora.id);
    owner.put(role, json!({ "role": "ADMIN" })).await.refused(409, "invalid_transition");
    assert!(owner.all("/admin/users?q=former-").await.is_empty());
    assert!(owner.all(format!("/admin/users?q={}", cora.email)).await.is_empty());
    let email = format!("former-{}@invalid", cora.id);
    app.visitor().post("/auth/password-reset", json!({ "email": email })).await;
    app.deliver_mail().await;
    let sent = mail::Entity::find().filter(mail::Column::Status.eq(mail::Status::Sent));
    assert_eq!(sent.count(app.db()).await.unwrap(), 0);
}

/// Otherwise whoever signs up with a stranger's address and leaves again could have them written to without end.
#[tokio::test]
async fn leaving_and_coming_back_brings_no_more_mail() {
    let app = App::start().await;
    let email = fresh_address(&app);
    for _ in 0..5 {
        let body = json!({ "name": "Cora", "email": email, "password": PASSWORD });
        app.visitor().post("/auth/sign-up", body).await.accepted();
        app.deliver_mail().await;
        let found = user::Entity::find().filter(user::Column::EmailKey.eq(&email)).one(app.db()).await.unwrap();
        erase(&app.sign_in(&found.unwrap()).await).await.no_content();
    }
    let sent = || mail::Entity::find().filter(mail::Column::Status.eq(mail::Status::Sent)).count(app.db());
    assert_eq!(sent().await.unwrap(), 3);
    assert!(found(&app, &[&email]).await.is_empty());
    app.clock.advance(TimeDelta::days(1));
    erase(&app.member("Last").await).await.no_content();
    assert_eq!(sent().await.unwrap(), 0);
}
