//! What RFC 6455 asks of the server, from the first frame to the last.

use serde_json::{Value, json};
use support::{App, Socket};

use crate::live_sockets::open;

/// A socket on which nobody is proved yet.
async fn unproved(app: &App) -> Socket {
    Socket::open(app.base(), "/ws", &[]).await.unwrap()
}

#[tokio::test]
async fn a_close_is_answered_with_its_code() {
    let app = App::start().await;
    let ann = app.mentee("Ann").await;
    for code in [1000, 1001, 4321] {
        for mut socket in [open(&app, &ann).await, unproved(&app).await] {
            socket.close(code).await;
            assert_eq!(socket.end().await.0, code);
        }
    }
}

#[tokio::test]
async fn the_first_frame_is_held_to_the_same_rules() {
    let app = App::start().await;
    let ann = app.mentee("Ann").await;
    let mut socket = unproved(&app).await;
    socket.say_bytes(b"binary").await;
    assert_eq!(socket.end().await.0, 1003);

    let mut socket = unproved(&app).await;
    socket.say_text("a".repeat(64 * 1024 + 1)).await;
    assert_eq!(socket.end().await.0, 1009);

    let mut socket = unproved(&app).await;
    socket.say_no_utf8().await;
    assert_eq!(socket.end().await.0, 1007);

    let mut socket = unproved(&app).await;
    socket.ping(b"first").await;
    assert_eq!(socket.pong().await, b"first");
    socket.say(json!({ "type": "auth", "ticket": ann.ticket().await })).await;
    socket.expect("ready").await;
}

#[tokio::test]
async fn a_text_that_is_none_ends_the_socket() {
    let app = App::start().await;
    let ann = app.mentee("Ann").await;
    let mut socket = open(&app, &ann).await;
    socket.say_no_utf8().await;
    assert_eq!(socket.end().await.0, 1007);
}

#[tokio::test]
async fn pings_are_answered_and_count_as_frames() {
    let app = App::start().await;
    let ann = app.mentee("Ann").await;
    let mut socket = open(&app, &ann).await;
    socket.ping(b"hello").await;
    assert_eq!(socket.pong().await, b"hello");
    for mut socket in [socket, unproved(&app).await] {
        for _ in 0..60 {
            socket.ping(b"again").await;
        }
        assert_eq!(socket.end().await.0, 1008);
    }
}

#[tokio::test]
async fn an_unknown_field_is_a_fault_in_every_frame() {
    let app = App::start().await;
    let pair = app.pair().await;
    let mut socket = open(&app, &pair.mentor).await;
    let send = json!({ "type": "send", "mentorshipId": pair.id, "clientId": app.state.new_id(), "content": "Hello" });
    for mut frame in [send, json!({ "type": "typing", "mentorshipId": pair.id })] {
        frame["urgent"] = Value::Bool(true);
        socket.say(frame).await;
        assert_eq!(socket.expect("error").await["problem"]["code"], "malformed_request");
    }
    assert!(pair.mentee.all(format!("/mentorships/{}/messages", pair.id)).await.is_empty());
}
