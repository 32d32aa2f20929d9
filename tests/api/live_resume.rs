//! Resuming over an open socket, and after ids that this server knows nothing of (promise I4).

use std::time::Duration;

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use serde_json::{Value, json};
use support::{App, Client, Socket};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;

use crate::live::send;
use crate::live_sockets::{MANY, flood, hears_the_flood, open};
use crate::messages::{message, threads};

const BOUND: Duration = Duration::from_secs(60);
/// Resumes while somebody writes: enough for an event to come at every point of one, and no more on a socket than it takes at once.
const SOCKETS: usize = 6;
const ROUNDS: usize = 30;
/// More than can be written while one resumes.
const MOST_ON_THEIR_WAY: i64 = 300;

#[tokio::test(flavor = "multi_thread")]
async fn a_resume_amid_events_leaves_none_out() {
    let app = App::start_with(|config| config.rate_limit = 1_000_000).await;
    let pair = app.pair().await;
    let writing = tokio::spawn(write_on(pair.mentor.clone(), format!("/mentorships/{}/messages", pair.id)));
    for _ in 0..SOCKETS {
        let mut socket = open(&app, &pair.mentee).await;
        let mut first = socket.expect("event").await["data"].clone();
        for round in 0..ROUNDS {
            first = resume_after(&mut socket, &first, round).await;
        }
    }
    writing.abort();
}

/// Hears some more, then resumes after `first`; the second that comes after it again.
async fn resume_after(socket: &mut Socket, first: &Value, round: usize) -> Value {
    let from = first["seq"].as_i64().unwrap();
    for seq in from + 1..from + 5 {
        assert_eq!(socket.expect("event").await["data"]["seq"], seq);
    }
    socket.say(json!({ "type": "resume", "after": first["id"] })).await;
    // What was on its way already comes first, without a hole.
    for seq in from + 5.. {
        let heard = socket.expect("event").await["data"]["seq"].clone();
        if heard == from + 1 {
            break;
        }
        assert_eq!(heard, seq, "in round {round}");
        assert!(seq < from + MOST_ON_THEIR_WAY, "nothing is resumed in round {round}");
    }
    let second = socket.expect("event").await["data"].clone();
    assert_eq!(second["seq"], from + 2, "after the resume in round {round}");
    second
}

async fn write_on(who: Client, path: String) {
    loop {
        who.post(&path, message("on and on")).await.created();
    }
}

/// One that is ours and not too old, of a database that has been restored to before it.
#[tokio::test]
async fn an_id_ahead_of_the_log_is_told_to_resync() {
    let app = App::start().await;
    let pair = app.pair().await;
    let numbers = [i64::MAX, 1, app.clock.now().timestamp_millis()].map(i64::to_be_bytes).concat();
    let mac = app.state.auth.mac("event cursor", &numbers);
    let ahead = BASE64_URL_SAFE_NO_PAD.encode([&mac[..8], numbers.as_slice()].concat());
    let mut stream = pair.mentee.stream(Some(&ahead)).await;
    stream.expect("resync").await;
    let mut socket = open(&app, &pair.mentee).await;
    socket.say(json!({ "type": "resume", "after": ahead })).await;
    socket.expect("resync").await;
    let sent = send(&app, &pair.mentor, &format!("/mentorships/{}", pair.id), "Hello").await;
    assert_eq!(stream.expect("mentorship.message_sent").await.data["message"], sent);
    assert_eq!(socket.expect("event").await["data"]["message"], sent);
}

/// What no id can look like is one that is not known, and not none.
#[tokio::test]
async fn an_id_of_other_letters_is_told_to_resync() {
    let app = App::start().await;
    let ann = app.mentee("Ann").await;
    for id in ["é", "\u{1F600}"] {
        ann.stream(Some(id)).await.expect("resync").await;
    }
    ann.stream(Some("")).await.expect("ready").await;
}

#[tokio::test]
async fn a_resume_over_a_socket_shows_nothing_of_others() {
    let app = App::start().await;
    let (eve, admin, other) = (app.member("Eve").await, app.admin().await, app.pair().await);
    let cursor = eve.get("/events/cursor").await.ok()["cursor"].clone();
    for (thread, ann, bo) in threads(&app).await {
        let sent = send(&app, &ann, &thread, "Between us").await;
        for stranger in [&eve, &admin, &other.mentor, &other.mentee] {
            let mut socket = open(&app, stranger).await;
            stranger.patch("/me", json!({ "about": format!("I listen to {thread}") })).await.ok();
            assert_eq!(socket.expect("event").await["data"]["kind"], "user.changed");
            socket.say(json!({ "type": "resume", "after": cursor })).await;
            assert_eq!(socket.expect("event").await["data"]["kind"], "user.changed");
        }
        let mut socket = open(&app, &bo).await;
        socket.say(json!({ "type": "resume", "after": cursor })).await;
        while socket.expect("event").await["data"]["message"] != sent {}
    }
}

/// The bytes of a stream of `who`, of which none is read yet.
async fn unread(app: &App, who: &Client) -> TcpStream {
    let address = app.base().trim_start_matches("http://");
    let socket = TcpSocket::new_v4().unwrap();
    // Who reads nothing is to be found out soon.
    socket.set_recv_buffer_size(16 * 1024).unwrap();
    let mut stream = socket.connect(address.parse().unwrap()).await.unwrap();
    let token = who.token().unwrap();
    let request = format!("GET /api/v1/events HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    stream
}

/// Whoever reads nothing is cut; others hear all, and a resume brings the rest.
#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_read_events_is_cut_and_resumes() {
    // Before the system gives the connection up.
    let app = App::start_with(|config| config.answer_timeout = 300).await;
    let pair = app.pair().await;
    let path = format!("/mentorships/{}", pair.id);
    let mut slow = unread(&app, &pair.mentee).await;
    let mut quick = pair.mentee.stream(None).await;
    quick.expect("ready").await;
    let cursor = quick.last_id.clone();
    flood(&app, &pair.mentor, &path, &mut quick).await;
    let mut bytes = Vec::new();
    timeout(BOUND, slow.read_to_end(&mut bytes)).await.expect("it goes on").ok();
    let heard = String::from_utf8_lossy(&bytes);
    assert!(!heard.contains(&format!("\"content\":\"{} ", MANY - 1)), "all were kept for it");
    hears_the_flood(&mut pair.mentee.stream(Some(&cursor)).await).await;
}
