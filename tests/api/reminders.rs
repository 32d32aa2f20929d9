//! What the clock reminds of, each once: requests that wait, meetings that come, mentorships that fell silent.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::ActiveValue::Set;
use serde_json::{Value, json};
use support::{App, Client, Pair};

use crate::deliveries::{record, say};

/// The kinds of what they were told, the oldest first.
async fn told(who: &Client) -> Vec<String> {
    let kind = |one: &Value| one["kind"].as_str().unwrap().to_owned();
    who.all("/notifications").await.iter().rev().map(kind).collect()
}

/// Reminds at several times, on two nodes at once, and again.
async fn pass(app: &App, other: &App, time: TimeDelta) {
    app.clock.advance(time);
    for _ in 0..2 {
        tokio::join!(app.remind(), other.remind());
        app.clock.advance(TimeDelta::minutes(1));
    }
}

#[tokio::test]
async fn a_mentor_is_reminded_of_a_request_until_it_lapses() {
    let app = App::start().await;
    let other = app.another_node().await;
    let (ann, bo) = (app.mentor("Ann").await, app.mentee("Bo").await);
    let (away, dee) = (app.mentor("Away").await, app.mentee("Dee").await);
    let until = app.clock.now() + TimeDelta::days(30);
    app.change_user(&away, |row| row.paused_until = Set(Some(until))).await;
    let request = app.request(&ann, &bo).await;
    app.request(&away, &dee).await;
    pass(&app, &other, TimeDelta::days(3) - TimeDelta::minutes(5)).await;
    assert!(told(&ann).await.is_empty());
    pass(&app, &other, TimeDelta::minutes(5)).await;
    assert_eq!(told(&ann).await, ["REQUEST_WAITING"]);
    pass(&app, &other, TimeDelta::days(7)).await;
    assert_eq!(told(&ann).await, ["REQUEST_WAITING"; 2]);
    assert!(told(&bo).await.is_empty() && told(&away).await.is_empty());
    pass(&app, &other, TimeDelta::days(4)).await;
    assert_eq!(told(&ann).await[2..], ["MENTORSHIP_CANCELED"]);
    assert_eq!(told(&bo).await, ["MENTORSHIP_CANCELED"]);
    assert_eq!(bo.get(format!("/mentorships/{request}")).await.ok()["endReason"], "EXPIRED");
    let log = ["mentorship.request_reminded", "mentorship.request_reminded", "mentorship.canceled"];
    assert_eq!(app.log_of(request).await, log);
}

#[tokio::test]
async fn what_was_missed_is_told_once_and_what_is_answered_not_at_all() {
    let app = App::start().await;
    let other = app.another_node().await;
    let (ann, bo, cy) = (app.mentor("Ann").await, app.mentee("Bo").await, app.mentee("Cy").await);
    app.request(&ann, &bo).await;
    let answered = app.request(&ann, &cy).await;
    ann.post(format!("/mentorships/{answered}/decline"), Value::Null).await.ok();
    pass(&app, &other, TimeDelta::days(12)).await;
    assert_eq!(told(&ann).await, ["REQUEST_WAITING"]);
}

async fn confirmed(pair: &Pair, at: DateTime<Utc>) -> String {
    let meeting = json!({ "scheduledAt": at, "durationMinutes": 30, "timeZone": "UTC" });
    let made = pair.mentor.post(format!("/mentorships/{}/meetings", pair.id), meeting).await.created();
    let path = format!("/meetings/{}", made["id"].as_str().unwrap());
    pair.mentee.post(format!("{path}/confirm"), Value::Null).await.ok();
    path
}

async fn reminders(who: &Client) -> usize {
    told(who).await.iter().filter(|kind| *kind == "MEETING_REMINDER").count()
}

#[tokio::test]
async fn both_are_reminded_of_a_meeting_a_day_and_an_hour_before() {
    let app = App::start().await;
    let other = app.another_node().await;
    let pair = app.pair().await;
    let start = app.clock.now() + TimeDelta::days(3);
    let path = confirmed(&pair, start).await;
    let until = |ahead: TimeDelta| start - ahead - app.clock.now();
    let mut seen = Vec::new();
    for ahead in [25 * 60, 24 * 60, 12 * 60, 61, 59, 10].map(TimeDelta::minutes) {
        pass(&app, &other, until(ahead)).await;
        seen.push(reminders(&pair.mentee).await);
        assert_eq!(reminders(&pair.mentor).await, *seen.last().unwrap());
    }
    assert_eq!(seen, [0, 1, 1, 2, 2, 2]);
    assert_eq!(app.log_of(path[10..].parse().unwrap()).await[2..], ["meeting.reminded", "meeting.reminded"]);
}

