//! What members report: frozen for admins as it was, and nothing else of the thread.

use chrono::TimeDelta;
use entity::issue;
use sea_orm::EntityTrait;
use serde_json::{Value, json};
use support::{App, Client};
use uuid::Uuid;

use crate::erasure::{erase, found};
use crate::messages::{send, threads};
pub use crate::stage::report;

async fn reported(who: &Client, sent: &Value) -> Value {
    who.post(format!("/messages/{}/report", sent["id"].as_str().unwrap()), report()).await.created()
}

fn of_staff(issue: &Value, rest: &str) -> String {
    format!("/admin/issues/{}{rest}", issue["id"].as_str().unwrap())
}

fn id_of(issue: &Value) -> Uuid {
    issue["id"].as_str().unwrap().parse().unwrap()
}

#[tokio::test]
async fn a_reported_message_opens_itself_and_a_few_around_it_as_they_were() {
    let app = App::start().await;
    let admin = app.admin().await;
    for (thread, ann, bo) in threads(&app).await {
        let mut sent = Vec::new();
        for at in 1..=10 {
            sent.push(send(&ann, &thread, &format!("Message {at}")).await);
        }
        ann.delete(format!("/messages/{}", sent[3]["id"].as_str().unwrap())).await.no_content();
        let issue = reported(&bo, &sent[4]).await;
        assert_eq!((&issue["kind"], &issue["status"]), (&json!("MESSAGE"), &json!("OPEN")));
        assert_eq!((&issue["reportedId"], &issue["messageId"]), (&json!(ann.id), &sent[4]["id"]));
        // What happens afterwards changes nothing of what was reported.
        ann.delete(format!("/messages/{}", sent[4]["id"].as_str().unwrap())).await.no_content();
        ann.patch(format!("/messages/{}", sent[5]["id"].as_str().unwrap()), json!({ "content": "Nice" })).await.ok();
        let kept = admin.get(of_staff(&issue, "/messages")).await.ok()["messages"].as_array().unwrap().clone();
        let contents: Vec<_> = kept.iter().map(|one| (one["seq"].clone(), one["content"].clone())).collect();
        let expected = (2..=8).map(|at| {
            let content = if at == 4 { Value::Null } else { json!(format!("Message {at}")) };
            (json!(at), content)
        });
        assert_eq!(contents, expected.collect::<Vec<_>>());
        admin.get(format!("{thread}/messages")).await.refused(404, "not_found");
    }
}

#[tokio::test]
async fn that_it_was_read_is_told_to_the_staff_and_to_both() {
    let app = App::start().await;
    let admin = app.admin().await;
    for (thread, ann, bo) in threads(&app).await {
        let sent = send(&ann, &thread, "canary").await;
        let issue = reported(&bo, &sent).await;
        for who in [&ann, &bo] {
            assert!(who.all("/me/access-log").await.is_empty());
        }
        admin.get(of_staff(&issue, "/messages")).await.ok();
        for who in [&ann, &bo] {
            let log = who.all("/me/access-log").await;
            assert_eq!((log.len(), &log[0]["firstSeq"], &log[0]["lastSeq"]), (1, &json!(1), &json!(1)));
            let kind = if thread.starts_with("/mentorships") { "mentorshipId" } else { "conversationId" };
            assert_eq!(log[0][kind].as_str(), thread.rsplit('/').next());
        }
        let audit = admin.get("/admin/audit-log?limit=1").await.ok()["items"][0].clone();
        assert_eq!((&audit["kind"], &audit["subject"]["id"]), (&json!("issue.messages_read"), &issue["id"]));
        assert!(!audit.to_string().contains("canary"), "{audit}");
    }
    assert!(admin.all("/me/access-log").await.is_empty());
}

