//! Who hears what: participants only, at each delivery, and for no longer than the session (promises I10, I11, I12).

use std::time::{Duration, Instant};

use api::events::STAFF;
use chrono::TimeDelta;
use entity::user;
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Statement, TransactionTrait};
use serde_json::{Value, json};
use support::{App, Client, Redis, Socket, Stream, is_postgres};
use uuid::Uuid;

use crate::erasure::erase;
use crate::issues::report;
use crate::live::send;
use crate::live_nodes::becomes;
use crate::mentorships::id_of;

/// What a closed stream may take, on every node.
const AT_ONCE: Duration = Duration::from_secs(1);

async fn listening(client: &Client) -> Stream {
    let mut stream = client.stream(None).await;
    stream.expect("ready").await;
    stream
}

/// Nothing came before this: an event of their own is the first that they hear.
async fn heard_nothing(client: &Client, stream: &mut Stream) {
    client.patch("/me", json!({ "about": "I listen" })).await.ok();
    assert_eq!(stream.heard().await.kind, "user.changed");
}

#[tokio::test]
async fn strangers_and_other_pairs_and_staff_hear_nothing_of_a_thread() {
    let app = App::start().await;
    let (pair, others) = (app.pair().await, app.pair().await);
    let cursor = pair.mentor.get("/events/cursor").await.ok();
    let cursor = cursor["cursor"].as_str().unwrap().to_owned();
    let stranger = app.member("Stella Stranger").await;
    let listeners = [stranger, others.mentor, others.mentee, app.admin().await, app.owner().await];
    let mut streams = Vec::new();
    for one in &listeners {
        streams.push(listening(one).await);
    }
    let path = format!("/mentorships/{}", pair.id);
    let sent = send(&app, &pair.mentor, &path, "Between us").await;
    assert_eq!(pair.mentee.stream(Some(&cursor)).await.heard().await.data["message"], sent);
    for (one, stream) in listeners.iter().zip(&mut streams) {
        heard_nothing(one, stream).await;
        // Nor does whoever resumes with the position of somebody else.
        assert_eq!(one.stream(Some(&cursor)).await.heard().await.kind, "user.changed");
    }
    app.visitor().get("/events").await.refused(401, "unauthenticated");
}

/// The first answer, the quiet yes and the put-off are for whoever gave them.
#[tokio::test]
async fn an_answer_to_a_suggestion_is_not_told_to_the_other() {
    let app = App::start().await;
    let (mentor, mentee) = (app.mentor("Mona").await, app.mentee("Milo").await);
    let suggestion = app.suggestion(&mentor, &mentee).await;
    let (mut his, mut hers) = (listening(&mentee).await, listening(&mentor).await);
    mentor.post(format!("/suggestions/{suggestion}/accept"), Value::Null).await.ok();
    assert_eq!(hers.heard().await.kind, "suggestion.answered");
    heard_nothing(&mentee, &mut his).await;
}

#[tokio::test]
async fn what_was_written_for_who_is_no_participant_is_not_delivered() {
    let app = App::start().await;
    let (pair, eve) = (app.pair().await, app.member("Eve").await);
    let cursor = eve.get("/events/cursor").await.ok();
    let mut stream = listening(&eve).await;
    plant(&app, app.db(), "mentorship.changed", pair.id, eve.id).await;
    heard_nothing(&eve, &mut stream).await;
    assert_eq!(eve.stream(cursor["cursor"].as_str()).await.heard().await.kind, "user.changed");
}

/// An event that is told to `receiver`, whoever that is.
async fn plant(app: &App, db: &impl ConnectionTrait, kind: &str, subject: Uuid, receiver: Uuid) {
    let sql = "INSERT INTO event_entries (id, stream_kind, stream_id, kind, staff, data, occurred_at, receivers)
        VALUES ($1, $2, $3, $4, FALSE, $5, $6, $7)";
    let (stream, _) = kind.split_once('.').unwrap();
    let receivers = json!([receiver.simple().to_string()]);
    let values = [
        app.state.new_id().into(),
        stream.into(),
        subject.into(),
        kind.into(),
        json!({}).into(),
        app.clock.now().into(),
        receivers.into(),
    ];
    db.execute_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await.unwrap();
}

/// What the staff is told in the very moment is read by the rights that are left.
#[tokio::test]
async fn who_is_demoted_is_told_nothing_more_as_staff() {
    let app = App::start().await;
    let (admin, other, ann) = (app.admin().await, app.admin().await, app.member("Ann").await);
    let (mut stream, mut others) = (listening(&admin).await, listening(&other).await);
    let issue = id_of(&ann.post("/me/issues", report()).await.created()).parse().unwrap();
    for stream in [&mut stream, &mut others] {
        stream.expect("issue.opened").await;
    }
    let txn = app.db().begin().await.unwrap();
    let demoted = user::Entity::update_many().filter(user::Column::Id.eq(admin.id));
    demoted.col_expr(user::Column::Role, user::Role::Regular.to_string().into()).exec(&txn).await.unwrap();
    plant(&app, &txn, "user.role_changed", admin.id, admin.id).await;
    plant(&app, &txn, "issue.assigned", issue, STAFF).await;
    txn.commit().await.unwrap();
    stream.expect("user.role_changed").await;
    heard_nothing(&admin, &mut stream).await;
    others.expect("issue.assigned").await;
}

