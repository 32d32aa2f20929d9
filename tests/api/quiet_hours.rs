//! Quiet hours by SMS and push, and over a change of the clocks (promises K4, N8).

use api::config::Config;
use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use serde_json::json;
use support::{App, PushReceiver, Sink};

use crate::deliveries::{by, pass, prefer, record, say};
use crate::{phone_numbers, push};

/// Each gets a text message and a push message once the night of Berlin is over, and none before.
async fn first_after_the_night(told: &str, silent: &str, morning: &str) {
    let (mut gateway, mut service) = (Sink::start().await, Sink::start().await);
    let app = App::start_with(|config: &mut Config| {
        phone_numbers::configure(config, &gateway.url());
        push::configure(config);
        config.channels.push_anywhere = true;
    })
    .await;
    let pair = app.pair().await;
    phone_numbers::give(&app, &pair.mentee, &mut gateway).await;
    let endpoint = format!("{}/send/1", service.url());
    push::subscribe(&pair.mentee, &PushReceiver::new(), &endpoint).await;
    app.change_user(&pair.mentee, |row| row.time_zone = Set("Europe/Berlin".to_owned())).await;
    prefer(&pair.mentee, by([false, true, true]), "IMMEDIATE", json!({ "start": "22:00", "end": "07:30" })).await;
    let until = |time: &str| time.parse::<DateTime<Utc>>().unwrap() - app.clock.now();
    pass(&app, until(told)).await;
    say(&pair.mentor, pair.id).await;
    app.deliver_notifications().await;
    pass(&app, until(silent)).await;
    assert!(gateway.waiting().is_none() && service.waiting().is_none());
    assert!(record(&pair.mentee).await.iter().all(|(_, status, ..)| status == "PENDING"));
    pass(&app, until(morning)).await;
    gateway.next().await;
    service.next().await;
    assert!(gateway.waiting().is_none() && service.waiting().is_none());
    assert!(record(&pair.mentee).await.iter().all(|(_, status, ..)| status == "SENT"));
}

#[tokio::test]
async fn texts_and_push_messages_wait_for_the_end_of_the_night() {
    first_after_the_night("2026-11-10T22:00:00Z", "2026-11-11T06:29:59Z", "2026-11-11T06:30:00Z").await;
}

#[tokio::test]
async fn the_night_in_which_the_clocks_change_ends_by_the_clock_on_the_wall() {
    first_after_the_night("2027-03-27T22:00:00Z", "2027-03-28T05:29:59Z", "2027-03-28T05:30:00Z").await;
    first_after_the_night("2027-10-30T21:00:00Z", "2027-10-31T06:29:59Z", "2027-10-31T06:30:00Z").await;
}
