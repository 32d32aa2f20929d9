//! The WebSocket: tickets, origins, sending, typing, and what breaks its rules (promises I9, I12, I13; M8).

use std::time::Duration;

use chrono::TimeDelta;
use serde_json::{Value, json};
use support::{App, Client, Process, Socket, Stream};

use crate::live::send;

pub async fn open(app: &App, who: &Client) -> Socket {
    let mut socket = Socket::open(app.base(), &format!("/ws?ticket={}", who.ticket().await), &[]).await.unwrap();
    socket.expect("ready").await;
    socket
}

#[tokio::test]
async fn a_socket_sends_and_hears() {
    let app = App::start().await;
    let pair = app.pair().await;
    let (mut mentor, mut mentee) = (open(&app, &pair.mentor).await, open(&app, &pair.mentee).await);
    let frame = json!({ "type": "send", "ref": app.state.new_id(), "mentorshipId": pair.id,
        "clientId": app.state.new_id(), "content": "Hello" });
    mentor.say(frame.clone()).await;
    // What the sender hears as an event may come before or after the answer.
    let (first, second) = (mentor.next().await.unwrap(), mentor.next().await.unwrap());
    let (sent, event) = if first["type"] == "sent" { (first, second) } else { (second, first) };
    assert_eq!((&sent["type"], &sent["ref"]), (&json!("sent"), &frame["ref"]));
    assert_eq!(event["data"]["message"], sent["message"]);
    assert_eq!(mentee.expect("event").await["data"]["message"], sent["message"]);
    mentor.say(frame.clone()).await;
    assert_eq!(mentor.expect("sent").await["message"], sent["message"], "a repeated one is the same");
    let shown = pair.mentee.all(format!("/mentorships/{}/messages", pair.id)).await;
    assert_eq!(shown, [sent["message"].clone()]);
}

#[tokio::test]
async fn what_may_not_be_sent_is_refused_as_by_the_request() {
    let app = App::start().await;
    let (pair, eve) = (app.pair().await, app.member("Eve").await);
    let mut socket = open(&app, &eve).await;
    let mut refused = async |frame: Value| {
        socket.say(frame).await;
        socket.expect("error").await["problem"]["code"].clone()
    };
    let id = app.state.new_id();
    let good = json!({ "type": "send", "mentorshipId": pair.id, "clientId": id, "content": "Hello" });
    assert_eq!(refused(good.clone()).await, "not_found");
    let with = |name: &str, value: Value| {
        let mut frame = good.clone();
        frame[name] = value;
        frame
    };
    assert_eq!(refused(with("content", json!(" "))).await, "invalid_input");
    assert_eq!(refused(with("content", json!("a".repeat(5001)))).await, "invalid_input");
    assert_eq!(refused(with("clientId", json!("no id"))).await, "invalid_input");
    assert_eq!(refused(with("conversationId", json!(pair.id))).await, "invalid_input");
    assert_eq!(refused(json!({ "type": "typing", "mentorshipId": pair.id })).await, "not_found");
}

#[tokio::test]
async fn typing_is_told_to_the_other_and_kept_nowhere() {
    let app = App::start().await;
    let (pair, eve) = (app.pair().await, app.admin().await);
    let (mut mentor, mut mentee, mut other) =
        (open(&app, &pair.mentor).await, open(&app, &pair.mentee).await, open(&app, &eve).await);
    mentor.say(json!({ "type": "typing", "mentorshipId": pair.id })).await;
    let told = mentee.expect("typing").await;
    assert_eq!(told["data"], json!({ "mentorshipId": pair.id, "userId": pair.mentor.id }));
    for socket in [&mut mentor, &mut other] {
        socket.say(json!({ "type": "ping" })).await;
        socket.expect("pong").await;
    }
}

