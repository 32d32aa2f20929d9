//! Notifications by Web Push, against a receiver that opens them as a browser does (RFC 8030, 8291, 8292).

use api::config::Config;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use base64::prelude::{BASE64_STANDARD, Engine};
use chrono::TimeDelta;
use entity::push_subscription;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};
use support::{App, Client, PushReceiver, Sink, vapid_claims};

use crate::deliveries::{by, prefer, record, say};

const PATH: &str = "/me/push-subscriptions";

/// With a key of its own to sign with.
pub fn configure(config: &mut Config) {
    let key = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new()).unwrap();
    config.channels.vapid_key = BASE64_STANDARD.encode(key.as_ref()).into();
}

async fn with_push(anywhere: bool) -> App {
    App::start_with(|config| {
        configure(config);
        config.channels.push_anywhere = anywhere;
    })
    .await
}

pub async fn subscribe(who: &Client, receiver: &PushReceiver, endpoint: &str) -> Value {
    who.post(PATH, receiver.subscription(endpoint)).await.created()
}

#[tokio::test]
async fn each_browser_gets_a_message_that_it_alone_can_read() {
    let mut service = Sink::start().await;
    let app = with_push(true).await;
    let pair = app.pair().await;
    let receivers = [PushReceiver::new(), PushReceiver::new()];
    for (at, receiver) in receivers.iter().enumerate() {
        subscribe(&pair.mentee, receiver, &format!("{}/send/{at}", service.url())).await;
    }
    prefer(&pair.mentee, by([false, true, false]), "WEEKLY", Value::Null).await;
    say(&pair.mentor, pair.id).await;
    for _ in 0..3 {
        app.deliver_notifications().await;
        app.clock.advance(TimeDelta::minutes(1));
    }
    assert_eq!(record(&pair.mentee).await, [("PUSH".to_owned(), "SENT".to_owned(), Value::Null, 1)]);
    let told = pair.mentee.all("/notifications").await.remove(0);
    let key = app.visitor().get("/push-key").await.ok()["publicKey"].as_str().unwrap().to_owned();
    let mut seen = Vec::new();
    for _ in 0..2 {
        let taken = service.next().await;
        let at: usize = taken.path.trim_start_matches("/send/").parse().unwrap();
        let message = receivers[at].open(&taken);
        assert_eq!((&message["notificationId"], &message["subjectId"]), (&told["id"], &json!(pair.id)));
        assert_eq!((&message["kind"], &message["body"]), (&json!("MESSAGE_NEW"), &json!("You have a new message")));
        assert!(!message.to_string().contains("secret"), "{message}");
        let claims = vapid_claims(&taken, &key);
        assert_eq!((&claims["aud"], &claims["sub"]), (&json!(service.url()), &json!("mailto:no-reply@localhost")));
        assert_eq!(taken.headers["ttl"], "86400");
        assert!(taken.headers["topic"].len() <= 32);
        seen.push(at);
    }
    seen.sort_unstable();
    assert_eq!((seen, service.waiting().is_none()), (vec![0, 1], true));
}

#[tokio::test]
async fn a_browser_that_is_gone_is_forgotten_and_a_service_that_fails_is_asked_again() {
    let mut service = Sink::start().await;
    let app = with_push(true).await;
    let pair = app.pair().await;
    subscribe(&pair.mentee, &PushReceiver::new(), &format!("{}/send/1", service.url())).await;
    prefer(&pair.mentee, by([false, true, false]), "IMMEDIATE", Value::Null).await;
    say(&pair.mentor, pair.id).await;
    app.deliver_notifications().await;
    for (status, expected) in [(503, "FAILED"), (429, "FAILED"), (410, "DEAD")] {
        service.answer_with(status);
        app.clock.advance(TimeDelta::minutes(10));
        app.deliver_notifications().await;
        service.next().await;
        assert_eq!(record(&pair.mentee).await[0].1, expected);
    }
    assert!(pair.mentee.all(PATH).await.is_empty());
}

