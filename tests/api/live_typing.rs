//! Who types: told to the other at once on every node, and for no longer than they may write (promises I9, I12).

use entity::user;
use sea_orm::ActiveValue::Set;
use serde_json::{Value, json};
use support::{App, Client, Redis, Socket};

use crate::live_nodes::becomes;
use crate::live_sockets::open;
use crate::messages::threads;

/// The frame of somebody who types in `thread`, which is a path.
fn typing(thread: &str) -> Value {
    let (kind, id) = thread[1..].split_once('/').unwrap();
    let place = if kind == "mentorships" { "mentorshipId" } else { "conversationId" };
    json!({ "type": "typing", place: id })
}

/// The next frame that is no event of the log: a block brings some of those.
async fn passing(socket: &mut Socket, kind: &str) -> Value {
    loop {
        let frame = socket.next().await.unwrap();
        if frame["type"] != "event" {
            assert_eq!(frame["type"], kind, "{frame}");
            return frame;
        }
    }
}

/// Nobody's typing came before this.
async fn hears_nothing(socket: &mut Socket) {
    socket.say(json!({ "type": "ping" })).await;
    passing(socket, "pong").await;
}

#[tokio::test]
async fn typing_ends_with_a_block_at_once_and_comes_back_with_it() {
    let app = App::start().await;
    for (thread, ann, bo) in threads(&app).await {
        let (mut hers, mut his) = (open(&app, &ann).await, open(&app, &bo).await);
        hers.say(typing(&thread)).await;
        assert_eq!(passing(&mut his, "typing").await["data"]["userId"], json!(ann.id));
        let block = bo.post("/me/blocks", json!({ "userId": ann.id })).await.created();
        hers.say(typing(&thread)).await;
        assert_eq!(passing(&mut hers, "error").await["problem"]["code"], "not_found");
        his.say(typing(&thread)).await;
        assert_eq!(passing(&mut his, "error").await["problem"]["code"], "not_found");
        hears_nothing(&mut hers).await;
        bo.delete(format!("/me/blocks/{}", block["id"].as_str().unwrap())).await.no_content();
        hers.say(typing(&thread)).await;
        assert_eq!(passing(&mut his, "typing").await["data"]["userId"], json!(ann.id));
    }
}

#[tokio::test]
async fn nobody_types_where_they_do_not_belong() {
    let app = App::start().await;
    let (admin, eve) = (app.admin().await, app.member("Eve").await);
    for (thread, ann, bo) in threads(&app).await {
        let mut pair = [open(&app, &ann).await, open(&app, &bo).await];
        for stranger in [&admin, &eve] {
            let mut socket = open(&app, stranger).await;
            socket.say(typing(&thread)).await;
            assert_eq!(socket.expect("error").await["problem"]["code"], "not_found");
        }
        for socket in &mut pair {
            hears_nothing(socket).await;
        }
    }
}

#[tokio::test]
async fn who_is_suspended_types_and_sends_no_more() {
    let app = App::start().await;
    for (thread, ann, bo) in threads(&app).await {
        let (mut hers, mut his) = (open(&app, &ann).await, open(&app, &bo).await);
        app.admin().await.post(format!("/admin/users/{}/suspend", ann.id), json!({ "note": "a complaint" })).await.ok();
        hers.say(typing(&thread)).await;
        assert_eq!(hers.end().await.0, 4001);
        app.change_user(&bo, |row| row.status = Set(user::Status::Suspended)).await;
        let mut send = typing(&thread);
        send["type"] = json!("send");
        (send["clientId"], send["content"]) = (json!(app.state.new_id()), json!("Hello"));
        his.say(send).await;
        assert_eq!(his.expect("error").await["problem"]["code"], "account_suspended");
    }
}

/// A socket of `who` at another node.
async fn open_at(node: &App, who: &Client) -> Socket {
    open(node, &who.at(node.base().to_owned())).await
}

#[tokio::test(flavor = "multi_thread")]
async fn typing_reaches_the_other_node_over_redis_and_this_one_without() {
    let mut redis = Redis::start().await;
    let url = redis.url();
    let app = App::start_with(|config| config.redis_url = url.into()).await;
    let node = app.another_node().await;
    for (thread, ann, bo) in threads(&app).await {
        let (mut hers, mut near, mut far) = (open(&app, &ann).await, open(&app, &bo).await, open_at(&node, &bo).await);
        for each in [&app, &node] {
            becomes(each, "ok").await;
        }
        hers.say(typing(&thread)).await;
        for socket in [&mut near, &mut far] {
            assert_eq!(socket.expect("typing").await["data"]["userId"], json!(ann.id));
            hears_nothing(socket).await;
        }
        redis.stop();
        becomes(&app, "degraded").await;
        hers.say(typing(&thread)).await;
        assert_eq!(near.expect("typing").await["data"]["userId"], json!(ann.id));
        hears_nothing(&mut far).await;
        redis.run().await;
    }
}
