//! Digests: all that is due in one mail, on whichever node, and what preferences say by then (promises M10, N8, N9).

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use entity::notification;
use sea_orm::ActiveValue::Set;
use sea_orm::EntityTrait;
use serde_json::{Value, json};
use support::{App, Client, Pair, SmtpServer, is_postgres};

use crate::deliveries::{MINUTE, by, by_mail, pass, prefer, record, say, sent, set_goal, skipped};

async fn with_digest(app: &App, digest: &str) -> Pair {
    let pair = app.pair().await;
    prefer(&pair.mentee, by([true, false, false]), digest, Value::Null).await;
    pair
}

async fn newest_text(app: &App, whom: &Client) -> String {
    app.mails_to(&whom.email).await[0]["text"].as_str().unwrap().to_owned()
}

async fn pass_until(app: &App, time: &str) {
    pass(app, time.parse::<DateTime<Utc>>().unwrap() - app.clock.now()).await;
}

/// Two nodes that work at once make one mail of a digest, however much is in it.
#[tokio::test(flavor = "multi_thread")]
async fn nodes_that_work_at_once_send_a_member_one_digest() {
    let mut server = SmtpServer::start();
    let url = server.url.clone();
    let app = App::start_with(|config| config.smtp_url = url.into()).await;
    let other = app.another_node().await;
    let mut expected = BTreeMap::new();
    for _ in 0..20 {
        let pair = with_digest(&app, "DAILY").await;
        tell_of_goals(&app, &pair, 10).await;
        expected.insert(pair.mentee.email, 1);
    }
    app.deliver_notifications().await;
    app.clock.advance(TimeDelta::days(1));
    if is_postgres() {
        tokio::join!(app.deliver_notifications(), other.deliver_notifications());
    } else {
        // One process at a time writes there.
        app.deliver_notifications().await;
        other.deliver_notifications().await;
    }
    let mut mailed = BTreeMap::new();
    for _ in 0..20 {
        let mail = server.next().await;
        assert!(mail.contains("(10)."), "{mail}");
        let to = mail.lines().find_map(|line| line.strip_prefix("To: ")).unwrap().to_owned();
        *mailed.entry(to).or_insert(0) += 1;
    }
    assert_eq!((mailed, server.waiting()), (expected, None));
}

/// Notifications as events of the mentor would make them.
async fn tell_of_goals(app: &App, pair: &Pair, count: usize) {
    let row = |_| notification::ActiveModel {
        id: Set(app.state.new_id()),
        user_id: Set(pair.mentee.id),
        kind: Set(notification::Kind::GoalAdded),
        subject_kind: Set("goal".to_owned()),
        subject_id: Set(app.state.new_id()),
        actor_id: Set(Some(pair.mentor.id)),
        read_at: Set(None),
        created_at: Set(app.clock.now()),
        planned_at: Set(None),
    };
    notification::Entity::insert_many((0..count).map(row)).exec_without_returning(app.db()).await.unwrap();
}

#[tokio::test]
async fn a_digest_of_hundreds_is_one_mail() {
    let app = App::start().await;
    let pair = with_digest(&app, "DAILY").await;
    tell_of_goals(&app, &pair, 250).await;
    app.deliver_notifications().await;
    pass(&app, TimeDelta::days(1)).await;
    assert_eq!(by_mail(&app, &pair.mentee).await, 1);
    assert!(newest_text(&app, &pair.mentee).await.contains("(250)."));
}

#[tokio::test]
async fn a_weekly_digest_comes_on_monday_in_the_zone_of_the_member_also_when_the_clocks_change() {
    let app = App::start().await;
    let pair = with_digest(&app, "WEEKLY").await;
    app.change_user(&pair.mentee, |row| row.time_zone = Set("Europe/Berlin".to_owned())).await;
    pass_until(&app, "2027-03-23T12:00:00Z").await;
    set_goal(&pair.mentor, pair.id).await;
    pass(&app, TimeDelta::zero()).await;
    say(&pair.mentor, pair.id).await;
    // Eight o'clock on Monday, an hour earlier than a week before.
    pass_until(&app, "2027-03-29T05:59:59Z").await;
    assert_eq!(by_mail(&app, &pair.mentee).await, 0);
    pass(&app, TimeDelta::seconds(1)).await;
    assert_eq!(by_mail(&app, &pair.mentee).await, 1);
    let text = newest_text(&app, &pair.mentee).await;
    assert!(text.contains("A goal was added") && text.contains("You have a new message"), "{text}");
    pass(&app, TimeDelta::days(7)).await;
    assert_eq!(by_mail(&app, &pair.mentee).await, 1);
}

#[tokio::test]
async fn a_digest_leaves_out_what_was_read_and_keeps_the_rest() {
    let app = App::start().await;
    let pair = with_digest(&app, "DAILY").await;
    set_goal(&pair.mentor, pair.id).await;
    say(&pair.mentor, pair.id).await;
    app.deliver_notifications().await;
    pair.mentee.put(format!("/mentorships/{}/read-marker", pair.id), json!({ "seq": 1 })).await.ok();
    pass(&app, TimeDelta::days(1)).await;
    assert_eq!(record(&pair.mentee).await, [skipped("READ"), sent(1)]);
    let text = newest_text(&app, &pair.mentee).await;
    assert!(text.contains("A goal was added") && !text.contains("message"), "{text}");
}

#[tokio::test]
async fn what_waits_goes_with_the_digest_that_is_wished_for_meanwhile() {
    let app = App::start().await;
    let pair = with_digest(&app, "IMMEDIATE").await;
    say(&pair.mentor, pair.id).await;
    app.deliver_notifications().await;
    prefer(&pair.mentee, by([true, false, false]), "DAILY", Value::Null).await;
    pass(&app, MINUTE).await;
    assert_eq!(by_mail(&app, &pair.mentee).await, 0);
    set_goal(&pair.mentor, pair.id).await;
    pass(&app, TimeDelta::zero()).await;
    pass_until(&app, "2026-11-03T08:00:00Z").await;
    assert_eq!(by_mail(&app, &pair.mentee).await, 1);
    assert_eq!(record(&pair.mentee).await, [sent(1), sent(1)]);
}

#[tokio::test]
async fn what_waits_for_a_digest_goes_out_when_none_is_wished_for_any_more() {
    let app = App::start().await;
    let pair = with_digest(&app, "WEEKLY").await;
    set_goal(&pair.mentor, pair.id).await;
    pass(&app, TimeDelta::hours(3)).await;
    prefer(&pair.mentee, by([true, false, false]), "IMMEDIATE", Value::Null).await;
    pass(&app, MINUTE).await;
    assert_eq!(by_mail(&app, &pair.mentee).await, 1);
    pass(&app, TimeDelta::days(7)).await;
    assert_eq!(by_mail(&app, &pair.mentee).await, 1);
}

#[tokio::test]
async fn a_digest_moves_with_the_zone_of_the_member() {
    let app = App::start().await;
    let pair = with_digest(&app, "DAILY").await;
    pair.mentee.patch("/me", json!({ "timeZone": "Europe/Berlin" })).await.ok();
    set_goal(&pair.mentor, pair.id).await;
    app.deliver_notifications().await;
    pair.mentee.patch("/me", json!({ "timeZone": "America/New_York" })).await.ok();
    pass_until(&app, "2026-11-02T12:59:59Z").await;
    assert_eq!(by_mail(&app, &pair.mentee).await, 0);
    // It is still Monday before eight there.
    pass(&app, TimeDelta::seconds(1)).await;
    assert_eq!(by_mail(&app, &pair.mentee).await, 1);
}
