//! The audit log: every act of staff on a person, and no way to change it (promise G6).

use entity::{event, user};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, PaginatorTrait};
use serde_json::{Value, json};
use support::{App, Client, Operation, document, is_postgres};

use crate::proofs::fresh_address;
use crate::stage;
use crate::taxonomy::add;

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
    let before = event::Entity::find().count(app.db()).await.unwrap();
    // SQLite has no TRUNCATE.
    let truncate = is_postgres().then_some("TRUNCATE events");
    for statement in ["UPDATE events SET staff = FALSE", "DELETE FROM events"].into_iter().chain(truncate) {
        let refusal = app.db().execute_unprepared(statement).await.unwrap_err();
        assert!(refusal.to_string().contains("append-only"), "{refusal}");
    }
    assert_eq!(event::Entity::find().count(app.db()).await.unwrap(), before);
    for method in ["POST", "PUT", "PATCH", "DELETE"] {
        admin.call(method, "/admin/audit-log", &[], &Value::Null).await.refused(405, "method_not_allowed");
    }
}

/// A request of every operation that admins and owners write with.
struct Write {
    method: &'static str,
    path: String,
    etag: Option<String>,
    body: Value,
}

async fn write_of(app: &App, admin: &Client, id: &str) -> Write {
    let write = |method, path: String, body| Write { method, path, etag: None, body };
    let on = |who: &Client, what: &str| format!("/admin/users/{}/{what}", who.id);
    let with = async |status| app.person("Ann", |row| row.status = Set(status)).await;
    match id {
        "add_term" => write("POST", "/admin/taxonomy/skills".to_owned(), json!({ "name": "Rust" })),
        "update_term" => {
            add(admin, "topics", &["Talks"]).await;
            write("PATCH", "/admin/taxonomy/topics/talks".to_owned(), json!({ "name": "Speaking" }))
        }
        "merge_term" => {
            add(admin, "industries", &["Banks", "Finance"]).await;
            write("POST", "/admin/taxonomy/industries/banks/merge".to_owned(), json!({ "into": "finance" }))
        }
        "approve_account" => write("POST", on(&with(user::Status::PendingApproval).await, "approve"), Value::Null),
        "suspend_account" => write("POST", on(&with(user::Status::Active).await, "suspend"), json!({ "note": "x" })),
        "reactivate_account" => write("POST", on(&with(user::Status::Suspended).await, "reactivate"), Value::Null),
        "change_role" => {
            let path = format!("/owner/users/{}/role", app.mentor("Ann").await.id);
            write("PUT", path, json!({ "role": "ADMIN" }))
        }
        "assign_mentorship" => {
            let (mentor, mentee) = (app.mentor("Ann").await.id, app.mentee("Bo").await.id);
            write("POST", "/admin/mentorships".to_owned(), json!({ "mentorId": mentor, "menteeId": mentee }))
        }
        "approve_mentorship" => {
            let request = app.request(&app.mentor("Ann").await, &app.mentee("Bo").await).await;
            write("POST", format!("/admin/mentorships/{request}/approve"), Value::Null)
        }
        "end_mentorship" => {
            write("POST", format!("/admin/mentorships/{}/end", app.pair().await.id), json!({ "reason": "OTHER" }))
        }
        "start_password_reset" => write("POST", on(&app.mentor("Ann").await, "password-reset"), Value::Null),
        "ban_pair" => {
            let (one, other) = (app.mentor("Ann").await.id, app.mentee("Bo").await.id);
            write("POST", "/admin/pair-bans".to_owned(), json!({ "oneId": one, "otherId": other, "note": "Siblings" }))
        }
        "lift_pair_ban" => {
            let ban = stage::ban(app, &app.mentor("Ann").await, &app.mentee("Bo").await).await;
            write("DELETE", format!("/admin/pair-bans/{}", ban["id"].as_str().unwrap()), Value::Null)
        }
        "assign_issue" => {
            let path = format!("/admin/issues/{}/assignee", stage::build(app, "issue", false).await.word);
            write("PUT", path, json!({ "userId": admin.id }))
        }
        "answer_issue" => {
            let path = format!("/admin/issues/{}/answer", stage::build(app, "issue", false).await.word);
            write("POST", path, json!({ "text": "We have spoken with them." }))
        }
        "close_issue" => {
            let path = format!("/admin/issues/{}/close", stage::build(app, "issue", false).await.word);
            write("POST", path, Value::Null)
        }
        "check_matching_index" => write("POST", "/owner/matching-index/check".to_owned(), Value::Null),
        "invite" => write("POST", "/admin/invitations".to_owned(), json!({ "email": fresh_address(app) })),
        "revoke_invitation" => {
            let invited = admin.post("/admin/invitations", json!({ "email": fresh_address(app) })).await.created();
            write("DELETE", format!("/admin/invitations/{}", invited["id"].as_str().unwrap()), Value::Null)
        }
        "update_settings" => {
            let etag = Some(app.owner().await.get("/owner/settings").await.etag());
            Write { method: "PATCH", path: "/owner/settings".to_owned(), etag, body: json!({ "requestDays": 7 }) }
        }
        "replace_matching_policy" => {
            let (method, path) = ("PUT", "/owner/matching-policy".to_owned());
            let present = app.owner().await.get(&path).await;
            let body = json!({ "terms": present.ok()["terms"] });
            Write { method, path, etag: Some(present.etag()), body }
        }
        "create_match_run" => {
            stage::end_runs(app).await;
            write("POST", "/admin/match-runs".to_owned(), json!({}))
        }
        "edit_match_run" => on_run(app, admin, "PATCH", "", json!({ "bans": [] })).await,
        "publish_match_run" => on_run(app, admin, "POST", "/publish", json!({ "as": "SUGGESTIONS" })).await,
        "cancel_match_run" => on_run(app, admin, "POST", "/cancel", Value::Null).await,
        other => panic!("how is {other} called?"),
    }
}

