//! Invitations: an admin asks somebody in, who becomes a verified member whom nobody has to approve.

use serde_json::json;
use support::App;

use crate::proofs::{PASSWORD, fresh_address};

#[tokio::test]
async fn who_accepts_is_an_active_member() {
    let app = App::start().await;
    let (admin, owner, email) = (app.admin().await, app.owner().await, fresh_address(&app));
    let settings = owner.get("/owner/settings").await.etag();
    owner.patch_if("/owner/settings", settings, json!({ "memberApproval": true })).await.ok();
    let invitation = admin.post("/admin/invitations", json!({ "email": email })).await.created();
    assert_eq!(invitation["invitedBy"], json!(admin.id));
    assert_eq!(admin.all("/admin/invitations").await, std::slice::from_ref(&invitation));
    let token = app.mailed_token(&email, "INVITATION").await;
    let body = json!({ "token": token, "name": "Ada Lindqvist", "password": PASSWORD });
    app.visitor().post("/auth/invitations/accept", body).await.no_content();
    let user = app.visitor().post("/auth/sign-in", json!({ "email": email, "password": PASSWORD })).await.ok();
    assert_eq!(user["user"]["status"], "ACTIVE");
    assert_eq!(user["user"]["emailVerified"], true);
    assert_eq!(admin.all("/admin/invitations").await.len(), 0);
}

#[tokio::test]
async fn a_revoked_one_is_good_for_nothing() {
    let app = App::start().await;
    let (admin, email) = (app.admin().await, fresh_address(&app));
    let path = format!(
        "/admin/invitations/{}",
        admin.post("/admin/invitations", json!({ "email": email })).await.created()["id"].as_str().unwrap()
    );
    let token = app.mailed_token(&email, "INVITATION").await;
    admin.get(&path).await.ok();
    admin.delete(&path).await.no_content();
    for gone in [admin.get(&path).await, admin.delete(&path).await] {
        gone.refused(404, "not_found");
    }
    let body = json!({ "token": token, "name": "Ada", "password": PASSWORD });
    app.visitor().post("/auth/invitations/accept", body).await.refused(401, "invalid_token");
}

#[tokio::test]
async fn inviting_a_member_tells_them_and_not_the_admin() {
    let app = App::start().await;
    let (admin, owner) = (app.admin().await, app.owner().await);
    let of_member = admin.post("/admin/invitations", json!({ "email": owner.email })).await;
    let of_stranger = admin.post("/admin/invitations", json!({ "email": fresh_address(&app) })).await;
    of_member.created();
    assert_eq!(of_member.names(), of_stranger.names());
    app.mail(&owner.email, "ALREADY_MEMBER").await;
    assert!(app.mails_to(&owner.email).await.iter().all(|mail| mail["kind"] != "INVITATION"));
}

#[tokio::test]
async fn who_signed_up_in_the_meantime_is_told() {
    let app = App::start().await;
    let (admin, email) = (app.admin().await, fresh_address(&app));
    admin.post("/admin/invitations", json!({ "email": email })).await.created();
    let token = app.mailed_token(&email, "INVITATION").await;
    let person = json!({ "name": "Ada", "email": email, "password": PASSWORD });
    app.visitor().post("/auth/sign-up", person).await.accepted();
    let body = json!({ "token": token, "name": "Ada", "password": PASSWORD });
    app.visitor().post("/auth/invitations/accept", body).await.refused(409, "already_exists");
}