/// The pair is asked first, and the staff a week later: both hear of it.
#[tokio::test]
async fn the_staff_hears_of_a_silence_that_it_is_told_of() {
    let app = App::start().await;
    let (admin, other) = (app.admin().await, app.member("Eve").await);
    let (ann, bo) = (app.mentor("Ann").await, app.mentee("Bo").await);
    let id = app.mentorship(&ann, &bo).await;
    app.clock.advance(TimeDelta::days(21));
    let mut pair = [listening(&ann).await, listening(&bo).await];
    let (mut staff, mut stranger) = (listening(&admin).await, listening(&other).await);
    app.remind().await;
    for stream in &mut pair {
        assert_eq!(stream.expect("mentorship.silent").await.data["subjectId"], json!(id));
    }
    app.clock.advance(TimeDelta::days(7));
    app.remind().await;
    let heard = staff.expect("mentorship.silent").await;
    assert_eq!(heard.data["subjectId"], json!(id));
    heard_nothing(&other, &mut stranger).await;
}

/// Ends the session or the rights of `ann` on one node while she listens on two, which end within a second.
async fn ends_at_once(end: impl AsyncFnOnce(&App, &Client)) {
    ends_at_once_on(&App::start().await, end).await;
}

async fn ends_at_once_on(app: &App, end: impl AsyncFnOnce(&App, &Client)) {
    let node = app.another_node().await;
    let ann = app.mentee("Ann").await;
    let there = ann.at(node.base().to_owned());
    let streams = [listening(&ann).await, listening(&there).await];
    let ticket = there.ticket().await;
    let mut socket = Socket::open(node.base(), &format!("/ws?ticket={ticket}"), &[]).await.unwrap();
    socket.expect("ready").await;
    end(app, &ann).await;
    let ended = Instant::now();
    for stream in streams {
        let last = stream.ends_within(AT_ONCE * 5).await.unwrap();
        assert_eq!((last.kind.as_str(), &last.data["reason"]), ("closed", &json!("session_ended")));
    }
    assert_eq!(socket.end().await.0, 4001);
    assert!(ended.elapsed() < AT_ONCE * 5, "{:?}", ended.elapsed());
    println!("closed on both nodes after {:?}", ended.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_ends_the_streams_of_every_node() {
    ends_at_once(async |_, ann| ann.post("/auth/sign-out", Value::Null).await.no_content()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_suspension_ends_the_streams_of_every_node() {
    ends_at_once(async |app, ann| {
        let path = format!("/admin/users/{}/suspend", ann.id);
        app.admin().await.post(path, json!({ "note": "a complaint" })).await.ok();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn leaving_ends_the_streams_of_every_node() {
    ends_at_once(async |_, ann| erase(ann).await.no_content()).await;
}

/// PostgreSQL holds the log back while an older transaction is under way anywhere: that a session ended does not wait for it.
#[tokio::test(flavor = "multi_thread")]
async fn a_long_transaction_keeps_no_stream_open() {
    if !is_postgres() {
        return;
    }
    let redis = Redis::start().await;
    let url = redis.url();
    let app = App::start_with(|config| config.redis_url = url.into()).await;
    let admin = app.admin().await;
    becomes(&app, "ok").await;
    let held = app.db().begin().await.unwrap();
    held.execute_unprepared("SELECT pg_current_xact_id()").await.unwrap();
    ends_at_once_on(&app, async |_, ann| ann.post("/auth/sign-out", Value::Null).await.no_content()).await;
    ends_at_once_on(&app, async |_, ann| {
        admin.post(format!("/admin/users/{}/suspend", ann.id), json!({ "note": "a complaint" })).await.ok();
    })
    .await;
    ends_at_once_on(&app, async |_, ann| erase(ann).await.no_content()).await;
    held.rollback().await.unwrap();
}

#[tokio::test]
async fn a_stream_lasts_as_long_as_its_session() {
    let app = App::start().await;
    let ann = app.mentee("Ann").await;
    app.set_password(&ann, crate::proofs::PASSWORD).await;
    let signed_in = json!({ "email": ann.email, "password": crate::proofs::PASSWORD });
    let tokens = app.visitor().post("/auth/sign-in", signed_in).await.ok();
    let bearer = format!("Bearer {}", tokens["accessToken"].as_str().unwrap());
    let headers = [("Authorization", bearer.as_str())];
    let ticket = app.visitor().post_with("/events/tickets", &headers, Value::Null).await.ok();
    let path = format!("/ws?ticket={}", ticket["ticket"].as_str().unwrap());
    let mut socket = Socket::open(app.base(), &path, &[]).await.unwrap();
    socket.expect("ready").await;
    app.clock.advance(TimeDelta::days(15));
    assert_eq!(socket.end().await.0, 4001);
}

#[tokio::test]
async fn who_is_suspended_or_waits_listens_to_nothing() {
    let app = App::start().await;
    let sam = app.person("Sam", |row| row.status = Set(user::Status::Suspended)).await;
    sam.get("/events").await.refused(403, "account_suspended");
    sam.post("/events/tickets", Value::Null).await.refused(403, "account_suspended");
    let ann = app.mentee("Ann").await;
    let ticket = ann.ticket().await;
    app.change_user(&ann, |row| row.status = Set(user::Status::Suspended)).await;
    assert_eq!(Socket::open(app.base(), &format!("/ws?ticket={ticket}"), &[]).await.err(), Some(403));
}
