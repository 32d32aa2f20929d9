//! Another e-mail address: confirmed at the new one, told to the old one, which can take it back (promise A10).

use serde_json::{Value, json};
use support::{App, Client};

use crate::proofs::{PASSWORD, fresh_address};

async fn email_of(who: &Client) -> Value {
    who.get("/me").await.ok()["email"].clone()
}

async fn confirm(app: &App, token: &str) -> support::Answer {
    app.visitor().post("/auth/email-change/confirm", json!({ "token": token })).await
}

#[tokio::test]
async fn the_address_changes_when_the_new_one_confirms() {
    let app = App::start().await;
    let (ann, new) = (app.mentor("Ann").await, fresh_address(&app));
    ann.post("/me/email", json!({ "email": new })).await.queued();
    let token = app.mailed_token(&new, "CHANGE_EMAIL").await;
    let told = app.mail(&ann.email, "EMAIL_CHANGE_REQUESTED").await;
    assert!(!told.to_string().contains(&new), "{told}");
    assert_eq!(email_of(&ann).await, json!(ann.email));
    confirm(&app, &token).await.no_content();
    assert_eq!(email_of(&ann).await, json!(new));
    app.mail(&ann.email, "EMAIL_CHANGED").await;
}

#[tokio::test]
async fn the_old_address_takes_the_change_back() {
    let app = App::start().await;
    let (ann, new) = (app.mentor("Ann").await, fresh_address(&app));
    ann.post("/me/email", json!({ "email": new })).await.queued();
    confirm(&app, &app.mailed_token(&new, "CHANGE_EMAIL").await).await.no_content();
    let undo = app.mailed_token(&ann.email, "EMAIL_CHANGED").await;
    app.visitor().post("/auth/email-change/undo", json!({ "token": undo })).await.no_content();
    ann.get("/me").await.refused(401, "unauthenticated");
    let token = app.mailed_token(&ann.email, "RESET_PASSWORD").await;
    let body = json!({ "token": token, "password": PASSWORD });
    app.visitor().post("/auth/password-reset/redeem", body).await.no_content();
    app.visitor()
        .post("/auth/sign-in", json!({ "email": new, "password": PASSWORD }))
        .await
        .refused(401, "invalid_credentials");
    app.visitor().post("/auth/sign-in", json!({ "email": ann.email, "password": PASSWORD })).await.ok();
}

#[tokio::test]
async fn asking_tells_nobody_whether_an_address_is_taken() {
    let app = App::start().await;
    let (ann, bo) = (app.mentor("Ann").await, app.mentee("Bo").await);
    let free = ann.post("/me/email", json!({ "email": fresh_address(&app) })).await;
    let taken = ann.post("/me/email", json!({ "email": bo.email.to_uppercase() })).await;
    assert_eq!((free.status, free.bytes(), free.names()), (taken.status, taken.bytes(), taken.names()));
    let token = app.mailed_token(&bo.email, "CHANGE_EMAIL").await;
    confirm(&app, &token).await.refused(409, "already_exists");
    assert_eq!(email_of(&ann).await, json!(ann.email));
    assert_eq!(email_of(&bo).await, json!(bo.email));
}

#[tokio::test]
async fn the_last_request_counts() {
    let app = App::start().await;
    let (ann, first, second) = (app.mentor("Ann").await, fresh_address(&app), fresh_address(&app));
    ann.post("/me/email", json!({ "email": first })).await.queued();
    let older = app.mailed_token(&first, "CHANGE_EMAIL").await;
    ann.post("/me/email", json!({ "email": second })).await.queued();
    confirm(&app, &older).await.refused(401, "invalid_token");
    confirm(&app, &app.mailed_token(&second, "CHANGE_EMAIL").await).await.no_content();
    assert_eq!(email_of(&ann).await, json!(second));
}

#[tokio::test]
async fn an_address_is_checked() {
    let app = App::start().await;
    let ann = app.mentor("Ann").await;
    for email in ["no address", "", "a@b@c", "аnn@example.org"] {
        ann.post("/me/email", json!({ "email": email })).await.invalid("/email");
    }
}
