//! Who hears what: participants only, at each delivery, and for no longer than the session (promises I10, I11, I12).

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use entity::user;
use sea_orm::ActiveValue::Set;
use serde_json::{Value, json};
use support::{App, Client, Socket, Stream};

use crate::erasure::erase;
use crate::live::send;

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
    plant(&app, pair.id, &eve).await;
    heard_nothing(&eve, &mut stream).await;
    assert_eq!(eve.stream(cursor["cursor"].as_str()).await.heard().await.kind, "user.changed");
}

/// An event of a mentorship that names `eve` as its receiver by mistake.
async fn plant(app: &App, mentorship: uuid::Uuid, eve: &Client) {
    use sea_orm::{ConnectionTrait, Statement};

    let sql = "INSERT INTO event_entries (id, stream_kind, stream_id, kind, staff, data, occurred_at, receivers)
        VALUES ($1, 'mentorship', $2, 'mentorship.changed', FALSE, $3, $4, $5)";
    let receivers = json!([eve.id.simple().to_string()]);
    let values =
        [app.state.new_id().into(), mentorship.into(), json!({}).into(), app.clock.now().into(), receivers.into()];
    let backend = app.db().get_database_backend();
    app.db().execute_raw(Statement::from_sql_and_values(backend, sql, values)).await.unwrap();
}

/// Ends the session or the rights of `ann` on one node while she listens on two, which end within a second.
async fn ends_at_once(end: impl AsyncFnOnce(&App, &Client)) {
    let app = App::start().await;
    let node = app.another_node().await;
    let ann = app.mentee("Ann").await;
    let there = ann.at(node.base().to_owned());
    let streams = [listening(&ann).await, listening(&there).await];
    let ticket = there.ticket().await;
    let mut socket = Socket::open(node.base(), &format!("/ws?ticket={ticket}"), &[]).await.unwrap();
    socket.expect("ready").await;
    end(&app, &ann).await;
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
