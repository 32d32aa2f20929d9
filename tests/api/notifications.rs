use chrono::TimeDelta;
use serde_json::{Value, json};
use support::{App, Client, Pair};
use tokio::task::JoinSet;
use uuid::Uuid;

async fn say(who: &Client, mentorship: Uuid) -> Value {
    let body = json!({ "clientId": Uuid::new_v4(), "content": "Hello" });
    who.post(format!("/mentorships/{mentorship}/messages"), body).await.created()
}

async fn unread(who: &Client) -> Vec<Value> {
    who.get("/notifications?unread=true").await.ok()["items"].as_array().unwrap().clone()
}

/// A mentee of three mentors, each of whom has written.
async fn told(app: &App) -> (Client, Vec<Pair>) {
    let mentee = app.mentee("Bo").await;
    let mut pairs = Vec::new();
    for name in ["Ann", "Cy", "Di"] {
        let mentor = app.mentor(name).await;
        let id = app.mentorship(&mentor, &mentee).await;
        say(&mentor, id).await;
        app.clock.advance(TimeDelta::seconds(1));
        pairs.push(Pair { id, mentor, mentee: mentee.clone() });
    }
    (mentee, pairs)
}

#[tokio::test]
async fn a_message_tells_the_other_once_a_thread() {
    let app = App::start().await;
    let pair = app.pair().await;
    for _ in 0..3 {
        say(&pair.mentor, pair.id).await;
    }
    let told = unread(&pair.mentee).await;
    assert_eq!(told.len(), 1);
    assert_eq!((&told[0]["kind"], &told[0]["readAt"]), (&json!("MESSAGE_NEW"), &Value::Null));
    assert_eq!((&told[0]["subjectKind"], &told[0]["subjectId"]), (&json!("mentorship"), &json!(pair.id)));
    assert_eq!((&told[0]["actor"]["id"], &told[0]["actor"]["name"]), (&json!(pair.mentor.id), &json!("Mona Mentor")));
    assert_eq!(told[0]["mentorshipId"], json!(pair.id));
    assert!(unread(&pair.mentor).await.is_empty());
}

#[tokio::test]
async fn both_writing_at_once_tells_each_once() {
    let app = App::start().await;
    let pair = app.pair().await;
    let mut calls = JoinSet::new();
    for at in 0..20 {
        let who = if at % 2 == 0 { pair.mentor.clone() } else { pair.mentee.clone() };
        calls.spawn(async move { say(&who, pair.id).await });
    }
    calls.join_all().await;
    for side in [&pair.mentor, &pair.mentee] {
        assert!(unread(side).await.len() <= 1);
    }
}

#[tokio::test]
async fn reading_or_answering_a_thread_reads_its_notification() {
    let app = App::start().await;
    let (bo, pairs) = told(&app).await;
    let marker = format!("/mentorships/{}/read-marker", pairs[0].id);
    say(&pairs[0].mentor, pairs[0].id).await;
    bo.put(&marker, json!({ "seq": 1 })).await.ok();
    assert_eq!(unread(&bo).await.len(), 3);
    bo.put(&marker, json!({ "seq": 2 })).await.ok();
    assert_eq!(unread(&bo).await.len(), 2);
    say(&bo, pairs[1].id).await;
    assert_eq!(unread(&bo).await.len(), 1);
    // What comes later is news again.
    say(&pairs[0].mentor, pairs[0].id).await;
    assert_eq!(unread(&bo).await.len(), 2);
}

#[tokio::test]
async fn one_is_read_once() {
    let app = App::start().await;
    let (bo, _) = told(&app).await;
    let id = unread(&bo).await[0]["id"].as_str().unwrap().to_owned();
    let path = format!("/notifications/{id}/read");
    let read = bo.post(&path, Value::Null).await.ok();
    assert_eq!(read["readAt"], json!("2026-11-02T09:00:03.000Z"));
    app.clock.advance(TimeDelta::hours(1));
    assert_eq!(bo.post(&path, Value::Null).await.ok(), read);
    let rest = bo.get("/notifications?unread=false").await.ok();
    assert_eq!(rest["items"], json!([read]));
    assert_eq!(unread(&bo).await.len(), 2);
}

