use std::collections::HashSet;

use chrono::TimeDelta;
use entity::{mentorship, suggestion, user};
use sea_orm::{ActiveValue::Set, EntityTrait, PaginatorTrait};
use serde_json::{Value, json};
use support::{App, Client};
use tokio::task::JoinSet;
use uuid::Uuid;

async fn open(who: &Client, other: &Client) -> Value {
    who.post("/conversations", json!({ "userId": other.id })).await.created()
}

async fn refuse(who: &Client, other: Uuid, status: u16, code: &str) {
    who.post("/conversations", json!({ "userId": other })).await.refused(status, code);
}

#[tokio::test]
async fn a_pair_has_one_conversation_whoever_opens_it() {
    let app = App::start().await;
    let (ann, bo) = (app.mentor("Ann").await, app.mentee("Bo").await);
    app.suggestion(&ann, &bo).await;
    let answer = ann.post("/conversations", json!({ "userId": bo.id })).await;
    let opened = answer.created();
    assert_eq!(ann.get(answer.header("location").unwrap()).await.ok(), opened);
    assert_eq!((&opened["other"]["id"], &opened["other"]["name"]), (&json!(bo.id), &json!("Bo")));
    assert_eq!((&opened["unreadCount"], &opened["lastMessageAt"]), (&json!(0), &Value::Null));
    for (who, other) in [(&ann, &bo), (&bo, &ann)] {
        let again = who.post("/conversations", json!({ "userId": other.id })).await.ok();
        assert_eq!((&again["id"], &again["other"]["id"]), (&opened["id"], &json!(other.id)));
    }
}

#[tokio::test]
async fn opened_at_once_it_is_one() {
    let app = App::start().await;
    for round in 0..5 {
        let (ann, bo) = (app.mentor("Ann").await, app.mentee("Bo").await);
        app.mentorship(&ann, &bo).await;
        let mut calls = JoinSet::new();
        for at in 0..100 {
            let (who, other) = if at % 2 == 0 { (ann.clone(), bo.id) } else { (bo.clone(), ann.id) };
            calls.spawn(async move { who.post("/conversations", json!({ "userId": other })).await });
        }
        let answers = calls.join_all().await;
        let ids: HashSet<_> = answers.iter().map(|answer| answer.json()["id"].to_string()).collect();
        assert_eq!(ids.len(), 1);
        assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
        assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 99);
        assert_eq!(entity::conversation::Entity::find().count(app.db()).await.unwrap(), round + 1);
    }
}

#[tokio::test]
async fn connected_members_may_open_one() {
    let app = App::start().await;
    let ann = app.mentor("Ann").await;
    let former = app.mentee("Former").await;
    app.mentorship_with(&ann, &former, |row| {
        row.status = Set(mentorship::Status::Canceled);
        row.end_reason = Set(Some(mentorship::EndReason::NoTime));
        row.end_date = Set(Some(app.clock.now()));
    })
    .await;
    let (partner, requester, suggested) =
        (app.mentee("Partner").await, app.mentee("Requester").await, app.mentee("Suggested").await);
    app.mentorship(&ann, &partner).await;
    app.request(&ann, &requester).await;
    app.suggestion(&ann, &suggested).await;
    for other in [&former, &partner, &requester] {
        open(&ann, other).await;
    }
    open(&suggested, &ann).await;
}

#[tokio::test]
async fn strangers_may_not_and_staff_may() {
    let app = App::start().await;
    let (ann, bo) = (app.mentor("Ann").await, app.mentee("Bo").await);
    let (admin, owner) = (app.admin().await, app.owner().await);
    refuse(&ann, bo.id, 409, "conversation_not_allowed").await;
    refuse(&ann, admin.id, 409, "conversation_not_allowed").await;
    open(&admin, &ann).await;
    open(&owner, &ann).await;
    // Once it is open, either side finds it.
    ann.post("/conversations", json!({ "userId": admin.id })).await.ok();
}

#[tokio::test]
async fn a_lapsed_suggestion_connects_nobody() {
    let app = App::start().await;
    let (ann, bo) = (app.mentor("Ann").await, app.mentee("Bo").await);
    app.suggestion(&ann, &bo).await;
    app.clock.advance(TimeDelta::days(30));
    refuse(&ann, bo.id, 409, "conversation_not_allowed").await;
    app.clock.advance(TimeDelta::milliseconds(-1));
    open(&ann, &bo).await;
}

/// A no shows nowhere: who was declined may still open a conversation, as before.
#[tokio::test]
async fn what_the_other_answered_makes_no_difference() {
    let app = App::start().await;
    let (ann, bo) = (app.mentor("Ann").await, app.mentee("Bo").await);
    app.suggestion(&ann, &bo).await;
    let declined = suggestion::ActiveModel {
        status: Set(suggestion::Status::Declined),
        mentor_response: Set(suggestion::Response::Declined),
        mentor_responded_at: Set(Some(app.clock.now())),
        ..Default::default()
    };
    suggestion::Entity::update_many().set(declined).exec(app.db()).await.unwrap();
    refuse(&ann, bo.id, 409, "conversation_not_allowed").await;
    open(&bo, &ann).await;
}

