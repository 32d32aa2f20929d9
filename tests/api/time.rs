//! The wall clock jumps while the server runs: nothing crashes, no order changes, nothing ends early (promise N8).

use chrono::TimeDelta;
use serde_json::{Value, json};
use support::App;
use uuid::Uuid;

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_jumps_changes_no_order_and_ends_nothing_early() {
    let app = App::start().await;
    let pair = app.pair().await;
    let thread = format!("/mentorships/{}/messages", pair.id);
    for jump in [TimeDelta::zero(), TimeDelta::minutes(15), TimeDelta::days(40), TimeDelta::days(-1)] {
        app.clock.advance(jump);
        let body = json!({ "clientId": Uuid::new_v4(), "content": format!("after {jump}") });
        assert_eq!(pair.mentee.post(&thread, body).await.status, 201);
        pair.mentor.get("/me/dashboard").await.ok();
    }
    let messages = pair.mentor.get(format!("{thread}?order=ASC")).await.ok();
    let seqs: Vec<_> = messages["items"].as_array().unwrap().iter().map(|message| message["seq"].clone()).collect();
    assert_eq!(Value::from(seqs), json!([1, 2, 3, 4]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_outlives_a_clock_set_back_and_ends_with_one_set_forward() {
    let app = App::start().await;
    let ann = app.member("Ann").await;
    let token = format!("Bearer {}", ann.token().unwrap());
    let me = || app.visitor();
    app.clock.advance(TimeDelta::days(-1));
    me().get_with("/me", &[("Authorization", &token)]).await.ok();
    app.clock.advance(TimeDelta::days(1) + TimeDelta::minutes(9));
    me().get_with("/me", &[("Authorization", &token)]).await.ok();
    app.clock.advance(TimeDelta::minutes(3));
    me().get_with("/me", &[("Authorization", &token)]).await.refused(401, "unauthenticated");
}

#[tokio::test(flavor = "multi_thread")]
async fn instants_are_utc_with_milliseconds() {
    let app = App::start().await;
    for (later, shown) in [(0, "2026-11-02T09:00:00.000Z"), (123, "2026-11-02T09:00:00.123Z")] {
        app.clock.advance(TimeDelta::milliseconds(later));
        assert_eq!(app.member("Ann").await.get("/me").await.ok()["createdAt"], shown);
    }
}
