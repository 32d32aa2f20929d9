use chrono::TimeDelta;
use serde_json::{Value, json};
use support::{App, Client, Pair};
use tokio::task::JoinSet;
use uuid::Uuid;

/// A day after the clock of tests.
pub const TOMORROW: &str = "2026-11-03T09:00:00.000Z";

pub fn meeting(at: &str) -> Value {
    json!({ "scheduledAt": at, "durationMinutes": 45, "timeZone": "Europe/Berlin", "location": "Library" })
}

pub fn list(pair: &Pair) -> String {
    format!("/mentorships/{}/meetings", pair.id)
}

/// A meeting tomorrow, proposed by the mentor: its path and its `ETag`.
pub async fn propose(pair: &Pair) -> (String, String) {
    let answer = pair.mentor.post(list(pair), meeting(TOMORROW)).await;
    (format!("/meetings/{}", answer.created()["id"].as_str().unwrap()), answer.etag())
}

/// The same, confirmed by the mentee.
pub async fn confirmed(pair: &Pair) -> (String, String) {
    let (path, _) = propose(pair).await;
    let answer = pair.mentee.post(format!("{path}/confirm"), Value::Null).await;
    answer.ok();
    (path, answer.etag())
}

pub async fn act(by: &Client, path: &str, what: &str) -> support::Answer {
    by.post(format!("{path}/{what}"), Value::Null).await
}

async fn told(who: &Client) -> Vec<Value> {
    let items = who.get("/notifications").await.ok()["items"].clone();
    items.as_array().unwrap().iter().map(|item| item["kind"].clone()).collect()
}

#[tokio::test]
async fn one_side_proposes_and_the_other_confirms() {
    let app = App::start().await;
    let pair = app.pair().await;
    let answer = pair.mentor.post(list(&pair), meeting(TOMORROW)).await;
    let made = answer.created();
    let path = format!("/meetings/{}", made["id"].as_str().unwrap());
    assert_eq!(answer.header("location"), Some(format!("/api/v1{path}").as_str()));
    assert_eq!((&made["status"], &made["sequence"], &made["link"]), (&json!("PROPOSED"), &json!(0), &Value::Null));
    assert_eq!((&made["scheduledAt"], &made["timeZone"]), (&json!(TOMORROW), &json!("Europe/Berlin")));
    assert_eq!(pair.mentee.get(&path).await.ok(), made);
    assert_eq!(pair.mentee.get_with(&path, &[("If-None-Match", &answer.etag())]).await.status, 304);
    act(&pair.mentor, &path, "confirm").await.refused(403, "not_receiver");
    let done = act(&pair.mentee, &path, "confirm").await;
    assert_eq!((&done.ok()["status"], &done.ok()["sequence"]), (&json!("CONFIRMED"), &json!(0)));
    assert_eq!(act(&pair.mentee, &path, "confirm").await.etag(), done.etag());
    assert_eq!(told(&pair.mentee).await, [json!("MEETING_PROPOSED")]);
    assert_eq!(told(&pair.mentor).await, [json!("MEETING_CONFIRMED")]);
}

#[tokio::test]
async fn another_time_is_a_new_proposal() {
    let app = App::start().await;
    let pair = app.pair().await;
    let (path, etag) = confirmed(&pair).await;
    let moved = pair.mentee.patch_if(&path, etag, json!({ "scheduledAt": "2026-11-04T10:00:00+01:00" })).await;
    let row = moved.ok();
    assert_eq!((&row["status"], &row["sequence"]), (&json!("PROPOSED"), &json!(1)));
    assert_eq!(
        (&row["proposedById"], &row["scheduledAt"]),
        (&json!(pair.mentee.id), &json!("2026-11-04T09:00:00.000Z"))
    );
    assert_eq!(told(&pair.mentor).await, [json!("MEETING_MOVED"), json!("MEETING_CONFIRMED")]);
    act(&pair.mentee, &path, "confirm").await.refused(403, "not_receiver");
    let etag = act(&pair.mentor, &path, "confirm").await.etag();
    let longer = pair.mentor.patch_if(&path, etag, json!({ "durationMinutes": 90, "agenda": "More" })).await.ok();
    assert_eq!((&longer["status"], &longer["sequence"]), (&json!("PROPOSED"), &json!(2)));
    assert_eq!((&longer["agenda"], &longer["version"]), (&json!("More"), &json!(5)));
}

