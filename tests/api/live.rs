//! Live streams on one node: each event once, in order, and from wherever a client was (promises I4, I5).

use std::time::Duration;

use api::events::told;
use chrono::TimeDelta;
use entity::event_receiver;
use sea_orm::{ConnectionTrait, EntityTrait, PaginatorTrait, Statement, TransactionTrait};
use serde_json::{Value, json};
use support::{App, Client, Pair, Stream, is_postgres};
use uuid::Uuid;

use crate::goals::goal;
use crate::mentorships::{ask, id_of, make};

pub async fn send(app: &App, who: &Client, path: &str, content: &str) -> Value {
    let body = json!({ "clientId": app.state.new_id(), "content": content });
    who.post(format!("{path}/messages"), body).await.created()
}

fn thread(pair: &Pair) -> String {
    format!("/mentorships/{}", pair.id)
}

#[tokio::test]
async fn both_sides_hear_a_message_at_once_and_once() {
    let app = App::start().await;
    let pair = app.pair().await;
    let mut streams = [pair.mentor.stream(None).await, pair.mentee.stream(None).await];
    for stream in &mut streams {
        stream.expect("ready").await;
    }
    for content in ["one", "two", "three"] {
        let sent = send(&app, &pair.mentor, &thread(&pair), content).await;
        for stream in &mut streams {
            let heard = stream.expect("mentorship.message_sent").await;
            assert_eq!(heard.data["message"], sent);
            assert_eq!(heard.data["actorId"], json!(pair.mentor.id));
        }
    }
}

#[tokio::test]
async fn both_sides_hear_of_an_edit_and_of_a_deletion() {
    let app = App::start().await;
    let pair = app.pair().await;
    let mut streams = [pair.mentor.stream(None).await, pair.mentee.stream(None).await];
    for stream in &mut streams {
        stream.expect("ready").await;
    }
    let sent = send(&app, &pair.mentor, &thread(&pair), "one").await;
    let path = format!("/messages/{}", sent["id"].as_str().unwrap());
    for stream in &mut streams {
        stream.expect("mentorship.message_sent").await;
    }
    let edited = pair.mentor.patch(&path, json!({ "content": "two" })).await.ok();
    for stream in &mut streams {
        assert_eq!(stream.expect("mentorship.message_edited").await.data["message"], edited);
    }
    pair.mentor.delete(&path).await.no_content();
    for stream in &mut streams {
        let heard = stream.expect("mentorship.message_deleted").await;
        assert_eq!((&heard.data["message"]["seq"], &heard.data["message"]["content"]), (&sent["seq"], &Value::Null));
    }
}

#[tokio::test]
async fn a_client_that_was_away_hears_each_later_event_once_and_in_order() {
    let app = App::start().await;
    let pair = app.pair().await;
    let mut stream = pair.mentee.stream(None).await;
    stream.expect("ready").await;
    let mut sent = vec![send(&app, &pair.mentor, &thread(&pair), "0").await];
    assert_eq!(stream.expect("mentorship.message_sent").await.data["message"], sent[0]);
    let mut last = stream.last_id.clone();
    drop(stream);
    for round in 0..3 {
        // More than is read from the database at once.
        for number in 0..70 {
            sent.push(send(&app, &pair.mentor, &thread(&pair), &format!("{round}-{number}")).await);
        }
        let mut stream = pair.mentee.stream(Some(&last)).await;
        let from = sent.len() - 70;
        sent.push(send(&app, &pair.mentor, &thread(&pair), "while it is open").await);
        for message in &sent[from..] {
            assert_eq!(stream.expect("mentorship.message_sent").await.data["message"], *message);
        }
        last.clone_from(&stream.last_id);
    }
}

