use std::collections::BTreeSet;

use chrono::TimeDelta;
use entity::mentorship;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};
use support::{Answer, App, Client};
use tokio::task::JoinSet;
use uuid::Uuid;

/// Both kinds of thread, by address, with its two sides.
pub async fn threads(app: &App) -> Vec<(String, Client, Client)> {
    let pair = app.pair().await;
    let (ann, bo) = (app.mentor("Ann").await, app.mentee("Bo").await);
    app.suggestion(&ann, &bo).await;
    let conversation = ann.post("/conversations", json!({ "userId": bo.id })).await.created();
    vec![
        (format!("/mentorships/{}", pair.id), pair.mentor, pair.mentee),
        (format!("/conversations/{}", conversation["id"].as_str().unwrap()), ann, bo),
    ]
}

pub fn message(content: &str) -> Value {
    json!({ "clientId": Uuid::new_v4(), "content": content })
}

pub async fn send(who: &Client, thread: &str, content: &str) -> Value {
    who.post(format!("{thread}/messages"), message(content)).await.created()
}

pub async fn list(who: &Client, thread: &str, query: &str) -> Value {
    who.get(format!("{thread}/messages{query}")).await.ok()
}

fn seqs(page: &Value) -> Vec<i64> {
    page["items"].as_array().unwrap().iter().map(|one| one["seq"].as_i64().unwrap()).collect()
}

async fn parallel(who: &[&Client], path: &str, bodies: Vec<Value>) -> Vec<Answer> {
    let mut calls = JoinSet::new();
    for (at, body) in bodies.into_iter().enumerate() {
        let (who, path) = (who[at % who.len()].clone(), path.to_owned());
        calls.spawn(async move { who.post(path, body).await });
    }
    calls.join_all().await
}

#[tokio::test]
async fn both_sides_read_what_either_sent() {
    let app = App::start().await;
    for (thread, ann, bo) in threads(&app).await {
        let first = send(&ann, &thread, "Hello Bo").await;
        app.clock.advance(TimeDelta::minutes(1));
        let second = send(&bo, &thread, "Hello Ann").await;
        assert_eq!((&first["seq"], &second["seq"]), (&json!(1), &json!(2)));
        assert_eq!(first["senderId"], json!(ann.id));
        assert_eq!(first["sentAt"], "2026-11-02T09:00:00.000Z");
        assert_eq!((&first["editedAt"], &first["deletedAt"]), (&Value::Null, &Value::Null));
        for reader in [&ann, &bo] {
            assert_eq!(list(reader, &thread, "").await["items"], json!([second, first]));
        }
        app.clock.advance(TimeDelta::minutes(-1));
    }
}

#[tokio::test]
async fn a_new_message_has_an_address() {
    let app = App::start().await;
    for (thread, ann, bo) in threads(&app).await {
        send(&bo, &thread, "Before").await;
        let answer = ann.post(format!("{thread}/messages"), message("Here")).await;
        let sent = answer.created();
        send(&bo, &thread, "After").await;
        assert_eq!(bo.get(answer.header("location").unwrap()).await.ok()["items"], json!([sent]));
    }
}

#[tokio::test]
async fn text_is_kept_as_it_was_written() {
    let app = App::start().await;
    for (thread, ann, bo) in threads(&app).await {
        let texts = ["👩🏽‍🚀 naïve\n\tZoë – 日本語 \u{202e}abc", " spaces stay ", "'; DROP TABLE messages; --", "%_\\"];
        for text in texts {
            send(&ann, &thread, text).await;
            assert_eq!(list(&bo, &thread, "?limit=1").await["items"][0]["content"], text);
        }
        send(&ann, &thread, "e\u{301}").await;
        assert_eq!(list(&bo, &thread, "?limit=1").await["items"][0]["content"], "\u{e9}");
    }
}

#[tokio::test]
async fn input_has_bounds() {
    let app = App::start().await;
    for (thread, ann, _) in threads(&app).await {
        send(&ann, &thread, &"é".repeat(5000)).await;
        let path = format!("{thread}/messages");
        ann.post(&path, message(&"é".repeat(5001))).await.invalid("/content");
        for empty in ["", " \n "] {
            ann.post(&path, message(empty)).await.invalid("/content");
        }
        ann.post(&path, message("a\0b")).await.invalid("/content");
        ann.post(&path, json!({ "content": "x" })).await.invalid("/clientId");
        ann.post(&path, json!({ "content": "x", "clientId": "7" })).await.invalid("/clientId");
        let forged = json!({ "content": "x", "clientId": Uuid::new_v4(), "seq": 9 });
        ann.post(&path, forged).await.invalid("/seq");
        ann.get(format!("{path}?order=UP")).await.invalid("/order");
        ann.get(format!("{path}?afterSeq=-1")).await.invalid("/afterSeq");
        ann.get(format!("{path}?limit=101")).await.invalid("/limit");
        ann.get(format!("{path}?cursor=abc")).await.refused(400, "invalid_cursor");
        assert_eq!(seqs(&list(&ann, &thread, "").await), [1]);
    }
}