#[tokio::test]
async fn users_and_anything_else_are_reported_too() {
    let app = App::start().await;
    let (admin, ann, bo) = (app.admin().await, app.member("Ann").await, app.member("Bo").await);
    let of_bo = ann.post(format!("/users/{}/report", bo.id), report()).await.created();
    let other = ann.post("/me/issues", json!({ "category": "TECHNICAL", "text": "It is\nbroken" })).await;
    let other_row = other.created();
    assert_eq!(ann.get(other.header("location").unwrap()).await.ok(), other_row);
    assert_eq!((&of_bo["kind"], &other_row["kind"]), (&json!("USER"), &json!("OTHER")));
    assert_eq!(ann.all("/me/issues?limit=1").await, [other_row.clone(), of_bo.clone()]);
    assert_eq!(admin.get(of_staff(&other_row, "/messages")).await.ok()["messages"], json!([]));
    let seen = admin.get(of_staff(&of_bo, "")).await.ok();
    assert_eq!((&seen["reporter"]["id"], &seen["reported"]["id"]), (&json!(ann.id), &json!(bo.id)));
    // Neither the reported nor strangers learn of it.
    for stranger in [&bo, &app.member("Cy").await] {
        assert!(stranger.all("/me/issues").await.is_empty());
        stranger.get(format!("/me/issues/{}", of_bo["id"].as_str().unwrap())).await.refused(404, "not_found");
        stranger.get("/admin/issues").await.refused(403, "forbidden");
        stranger.get(of_staff(&of_bo, "/messages")).await.refused(403, "forbidden");
    }
    assert!(bo.all("/notifications").await.is_empty());
    ann.post(format!("/users/{}/report", ann.id), report()).await.refused(403, "own_account");
    ann.post(format!("/users/{}/report", Uuid::new_v4()), report()).await.refused(404, "not_found");
    ann.post(format!("/users/{}/report", app.newcomer("Draft").await.id), report()).await.refused(404, "not_found");
}