#[tokio::test]
async fn everything_else_is_edited_at_once() {
    let app = App::start().await;
    let pair = app.pair().await;
    let (path, etag) = confirmed(&pair).await;
    let change = json!({
        "agenda": "The talk", "notes": "Bring slides", "location": null, "link": "https://meet.example.org/a",
        "timeZone": "Asia/Tokyo", "scheduledAt": TOMORROW, "durationMinutes": 45
    });
    let edited = pair.mentee.patch_if(&path, &etag, change.clone()).await;
    let row = edited.ok();
    for (name, value) in change.as_object().unwrap() {
        assert_eq!(&row[name], value);
    }
    assert_eq!((&row["status"], &row["sequence"]), (&json!("CONFIRMED"), &json!(0)));
    assert_eq!(pair.mentor.patch_if(&path, edited.etag(), change).await.etag(), edited.etag());
    assert_eq!(told(&pair.mentor).await, [json!("MEETING_CONFIRMED")]);
}

#[tokio::test]
async fn a_change_names_the_version_it_is_meant_for() {
    let app = App::start().await;
    let pair = app.pair().await;
    let (path, first) = propose(&pair).await;
    let change = json!({ "agenda": "The talk" });
    pair.mentee.patch(&path, change.clone()).await.refused(428, "precondition_required");
    let second = pair.mentee.patch_if(&path, &first, change.clone()).await.etag();
    pair.mentor.patch_if(&path, &first, json!({ "agenda": "Mine" })).await.refused(412, "precondition_failed");
    for what in ["confirm", "cancel", "hold", "no-show"] {
        let stale = pair.mentee.post_with(format!("{path}/{what}"), &[("If-Match", &first)], Value::Null).await;
        stale.refused(412, "precondition_failed");
    }
    let confirm = pair.mentee.post_with(format!("{path}/confirm"), &[("If-Match", &second)], Value::Null).await;
    assert_eq!(confirm.ok()["status"], "CONFIRMED");
}

#[tokio::test]
async fn a_meeting_is_held_or_missed_once_it_has_begun() {
    let app = App::start().await;
    let pair = app.pair().await;
    let (held, _) = confirmed(&pair).await;
    let (missed, _) = confirmed(&pair).await;
    let (proposed, _) = propose(&pair).await;
    app.clock.advance(TimeDelta::days(1) - TimeDelta::milliseconds(1));
    act(&pair.mentor, &held, "hold").await.refused(409, "invalid_transition");
    act(&pair.mentor, &missed, "no-show").await.refused(409, "invalid_transition");
    app.clock.advance(TimeDelta::milliseconds(1));
    let done = act(&pair.mentor, &held, "hold").await;
    assert_eq!(done.ok()["status"], "HELD");
    assert_eq!(act(&pair.mentor, &held, "hold").await.etag(), done.etag());
    assert_eq!(act(&pair.mentee, &missed, "no-show").await.ok()["status"], "NO_SHOW");
    let problem = act(&pair.mentee, &held, "no-show").await.refused(409, "invalid_transition");
    assert!(problem["detail"].as_str().unwrap().contains("HELD"));
    act(&pair.mentee, &missed, "hold").await.refused(409, "invalid_transition");
    act(&pair.mentee, &held, "cancel").await.refused(409, "invalid_transition");
    act(&pair.mentee, &held, "confirm").await.refused(409, "invalid_transition");
    act(&pair.mentor, &proposed, "hold").await.refused(409, "invalid_transition");
    let later = json!({ "scheduledAt": "2026-12-01T09:00:00Z" });
    pair.mentee.patch_if(&held, done.etag(), later).await.refused(409, "invalid_transition");
    let notes = pair.mentee.patch_if(&held, done.etag(), json!({ "notes": "It went well" })).await;
    assert_eq!((&notes.ok()["status"], &notes.ok()["notes"]), (&json!("HELD"), &json!("It went well")));
}

