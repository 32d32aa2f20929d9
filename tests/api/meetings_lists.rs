//! Meetings in lists.

use chrono::TimeDelta;
use support::{App, Pair};

use crate::meetings::{TOMORROW, act, confirmed, ids, list, meeting};

#[tokio::test]
async fn ones_upcoming_meetings_come_across_mentorships_the_soonest_first() {
    let app = App::start().await;
    let (cy, ann, bo) = (app.member("Cy").await, app.mentor("Ann").await, app.mentee("Bo").await);
    let as_mentee = Pair { id: app.mentorship(&ann, &cy).await, mentor: ann, mentee: cy.clone() };
    let as_mentor = Pair { id: app.mentorship(&cy, &bo).await, mentor: cy.clone(), mentee: bo };
    let at = async |pair: &Pair, time: &str| {
        let made = pair.mentor.post(list(pair), meeting(time)).await.created();
        format!("/meetings/{}", made["id"].as_str().unwrap())
    };
    let fourth = at(&as_mentee, "2026-11-09T09:00:00Z").await;
    let second = at(&as_mentor, "2026-11-05T09:00:00Z").await;
    let third = at(&as_mentee, "2026-11-05T09:00:00Z").await;
    let first = at(&as_mentor, "2026-11-05T08:59:59.999Z").await;
    let canceled = at(&as_mentor, "2026-11-06T09:00:00Z").await;
    let past = at(&as_mentor, "2026-11-03T09:00:00Z").await;
    act(&cy, &canceled, "cancel").await.ok();
    app.clock.advance(TimeDelta::days(2));

    let mut seen = Vec::new();
    let mut next = "/me/meetings?limit=1".to_owned();
    loop {
        let page = cy.get(&next).await.ok();
        seen.extend(ids(&page));
        let Some(cursor) = page["nextCursor"].as_str() else { break };
        next = format!("/me/meetings?limit=1&cursor={cursor}");
    }
    assert_eq!(seen, [&first, &second, &third, &fourth].map(String::as_str));

    let query = async |query: &str| ids(&cy.get(format!("/me/meetings?{query}")).await.ok());
    assert_eq!(query("status=CANCELED").await, [canceled.as_str()]);
    assert_eq!(query("from=2026-11-05T09:00:00Z&to=2026-11-09T09:00:00Z").await, [&second, &third].map(String::as_str));
    assert_eq!(query("from=2026-11-01T00:00:00Z&to=2026-11-05T00:00:00Z").await, [past.as_str()]);
    assert_eq!(query("status=CONFIRMED").await, [""; 0]);
    assert_eq!(as_mentee.mentor.get("/me/meetings").await.ok()["items"].as_array().unwrap().len(), 2);
    cy.get("/me/meetings?from=yesterday").await.invalid("/from");
    cy.get("/me/meetings?status=LOST").await.invalid("/status");
    cy.get("/me/meetings?state=HELD").await.invalid("/state");
    app.end(as_mentee.id).await;
    assert_eq!(ids(&cy.get("/me/meetings").await.ok()), [&first, &second].map(String::as_str));
}

#[tokio::test]
async fn the_meetings_of_a_mentorship_come_by_time() {
    let app = App::start().await;
    let pair = app.pair().await;
    let mut made = Vec::new();
    for at in ["2026-11-07T09:00:00Z", "2026-11-05T09:00:00Z", "2026-11-06T09:00:00Z"] {
        let row = pair.mentor.post(list(&pair), meeting(at)).await.created();
        made.push(format!("/meetings/{}", row["id"].as_str().unwrap()));
    }
    made.rotate_left(1);
    let first = pair.mentee.get(format!("{}?limit=2", list(&pair))).await.ok();
    let cursor = first["nextCursor"].as_str().unwrap();
    let second = pair.mentee.get(format!("{}?limit=2&cursor={cursor}", list(&pair))).await.ok();
    assert_eq!([ids(&first), ids(&second)].concat(), made);
    let later = pair.mentee.get(format!("{}?from=2026-11-06T09:00:00Z&status=PROPOSED", list(&pair))).await.ok();
    assert_eq!(ids(&later), made[1..]);
}

#[tokio::test]
async fn a_meeting_under_way_is_listed_until_it_is_over() {
    let app = App::start().await;
    let pair = app.pair().await;
    let (path, _) = confirmed(&pair).await;
    let shown = async || {
        let mine = ids(&pair.mentee.get("/me/meetings").await.ok());
        let dashboard = pair.mentee.get("/me/dashboard").await.ok()["nextMeetings"].as_array().unwrap().len();
        assert_eq!(dashboard, mine.len());
        mine
    };
    app.clock.advance(TimeDelta::days(1));
    assert_eq!(shown().await, [path.as_str()], "it begins at {TOMORROW}");
    app.clock.advance(TimeDelta::minutes(45) - TimeDelta::milliseconds(1));
    assert_eq!(shown().await, [path.as_str()]);
    app.clock.advance(TimeDelta::milliseconds(1));
    assert!(shown().await.is_empty());
    assert_eq!(ids(&pair.mentee.get(format!("/me/meetings?from={TOMORROW}")).await.ok()), [path.as_str()]);
}

#[tokio::test]
async fn a_moved_meeting_ends_later() {
    let app = App::start().await;
    let pair = app.pair().await;
    let (path, etag) = confirmed(&pair).await;
    pair.mentor.patch_if(&path, etag, serde_json::json!({ "durationMinutes": 480 })).await.ok();
    app.clock.advance(TimeDelta::days(1) + TimeDelta::minutes(479));
    assert_eq!(ids(&pair.mentee.get("/me/meetings").await.ok()), [path.as_str()]);
    app.clock.advance(TimeDelta::minutes(1));
    assert!(ids(&pair.mentee.get("/me/meetings").await.ok()).is_empty());
}

#[tokio::test]
async fn the_bounds_of_a_list_lie_in_our_time() {
    let app = App::start().await;
    let pair = app.pair().await;
    for list in ["/me/meetings", &list(&pair)] {
        for name in ["from", "to"] {
            for at in ["9999-12-31T23:59:59-23:59", "9999-01-01T00:00:00Z", "0000-01-01T00:00:00%2B23:59"] {
                pair.mentor.get(format!("{list}?{name}={at}")).await.invalid(&format!("/{name}"));
            }
            for at in ["1970-01-01T00:00:00Z", "9998-12-31T23:59:60Z"] {
                pair.mentor.get(format!("{list}?{name}={at}")).await.ok();
            }
        }
    }
}