#[tokio::test]
async fn what_is_fetched_and_then_listened_to_is_whole() {
    let app = App::start().await;
    let pair = app.pair().await;
    send(&app, &pair.mentor, &thread(&pair), "before").await;
    let cursor = pair.mentee.get("/events/cursor").await.ok();
    send(&app, &pair.mentor, &thread(&pair), "between").await;
    let mut shown = pair.mentee.all(format!("{}/messages?order=ASC", thread(&pair))).await;
    send(&app, &pair.mentor, &thread(&pair), "after").await;
    let mut stream = pair.mentee.stream(cursor["cursor"].as_str()).await;
    // The stream may begin before what was fetched: PostgreSQL's cursor waits for whatever is under way on the server.
    while shown.len() < 3 {
        let message = stream.expect("mentorship.message_sent").await.data["message"].clone();
        if message["seq"].as_u64().unwrap() > shown.len() as u64 {
            shown.push(message);
        }
    }
    assert_eq!(shown, pair.mentee.all(format!("{}/messages?order=ASC", thread(&pair))).await);
}

#[tokio::test]
async fn an_id_that_is_too_old_or_foreign_is_told_to_resync_and_goes_on() {
    let app = App::start().await;
    let pair = app.pair().await;
    let mut stream = pair.mentee.stream(None).await;
    stream.expect("ready").await;
    send(&app, &pair.mentor, &thread(&pair), "old").await;
    stream.heard().await;
    let old = stream.last_id.clone();
    let stranger = App::start().await;
    let mut there = stranger.mentee("Stella").await.stream(None).await;
    let foreign = there.expect("ready").await.id;
    let far = app.state.auth.mac("event cursor", b"nothing");
    app.clock.advance(TimeDelta::days(8));
    for id in [old.as_str(), "no-id", &foreign[1..], &far[0].to_string()] {
        let mut stream = pair.mentee.stream(Some(id)).await;
        stream.expect("resync").await;
        let sent = send(&app, &pair.mentor, &thread(&pair), "new").await;
        assert_eq!(stream.expect("mentorship.message_sent").await.data["message"], sent);
    }
}

/// An event that is committed later than one of a later transaction, and in one stream even in another order than they began.
#[tokio::test]
async fn events_of_a_stream_come_in_the_order_of_their_numbers() {
    if !is_postgres() {
        return; // One writer at a time: there is no other order.
    }
    let app = App::start().await;
    let reader = app.mentee("Rea Reader").await;
    let mut stream = reader.stream(None).await;
    stream.expect("ready").await;
    // The first has its place in the order of transactions before the second, and writes after it.
    let first = app.db().begin().await.unwrap();
    first.execute_unprepared("SELECT pg_current_xact_id()").await.unwrap();
    let second = app.db().begin().await.unwrap();
    append(&second, reader.id).await;
    second.commit().await.unwrap();
    append(&first, reader.id).await;
    first.commit().await.unwrap();
    let inverted = "SELECT count(*) AS n FROM events one JOIN events other
        ON one.stream_id = other.stream_id AND one.seq < other.seq AND one.xmin::text::bigint > other.xmin::text::bigint";
    let row = app.db().query_one_raw(Statement::from_string(app.db().get_database_backend(), inverted)).await.unwrap();
    assert_eq!(row.unwrap().try_get::<i64>("", "n").unwrap(), 1, "the stage has no inversion");
    for seq in 1..=2 {
        assert_eq!(stream.expect("inbox.read").await.data["seq"], seq);
    }
    let part = told::after(app.db(), Default::default(), 100).await.unwrap();
    let seqs: Vec<_> = part.events.iter().filter(|told| told.subject == reader.id).map(|told| told.seq).collect();
    assert_eq!(seqs, [1, 2]);
}

/// An event that the reader sees as of their own inbox.
async fn append(db: &impl ConnectionTrait, reader: Uuid) {
    let sql = "INSERT INTO event_entries (id, stream_kind, stream_id, kind, staff, data, occurred_at, receivers)
        VALUES ($1, 'inbox', $2, 'inbox.read', FALSE, '{}', now(), $3)";
    let values = [Uuid::now_v7().into(), reader.into(), json!([reader]).into()];
    db.execute_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await.unwrap();
}

