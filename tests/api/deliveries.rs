//! Notifications by mail, as preferences say: once each, not what was read, in digests, outside quiet hours, through outages and
//! kills (promises K4, M6, M10, N8, N9).

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::ActiveValue::Set;
use serde_json::{Value, json};
use support::{App, Client, Pair, Process, SmtpServer};
use tokio::net::TcpListener;
use uuid::Uuid;

pub const MINUTE: TimeDelta = TimeDelta::minutes(1);

pub async fn say(who: &Client, mentorship: Uuid) {
    let body = json!({ "clientId": Uuid::new_v4(), "content": "a secret of ours" });
    who.post(format!("/mentorships/{mentorship}/messages"), body).await.created();
}

pub async fn set_goal(who: &Client, mentorship: Uuid) {
    let goal = json!({ "kind": "SHORT_TERM", "title": "a secret of ours" });
    who.post(format!("/mentorships/{mentorship}/goals"), goal).await.created();
}

/// One channel for messages and another for goals; the others are as by default.
pub async fn prefer(who: &Client, messages: Value, digest: &str, quiet: Value) {
    let body = json!({ "kinds": { "MESSAGES": messages }, "digest": digest, "quietHours": quiet, "news": false });
    who.put("/me/notification-preferences", body).await.ok();
}

pub fn by(channels: [bool; 3]) -> Value {
    json!({ "email": channels[0], "push": channels[1], "sms": channels[2] })
}

/// Channel, status, reason and attempts of what went to them, the newest first.
pub async fn record(who: &Client) -> Vec<(String, String, Value, i64)> {
    let text = |one: &Value, name: &str| one[name].as_str().unwrap().to_owned();
    let of = |one: Value| {
        (text(&one, "channel"), text(&one, "status"), one["reason"].clone(), one["attempts"].as_i64().unwrap())
    };
    who.all("/me/deliveries").await.into_iter().map(of).collect()
}

pub fn sent(attempts: i64) -> (String, String, Value, i64) {
    ("EMAIL".to_owned(), "SENT".to_owned(), Value::Null, attempts)
}

pub fn skipped(reason: &str) -> (String, String, Value, i64) {
    ("EMAIL".to_owned(), "SKIPPED".to_owned(), json!(reason), 0)
}

pub async fn by_mail(app: &App, whom: &Client) -> usize {
    let kinds = ["NOTIFICATION", "NOTIFICATION_DIGEST"];
    let mails = app.mails_to(&whom.email).await;
    mails.iter().filter(|mail| kinds.contains(&mail["kind"].as_str().unwrap())).count()
}

pub async fn pass(app: &App, time: TimeDelta) {
    app.clock.advance(time);
    app.deliver_notifications().await;
}

#[tokio::test]
async fn a_mail_server_gets_what_is_told_once_and_nothing_of_what_was_written() {
    let mut server = SmtpServer::start();
    let url = server.url.clone();
    let app = App::start_with(|config| config.smtp_url = url.into()).await;
    let pair = app.pair().await;
    say(&pair.mentor, pair.id).await;
    app.deliver_notifications().await;
    assert_eq!(record(&pair.mentee).await[0].1, "PENDING");
    for _ in 0..3 {
        pass(&app, MINUTE).await;
    }
    let mail = server.next().await;
    let to = format!("To: {}", pair.mentee.email);
    for words in [to.as_str(), "You have a new message.", "Auto-Submitted: auto-generated"] {
        assert!(mail.contains(words), "{words} is not in {mail}");
    }
    assert!(!mail.contains("secret") && !mail.contains("Mona"), "{mail}");
    assert_eq!(server.waiting(), None);
    assert_eq!(record(&pair.mentee).await, [sent(1)]);
    assert!(record(&pair.mentor).await.is_empty());
    // One that was not read stands for those that follow.
    say(&pair.mentor, pair.id).await;
    pass(&app, MINUTE).await;
    assert_eq!(record(&pair.mentee).await.len(), 1);
}

#[tokio::test]
async fn what_was_read_meanwhile_is_not_mailed() {
    let app = App::start().await;
    let pair = app.pair().await;
    say(&pair.mentor, pair.id).await;
    app.deliver_notifications().await;
    pair.mentee.put(format!("/mentorships/{}/read-marker", pair.id), json!({ "seq": 1 })).await.ok();
    pass(&app, MINUTE).await;
    assert_eq!(record(&pair.mentee).await, [skipped("READ")]);
    assert_eq!(by_mail(&app, &pair.mentee).await, 0);
}