#[tokio::test]
async fn a_canceled_meeting_stays_as_it_is() {
    let app = App::start().await;
    let pair = app.pair().await;
    let (path, _) = confirmed(&pair).await;
    let canceled = act(&pair.mentor, &path, "cancel").await;
    assert_eq!((&canceled.ok()["status"], &canceled.ok()["sequence"]), (&json!("CANCELED"), &json!(1)));
    assert_eq!(act(&pair.mentor, &path, "cancel").await.etag(), canceled.etag());
    assert_eq!(told(&pair.mentee).await, [json!("MEETING_CANCELED"), json!("MEETING_PROPOSED")]);
    act(&pair.mentee, &path, "confirm").await.refused(409, "invalid_transition");
    for change in [json!({ "agenda": "Still" }), json!({ "durationMinutes": 30 })] {
        pair.mentee.patch_if(&path, canceled.etag(), change).await.refused(409, "invalid_transition");
    }
    let id: Uuid = path.rsplit('/').next().unwrap().parse().unwrap();
    assert_eq!(app.log_of(id).await, ["meeting.proposed", "meeting.confirmed", "meeting.canceled"]);
}

#[tokio::test]
async fn many_cancellations_are_one() {
    let app = App::start().await;
    let pair = app.pair().await;
    let (path, _) = propose(&pair).await;
    let mut racing = JoinSet::new();
    for number in 0..12 {
        let by = if number % 2 == 0 { pair.mentor.clone() } else { pair.mentee.clone() };
        let path = path.clone();
        racing.spawn(async move { act(&by, &path, "cancel").await.ok()["version"].clone() });
    }
    assert_eq!(racing.join_all().await, vec![json!(2); 12]);
    let id: Uuid = path.rsplit('/').next().unwrap().parse().unwrap();
    assert_eq!(app.log_of(id).await, ["meeting.proposed", "meeting.canceled"]);
}

#[tokio::test]
async fn a_time_lies_ahead_and_within_two_years() {
    let app = App::start().await;
    let pair = app.pair().await;
    for at in ["2026-11-02T09:00:00Z", "2026-11-02T09:00:00.0009Z", "2020-01-01T00:00:00Z", "2028-11-02T09:00:00.001Z"]
    {
        pair.mentor.post(list(&pair), meeting(at)).await.invalid("/scheduledAt");
    }
    for at in ["2026-11-02T09:00:00.001Z", "2028-11-02T09:00:00Z", "2028-11-02T10:00:00+01:00"] {
        pair.mentor.post(list(&pair), meeting(at)).await.created();
    }
    let (path, etag) = propose(&pair).await;
    for at in ["2026-11-02T09:00:00Z", "2028-11-02T09:00:00.001Z"] {
        pair.mentor.patch_if(&path, &etag, json!({ "scheduledAt": at })).await.invalid("/scheduledAt");
    }
    app.clock.advance(TimeDelta::days(2));
    pair.mentor.patch_if(&path, &etag, json!({ "durationMinutes": 30 })).await.refused(409, "invalid_transition");
    pair.mentor.patch_if(&path, &etag, json!({ "scheduledAt": TOMORROW, "agenda": "It was" })).await.ok();
}

#[tokio::test]
async fn an_instant_is_kept_to_the_millisecond() {
    let app = App::start().await;
    let pair = app.pair().await;
    let made = pair.mentor.post(list(&pair), meeting("2026-11-29T01:30:00.123999+01:00")).await.created();
    assert_eq!(made["scheduledAt"], "2026-11-29T00:30:00.123Z");
    let path = format!("/meetings/{}", made["id"].as_str().unwrap());
    assert_eq!(pair.mentor.get(&path).await.ok(), made);
    let leap = pair.mentor.post(list(&pair), meeting("2026-12-31T23:59:60Z")).await;
    assert_eq!(leap.created()["scheduledAt"], "2027-01-01T00:00:00.000Z");
}