#[tokio::test]
async fn who_is_blocked_is_not_seen_to_type() {
    let app = App::start().await;
    let pair = app.pair().await;
    pair.mentee.post("/me/blocks", json!({ "userId": pair.mentor.id })).await.created();
    let (mut mentor, mut mentee) = (open(&app, &pair.mentor).await, open(&app, &pair.mentee).await);
    mentor.say(json!({ "type": "typing", "mentorshipId": pair.id })).await;
    mentor.expect("error").await;
    mentee.say(json!({ "type": "ping" })).await;
    mentee.expect("pong").await;
}

#[tokio::test]
async fn a_ticket_is_good_once_and_for_half_a_minute() {
    let app = App::start().await;
    let ann = app.mentee("Ann").await;
    let path = |ticket: &str| format!("/ws?ticket={ticket}");
    let ticket = ann.ticket().await;
    let address = path(&ticket);
    let tries = futures_util::future::join_all((0..16).map(|_| Socket::open(app.base(), &address, &[]))).await;
    assert_eq!(tries.iter().filter(|one| one.is_ok()).count(), 1);
    let late = ann.ticket().await;
    app.clock.advance(TimeDelta::seconds(31));
    assert_eq!(Socket::open(app.base(), &path(&late), &[]).await.err(), Some(401));
    let opened = app.visitor().get(format!("/events?ticket={}", ann.ticket().await)).await;
    assert_eq!(opened.status, 200);
    app.visitor().get("/events?ticket=none").await.refused(401, "unauthenticated");
    assert_eq!(Socket::open(app.base(), &path("none"), &[]).await.err(), Some(401));
}

#[tokio::test]
async fn a_page_of_another_origin_opens_nothing() {
    let app = App::start().await;
    let ann = app.mentee("Ann").await;
    let from = async |origin: &'static str| {
        let path = format!("/ws?ticket={}", ann.ticket().await);
        Socket::open(app.base(), &path, &[("origin", origin)]).await.err()
    };
    assert_eq!(from("https://evil.example").await, Some(403));
    assert_eq!(from("null").await, Some(403));
    assert_eq!(from("http://localhost:3000").await, None);
    let token = ann.token().unwrap();
    assert_eq!(Socket::open(app.base(), &format!("/ws?token={token}"), &[]).await.err(), Some(422));
    app.visitor().get("/ws").await.refused(426, "upgrade_required");
}

#[tokio::test]
async fn the_first_frame_may_bring_the_ticket_and_later_ones_prolong() {
    let app = App::start().await;
    let ann = app.mentee("Ann").await;
    let mut socket = Socket::open(app.base(), "/ws", &[]).await.unwrap();
    socket.say(json!({ "type": "auth", "ticket": ann.ticket().await })).await;
    socket.expect("ready").await;
    socket.say(json!({ "type": "auth", "ticket": ann.ticket().await })).await;
    socket.say(json!({ "type": "ping" })).await;
    socket.expect("pong").await;
    let bo = app.mentee("Bo").await;
    socket.say(json!({ "type": "auth", "ticket": bo.ticket().await })).await;
    assert_eq!(socket.end().await.0, 4001, "of another session");
    for first in [json!({ "type": "auth", "ticket": "none" }), json!({ "type": "ping" })] {
        let mut socket = Socket::open(app.base(), "/ws", &[]).await.unwrap();
        socket.say(first).await;
        assert_eq!(socket.end().await.0, 4001);
    }
}

#[tokio::test]
async fn a_socket_resumes() {
    let app = App::start().await;
    let pair = app.pair().await;
    let path = format!("/mentorships/{}", pair.id);
    let cursor = pair.mentee.get("/events/cursor").await.ok()["cursor"].clone();
    let sent = [send(&app, &pair.mentor, &path, "one").await, send(&app, &pair.mentor, &path, "two").await];
    let mut socket = open(&app, &pair.mentee).await;
    socket.say(json!({ "type": "resume", "after": cursor })).await;
    for message in &sent {
        assert_eq!(socket.expect("event").await["data"]["message"], *message);
    }
    socket.say(json!({ "type": "resume", "after": "nonsense" })).await;
    socket.expect("resync").await;
}

