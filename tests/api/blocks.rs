//! A block ends contact at once, and nobody but who made it learns of it.

use chrono::TimeDelta;
use serde_json::{Value, json};
use support::{App, Client};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::erasure::erase;
use crate::matching::{offers, refresh, seeks, skill};
use crate::messages::{list, message, send, threads};
use crate::suggestions::listed;

async fn block(who: &Client, other: &Client) -> Value {
    who.post("/me/blocks", json!({ "userId": other.id })).await.created()
}

#[tokio::test]
async fn neither_writes_to_the_other_in_any_thread() {
    let app = App::start().await;
    for (thread, ann, bo) in threads(&app).await {
        let (body, path) = (message("Before"), format!("{thread}/messages"));
        let before = bo.post(&path, body.clone()).await.created();
        let made = block(&ann, &bo).await;
        for who in [&ann, &bo] {
            let refused = who.post(&path, message("Hello?")).await;
            let told = refused.refused(409, "thread_closed").to_string();
            assert!(!told.contains("block"), "{told}");
            assert_eq!(list(who, &thread, "").await["items"], json!([before]));
            assert_eq!(who.get("/me/threads").await.ok()["items"][0]["canWrite"], false);
        }
        assert_eq!(bo.post(&path, body).await.ok(), before);
        let id = before["id"].as_str().unwrap();
        bo.patch(format!("/messages/{id}"), json!({ "content": "Please" })).await.refused(409, "thread_closed");
        bo.delete(format!("/messages/{id}")).await.no_content();
        ann.delete(format!("/me/blocks/{}", made["id"].as_str().unwrap())).await.no_content();
        assert_eq!(send(&bo, &thread, "Thank you").await["seq"], 2);
    }
}

#[tokio::test]
async fn it_looks_to_the_other_like_somebody_who_is_not_available() {
    let app = App::start().await;
    let (ann, bo) = (app.mentor("Ann").await, app.mentee("Bo").await);
    app.suggestion(&ann, &bo).await;
    block(&ann, &bo).await;
    bo.post("/conversations", json!({ "userId": ann.id })).await.refused(409, "conversation_not_allowed");
    ann.post("/conversations", json!({ "userId": bo.id })).await.refused(409, "conversation_not_allowed");
    bo.post("/me/mentorships", json!({ "mentorId": ann.id })).await.refused(409, "not_suggestable");
    let pair = json!({ "mentorId": ann.id, "menteeId": bo.id });
    app.admin().await.post("/admin/mentorships", pair).await.refused(409, "not_suggestable");
    for path in ["/notifications", "/me/blocks", "/me/suggestions", "/me/threads"] {
        assert!(bo.all(path).await.is_empty(), "{path}");
    }
    bo.get(format!("/users/{}", ann.id)).await.ok();
}

#[tokio::test]
async fn suggestions_lapse_and_no_others_come() {
    let app = App::start().await;
    let rust = skill(&app, "Rust").await;
    let (ann, bo) = (app.mentor("Ann").await, app.mentee("Bo").await);
    offers(&app, &ann, rust).await;
    seeks(&app, &bo, rust).await;
    refresh(&app, &bo).await;
    let id = listed(&bo, "").await[0]["id"].as_str().unwrap().to_owned();
    bo.post(format!("/suggestions/{id}/accept"), Value::Null).await.ok();
    let made = block(&bo, &ann).await;
    for who in [&ann, &bo] {
        refresh(&app, who).await;
        assert!(listed(who, "").await.is_empty());
    }
    ann.post(format!("/suggestions/{id}/accept"), Value::Null).await.refused(409, "suggestion_lapsed");
    bo.delete(format!("/me/blocks/{}", made["id"].as_str().unwrap())).await.no_content();
    refresh(&app, &bo).await;
    assert_eq!(listed(&bo, "").await.len(), 1);
}

#[tokio::test]
async fn an_unanswered_request_lapses_and_a_mentorship_goes_on() {
    let app = App::start().await;
    let (ann, bo, cy) = (app.mentor("Ann").await, app.mentee("Bo").await, app.mentee("Cy").await);
    let (request, active) = (app.request(&ann, &bo).await, app.mentorship(&ann, &cy).await);
    block(&ann, &bo).await;
    block(&ann, &cy).await;
    let lapsed = bo.get(format!("/mentorships/{request}")).await.ok();
    assert_eq!((&lapsed["status"], &lapsed["endReason"]), (&json!("CANCELED"), &json!("EXPIRED")));
    ann.post(format!("/mentorships/{request}/accept"), Value::Null).await.refused(409, "invalid_transition");
    assert_eq!(cy.get(format!("/mentorships/{active}")).await.ok()["status"], "ACTIVE");
}