#[tokio::test]
async fn the_same_is_reported_once_until_it_is_closed() {
    let app = App::start().await;
    let admin = app.admin().await;
    for (thread, ann, bo) in threads(&app).await {
        let sent = send(&ann, &thread, "Hello").await;
        let issue = reported(&bo, &sent).await;
        let path = format!("/messages/{}/report", sent["id"].as_str().unwrap());
        bo.post(&path, report()).await.refused(409, "already_exists");
        bo.post(format!("/users/{}/report", ann.id), report()).await.created();
        bo.post(format!("/users/{}/report", ann.id), report()).await.refused(409, "already_exists");
        // Who sent it may report what it is about, too.
        assert_eq!(reported(&ann, &sent).await["reportedId"], json!(bo.id));
        admin.post(of_staff(&issue, "/close"), Value::Null).await.ok();
        reported(&bo, &sent).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn reported_at_once_it_is_one_issue() {
    let app = App::start().await;
    for (thread, ann, bo) in threads(&app).await {
        for _ in 0..5 {
            let sent = send(&ann, &thread, "Hello").await;
            let path = format!("/messages/{}/report", sent["id"].as_str().unwrap());
            let answers = crate::races::at_once(vec![(bo.clone(), path, report()); 8]).await;
            assert_eq!(crate::races::with_status(&answers, 201), 1, "{answers:?}");
            crate::races::assert_refused(&answers, "already_exists");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_has_more_than_twenty_open() {
    let app = App::start().await;
    let ann = app.member("Ann").await;
    let answers = crate::races::at_once(vec![(ann.clone(), "/me/issues".to_owned(), report()); 24]).await;
    assert_eq!(crate::races::with_status(&answers, 201), 20);
    crate::races::assert_refused(&answers, "too_many");
}

#[tokio::test]
async fn admins_assign_answer_and_close() {
    let app = App::start().await;
    let (admin, owner, ann) = (app.admin().await, app.owner().await, app.member("Ann").await);
    let issue = ann.post("/me/issues", report()).await.created();
    let assign = async |to: Value| admin.put(of_staff(&issue, "/assignee"), json!({ "userId": to })).await;
    assert_eq!(assign(json!(owner.id)).await.ok()["assignee"]["id"], json!(owner.id));
    assign(json!(owner.id)).await.ok();
    assert_eq!(assign(Value::Null).await.ok()["assignee"], Value::Null);
    assign(json!(ann.id)).await.invalid("/userId");
    assign(json!(Uuid::new_v4())).await.invalid("/userId");
    let answered = admin.post(of_staff(&issue, "/answer"), json!({ "text": "canary: done" })).await.ok();
    assert_eq!((&answered["status"], &answered["answer"]), (&json!("ANSWERED"), &json!("canary: done")));
    owner.post(of_staff(&issue, "/answer"), json!({ "text": "Again" })).await.refused(409, "already_answered");
    let mine = ann.get(format!("/me/issues/{}", issue["id"].as_str().unwrap())).await.ok();
    assert_eq!((&mine["status"], &mine["answer"]), (&json!("ANSWERED"), &json!("canary: done")));
    for _ in 0..2 {
        assert_eq!(admin.post(of_staff(&issue, "/close"), Value::Null).await.ok()["status"], "CLOSED");
    }
    admin.post(of_staff(&issue, "/answer"), json!({ "text": "Late" })).await.refused(409, "invalid_transition");
    assign(json!(owner.id)).await.refused(409, "invalid_transition");
    let kinds = ["opened", "assigned", "assigned", "answered", "closed"].map(|word| format!("issue.{word}"));
    assert_eq!(app.log_of(id_of(&issue)).await, kinds);
    let audit = owner.get("/admin/audit-log").await.ok().to_string();
    assert!(!audit.contains("canary") && audit.contains("issue.closed"), "{audit}");
}

#[tokio::test]
async fn issues_are_filtered_and_listed_page_by_page() {
    let app = App::start().await;
    let (admin, owner, ann, bo) =
        (app.admin().await, app.owner().await, app.member("Ann").await, app.member("Bo").await);
    let one = ann.post(format!("/users/{}/report", bo.id), report()).await.created();
    let two = bo.post("/me/issues", json!({ "category": "TECHNICAL", "text": "Broken" })).await.created();
    let three = bo.post("/me/issues", json!({ "category": "OTHER", "text": "Thank you" })).await.created();
    admin.put(of_staff(&two, "/assignee"), json!({ "userId": owner.id })).await.ok();
    admin.post(of_staff(&three, "/close"), Value::Null).await.ok();
    let found = async |query: &str| -> Vec<Value> {
        admin.all(format!("/admin/issues?limit=1{query}")).await.into_iter().map(|one| one["id"].clone()).collect()
    };
    let ids = [&one, &two, &three].map(|issue| issue["id"].clone());
    assert_eq!(found("").await, [ids[2].clone(), ids[1].clone(), ids[0].clone()]);
    assert_eq!(found("&status=CLOSED").await, [ids[2].clone()]);
    assert_eq!(found("&kind=USER").await, [ids[0].clone()]);
    assert_eq!(found("&category=TECHNICAL").await, [ids[1].clone()]);
    assert_eq!(found(&format!("&assigneeId={}", owner.id)).await, [ids[1].clone()]);
    assert_eq!(found(&format!("&reportedId={}", bo.id)).await, [ids[0].clone()]);
}

/// An admin who was reported neither sees nor handles it.
#[tokio::test]
async fn nobody_handles_an_issue_about_themselves() {
    let app = App::start().await;
    let (admin, other, ann) = (app.admin().await, app.admin().await, app.member("Ann").await);
    let (mut stream, mut others) = (admin.stream(None).await, other.stream(None).await);
    stream.expect("ready").await;
    others.expect("ready").await;
    let opened = admin.post("/conversations", json!({ "userId": ann.id })).await.created();
    let sent = send(&admin, &format!("/conversations/{}", opened["id"].as_str().unwrap()), "Hello").await;
    stream.expect("conversation.opened").await;
    let cursor = stream.expect("conversation.message_sent").await.id;
    let issue = reported(&ann, &sent).await;
    assert_eq!(others.heard().await.data["subjectId"], issue["id"]);
    assert!(admin.all("/admin/issues").await.is_empty());
    admin.get(of_staff(&issue, "")).await.refused(404, "not_found");
    admin.get(of_staff(&issue, "/messages")).await.refused(404, "not_found");
    admin.post(of_staff(&issue, "/close"), Value::Null).await.refused(404, "not_found");
    let to_them = json!({ "userId": admin.id });
    other.put(of_staff(&issue, "/assignee"), to_them).await.invalid("/userId");
    assert_eq!(other.all("/admin/issues").await.len(), 1);
    // Nor do they learn of it by what the staff is told.
    other.post(of_staff(&issue, "/close"), Value::Null).await.ok();
    let audit = format!("/admin/audit-log?subject={}", issue["id"].as_str().unwrap());
    assert_eq!((admin.all(&audit).await.len(), other.all(&audit).await.len()), (0, 1));
    admin.patch("/me", json!({ "about": "I listen" })).await.ok();
    stream.expect("user.changed").await;
    admin.stream(Some(&cursor)).await.expect("user.changed").await;
}

#[tokio::test]
async fn who_leaves_takes_their_words_and_not_what_was_reported_of_them() {
    let app = App::start().await;
    let (admin, ann, bo) = (app.admin().await, app.member("Ann").await, app.member("Bo").await);
    let body = |text: &str| json!({ "category": "SAFETY", "text": text });
    let of_bo = ann.post(format!("/users/{}/report", bo.id), body("canary")).await.created();
    let of_ann = bo.post(format!("/users/{}/report", ann.id), body("Look")).await.created();
    admin.post(of_staff(&of_bo, "/answer"), json!({ "text": "Dear canary" })).await.ok();
    erase(&ann).await.no_content();
    let left = found(&app, &["canary"]).await;
    assert!(left.is_empty(), "{left:?}");
    assert_eq!(issue::Entity::find().all(app.db()).await.unwrap().len(), 2);
    let seen = admin.get(of_staff(&of_bo, "")).await.ok();
    assert_eq!((&seen["text"], &seen["reporter"]["name"]), (&Value::Null, &json!("Former member")));
    assert_eq!(bo.get(format!("/me/issues/{}", of_ann["id"].as_str().unwrap())).await.ok()["text"], "Look");
}

#[tokio::test]
async fn who_opened_an_issue_is_told_of_its_answer_and_its_end_and_nobody_else_is() {
    let app = App::start().await;
    let (admin, ann, bo) = (app.admin().await, app.member("Ann").await, app.member("Bo").await);
    let issue = ann.post(format!("/users/{}/report", bo.id), report()).await.created();
    admin.post(of_staff(&issue, "/answer"), json!({ "text": "We saw to it" })).await.ok();
    admin.post(of_staff(&issue, "/close"), Value::Null).await.ok();
    let told = ann.all("/notifications").await;
    let kinds: Vec<_> = told.iter().map(|one| one["kind"].clone()).collect();
    assert_eq!(kinds, [json!("ISSUE_CLOSED"), json!("ISSUE_ANSWERED")]);
    assert!(told.iter().all(|one| one["subjectKind"] == "issue" && one["subjectId"] == issue["id"]), "{told:?}");
    assert!(bo.all("/notifications").await.is_empty());
    app.deliver_notifications().await;
    app.clock.advance(TimeDelta::minutes(1));
    app.deliver_notifications().await;
    let mails = app.mails_to(&ann.email).await;
    let texts: String = mails.iter().map(|mail| mail["text"].as_str().unwrap()).collect();
    assert!(texts.contains("An issue of yours was answered.") && !texts.contains("saw"), "{texts}");
}