#[tokio::test]
async fn nobody_talks_to_themselves_or_to_whom_they_cannot_see() {
    let app = App::start().await;
    let (ann, bo) = (app.mentor("Ann").await, app.mentee("Bo").await);
    app.mentorship(&ann, &bo).await;
    ann.post("/conversations", json!({ "userId": ann.id })).await.invalid("/userId");
    ann.post("/conversations", json!({ "userId": "7" })).await.invalid("/userId");
    ann.post("/conversations", json!({})).await.invalid("/userId");
    refuse(&ann, Uuid::new_v4(), 404, "not_found").await;
    for status in [user::Status::Suspended, user::Status::PendingApproval] {
        app.change_user(&bo, |row| row.status = Set(status)).await;
        refuse(&ann, bo.id, 404, "not_found").await;
    }
    app.change_user(&bo, |row| row.status = Set(user::Status::Active)).await;
    open(&ann, &bo).await;
}

#[tokio::test]
async fn a_conversation_is_absent_for_everybody_else() {
    let app = App::start().await;
    let (ann, bo) = (app.mentor("Ann").await, app.mentee("Bo").await);
    app.mentorship(&ann, &bo).await;
    let path = format!("/conversations/{}", open(&ann, &bo).await["id"].as_str().unwrap());
    bo.get(&path).await.ok();
    for other in [app.member("Stranger").await, app.admin().await, app.owner().await] {
        other.get(&path).await.refused(404, "not_found");
        assert_eq!(other.get("/conversations").await.ok()["items"], json!([]));
    }
    let visitor = app.visitor();
    visitor.get(&path).await.refused(401, "unauthenticated");
    visitor.get("/conversations").await.refused(401, "unauthenticated");
    refuse(&visitor, bo.id, 401, "unauthenticated").await;
}

#[tokio::test]
async fn the_latest_activity_comes_first() {
    let app = App::start().await;
    let admin = app.admin().await;
    let mut ids = Vec::new();
    for at in 0..5 {
        let other = app.member(&format!("Member {at}")).await;
        ids.push(open(&admin, &other).await["id"].clone());
        app.clock.advance(TimeDelta::seconds(1));
    }
    // In the same millisecond: the ids decide.
    for at in [0, 1] {
        let path = format!("/conversations/{}/messages", ids[at].as_str().unwrap());
        admin.post(path, json!({ "clientId": Uuid::new_v4(), "content": "x" })).await.created();
    }
    let expected: Vec<_> = [1, 0, 4, 3, 2].map(|at: usize| ids[at].clone()).into();
    for limit in [1, 2, 5, 20] {
        assert_eq!(walk(&admin, limit).await, expected);
    }
    let first = admin.get("/conversations?limit=1").await.ok();
    assert_eq!(first["items"][0]["lastMessageAt"], "2026-11-02T09:00:05.000Z");
}

async fn walk(who: &Client, limit: usize) -> Vec<Value> {
    let mut page = who.get(format!("/conversations?limit={limit}")).await.ok();
    let mut ids = Vec::new();
    loop {
        ids.extend(page["items"].as_array().unwrap().iter().map(|one| one["id"].clone()));
        let Some(cursor) = page["nextCursor"].as_str() else { return ids };
        page = who.get(format!("/conversations?limit={limit}&cursor={cursor}")).await.ok();
    }
}

#[tokio::test]
async fn unread_messages_are_counted_for_each_side() {
    let app = App::start().await;
    let (ann, bo) = (app.mentor("Ann").await, app.mentee("Bo").await);
    app.mentorship(&ann, &bo).await;
    let path = format!("/conversations/{}", open(&ann, &bo).await["id"].as_str().unwrap());
    for _ in 0..3 {
        let body = json!({ "clientId": Uuid::new_v4(), "content": "x" });
        ann.post(format!("{path}/messages"), body).await.created();
    }
    let of =
        |answer: Value| (answer["unreadCount"].clone(), answer["readSeq"].clone(), answer["lastMessageSeq"].clone());
    assert_eq!(of(ann.get(&path).await.ok()), (json!(0), json!(3), json!(3)));
    assert_eq!(of(bo.get(&path).await.ok()), (json!(3), json!(0), json!(3)));
    assert_eq!(bo.get("/conversations").await.ok()["items"][0]["unreadCount"], 3);
}

#[tokio::test]
async fn a_draft_is_as_absent_as_nobody() {
    let app = App::start().await;
    let (ann, admin) = (app.mentor("Ann").await, app.admin().await);
    let draft = app.newcomer("Draft").await;
    refuse(&ann, Uuid::new_v4(), 404, "not_found").await;
    refuse(&ann, draft.id, 404, "not_found").await;
    refuse(&ann, app.mentee("Bo").await.id, 409, "conversation_not_allowed").await;
    open(&admin, &draft).await;
    let partner = app.mentee("Partner").await;
    app.mentorship(&ann, &partner).await;
    app.change_user(&partner, |row| row.onboarding_completed_at = Set(None)).await;
    open(&ann, &partner).await;
}