#[tokio::test]
async fn each_kind_is_told_to_both_and_leads_to_what_a_fetch_shows() {
    let app = App::start().await;
    let (mentor, mentee) = (app.mentor("Mona").await, app.mentee("Milo").await);
    let mut streams = [mentor.stream(None).await, mentee.stream(None).await];
    for stream in &mut streams {
        stream.expect("ready").await;
    }
    let id = id_of(&ask(&mentee, &mentor).await.created());
    told_to(&mut streams, "mentorship.requested", json!("PENDING")).await;
    make(&mentor, &id, "accept").await.ok();
    told_to(&mut streams, "mentorship.started", json!("ACTIVE")).await;
    let goal = mentee.post(format!("/mentorships/{id}/goals"), goal("Write a talk")).await.created();
    told_to(&mut streams, "goal.added", json!("OPEN")).await;
    let step = json!({ "title": "Outline" });
    mentor.post(format!("/goals/{}/milestones", goal["id"].as_str().unwrap()), step).await.created();
    told_to(&mut streams, "goal.milestone_added", Value::Null).await;
    mentor.post(format!("/mentorships/{id}/complete"), json!({})).await.ok();
    told_to(&mut streams, "mentorship.completed", json!("COMPLETED")).await;
}

async fn told_to(streams: &mut [Stream], kind: &str, status: Value) {
    for stream in streams {
        assert_eq!(stream.expect(kind).await.data["status"], status);
    }
}

#[tokio::test]
async fn reading_shows_on_ones_other_devices_only() {
    let app = App::start().await;
    let pair = app.pair().await;
    let (mut mentor, mut mentee) = (pair.mentor.stream(None).await, pair.mentee.stream(None).await);
    mentor.expect("ready").await;
    mentee.expect("ready").await;
    send(&app, &pair.mentor, &thread(&pair), "Hello").await;
    pair.mentee.put(format!("{}/read-marker", thread(&pair)), json!({ "seq": 1 })).await.ok();
    send(&app, &pair.mentor, &thread(&pair), "Again").await;
    for kind in ["message_sent", "read", "message_sent"] {
        let heard = mentee.expect(&format!("mentorship.{kind}")).await;
        assert_eq!(heard.data["readSeq"], if kind == "read" { json!(1) } else { Value::Null });
    }
    for _ in 0..2 {
        mentor.expect("mentorship.message_sent").await;
    }
}

#[tokio::test]
async fn a_stream_ends_with_its_node_and_says_when_to_come_back() {
    let app = App::start().await;
    let ann = app.mentee("Ann").await;
    let mut stream = ann.stream(None).await;
    stream.expect("ready").await;
    app.state.live.stop();
    let last = stream.ends_within(Duration::from_secs(5)).await.unwrap();
    assert_eq!((last.kind.as_str(), &last.data["reason"]), ("closed", &json!("restarting")));
    ann.get("/events").await.refused(503, "unavailable");
}

#[tokio::test]
async fn a_member_has_five_streams_at_most() {
    let app = App::start().await;
    let ann = app.mentee("Ann").await;
    let mut open = Vec::new();
    for _ in 0..5 {
        open.push(ann.stream(None).await);
    }
    let refused = ann.get("/events").await;
    assert!(refused.header("retry-after").is_some());
    refused.refused(429, "too_many_streams");
    open.clear();
    // The server finds out that they are gone.
    let comes_back = async { while ann.get("/events").await.status == 429 {} };
    tokio::time::timeout(Duration::from_secs(30), comes_back).await.expect("its former streams are still open");
}

#[tokio::test]
async fn who_received_what_is_kept_for_some_days_and_the_log_for_ever() {
    let app = App::start().await;
    let pair = app.pair().await;
    send(&app, &pair.mentor, &thread(&pair), "old").await;
    app.clock.advance(TimeDelta::days(7));
    assert!(api::live::prune(&app.state).await.unwrap());
    assert_eq!(kept(&app).await, 2, "it can be resumed from for an hour yet");
    app.clock.advance(TimeDelta::hours(2));
    assert!(api::live::prune(&app.state).await.unwrap());
    assert!(!api::live::prune(&app.state).await.unwrap(), "the next is not due");
    assert_eq!(kept(&app).await, 0);
    assert_eq!(app.log_of(pair.id).await, ["mentorship.message_sent"]);
}

async fn kept(app: &App) -> u64 {
    event_receiver::Entity::find().count(app.db()).await.unwrap()
}