#[tokio::test]
async fn a_repeated_message_is_the_same_message() {
    let app = App::start().await;
    for (thread, ann, bo) in threads(&app).await {
        let path = format!("{thread}/messages");
        let body = message("Once");
        let first = ann.post(&path, body.clone()).await.created();
        app.clock.advance(TimeDelta::hours(1));
        assert_eq!(ann.post(&path, body.clone()).await.ok(), first);
        let other = json!({ "clientId": body["clientId"], "content": "Twice" });
        ann.post(&path, other).await.refused(409, "client_id_reused");
        // The id is the sender's own: the other side may use the same.
        assert_eq!(bo.post(&path, body).await.created()["seq"], 2);
        assert_eq!(seqs(&list(&ann, &thread, "").await), [2, 1]);
        app.clock.advance(TimeDelta::hours(-1));
    }
}

#[tokio::test]
async fn a_hundred_retries_at_once_leave_one_message() {
    let app = App::start().await;
    for (thread, ann, bo) in threads(&app).await {
        let body = message("Once");
        let answers = parallel(&[&ann], &format!("{thread}/messages"), vec![body; 100]).await;
        let created = answers.iter().filter(|answer| answer.status == 201).count();
        assert_eq!(created, 1);
        let first = answers[0].json();
        assert!(answers.iter().all(|answer| answer.json() == first && answer.status < 300));
        assert_eq!(list(&bo, &thread, "").await["items"], json!([first]));
        let kinds = ["mentorship.message_sent", "conversation.message_sent"];
        let events = entity::event::Entity::find().filter(entity::event::Column::Kind.is_in(kinds));
        let of_thread = events.filter(entity::event::Column::StreamId.eq(id_of(&thread)));
        assert_eq!(of_thread.count(app.db()).await.unwrap(), 1);
    }
}

fn id_of(thread: &str) -> Uuid {
    thread.rsplit('/').next().unwrap().parse().unwrap()
}

#[tokio::test]
async fn messages_sent_at_once_are_numbered_without_holes() {
    let app = App::start().await;
    for (thread, ann, bo) in threads(&app).await {
        let bodies: Vec<_> = (0..60).map(|at| message(&format!("{at}"))).collect();
        let answers = parallel(&[&ann, &bo], &format!("{thread}/messages"), bodies).await;
        let numbers: BTreeSet<_> = answers.iter().map(|answer| answer.created()["seq"].as_i64().unwrap()).collect();
        assert_eq!(numbers, (1..=60).collect());
        let page = list(&ann, &thread, "?limit=100&order=ASC").await;
        assert_eq!(seqs(&page), (1..=60).collect::<Vec<_>>());
        assert_eq!(page, list(&bo, &thread, "?limit=100&order=ASC").await);
    }
}

#[tokio::test]
async fn pages_go_both_ways_and_fit_together() {
    let app = App::start().await;
    for (thread, ann, _) in threads(&app).await {
        for at in 1..=7 {
            send(&ann, &thread, &format!("{at}")).await;
        }
        assert_eq!(walk(&ann, &thread, "?limit=3").await, [vec![7, 6, 5], vec![4, 3, 2], vec![1]]);
        assert_eq!(walk(&ann, &thread, "?limit=3&order=ASC").await, [vec![1, 2, 3], vec![4, 5, 6], vec![7]]);
        assert_eq!(walk(&ann, &thread, "?limit=2&order=ASC&afterSeq=4").await, [vec![5, 6], vec![7]]);
        assert_eq!(walk(&ann, &thread, "?limit=2&afterSeq=4").await, [vec![7, 6], vec![5]]);
        assert_eq!(walk(&ann, &thread, "?afterSeq=7").await, [Vec::<i64>::new()]);
        assert_eq!(walk(&ann, &thread, "?limit=7").await.len(), 1);
    }
}

async fn walk(who: &Client, thread: &str, query: &str) -> Vec<Vec<i64>> {
    let pages = who.pages(format!("{thread}/messages{query}")).await;
    pages.into_iter().map(|items| seqs(&json!({ "items": items }))).collect()
}

#[tokio::test]
async fn a_cursor_is_good_for_its_own_thread_only() {
    let app = App::start().await;
    let pair = app.pair().await;
    let other = app.mentorship(&app.mentor("Cy").await, &pair.mentee).await;
    let (one, two) = (format!("/mentorships/{}", pair.id), format!("/mentorships/{other}"));
    for _ in 0..2 {
        send(&pair.mentee, &one, "x").await;
        send(&pair.mentee, &two, "x").await;
    }
    let cursor = list(&pair.mentee, &one, "?limit=1").await["nextCursor"].as_str().unwrap().to_owned();
    assert_eq!(seqs(&list(&pair.mentee, &one, &format!("?cursor={cursor}")).await), [1]);
    pair.mentee.get(format!("{two}/messages?cursor={cursor}")).await.refused(400, "invalid_cursor");
}

