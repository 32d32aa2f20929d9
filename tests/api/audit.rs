//! The audit log: every act of staff on a person, and no way to change it (promise G6).

use entity::event;
use sea_orm::{ConnectionTrait, EntityTrait, PaginatorTrait};
use serde_json::{Value, json};
use support::{App, Client};

async fn log(reader: &Client, query: &str) -> Vec<Value> {
    reader.get(format!("/admin/audit-log{query}")).await.ok()["items"].as_array().unwrap().clone()
}

fn kinds(entries: &[Value]) -> Vec<&str> {
    entries.iter().map(|entry| entry["kind"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn every_act_of_staff_is_told_with_who_whom_and_what() {
    let app = App::start().await;
    let (admin, owner, ann) = (app.admin().await, app.owner().await, app.mentor("Ann").await);
    let suspended = admin.post(format!("/admin/users/{}/suspend", ann.id), json!({ "note": "a secret reason" })).await;
    let request_id = suspended.header("x-request-id").unwrap().to_owned();
    suspended.ok();
    admin.post(format!("/admin/users/{}/reactivate", ann.id), Value::Null).await.ok();
    owner.put(format!("/owner/users/{}/role", ann.id), json!({ "role": "ADMIN" })).await.ok();
    let etag = owner.get("/owner/settings").await.etag();
    owner.patch_if("/owner/settings", etag, json!({ "name": "Guild", "requestDays": 14 })).await.ok();

    let entries = log(&admin, "").await;
    assert_eq!(kinds(&entries), ["settings.changed", "user.role_changed", "user.reactivated", "user.suspended"]);
    let first = &entries[3];
    assert_eq!(first["actor"], json!({ "id": admin.id, "name": "Admin" }));
    assert_eq!(first["subject"], json!({ "kind": "user", "id": ann.id, "name": "Ann" }));
    assert_eq!(
        (&first["before"], &first["after"]),
        (&json!({ "status": "ACTIVE" }), &json!({ "status": "SUSPENDED" }))
    );
    assert_eq!((&first["requestId"], &first["occurredAt"]), (&json!(request_id), &json!("2026-11-02T09:00:00.000Z")));
    assert!(!format!("{entries:?}").contains("secret reason"));
    assert_eq!(entries[1]["after"], json!({ "role": "ADMIN" }));
    assert_eq!(
        (&entries[0]["before"], &entries[0]["after"]),
        (&json!({ "name": "Mentorship" }), &json!({ "name": "Guild" }))
    );
    assert_eq!(log(&owner, "").await, entries);
}

#[tokio::test]
async fn what_changes_nothing_or_is_refused_is_not_told() {
    let app = App::start().await;
    let (admin, owner, ann) = (app.admin().await, app.owner().await, app.mentor("Ann").await);
    admin.post(format!("/admin/users/{}/approve", ann.id), Value::Null).await.ok();
    admin
        .post(format!("/admin/users/{}/suspend", owner.id), json!({ "note": "x" }))
        .await
        .refused(403, "staff_account");
    owner.put(format!("/owner/users/{}/role", ann.id), json!({ "role": "REGULAR" })).await.ok();
    ann.post("/auth/sign-out", Value::Null).await.no_content();
    assert!(log(&admin, "").await.is_empty());
}

#[tokio::test]
async fn the_log_is_filtered_and_read_page_by_page() {
    let app = App::start().await;
    let (admin, owner, ann, bo) =
        (app.admin().await, app.owner().await, app.mentor("Ann").await, app.mentee("Bo").await);
    for whom in [&ann, &bo] {
        admin.post(format!("/admin/users/{}/suspend", whom.id), json!({ "note": "x" })).await.ok();
        owner.post(format!("/admin/users/{}/reactivate", whom.id), Value::Null).await.ok();
    }
    let by_admin = log(&owner, &format!("?actor={}", admin.id)).await;
    assert_eq!(kinds(&by_admin), ["user.suspended", "user.suspended"]);
    let of_ann = log(&owner, &format!("?subject={}", ann.id)).await;
    assert_eq!(kinds(&of_ann), ["user.reactivated", "user.suspended"]);
    assert_eq!(log(&owner, &format!("?subject={}&kind=user.suspended", bo.id)).await.len(), 1);
    owner.get("/admin/audit-log?kind=user.eaten").await.invalid("/kind");
    owner.get("/admin/audit-log?actor=me").await.invalid("/actor");

    let mut seen = Vec::new();
    let mut query = "?limit=3".to_owned();
    loop {
        let page = owner.get(format!("/admin/audit-log{query}")).await.ok();
        seen.extend(page["items"].as_array().unwrap().clone());
        let Some(next) = page["nextCursor"].as_str() else { break };
        query = format!("?limit=3&cursor={next}");
    }
    assert_eq!(seen, log(&owner, "").await);
    assert_eq!(seen.len(), 4);
}

#[tokio::test]
async fn the_log_cannot_be_changed() {
    let app = App::start().await;
    let (admin, ann) = (app.admin().await, app.mentor("Ann").await);
    admin.post(format!("/admin/users/{}/suspend", ann.id), json!({ "note": "x" })).await.ok();
    for statement in ["UPDATE events SET staff = FALSE", "DELETE FROM events"] {
        let refusal = app.db().execute_unprepared(statement).await.unwrap_err();
        assert!(refusal.to_string().contains("append-only"), "{refusal}");
    }
    assert_eq!(event::Entity::find().count(app.db()).await.unwrap(), 1);
    for method in ["POST", "PUT", "PATCH", "DELETE"] {
        admin.call(method, "/admin/audit-log", &[], &Value::Null).await.refused(405, "method_not_allowed");
    }
}
