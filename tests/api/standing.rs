//! What is not true any more by the time that it would go out is not mailed (promises K4, N8).

use serde_json::{Value, json};
use support::{App, Client};

use crate::deliveries::{MINUTE, by_mail, pass, record, sent, skipped};
use crate::messages::{send, threads};

async fn take_back(who: &Client, message: &Value) {
    who.delete(format!("/messages/{}", message["id"].as_str().unwrap())).await.no_content();
}

#[tokio::test]
async fn a_message_that_was_taken_back_is_not_mailed() {
    let app = App::start().await;
    for (thread, ann, bo) in threads(&app).await {
        let message = send(&ann, &thread, "Never mind").await;
        app.deliver_notifications().await;
        take_back(&ann, &message).await;
        pass(&app, MINUTE).await;
        assert_eq!(record(&bo).await, [skipped("OUTDATED")]);
        assert_eq!(by_mail(&app, &bo).await, 0);
    }
}

/// A thread has one unread notification, which stands for all that was not read.
#[tokio::test]
async fn another_message_that_was_not_read_is_mailed_still() {
    let app = App::start().await;
    for (thread, ann, bo) in threads(&app).await {
        send(&bo, &thread, "What do you say?").await;
        let message = send(&ann, &thread, "Never mind").await;
        send(&ann, &thread, "Do mind").await;
        app.deliver_notifications().await;
        take_back(&ann, &message).await;
        pass(&app, MINUTE).await;
        assert_eq!(record(&bo).await, [sent(1)]);
    }
}

#[tokio::test]
async fn a_message_of_somebody_who_was_blocked_since_is_not_mailed() {
    let app = App::start().await;
    for (thread, ann, bo) in threads(&app).await {
        for (from, to) in [(&ann, &bo), (&bo, &ann)] {
            send(from, &thread, "Hello").await;
            app.deliver_notifications().await;
            let block = bo.post("/me/blocks", json!({ "userId": ann.id })).await.created();
            pass(&app, MINUTE).await;
            assert_eq!(record(to).await, [skipped("OUTDATED")]);
            bo.delete(format!("/me/blocks/{}", block["id"].as_str().unwrap())).await.no_content();
        }
    }
}