#[tokio::test]
async fn a_thread_is_absent_for_everybody_else() {
    let app = App::start().await;
    let others = [app.member("Stranger").await, app.admin().await, app.owner().await];
    for (thread, ann, _) in threads(&app).await {
        send(&ann, &thread, "For Bo only").await;
        for other in &others {
            refuse(other, &thread, 404, "not_found").await;
        }
        refuse(&app.visitor(), &thread, 401, "unauthenticated").await;
        let kind = thread.split('/').nth(1).unwrap();
        refuse(&ann, &format!("/{kind}/{}", Uuid::new_v4()), 404, "not_found").await;
        refuse(&ann, &format!("/{kind}/7"), 404, "not_found").await;
        assert_eq!(seqs(&list(&ann, &thread, "").await), [1]);
    }
}

async fn refuse(who: &Client, thread: &str, status: u16, code: &str) {
    who.get(format!("{thread}/messages")).await.refused(status, code);
    who.post(format!("{thread}/messages"), message("Hello")).await.refused(status, code);
    who.put(format!("{thread}/read-marker"), json!({ "seq": 1 })).await.refused(status, code);
}

#[tokio::test]
async fn the_id_of_one_kind_of_thread_names_none_of_the_other() {
    let app = App::start().await;
    let both = threads(&app).await;
    let (mentorship, conversation) = (id_of(&both[0].0), id_of(&both[1].0));
    refuse(&both[0].1, &format!("/conversations/{mentorship}"), 404, "not_found").await;
    refuse(&both[1].1, &format!("/mentorships/{conversation}"), 404, "not_found").await;
}

#[tokio::test]
async fn an_ended_mentorship_is_read_and_not_written() {
    let app = App::start().await;
    let pair = app.pair().await;
    let thread = format!("/mentorships/{}", pair.id);
    let body = message("Before the end");
    let before = pair.mentor.post(format!("{thread}/messages"), body.clone()).await.created();
    end(&app, pair.id).await;
    for side in [&pair.mentor, &pair.mentee] {
        side.post(format!("{thread}/messages"), message("Too late")).await.refused(409, "mentorship_closed");
        assert_eq!(list(side, &thread, "").await["items"], json!([before]));
    }
    // The answer was lost on the way, and the mentorship ended meanwhile: the retry still tells what became of it.
    assert_eq!(pair.mentor.post(format!("{thread}/messages"), body).await.ok(), before);
    let marker = pair.mentee.put(format!("{thread}/read-marker"), json!({ "seq": 1 })).await.ok();
    assert_eq!(marker, json!({ "readSeq": 1, "unreadCount": 0 }));
}

async fn end(app: &App, id: Uuid) {
    let ended = mentorship::ActiveModel {
        status: Set(mentorship::Status::Completed),
        end_date: Set(Some(app.clock.now())),
        ..Default::default()
    };
    let update = mentorship::Entity::update_many().set(ended).filter(mentorship::Column::Id.eq(id));
    assert_eq!(update.exec(app.db()).await.unwrap().rows_affected, 1);
}

#[tokio::test]
async fn a_request_is_no_thread_yet() {
    let app = App::start().await;
    let (ann, bo) = (app.mentor("Ann").await, app.mentee("Bo").await);
    let thread = format!("/mentorships/{}", app.request(&ann, &bo).await);
    bo.post(format!("{thread}/messages"), message("Hello?")).await.refused(409, "mentorship_closed");
    assert_eq!(list(&ann, &thread, "").await["items"], json!([]));
}

#[tokio::test]
async fn a_deleted_message_leaves_a_tombstone() {
    let app = App::start().await;
    let pair = app.pair().await;
    let thread = format!("/mentorships/{}", pair.id);
    send(&pair.mentor, &thread, "A secret").await;
    let gone = entity::message::ActiveModel { deleted_at: Set(Some(app.clock.now())), ..Default::default() };
    entity::message::Entity::update_many().set(gone).exec(app.db()).await.unwrap();
    let page = list(&pair.mentee, &thread, "").await;
    assert_eq!((&page["items"][0]["content"], &page["items"][0]["seq"]), (&Value::Null, &json!(1)));
}

#[tokio::test]
async fn no_text_leaves_the_thread() {
    let app = App::start().await;
    for (thread, ann, bo) in threads(&app).await {
        send(&ann, &thread, "canary-7391").await;
        let told = bo.get("/notifications").await.ok();
        assert!(!told.to_string().contains("canary"));
    }
    let events = entity::event::Entity::find().all(app.db()).await.unwrap();
    assert!(events.iter().all(|event| !event.data.to_string().contains("canary")) && !events.is_empty());
}