#[tokio::test]
async fn preferences_say_what_goes_out_also_those_of_the_last_minute() {
    let app = App::start().await;
    let pair = app.pair().await;
    prefer(&pair.mentee, by([false; 3]), "IMMEDIATE", Value::Null).await;
    say(&pair.mentor, pair.id).await;
    set_goal(&pair.mentor, pair.id).await;
    pass(&app, TimeDelta::zero()).await;
    assert_eq!(record(&pair.mentee).await.len(), 1);
    prefer(&pair.mentee, by([false; 3]), "OFF", Value::Null).await;
    pass(&app, MINUTE).await;
    assert_eq!(record(&pair.mentee).await, [skipped("UNSUBSCRIBED")]);
    set_goal(&pair.mentor, pair.id).await;
    pass(&app, MINUTE).await;
    assert_eq!(record(&pair.mentee).await.len(), 1);
    assert_eq!(by_mail(&app, &pair.mentee).await, 0);
}

#[tokio::test]
async fn whoever_is_away_or_has_no_proved_address_is_not_mailed() {
    let app = App::start().await;
    let (one, other) = (app.pair().await, app.pair().await);
    for pair in [&one, &other] {
        say(&pair.mentor, pair.id).await;
    }
    app.deliver_notifications().await;
    app.change_user(&one.mentee, |row| row.email_verified_at = Set(None)).await;
    let admin = app.admin().await;
    let suspend = format!("/admin/users/{}/suspend", other.mentee.id);
    admin.post(suspend, json!({ "note": "x" })).await.ok();
    pass(&app, MINUTE).await;
    let of = async |whom: &Client| admin.all(format!("/admin/deliveries?userId={}", whom.id)).await.remove(0);
    assert_eq!(of(&one.mentee).await["reason"], "NO_ADDRESS");
    assert_eq!(of(&other.mentee).await["reason"], "INACTIVE");
    assert_eq!(admin.all("/admin/deliveries?status=SKIPPED&channel=EMAIL").await.len(), 2);
    assert!(admin.all("/admin/deliveries?status=SENT").await.is_empty());
}

#[tokio::test]
async fn quiet_hours_hold_back_until_they_end_in_the_zone_of_the_member() {
    let app = App::start().await;
    let pair = app.pair().await;
    app.change_user(&pair.mentee, |row| row.time_zone = Set("America/New_York".to_owned())).await;
    prefer(&pair.mentee, by([true, false, false]), "IMMEDIATE", json!({ "start": "22:00", "end": "07:30" })).await;
    // Nine in London is four in New York.
    say(&pair.mentor, pair.id).await;
    pass(&app, TimeDelta::zero()).await;
    pass(&app, TimeDelta::minutes(209)).await;
    assert_eq!(by_mail(&app, &pair.mentee).await, 0);
    pass(&app, MINUTE).await;
    assert_eq!(by_mail(&app, &pair.mentee).await, 1);
    // Quiet hours that are set while something waits hold it back too.
    set_goal(&pair.mentor, pair.id).await;
    pass(&app, TimeDelta::zero()).await;
    prefer(&pair.mentee, by([true, false, false]), "IMMEDIATE", json!({ "start": "07:00", "end": "09:00" })).await;
    pass(&app, MINUTE).await;
    assert_eq!(by_mail(&app, &pair.mentee).await, 1);
    pass(&app, TimeDelta::hours(2)).await;
    assert_eq!(by_mail(&app, &pair.mentee).await, 2);
}

/// When digests were mailed to the mentee, hour by hour over four days from `start`.
async fn digests_from(start: &str) -> Vec<String> {
    let app = App::start().await;
    let pair = app.pair().await;
    app.change_user(&pair.mentee, |row| row.time_zone = Set("Europe/Berlin".to_owned())).await;
    prefer(&pair.mentee, by([true, false, false]), "DAILY", Value::Null).await;
    app.clock.advance(start.parse::<DateTime<Utc>>().unwrap() - app.clock.now());
    let (mut times, mut known) = (Vec::new(), 0);
    for hour in 0..96 {
        // News every five hours on the first three days; on the last what there is was read.
        if hour % 5 == 0 {
            set_goal(&pair.mentor, pair.id).await;
        }
        if hour >= 68 {
            pair.mentee.post("/notifications/read-all", Value::Null).await.ok();
        }
        pass(&app, TimeDelta::hours(1)).await;
        let count = by_mail(&app, &pair.mentee).await;
        times.extend((known..count).map(|_| app.clock.now().to_rfc3339()));
        known = count;
    }
    times
}