#[tokio::test]
async fn frames_that_break_the_rules_end_the_socket() {
    let app = App::start().await;
    let ann = app.mentee("Ann").await;
    let mut socket = open(&app, &ann).await;
    socket.say_bytes(b"binary").await;
    assert_eq!(socket.end().await.0, 1003);

    let mut socket = open(&app, &ann).await;
    socket.say_text("a".repeat(64 * 1024 + 1)).await;
    assert_eq!(socket.end().await.0, 1009);

    let mut socket = open(&app, &ann).await;
    for text in ["{", "[]", "{\"type\":\"shout\"}"] {
        socket.say_text(text).await;
        socket.expect("error").await;
    }
    assert_eq!(socket.end().await.0, 1007);

    let mut socket = open(&app, &ann).await;
    for _ in 0..60 {
        socket.say(json!({ "type": "ping" })).await;
    }
    assert_eq!(socket.end().await.0, 1008);
}

#[tokio::test]
async fn a_node_that_stops_says_when_to_come_back() {
    let app = App::start().await;
    let ann = app.mentee("Ann").await;
    let mut socket = open(&app, &ann).await;
    app.state.live.stop();
    let (code, wait) = socket.end().await;
    assert_eq!(code, 1012);
    assert!(wait.parse::<u64>().unwrap() < 10_000, "{wait}");
}

/// Long messages: more than the system's buffers on both sides, those of the server's connection, and ours hold.
pub const MANY: usize = 500;

/// Sends so many to a thread without messages, each once `quick` has heard the last.
pub async fn flood(app: &App, by: &Client, path: &str, quick: &mut Stream) {
    let text = "\u{1F600}".repeat(4000);
    for number in 0..MANY {
        send(app, by, path, &format!("{number} {text}")).await;
        assert_eq!(quick.heard().await.data["message"]["seq"], number + 1);
    }
}

pub async fn hears_the_flood(stream: &mut Stream) {
    for seq in 1..=MANY {
        assert_eq!(stream.heard().await.data["message"]["seq"], seq);
    }
}

/// Whoever reads nothing is cut once a bounded number of events waits; others hear all, and a resume brings the rest.
#[tokio::test(flavor = "multi_thread")]
async fn a_slow_reader_is_cut_and_resumes() {
    // Before the system gives the connection up.
    let app = App::start_with(|config| config.answer_timeout = 300).await;
    let pair = app.pair().await;
    let path = format!("/mentorships/{}", pair.id);
    let mut slow = open(&app, &pair.mentee).await;
    let mut quick = pair.mentee.stream(None).await;
    quick.expect("ready").await;
    let cursor = quick.last_id.clone();
    flood(&app, &pair.mentor, &path, &mut quick).await;
    let (code, _) = slow.end().await;
    assert_eq!(code, 4008);
    hears_the_flood(&mut pair.mentee.stream(Some(&cursor)).await).await;
}

/// The program itself, told to stop while clients listen (promise M8).
#[tokio::test(flavor = "multi_thread")]
async fn a_stop_ends_streams_in_order_and_is_not_held_up_by_them() {
    let app = App::start().await;
    app.set_clock_to_now();
    let ann = app.mentee("Ann").await;
    let settings = [("DATABASE_URL", app.url()), ("MENTORSHIP_DRAIN_SECONDS", "1".to_owned())];
    let process = Process::serve(&settings.each_ref().map(|(name, value)| (*name, value.as_str()))).await;
    let there = ann.at(process.url(""));
    let mut stream = there.stream(None).await;
    stream.expect("ready").await;
    let path = format!("/ws?ticket={}", there.ticket().await);
    let mut socket = Socket::open(&process.url(""), &path, &[]).await.unwrap();
    socket.expect("ready").await;
    process.signal("TERM");
    let last = stream.ends_within(Duration::from_secs(20)).await.unwrap();
    assert_eq!((last.kind.as_str(), &last.data["reason"]), ("closed", &json!("restarting")));
    assert_eq!(socket.end().await.0, 1012);
    let (status, output) = process.wait();
    assert_eq!(status.code(), Some(0), "{output}");
}