#[tokio::test]
async fn what_is_written_is_bounded() {
    let app = App::start().await;
    let pair = app.pair().await;
    let (path, etag) = propose(&pair).await;
    for (name, value) in [
        ("scheduledAt", json!("tomorrow")),
        ("scheduledAt", json!("2026-11-03")),
        ("scheduledAt", json!(null)),
        ("durationMinutes", json!(4)),
        ("durationMinutes", json!(481)),
        ("timeZone", json!("Europe/Bielefeld")),
        ("timeZone", json!("CEST")),
        ("timeZone", json!("")),
        ("location", json!("x".repeat(201))),
        ("location", json!(" ")),
        ("link", json!("javascript:alert(1)")),
        ("link", json!("ftp://example.org/a")),
        ("link", json!("meet.example.org")),
        ("link", json!(format!("https://example.org/{}", "x".repeat(2000)))),
        ("agenda", json!("x".repeat(4001))),
        ("status", json!("CONFIRMED")),
        ("proposedById", json!(pair.mentee.id)),
        ("sequence", json!(4)),
    ] {
        let mut body = meeting(TOMORROW);
        body[name] = value.clone();
        pair.mentor.post(list(&pair), body).await.invalid(&format!("/{name}"));
        pair.mentor.patch_if(&path, &etag, json!({ name: value })).await.invalid(&format!("/{name}"));
    }
    pair.mentor.patch_if(&path, &etag, json!({ "notes": "x".repeat(10_001) })).await.invalid("/notes");
    let most = json!({
        "scheduledAt": TOMORROW, "durationMinutes": 480, "timeZone": "America/Argentina/ComodRivadavia",
        "location": "ü".repeat(200), "agenda": "ü".repeat(4000)
    });
    pair.mentor.post(list(&pair), most).await.created();
    let least = json!({ "scheduledAt": TOMORROW, "durationMinutes": 5, "timeZone": "UTC" });
    pair.mentor.post(list(&pair), least).await.created();
}

pub fn ids(page: &Value) -> Vec<String> {
    page["items"].as_array().unwrap().iter().map(|one| format!("/meetings/{}", one["id"].as_str().unwrap())).collect()
}

#[tokio::test]
async fn a_mentorship_that_ends_calls_its_meetings_off() {
    let app = App::start().await;
    let pair = app.pair().await;
    let ((ahead, _), (begun, _)) = (confirmed(&pair).await, confirmed(&pair).await);
    let later = json!({ "scheduledAt": "2026-11-10T09:00:00Z" });
    let etag = pair.mentor.get(&ahead).await.etag();
    pair.mentor.patch_if(&ahead, etag, later).await.ok();
    app.clock.advance(TimeDelta::days(1));
    pair.mentee.post(format!("/mentorships/{}/complete", pair.id), json!({})).await.ok();
    let row = pair.mentor.get(&ahead).await.ok();
    assert_eq!((&row["status"], &row["sequence"]), (&json!("CANCELED"), &json!(2)));
    assert_eq!(pair.mentor.get(&begun).await.ok()["status"], "CONFIRMED");
}

#[tokio::test]
async fn at_most_fifty_meetings_are_still_to_take_place() {
    let app = App::start().await;
    let pair = app.pair().await;
    for _ in 0..50 {
        pair.mentor.post(list(&pair), meeting(TOMORROW)).await.created();
    }
    let (by, after) = (&pair.mentor, meeting("2026-12-01T09:00:00Z"));
    by.post(list(&pair), after.clone()).await.refused(409, "too_many");
    app.clock.advance(TimeDelta::days(1));
    by.post(list(&pair), after).await.created();
}