#[tokio::test]
async fn a_meeting_that_is_moved_is_reminded_of_anew_and_a_canceled_one_not_even_by_mail() {
    let app = App::start().await;
    let other = app.another_node().await;
    let pair = app.pair().await;
    let start = app.clock.now() + TimeDelta::days(2);
    let path = confirmed(&pair, start).await;
    pass(&app, &other, TimeDelta::days(1)).await;
    assert_eq!(reminders(&pair.mentee).await, 1);
    let etag = pair.mentor.get(&path).await.etag();
    let moved = json!({ "scheduledAt": start + TimeDelta::days(7) });
    pair.mentor.patch_if(&path, etag, moved).await.ok();
    pair.mentee.post(format!("{path}/confirm"), Value::Null).await.ok();
    pass(&app, &other, TimeDelta::days(6)).await;
    assert_eq!(reminders(&pair.mentee).await, 1);
    pass(&app, &other, TimeDelta::days(1)).await;
    assert_eq!(reminders(&pair.mentee).await, 2);
    app.deliver_notifications().await;
    pair.mentee.post(format!("{path}/cancel"), Value::Null).await.ok();
    app.clock.advance(TimeDelta::minutes(1));
    app.deliver_notifications().await;
    let (_, status, reason, _) = record(&pair.mentee).await.remove(0);
    assert_eq!((status.as_str(), reason), ("SKIPPED", json!("OUTDATED")));
}

#[tokio::test]
async fn a_meeting_within_the_hour_needs_no_reminder() {
    let app = App::start().await;
    let other = app.another_node().await;
    let pair = app.pair().await;
    confirmed(&pair, app.clock.now() + TimeDelta::minutes(50)).await;
    pass(&app, &other, TimeDelta::minutes(5)).await;
    assert_eq!(reminders(&pair.mentee).await, 0);
}

#[tokio::test]
async fn silence_is_asked_about_after_three_weeks_and_shown_to_staff_after_four() {
    let app = App::start().await;
    let other = app.another_node().await;
    let (pair, admin) = (app.pair().await, app.admin().await);
    say(&pair.mentor, pair.id).await;
    let hour = TimeDelta::hours(1);
    pass(&app, &other, TimeDelta::days(21) - hour).await;
    assert_eq!(told(&pair.mentor).await, [""; 0]);
    pass(&app, &other, hour).await;
    assert_eq!(told(&pair.mentor).await, ["MENTORSHIP_SILENT"]);
    assert_eq!(told(&pair.mentee).await, ["MESSAGE_NEW", "MENTORSHIP_SILENT"]);
    pass(&app, &other, TimeDelta::days(6)).await;
    assert!(told(&admin).await.is_empty());
    pass(&app, &other, TimeDelta::days(1)).await;
    assert_eq!(told(&admin).await, ["MENTORSHIP_SILENT"]);
    assert_eq!(told(&pair.mentor).await.len(), 1);
    // A sign of life, and silence anew.
    say(&pair.mentee, pair.id).await;
    pass(&app, &other, TimeDelta::days(20)).await;
    assert_eq!(told(&pair.mentee).await.len(), 2);
    pass(&app, &other, TimeDelta::days(1) + hour).await;
    assert_eq!(told(&pair.mentee).await.len(), 3);
}

/// A sign of life while it is looked for silence: whichever is first, nobody is asked after it.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_asked_about_silence_after_a_sign_of_life() {
    let app = App::start().await;
    let mut pairs = Vec::new();
    for _ in 0..40 {
        pairs.push(app.pair().await);
    }
    app.clock.advance(TimeDelta::days(21));
    let speaking = async {
        for pair in pairs.iter().rev() {
            say(&pair.mentor, pair.id).await;
        }
    };
    tokio::join!(app.remind(), speaking);
    for pair in &pairs {
        let log = app.log_of(pair.id).await;
        assert_ne!(log.last().map(String::as_str), Some("mentorship.silent"), "{log:?}");
    }
}
