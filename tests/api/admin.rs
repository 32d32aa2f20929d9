//! What staff sees and does with accounts (promises E, G3, C11); that an owner remains is in `owners`.

use chrono::TimeDelta;
use entity::{account, session, user};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use support::{App, Client};
use uuid::Uuid;

fn act(whom: &Client, what: &str) -> String {
    format!("/admin/users/{}/{what}", whom.id)
}

fn role(whom: &Client) -> String {
    format!("/owner/users/{}/role", whom.id)
}

fn names(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn accounts_are_listed_newest_first() {
    let app = App::start().await;
    let admin = app.admin().await;
    for name in ["Ann", "Bo", "Cy"] {
        app.mentor(name).await;
    }
    let first = admin.get("/admin/users?limit=3").await.ok();
    assert_eq!(names(&first), ["Cy", "Bo", "Ann"]);
    let next = first["nextCursor"].as_str().unwrap();
    let second = admin.get(format!("/admin/users?limit=3&cursor={next}")).await.ok();
    assert_eq!(names(&second), ["Admin"]);
    assert_eq!(second["nextCursor"], Value::Null);
}

#[tokio::test]
async fn accounts_are_found_by_the_beginning_of_name_or_address() {
    let app = App::start().await;
    let admin = app.admin().await;
    let ann = app.mentor("Ann Berg").await;
    app.mentor("Anders_50%").await;
    app.mentee("Berta").await;
    let found = async |q: &str| {
        let page = admin.get(format!("/admin/users?q={q}")).await.ok();
        names(&page).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(found("an").await, ["Anders_50%", "Ann Berg"]);
    assert_eq!(found("ANN%20b").await, ["Ann Berg"]);
    assert_eq!(found(&ann.email.to_uppercase()[..12]).await, ["Ann Berg"]);
    for wildcard in ["%25", "_nn", "A%25", "Anders_5%25", "*", "%5C"] {
        assert!(found(wildcard).await.is_empty(), "{wildcard}");
    }
    assert_eq!(found("anders_50%25").await, ["Anders_50%"]);
    admin.get("/admin/users?q=").await.invalid("/q");
    admin.get("/admin/users?name=a").await.invalid("/name");
}

#[tokio::test]
async fn accounts_are_filtered_by_status_and_role() {
    let app = App::start().await;
    let (admin, ann) = (app.admin().await, app.mentor("Ann").await);
    app.mentee("Bo").await;
    admin.post(act(&ann, "suspend"), json!({ "note": "spam" })).await.ok();
    assert_eq!(names(&admin.get("/admin/users?status=SUSPENDED").await.ok()), ["Ann"]);
    assert_eq!(names(&admin.get("/admin/users?role=ADMIN").await.ok()), ["Admin"]);
    assert_eq!(names(&admin.get("/admin/users?role=REGULAR&status=ACTIVE&q=b").await.ok()), ["Bo"]);
    admin.get("/admin/users?role=KING").await.invalid("/role");
}

#[tokio::test]
async fn admins_see_less_of_staff_than_owners_do() {
    let app = App::start().await;
    let (admin, owner, ann) = (app.admin().await, app.owner().await, app.mentor("Ann").await);
    let of = |whom: &Client| format!("/admin/users/{}", whom.id);
    app.clock.advance(TimeDelta::hours(2));

    let seen = admin.get(of(&ann)).await.ok();
    assert_eq!(seen["email"], ann.email);
    assert_eq!((&seen["providers"], &seen["lastSeenAt"]), (&Value::Null, &json!("2026-11-02T00:00:00.000Z")));
    assert_eq!(admin.get(of(&owner)).await.ok()["email"], Value::Null);
    assert_eq!(admin.get(of(&admin)).await.ok()["email"], admin.email);
    assert!(names(&admin.get(format!("/admin/users?q={}", owner.email)).await.ok()).is_empty());

    let account = account::ActiveModel {
        id: Set(Uuid::new_v4()),
        user_id: Set(ann.id),
        provider: Set(account::PASSWORD.to_owned()),
        provider_account_id: Set(ann.id.to_string()),
        password_hash: Set(Some("x".to_owned())),
        created_at: Set(app.clock.now()),
        updated_at: Set(app.clock.now()),
    };
    account::Entity::insert(account).exec_without_returning(app.db()).await.unwrap();
    let seen = owner.get(of(&ann)).await.ok();
    assert_eq!((&seen["providers"], &seen["lastSeenAt"]), (&json!(["password"]), &json!("2026-11-02T09:00:00.000Z")));
    assert_eq!(owner.get(of(&admin)).await.ok()["email"], admin.email);
    assert_eq!(names(&owner.get(format!("/admin/users?q={}", admin.email)).await.ok()), ["Admin"]);
}

#[tokio::test]
async fn members_do_nothing_of_this() {
    let app = App::start().await;
    let (ann, bo) = (app.mentor("Ann").await, app.mentee("Bo").await);
    for path in ["/admin/users", "/admin/usage", "/admin/audit-log", "/owner/settings"] {
        ann.get(path).await.refused(403, "forbidden");
        app.visitor().get(path).await.refused(401, "unauthenticated");
    }
    ann.post(act(&bo, "suspend"), json!({ "note": "x" })).await.refused(403, "forbidden");
    ann.put(role(&ann), json!({ "role": "OWNER" })).await.refused(403, "forbidden");
    app.admin().await.put(role(&bo), json!({ "role": "ADMIN" })).await.refused(403, "forbidden");
}

#[tokio::test]
async fn an_account_is_approved_once() {
    let app = App::start().await;
    let admin = app.admin().await;
    let ann = app.person("Ann", |row| row.status = Set(user::Status::PendingApproval)).await;
    ann.get("/notifications").await.refused(403, "account_pending");
    admin.post(act(&ann, "reactivate"), Value::Null).await.refused(409, "invalid_transition");
    assert_eq!(admin.post(act(&ann, "approve"), Value::Null).await.ok()["status"], "ACTIVE");
    assert_eq!(admin.post(act(&ann, "approve"), Value::Null).await.ok()["status"], "ACTIVE");
    let inbox = ann.get("/notifications").await.ok();
    assert_eq!(inbox["items"].as_array().unwrap().len(), 1);
    assert_eq!(inbox["items"][0]["kind"], "ACCOUNT_APPROVED");
}

#[tokio::test]
async fn a_suspension_ends_sessions_and_bites_at_once() {
    let app = App::start().await;
    let (admin, ann) = (app.admin().await, app.mentor("Ann").await);
    ann.get("/notifications").await.ok();
    let suspended = admin.post(act(&ann, "suspend"), json!({ "note": "sent advertisements" })).await.ok();
    assert_eq!(
        (&suspended["status"], &suspended["suspensionNote"]),
        (&json!("SUSPENDED"), &json!("sent advertisements"))
    );
    ann.get("/notifications").await.refused(403, "account_suspended");
    ann.post("/auth/sign-out", Value::Null).await.refused(403, "account_suspended");
    let session =
        session::Entity::find().filter(session::Column::UserId.eq(ann.id)).one(app.db()).await.unwrap().unwrap();
    assert_eq!(session.ended_reason, Some(session::EndedReason::Suspended));

    let again = admin.post(act(&ann, "suspend"), json!({ "note": "another" })).await.ok();
    assert_eq!(again["suspensionNote"], "sent advertisements");
    admin.post(act(&ann, "approve"), Value::Null).await.refused(409, "invalid_transition");
    let back = admin.post(act(&ann, "reactivate"), Value::Null).await.ok();
    assert_eq!((&back["status"], &back["suspensionNote"]), (&json!("ACTIVE"), &Value::Null));
    admin.post(act(&ann, "reactivate"), Value::Null).await.ok();
    ann.get("/notifications").await.refused(401, "unauthenticated");

    admin.post(act(&ann, "suspend"), json!({ "note": " " })).await.invalid("/note");
    admin.post(act(&ann, "suspend"), json!({})).await.invalid("/note");
}

#[tokio::test]
async fn admins_touch_no_staff_and_nobody_themselves() {
    let app = App::start().await;
    let (admin, owner) = (app.admin().await, app.owner().await);
    let other = app.person("Other admin", |row| row.role = Set(user::Role::Admin)).await;
    for what in ["approve", "suspend", "reactivate"] {
        let body = if what == "suspend" { json!({ "note": "x" }) } else { Value::Null };
        for whom in [&other, &owner] {
            admin.post(act(whom, what), body.clone()).await.refused(403, "staff_account");
        }
        for who in [&admin, &owner] {
            who.post(act(who, what), body.clone()).await.refused(403, "own_account");
        }
        let nobody = format!("/admin/users/{}/{what}", Uuid::new_v4());
        admin.post(nobody, body.clone()).await.refused(404, "not_found");
        owner.post(act(&other, what), body).await.ok();
    }
}

#[tokio::test]
async fn owners_change_roles_and_it_bites_at_once() {
    let app = App::start().await;
    let (owner, ann) = (app.owner().await, app.mentor("Ann").await);
    ann.get("/admin/users").await.refused(403, "forbidden");
    assert_eq!(owner.put(role(&ann), json!({ "role": "ADMIN" })).await.ok()["role"], "ADMIN");
    owner.put(role(&ann), json!({ "role": "ADMIN" })).await.ok();
    ann.get("/admin/users").await.ok();
    assert_eq!(ann.get("/notifications").await.ok()["items"][0]["kind"], "ROLE_CHANGED");
    owner.put(role(&ann), json!({ "role": "REGULAR" })).await.ok();
    ann.get("/admin/users").await.refused(403, "forbidden");
    owner.put(role(&owner), json!({ "role": "REGULAR" })).await.refused(403, "own_account");
    owner.put(role(&ann), json!({ "role": "KING" })).await.invalid("/role");
    owner
        .put(format!("/owner/users/{}/role", Uuid::new_v4()), json!({ "role": "ADMIN" }))
        .await
        .refused(404, "not_found");
}

#[tokio::test]
async fn a_role_is_changed_after_a_recent_sign_in_only() {
    let app = App::start().await;
    let (owner, ann) = (app.owner().await, app.mentor("Ann").await);
    app.clock.advance(TimeDelta::minutes(5) + TimeDelta::seconds(1));
    let refusal = owner.put(role(&ann), json!({ "role": "ADMIN" })).await;
    assert!(refusal.header("www-authenticate").unwrap().contains("insufficient_user_authentication"));
    refusal.refused(401, "reauthentication_required");
    let row = user::Entity::find().filter(user::Column::Id.eq(owner.id)).one(app.db()).await.unwrap().unwrap();
    app.sign_in(&row).await.put(role(&ann), json!({ "role": "ADMIN" })).await.ok();
}
