//! Notifications by SMS: to a number that a code has proved, through a gateway that fails.

use api::config::Config;
use chrono::TimeDelta;
use serde_json::{Value, json};
use support::{App, Client, Sink, Taken};

use crate::deliveries::{by, prefer, record, say};

const NUMBER: &str = "+4915112345678";
const PATH: &str = "/me/phone-number";

/// With an account at the gateway at `url`.
pub fn configure(config: &mut Config, url: &str) {
    let channels = &mut config.channels;
    channels.sms_url = url.to_owned();
    channels.sms_account = "AC0123".to_owned();
    channels.sms_token = "a secret token".to_owned().into();
    channels.sms_from = "+15005550006".to_owned();
}

async fn with_gateway(gateway: &Sink) -> App {
    App::start_with(|config| configure(config, &gateway.url())).await
}

fn form_of(taken: &Taken) -> Vec<(String, String)> {
    url::form_urlencoded::parse(&taken.body).into_owned().collect()
}

async fn send_codes(app: &App) {
    api::phone_numbers::send_due(&app.state).await.unwrap();
}

/// The code in the text message that came in.
async fn code(gateway: &mut Sink) -> String {
    let form = form_of(&gateway.next().await);
    let (_, text) = form.into_iter().find(|(name, _)| name == "Body").unwrap();
    text.chars().filter(char::is_ascii_digit).collect()
}

pub async fn give(app: &App, who: &Client, gateway: &mut Sink) {
    who.put(PATH, json!({ "number": NUMBER })).await.queued();
    send_codes(app).await;
    let code = code(gateway).await;
    let seen = who.post(format!("{PATH}/verify"), json!({ "code": code })).await.ok();
    assert_eq!((&seen["number"], &seen["pendingNumber"]), (&json!(NUMBER), &Value::Null));
}

#[tokio::test]
async fn a_gateway_that_fails_five_times_gets_the_message_with_the_sixth() {
    let mut gateway = Sink::start().await;
    let app = with_gateway(&gateway).await;
    let pair = app.pair().await;
    give(&app, &pair.mentee, &mut gateway).await;
    prefer(&pair.mentee, by([false, false, true]), "DAILY", Value::Null).await;
    say(&pair.mentor, pair.id).await;
    app.deliver_notifications().await;
    gateway.answer_with(503);
    for attempt in 1..=5 {
        app.clock.advance(TimeDelta::minutes(1 << (attempt - 1)));
        app.deliver_notifications().await;
        assert_eq!(
            record(&pair.mentee).await,
            [("SMS".to_owned(), "FAILED".to_owned(), json!("UNREACHABLE"), attempt)]
        );
    }
    gateway.answer_with(201);
    for _ in 0..3 {
        app.clock.advance(TimeDelta::minutes(16));
        app.deliver_notifications().await;
    }
    assert_eq!(record(&pair.mentee).await, [("SMS".to_owned(), "SENT".to_owned(), Value::Null, 6)]);
    for _ in 0..5 {
        gateway.next().await;
    }
    let taken = gateway.next().await;
    assert!(gateway.waiting().is_none());
    assert_eq!(taken.path, "/2010-04-01/Accounts/AC0123/Messages.json");
    // RFC 7617: AC0123 and the token.
    assert_eq!(taken.headers["authorization"], "Basic QUMwMTIzOmEgc2VjcmV0IHRva2Vu");
    let form = form_of(&taken);
    assert_eq!(form[..2], [("To".to_owned(), NUMBER.to_owned()), ("From".to_owned(), "+15005550006".to_owned())]);
    assert_eq!(form[2].1, "Mentorship: You have a new message. http://localhost:3000/notifications");
}

#[tokio::test]
async fn what_the_gateway_refuses_is_dead_at_once() {
    let mut gateway = Sink::start().await;
    let app = with_gateway(&gateway).await;
    let pair = app.pair().await;
    give(&app, &pair.mentee, &mut gateway).await;
    prefer(&pair.mentee, by([false, false, true]), "IMMEDIATE", Value::Null).await;
    say(&pair.mentor, pair.id).await;
    gateway.answer_with(400);
    for _ in 0..3 {
        app.deliver_notifications().await;
        app.clock.advance(TimeDelta::minutes(5));
    }
    assert_eq!(record(&pair.mentee).await, [("SMS".to_owned(), "DEAD".to_owned(), json!("REFUSED"), 1)]);
}

#[tokio::test]
async fn a_number_counts_once_its_code_was_given_in_time() {
    let mut gateway = Sink::start().await;
    let app = with_gateway(&gateway).await;
    let ann = app.mentor("Ann").await;
    let verify = async |code: &str| ann.post(format!("{PATH}/verify"), json!({ "code": code })).await;
    ann.put(PATH, json!({ "number": NUMBER })).await.queued();
    send_codes(&app).await;
    let right = code(&mut gateway).await;
    let wrong = if right == "000000" { "000001" } else { "000000" };
    assert_eq!(ann.get(PATH).await.ok()["pendingNumber"], NUMBER);
    for _ in 0..5 {
        verify(wrong).await.invalid("/code");
    }
    verify(&right).await.invalid("/code");
    ann.put(PATH, json!({ "number": NUMBER })).await.queued();
    send_codes(&app).await;
    let late = code(&mut gateway).await;
    app.clock.advance(TimeDelta::minutes(10));
    verify(&late).await.invalid("/code");
    assert_eq!(ann.get(PATH).await.ok()["number"], Value::Null);
    // Another member's code is another one.
    let bo = app.mentor("Bo").await;
    bo.put(PATH, json!({ "number": NUMBER })).await.queued();
    send_codes(&app).await;
    let of_bo = code(&mut gateway).await;
    verify(&of_bo).await.invalid("/code");
    bo.post(format!("{PATH}/verify"), json!({ "code": of_bo })).await.ok();
    bo.delete(PATH).await.no_content();
    assert_eq!(bo.get(PATH).await.ok()["number"], Value::Null);
    bo.put(PATH, json!({ "number": "0151 12345678" })).await.invalid("/number");
}

#[tokio::test]
async fn a_number_gets_three_codes_an_hour_whoever_asks() {
    let gateway = Sink::start().await;
    let app = with_gateway(&gateway).await;
    let ask = async |number: &str| app.mentor("Ann").await.put(PATH, json!({ "number": number })).await;
    for _ in 0..3 {
        ask(NUMBER).await.queued();
    }
    let who = app.mentor("Bo").await;
    who.put(PATH, json!({ "number": NUMBER })).await.refused(429, "too_many_attempts");
    who.put(PATH, json!({ "number": "+4915112345679" })).await.queued();
    who.delete("/me").await.no_content();
    app.clock.advance(TimeDelta::hours(1));
    ask(NUMBER).await.queued();
}

#[tokio::test]
async fn without_a_gateway_there_is_no_sms() {
    let app = App::start().await;
    let pair = app.pair().await;
    pair.mentee.put(PATH, json!({ "number": NUMBER })).await.refused(409, "channel_not_offered");
    prefer(&pair.mentee, by([false, true, true]), "IMMEDIATE", Value::Null).await;
    say(&pair.mentor, pair.id).await;
    app.deliver_notifications().await;
    assert!(record(&pair.mentee).await.is_empty());
}