#[tokio::test]
async fn a_digest_comes_once_a_day_when_the_clocks_change_and_is_never_empty() {
    let days = |first: [&str; 3]| first.map(|day| format!("{day}:00:00+00:00"));
    let spring = digests_from("2027-03-26T12:00:00Z").await;
    assert_eq!(spring, days(["2027-03-27T07", "2027-03-28T06", "2027-03-29T06"]));
    let autumn = digests_from("2027-10-29T12:00:00Z").await;
    assert_eq!(autumn, days(["2027-10-30T06", "2027-10-31T07", "2027-11-01T07"]));
}

#[tokio::test]
async fn many_of_a_kind_are_gathered_and_none_is_lost() {
    let app = App::start().await;
    let pair = app.pair().await;
    for _ in 0..8 {
        set_goal(&pair.mentor, pair.id).await;
        app.deliver_notifications().await;
        pass(&app, TimeDelta::minutes(2)).await;
    }
    assert_eq!(by_mail(&app, &pair.mentee).await, 3);
    pass(&app, TimeDelta::hours(1)).await;
    let mails = app.mails_to(&pair.mentee.email).await;
    assert_eq!(mails.len(), 4);
    assert!(mails[0]["text"].as_str().unwrap().contains("A goal was added to a mentorship of yours (5)."), "{mails:?}");
    assert_eq!(record(&pair.mentee).await, vec![sent(1); 8]);
}

#[tokio::test]
async fn what_no_server_takes_is_given_up_and_shown_to_staff() {
    let app = App::start_with(|config| config.smtp_url = "smtp://127.0.0.1:1".to_owned().into()).await;
    let (pair, admin) = (app.pair().await, app.admin().await);
    say(&pair.mentor, pair.id).await;
    app.deliver_notifications().await;
    for attempt in 1..=12 {
        pass(&app, TimeDelta::hours(9)).await;
        let status = if attempt < 12 { "FAILED" } else { "DEAD" };
        let expected = ("EMAIL".to_owned(), status.to_owned(), json!("UNREACHABLE"), attempt);
        assert_eq!(record(&pair.mentee).await, [expected]);
    }
    let dead = admin.all("/admin/deliveries?status=DEAD").await;
    assert_eq!((dead.len(), &dead[0]["userId"], &dead[0]["dueAt"]), (1, &json!(pair.mentee.id), &Value::Null));
    pass(&app, TimeDelta::days(2)).await;
    assert_eq!(record(&pair.mentee).await[0].3, 12);
}

#[tokio::test]
async fn nodes_that_work_at_once_send_each_thing_once() {
    let mut server = SmtpServer::start();
    let url = server.url.clone();
    let app = App::start_with(|config| config.smtp_url = url.into()).await;
    let other = app.another_node().await;
    for _ in 0..10 {
        let pair = app.pair().await;
        say(&pair.mentor, pair.id).await;
    }
    for _ in 0..2 {
        tokio::join!(app.deliver_notifications(), other.deliver_notifications(), app.deliver_notifications());
        app.clock.advance(MINUTE);
    }
    app.deliver_notifications().await;
    let mut ids = std::collections::BTreeSet::new();
    for _ in 0..10 {
        let mail = server.next().await;
        ids.insert(mail.lines().find(|line| line.starts_with("To: ")).unwrap().to_owned());
    }
    assert_eq!((ids.len(), server.waiting()), (10, None));
}

/// A node is killed while it sends: another one sends, once.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_killed_node_was_about_to_send_is_sent_by_another_once() {
    let app = App::start().await;
    app.set_clock_to_now();
    app.clock.advance(-TimeDelta::minutes(5));
    let Pair { id, mentor, mentee } = app.pair().await;
    say(&mentor, id).await;
    app.deliver_notifications().await;
    // A mail server that takes the connection and says nothing.
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("smtp://{}", silent.local_addr().unwrap());
    let process = Process::restart(&[("DATABASE_URL", &app.url()), ("MENTORSHIP_SMTP_URL", &url)]).await;
    let _connection = silent.accept().await.unwrap();
    process.signal("KILL");
    process.wait();

    let mut server = SmtpServer::start();
    let url = server.url.clone();
    let other = app.another_node_with(|config| config.smtp_url = url.into()).await;
    other.clock.advance(TimeDelta::minutes(10));
    for _ in 0..3 {
        other.deliver_notifications().await;
        other.clock.advance(TimeDelta::minutes(2));
    }
    assert!(server.next().await.contains(&format!("To: {}", mentee.email)));
    assert_eq!(server.waiting(), None);
    assert_eq!(record(&mentee).await, [sent(2)]);
}