/// A move of a match run that is ready.
async fn on_run(app: &App, admin: &Client, method: &'static str, act: &str, body: Value) -> Write {
    let path = format!("/admin/match-runs/{}", stage::build(app, "match run", false).await.word);
    let etag = Some(admin.get(&path).await.etag());
    Write { method, path: format!("{path}{act}"), etag, body }
}

/// What staff sends without changing anything.
const NO_WRITES: [&str; 1] = ["preview_matching_policy"];

#[tokio::test]
async fn no_write_of_staff_is_left_out() {
    let app = App::start().await;
    let (admin, owner) = (app.admin().await, app.owner().await);
    let of_staff = |one: &&Operation| one.method != "GET" && matches!(one.role.as_deref(), Some("admin" | "owner"));
    let writes = |one: &&Operation| of_staff(one) && !NO_WRITES.contains(&one.id.as_str());
    for operation in document().operations.iter().filter(writes) {
        let who = if operation.role.as_deref() == Some("admin") { &admin } else { &owner };
        let write = write_of(&app, &admin, &operation.id).await;
        let etag = write.etag.unwrap_or_default();
        let headers = [("If-Match", etag.as_str())];
        let headers = if etag.is_empty() { &headers[..0] } else { &headers[..] };
        let answer = who.call(write.method, &write.path, headers, &write.body).await;
        assert!(answer.status < 300, "{answer}");
        let newest = log(&admin, "?limit=1").await.remove(0);
        assert_eq!(newest["requestId"].as_str(), answer.header("x-request-id"), "{answer}\n{newest}");
        assert_eq!(newest["actor"]["id"], json!(who.id), "{newest}");
        let (before, after) = (newest["before"].as_object().unwrap(), newest["after"].as_object().unwrap());
        assert!(!after.is_empty() && before != after, "{newest}");
        assert!(answer.status == 201 || before.keys().eq(after.keys()), "{newest}");
    }
}

#[tokio::test]
async fn an_approval_before_the_answer_shows_what_it_changed() {
    let app = App::start().await;
    let (admin, ann, bo) = (app.admin().await, app.mentor("Ann").await, app.mentee("Bo").await);
    let path = format!("/admin/mentorships/{}", app.request(&ann, &bo).await);
    admin.post(format!("{path}/approve"), Value::Null).await.ok();
    admin.post(format!("{path}/end"), json!({ "reason": "CONDUCT", "note": "a secret reason" })).await.ok();
    let entries = log(&admin, "").await;
    let now = "2026-11-02T09:00:00.000Z";
    let of = |at: usize| (entries[at]["before"].clone(), entries[at]["after"].clone());
    assert_eq!(of(1), (json!({ "approvedAt": null }), json!({ "approvedAt": now })));
    let ended = json!({ "status": "CANCELED", "endDate": now });
    assert_eq!(of(0), (json!({ "status": "PENDING", "endDate": null }), ended));
    assert!(!format!("{entries:?}").contains("secret") && !format!("{entries:?}").contains("CONDUCT"));
    for member in [&ann, &bo] {
        assert_eq!(log(&admin, &format!("?subject={}", member.id)).await, entries);
    }
    assert!(log(&admin, &format!("?subject={}", app.mentor("Cy").await.id)).await.is_empty());
}