#[tokio::test]
async fn a_block_is_its_makers_own() {
    let app = App::start().await;
    let (ann, bo, cy) = (app.member("Ann").await, app.member("Bo").await, app.member("Cy").await);
    let answer = ann.post("/me/blocks", json!({ "userId": bo.id })).await;
    let made = answer.created();
    assert_eq!(ann.get(answer.header("location").unwrap()).await.ok(), made);
    assert_eq!((&made["user"]["id"], &made["user"]["name"]), (&json!(bo.id), &json!("Bo")));
    assert_eq!(ann.post("/me/blocks", json!({ "userId": bo.id })).await.ok(), made);
    app.clock.advance(TimeDelta::seconds(1));
    let second = block(&ann, &cy).await;
    assert_eq!(ann.all("/me/blocks?limit=1").await, [second, made.clone()]);
    let path = format!("/me/blocks/{}", made["id"].as_str().unwrap());
    for other in [&bo, &app.admin().await] {
        other.get(&path).await.refused(404, "not_found");
        other.delete(&path).await.refused(404, "not_found");
    }
    ann.delete(&path).await.no_content();
    ann.delete(&path).await.refused(404, "not_found");
    let id: Uuid = made["id"].as_str().unwrap().parse().unwrap();
    assert_eq!(app.log_of(id).await, ["block.added", "block.lifted"]);
}

#[tokio::test]
async fn neither_oneself_nor_staff_nor_nobody_is_blocked() {
    let app = App::start().await;
    let ann = app.member("Ann").await;
    let draft = app.newcomer("Draft").await;
    let block = async |id: Uuid| ann.post("/me/blocks", json!({ "userId": id })).await;
    block(ann.id).await.invalid("/userId");
    block(app.admin().await.id).await.invalid("/userId");
    block(Uuid::new_v4()).await.refused(404, "not_found");
    block(draft.id).await.refused(404, "not_found");
    app.mentorship(&ann, &draft).await;
    block(draft.id).await.created();
}

#[tokio::test]
async fn it_leaves_with_either_of_the_two() {
    let app = App::start().await;
    let (ann, bo, cy) = (app.member("Ann").await, app.member("Bo").await, app.member("Cy").await);
    block(&ann, &bo).await;
    block(&cy, &ann).await;
    erase(&bo).await.no_content();
    assert!(ann.all("/me/blocks").await.is_empty());
    erase(&ann).await.no_content();
    assert!(cy.all("/me/blocks").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn blocked_at_once_it_is_one_and_nothing_is_sent_after_it() {
    let app = App::start().await;
    for _ in 0..20 {
        let pair = app.pair().await;
        let path = format!("/mentorships/{}/messages", pair.id);
        let mut calls = JoinSet::new();
        for at in 0..8 {
            let (mentor, mentee, path) = (pair.mentor.clone(), pair.mentee.clone(), path.clone());
            calls.spawn(async move {
                if at % 2 == 0 {
                    return mentor.post("/me/blocks", json!({ "userId": mentee.id })).await;
                }
                mentee.post(path, message("Hello")).await
            });
        }
        let answers = calls.join_all().await;
        assert_eq!(
            answers.iter().filter(|answer| answer.status == 201 && answer.json().get("user").is_some()).count(),
            1
        );
        pair.mentee.post(&path, message("Hello?")).await.refused(409, "thread_closed");
        let sent = answers.iter().filter(|answer| answer.status == 201 && answer.json().get("seq").is_some()).count();
        assert_eq!(pair.mentor.all(&path).await.len(), sent);
        assert_eq!(pair.mentor.all("/me/blocks").await.len(), 1);
    }
}

/// Whoever makes suggestions at this very moment makes none that outlives the block.
#[tokio::test(flavor = "multi_thread")]
async fn no_suggestion_outlives_a_block() {
    let app = App::start().await;
    let rust = skill(&app, "Rust").await;
    for _ in 0..20 {
        let (ann, bo) = (app.mentor("Ann").await, app.mentee("Bo").await);
        offers(&app, &ann, rust).await;
        seeks(&app, &bo, rust).await;
        let (lists, made) = tokio::join!(bo.get("/me/suggestions"), block(&ann, &bo));
        lists.ok();
        assert!(made["id"].is_string());
        let of_ann = |items: Vec<Value>| items.iter().any(|one| one["person"]["id"] == json!(ann.id));
        assert!(!of_ann(bo.all("/me/suggestions").await));
        app.change_user(&ann, |row| row.active_mentor = sea_orm::ActiveValue::Set(false)).await;
    }
}