#[tokio::test]
async fn all_are_read_at_once() {
    let app = App::start().await;
    let (bo, pairs) = told(&app).await;
    assert_eq!(bo.get("/notifications/unread-count").await.ok(), json!({ "unreadCount": 3 }));
    for _ in 0..2 {
        assert_eq!(bo.post("/notifications/read-all", Value::Null).await.ok(), json!({ "unreadCount": 0 }));
    }
    assert!(unread(&bo).await.is_empty());
    say(&pairs[2].mentor, pairs[2].id).await;
    assert_eq!(unread(&bo).await.len(), 1);
    assert_eq!(bo.get("/notifications").await.ok()["items"].as_array().unwrap().len(), 4);
}

#[tokio::test]
async fn reading_all_leaves_those_of_others() {
    let app = App::start().await;
    let (bo, pairs) = told(&app).await;
    say(&bo, pairs[0].id).await;
    bo.post("/notifications/read-all", Value::Null).await.ok();
    assert_eq!(unread(&pairs[0].mentor).await.len(), 1);
}

#[tokio::test]
async fn they_are_their_owners_alone() {
    let app = App::start().await;
    let (bo, pairs) = told(&app).await;
    let path = format!("/notifications/{}/read", unread(&bo).await[0]["id"].as_str().unwrap());
    for other in [pairs[0].mentor.clone(), app.admin().await, app.owner().await] {
        other.post(&path, Value::Null).await.refused(404, "not_found");
        assert_eq!(other.get("/notifications").await.ok()["items"], json!([]));
    }
    app.visitor().post(&path, Value::Null).await.refused(401, "unauthenticated");
    app.visitor().get("/notifications").await.refused(401, "unauthenticated");
    app.visitor().post("/notifications/read-all", Value::Null).await.refused(401, "unauthenticated");
    bo.post(format!("/notifications/{}/read", Uuid::new_v4()), Value::Null).await.refused(404, "not_found");
    assert_eq!(unread(&bo).await.len(), 3);
}

#[tokio::test]
async fn pages_fit_together_newest_first() {
    let app = App::start().await;
    let (bo, pairs) = told(&app).await;
    let subjects = |page: &Value| {
        let items = page["items"].as_array().unwrap().iter();
        items.map(|one| one["subjectId"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    for filter in ["", "&unread=true"] {
        let first = bo.get(format!("/notifications?limit=2{filter}")).await.ok();
        let next = first["nextCursor"].as_str().unwrap();
        let second = bo.get(format!("/notifications?limit=2{filter}&cursor={next}")).await.ok();
        assert_eq!(second["nextCursor"], Value::Null);
        let expected: Vec<_> = pairs.iter().rev().map(|pair| pair.id.to_string()).collect();
        assert_eq!([subjects(&first), subjects(&second)].concat(), expected);
    }
    bo.get("/notifications?unread=maybe").await.invalid("/unread");
}

#[tokio::test]
async fn what_belongs_to_a_mentorship_names_it() {
    let app = App::start().await;
    let pair = app.pair().await;
    let path = format!("/mentorships/{}", pair.id);
    let goal = json!({ "kind": "SHORT_TERM", "title": "Give a talk" });
    let goal = pair.mentor.post(format!("{path}/goals"), goal).await.created();
    pair.mentor.post(format!("{path}/notes"), json!({ "text": "Read this", "visibility": "SHARED" })).await.created();
    let meeting = json!({ "scheduledAt": "2026-11-03T09:00:00Z", "durationMinutes": 45, "timeZone": "Europe/Berlin" });
    pair.mentor.post(format!("{path}/meetings"), meeting).await.created();
    let told = unread(&pair.mentee).await;
    let kinds: Vec<_> = told.iter().map(|one| one["subjectKind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["meeting", "note", "goal"]);
    for one in &told {
        assert_eq!((&one["mentorshipId"], &one["actor"]["name"]), (&json!(pair.id), &json!("Mona Mentor")));
        let read = pair.mentee.post(format!("/notifications/{}/read", one["id"].as_str().unwrap()), Value::Null).await;
        assert_eq!(read.ok()["mentorshipId"], json!(pair.id));
    }
    let goal = format!("/goals/{}", goal["id"].as_str().unwrap());
    let etag = pair.mentor.get(&goal).await.etag();
    pair.mentor.delete_if(&goal, etag).await.no_content();
    let all = pair.mentee.get("/notifications").await.ok();
    assert_eq!((&all["items"][2]["subjectKind"], &all["items"][2]["mentorshipId"]), (&json!("goal"), &Value::Null));
}