/// Push services say it either way that there is nobody any more (RFC 8030, section 7.3).
#[tokio::test]
async fn an_endpoint_that_is_not_found_is_forgotten_and_the_others_still_get_it() {
    let (mut gone, mut service) = (Sink::start().await, Sink::start().await);
    gone.answer_with(404);
    let app = with_push(true).await;
    let pair = app.pair().await;
    subscribe(&pair.mentee, &PushReceiver::new(), &format!("{}/send/1", gone.url())).await;
    let kept = subscribe(&pair.mentee, &PushReceiver::new(), &format!("{}/send/2", service.url())).await;
    prefer(&pair.mentee, by([false, true, false]), "IMMEDIATE", Value::Null).await;
    say(&pair.mentor, pair.id).await;
    app.deliver_notifications().await;
    app.clock.advance(TimeDelta::minutes(1));
    app.deliver_notifications().await;
    gone.next().await;
    service.next().await;
    assert_eq!(record(&pair.mentee).await, [("PUSH".to_owned(), "SENT".to_owned(), Value::Null, 1)]);
    assert_eq!(pair.mentee.all(PATH).await, [kept]);
}

#[tokio::test]
async fn only_the_browsers_that_did_not_take_it_are_tried_again() {
    let (mut up, mut down) = (Sink::start().await, Sink::start().await);
    down.answer_with(503);
    let app = with_push(true).await;
    let pair = app.pair().await;
    for service in [&up, &down] {
        subscribe(&pair.mentee, &PushReceiver::new(), &format!("{}/send/1", service.url())).await;
    }
    prefer(&pair.mentee, by([false, true, false]), "IMMEDIATE", Value::Null).await;
    say(&pair.mentor, pair.id).await;
    app.deliver_notifications().await;
    for attempts in 1..=2 {
        app.clock.advance(TimeDelta::minutes(attempts));
        app.deliver_notifications().await;
        down.next().await;
        let failed = ("PUSH".to_owned(), "FAILED".to_owned(), json!("UNREACHABLE"), attempts);
        assert_eq!(record(&pair.mentee).await, [failed]);
    }
    down.answer_with(201);
    for _ in 0..2 {
        app.clock.advance(TimeDelta::minutes(5));
        app.deliver_notifications().await;
    }
    down.next().await;
    up.next().await;
    assert!(up.waiting().is_none() && down.waiting().is_none());
    assert_eq!(record(&pair.mentee).await, [("PUSH".to_owned(), "SENT".to_owned(), Value::Null, 3)]);
}

#[tokio::test]
async fn a_subscription_is_its_owners_and_goes_with_them() {
    let app = with_push(true).await;
    let (ann, bo) = (app.mentor("Ann").await, app.mentor("Bo").await);
    let receiver = PushReceiver::new();
    let made = subscribe(&ann, &receiver, "http://127.0.0.1:9/send/1").await;
    assert!(!made.to_string().contains("127.0.0.1"), "{made}");
    let path = format!("{PATH}/{}", made["id"].as_str().unwrap());
    assert_eq!(ann.get(&path).await.ok(), made);
    bo.get(&path).await.refused(404, "not_found");
    bo.delete(&path).await.refused(404, "not_found");
    // Whoever signs in in the same browser has it then.
    subscribe(&bo, &receiver, "http://127.0.0.1:9/send/1").await;
    assert_eq!((ann.all(PATH).await.len(), bo.all(PATH).await.len()), (0, 1));
    for at in 2..=13 {
        subscribe(&bo, &receiver, &format!("http://127.0.0.1:9/send/{at}")).await;
    }
    assert_eq!(bo.all(PATH).await.len(), 10);
    bo.delete("/me").await.no_content();
    assert_eq!(push_subscription::Entity::find().count(app.db()).await.unwrap(), 0);
}

#[tokio::test]
async fn only_public_addresses_are_written_to() {
    let app = with_push(false).await;
    let ann = app.mentor("Ann").await;
    let receiver = PushReceiver::new();
    for endpoint in [
        "http://push.example.org/x",
        "https://127.0.0.1/x",
        "https://localhost/x",
        "https://[::1]/x",
        "https://10.0.0.1/x",
    ] {
        ann.post(PATH, receiver.subscription(endpoint)).await.invalid("/endpoint");
    }
    let mut bad = receiver.subscription("https://push.example.org/x");
    bad["keys"]["p256dh"] = json!("A".repeat(87));
    ann.post(PATH, bad).await.invalid("/keys");
    subscribe(&ann, &receiver, "https://push.example.org/x").await;
}

#[tokio::test]
async fn without_a_key_there_is_no_push() {
    let app = App::start().await;
    assert_eq!(app.visitor().get("/push-key").await.ok()["publicKey"], Value::Null);
    let subscription = PushReceiver::new().subscription("https://push.example.org/x");
    app.mentor("Ann").await.post(PATH, subscription).await.refused(409, "channel_not_offered");
}
