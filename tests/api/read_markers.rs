//! How far each side has read, and what that leaves in the inbox (promise I14).

use serde_json::{Value, json};
use support::App;
use support::Client;
use tokio::task::JoinSet;

use crate::messages::{list, message, send, threads};

#[tokio::test]
async fn an_empty_thread_is_an_empty_list() {
    let app = App::start().await;
    for (thread, ann, bo) in threads(&app).await {
        for reader in [ann, bo] {
            assert_eq!(list(&reader, &thread, "").await, json!({ "items": [], "nextCursor": null }));
            let marker = reader.put(format!("{thread}/read-marker"), json!({ "seq": 0 })).await.ok();
            assert_eq!(marker, json!({ "readSeq": 0, "unreadCount": 0 }));
        }
    }
}

#[tokio::test]
async fn markers_only_move_forward_and_never_past_the_last() {
    let app = App::start().await;
    for (thread, ann, bo) in threads(&app).await {
        for at in 0..5 {
            send(&ann, &thread, &format!("{at}")).await;
        }
        let marker = format!("{thread}/read-marker");
        let at = |read: i64, unread: i64| json!({ "readSeq": read, "unreadCount": unread });
        assert_eq!(bo.put(&marker, json!({ "seq": 3 })).await.ok(), at(3, 2));
        for earlier in [0, 2, 3] {
            assert_eq!(bo.put(&marker, json!({ "seq": earlier })).await.ok(), at(3, 2));
        }
        bo.put(&marker, json!({ "seq": 6 })).await.invalid("/seq");
        bo.put(&marker, json!({ "seq": -1 })).await.invalid("/seq");
        bo.put(&marker, json!({})).await.invalid("/seq");
        assert_eq!(bo.put(&marker, json!({ "seq": 5 })).await.ok(), at(5, 0));
        send(&ann, &thread, "one more").await;
        assert_eq!(bo.put(&marker, json!({ "seq": 0 })).await.ok(), at(5, 1));
        // Ann sent them all, so she has read them.
        assert_eq!(ann.put(&marker, json!({ "seq": 1 })).await.ok(), at(6, 0));
    }
}

#[tokio::test]
async fn markers_moved_at_once_end_at_the_furthest() {
    let app = App::start().await;
    for (thread, ann, bo) in threads(&app).await {
        for at in 0..12 {
            send(&ann, &thread, &format!("{at}")).await;
        }
        let mut calls = JoinSet::new();
        for seq in (1..=12).rev() {
            let (bo, path) = (bo.clone(), format!("{thread}/read-marker"));
            calls.spawn(async move { (seq, bo.put(path, json!({ "seq": seq })).await.ok()) });
        }
        for (seq, marker) in calls.join_all().await {
            assert!(marker["readSeq"].as_i64().unwrap() >= seq);
        }
        let last = bo.put(format!("{thread}/read-marker"), json!({ "seq": 0 })).await.ok();
        assert_eq!(last, json!({ "readSeq": 12, "unreadCount": 0 }));
    }
}

#[tokio::test]
async fn sending_reads_what_came_before() {
    let app = App::start().await;
    for (thread, ann, bo) in threads(&app).await {
        send(&ann, &thread, "1").await;
        send(&ann, &thread, "2").await;
        send(&bo, &thread, "3").await;
        let marker = bo.put(format!("{thread}/read-marker"), json!({ "seq": 0 })).await.ok();
        assert_eq!(marker, json!({ "readSeq": 3, "unreadCount": 0 }));
        let marker = ann.put(format!("{thread}/read-marker"), json!({ "seq": 0 })).await.ok();
        assert_eq!(marker, json!({ "readSeq": 2, "unreadCount": 1 }));
    }
}

/// Sending reads what came before. Whoever was answered meanwhile has something unread and is told so once; whoever has
/// nothing unread is told nothing any more.
#[tokio::test(flavor = "multi_thread")]
async fn the_inbox_agrees_with_the_markers_when_both_send_at_once() {
    let app = App::start().await;
    for (thread, ann, bo) in threads(&app).await {
        let path = format!("{thread}/messages");
        for round in 0..100 {
            let (one, other) = (message("from Ann"), message("from Bo"));
            let (one, other) = tokio::join!(ann.post(&path, one), bo.post(&path, other));
            one.created();
            other.created();
            for who in [&ann, &bo] {
                let unread =
                    who.put(format!("{thread}/read-marker"), json!({ "seq": 0 })).await.ok()["unreadCount"].clone();
                let told = unread_of(who, &thread).await;
                assert_eq!(told, usize::from(unread != 0), "round {round}: {} has {unread} unread", who.name);
            }
        }
    }
}

/// The unread notifications of this thread.
async fn unread_of(who: &Client, thread: &str) -> usize {
    let id = Value::from(thread.rsplit('/').next().unwrap());
    let told = who.all("/notifications?unread=true&limit=100").await;
    told.iter()
        .filter(|told| told["kind"] == "MESSAGE_NEW" && told["subjectId"] == id && told["readAt"].is_null())
        .count()
}
