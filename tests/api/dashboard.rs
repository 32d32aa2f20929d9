use chrono::TimeDelta;
use entity::{goal, meeting, mentorship, suggestion};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use support::{App, Client};
use uuid::Uuid;

async fn dashboard(who: &Client) -> Value {
    who.get("/me/dashboard").await.ok()
}

async fn say(who: &Client, thread: &str) {
    let body = json!({ "clientId": Uuid::new_v4(), "content": "Hello" });
    who.post(format!("{thread}/messages"), body).await.created();
}

#[tokio::test]
async fn a_newcomer_has_an_empty_one() {
    let app = App::start().await;
    let expected = json!({
        "openSuggestions": 0, "unreadMessages": 0, "unreadNotifications": 0, "mentorships": [], "nextMeetings": [],
    });
    assert_eq!(dashboard(&app.newcomer("Di").await).await, expected);
    app.visitor().get("/me/dashboard").await.refused(401, "unauthenticated");
}

#[tokio::test]
async fn it_counts_what_is_unread_in_every_thread() {
    let app = App::start().await;
    let bo = app.member("Bo").await;
    let (ann, cy, admin) = (app.member("Ann").await, app.member("Cy").await, app.admin().await);
    let (as_mentee, as_mentor) = (app.mentorship(&ann, &bo).await, app.mentorship(&bo, &cy).await);
    let talk = admin.post("/conversations", json!({ "userId": bo.id })).await.created();
    let talk = format!("/conversations/{}", talk["id"].as_str().unwrap());
    for _ in 0..2 {
        say(&ann, &format!("/mentorships/{as_mentee}")).await;
    }
    say(&cy, &format!("/mentorships/{as_mentor}")).await;
    say(&admin, &talk).await;
    let now = dashboard(&bo).await;
    assert_eq!((&now["unreadMessages"], &now["unreadNotifications"]), (&json!(4), &json!(3)));
    bo.put(format!("/mentorships/{as_mentee}/read-marker"), json!({ "seq": 1 })).await.ok();
    say(&bo, &talk).await;
    let now = dashboard(&bo).await;
    assert_eq!((&now["unreadMessages"], &now["unreadNotifications"]), (&json!(2), &json!(2)));
    assert_eq!(dashboard(&admin).await["unreadMessages"], 1);
}

#[tokio::test]
async fn it_shows_open_mentorships_with_the_other_and_the_goals() {
    let app = App::start().await;
    let bo = app.member("Bo").await;
    let (ann, cy, di) = (app.mentor("Ann").await, app.mentee("Cy").await, app.mentee("Di").await);
    let first = app.mentorship(&ann, &bo).await;
    app.clock.advance(TimeDelta::seconds(1));
    let second = app.request(&bo, &cy).await;
    app.mentorship_with(&bo, &di, |row| {
        row.status = Set(mentorship::Status::Canceled);
        row.end_reason = Set(Some(mentorship::EndReason::NoTime));
        row.end_date = Set(Some(app.clock.now()));
    })
    .await;
    for status in [goal::Status::Open, goal::Status::Open, goal::Status::Achieved, goal::Status::Dropped] {
        add_goal(&app, first, bo.id, status).await;
    }
    app.clock.advance(TimeDelta::seconds(1));
    say(&ann, &format!("/mentorships/{first}")).await;
    let shown = dashboard(&bo).await["mentorships"].clone();
    let of = |at: usize, names: [&str; 5]| names.map(|name| shown[at][name].clone());
    let names = ["id", "side", "status", "unreadCount", "goalsOpen"];
    assert_eq!(of(0, names), [json!(first), json!("MENTEE"), json!("ACTIVE"), json!(1), json!(2)]);
    assert_eq!(of(1, names), [json!(second), json!("MENTOR"), json!("PENDING"), json!(0), json!(0)]);
    assert_eq!((&shown[0]["goalsAchieved"], &shown[1]["goalsAchieved"]), (&json!(1), &json!(0)));
    assert_eq!((&shown[0]["origin"], &shown[0]["acceptedAt"]), (&json!("REQUEST"), &json!("2026-11-02T09:00:00.000Z")));
    assert_eq!(shown[1]["acceptedAt"], Value::Null);
    assert_eq!((&shown[0]["other"]["id"], &shown[1]["other"]["name"]), (&json!(ann.id), &json!("Cy")));
    assert_eq!(shown.as_array().unwrap().len(), 2);
}

async fn add_goal(app: &App, mentorship: Uuid, by: Uuid, status: goal::Status) {
    let now = app.clock.now();
    let row = goal::ActiveModel {
        id: Set(app.state.new_id()),
        mentorship_id: Set(mentorship),
        created_by_id: Set(by),
        kind: Set(goal::Kind::ShortTerm),
        title: Set("Speak at a meetup".to_owned()),
        progress: Set(if status == goal::Status::Achieved { 100 } else { 0 }),
        status: Set(status),
        created_at: Set(now),
        updated_at: Set(now),
        ..Default::default()
    };
    goal::Entity::insert(row).exec_without_returning(app.db()).await.unwrap();
}

#[tokio::test]
async fn a_request_that_lapsed_is_not_open() {
    let app = App::start().await;
    let (ann, bo) = (app.mentor("Ann").await, app.mentee("Bo").await);
    app.request(&ann, &bo).await;
    app.clock.advance(TimeDelta::days(14) - TimeDelta::milliseconds(1));
    assert_eq!(dashboard(&ann).await["mentorships"].as_array().unwrap().len(), 1);
    app.clock.advance(TimeDelta::milliseconds(1));
    assert_eq!(dashboard(&ann).await["mentorships"], json!([]));
}

#[tokio::test]
async fn it_shows_twenty_mentorships_at_most() {
    let app = App::start().await;
    let ann = app.mentor("Ann").await;
    for at in 0..21 {
        app.mentorship(&ann, &app.mentee(&format!("Mentee {at}")).await).await;
        app.clock.advance(TimeDelta::milliseconds(1));
    }
    let shown = dashboard(&ann).await["mentorships"].as_array().unwrap().clone();
    assert_eq!((shown.len(), &shown[0]["other"]["name"]), (20, &json!("Mentee 20")));
    assert_eq!(shown[19]["other"]["name"], "Mentee 1");
}

#[tokio::test]
async fn it_counts_suggestions_that_wait_for_an_answer() {
    let app = App::start().await;
    let bo = app.member("Bo").await;
    let (ann, cy, di) = (app.mentor("Ann").await, app.mentor("Cy").await, app.mentee("Di").await);
    let declined = app.suggestion(&ann, &bo).await;
    let accepted = app.suggestion(&cy, &bo).await;
    app.suggestion(&bo, &di).await;
    assert_eq!(dashboard(&bo).await["openSuggestions"], 3);
    // The other's no shows nowhere; one's own yes waits for nothing any more.
    answer(&app, declined, |row| {
        row.status = Set(suggestion::Status::Declined);
        row.mentor_response = Set(suggestion::Response::Declined);
        row.mentor_responded_at = Set(Some(app.clock.now()));
    })
    .await;
    assert_eq!(dashboard(&bo).await["openSuggestions"], 3);
    assert_eq!(dashboard(&ann).await["openSuggestions"], 0);
    answer(&app, accepted, |row| {
        row.mentee_response = Set(suggestion::Response::Accepted);
        row.mentee_responded_at = Set(Some(app.clock.now()));
    })
    .await;
    assert_eq!(dashboard(&bo).await["openSuggestions"], 2);
    app.clock.advance(TimeDelta::days(30));
    assert_eq!(dashboard(&bo).await["openSuggestions"], 0);
}

async fn answer(app: &App, id: Uuid, change: impl FnOnce(&mut suggestion::ActiveModel)) {
    let mut row = suggestion::ActiveModel::default();
    change(&mut row);
    let update = suggestion::Entity::update_many().set(row).filter(suggestion::Column::Id.eq(id));
    assert_eq!(update.exec(app.db()).await.unwrap().rows_affected, 1);
}

#[tokio::test]
async fn it_shows_the_next_five_meetings() {
    let app = App::start().await;
    let pair = app.pair().await;
    let other = app.mentorship(&pair.mentor, &app.mentee("Bo").await).await;
    let stranger = app.pair().await;
    add_meeting(&app, stranger.id, stranger.mentor.id, 1, meeting::Status::Confirmed).await;
    add_meeting(&app, pair.id, pair.mentor.id, -1, meeting::Status::Confirmed).await;
    add_meeting(&app, pair.id, pair.mentor.id, 1, meeting::Status::Canceled).await;
    for hours in [7, 3, 5, 2, 6, 4] {
        let (status, id) =
            if hours % 2 == 0 { (meeting::Status::Proposed, pair.id) } else { (meeting::Status::Confirmed, other) };
        add_meeting(&app, id, pair.mentor.id, hours, status).await;
    }
    let shown = dashboard(&pair.mentor).await["nextMeetings"].clone();
    let at: Vec<_> = shown.as_array().unwrap().iter().map(|one| one["scheduledAt"].as_str().unwrap()).collect();
    let expected: Vec<_> = (11..=15).map(|hour| format!("2026-11-02T{hour}:00:00.000Z")).collect();
    assert_eq!(at, expected);
    assert_eq!((&shown[0]["mentorshipId"], &shown[0]["status"]), (&json!(pair.id), &json!("PROPOSED")));
    assert_eq!(dashboard(&pair.mentee).await["nextMeetings"].as_array().unwrap().len(), 3);
}

async fn add_meeting(app: &App, mentorship: Uuid, by: Uuid, hours: i64, status: meeting::Status) {
    let now = app.clock.now();
    let row = meeting::ActiveModel {
        id: Set(app.state.new_id()),
        mentorship_id: Set(mentorship),
        proposed_by_id: Set(by),
        scheduled_at: Set(now + TimeDelta::hours(hours)),
        duration_minutes: Set(45),
        ends_at: Set(now + TimeDelta::hours(hours) + TimeDelta::minutes(45)),
        time_zone: Set("Europe/Berlin".to_owned()),
        status: Set(status),
        created_at: Set(now),
        updated_at: Set(now),
        ..Default::default()
    };
    meeting::Entity::insert(row).exec_without_returning(app.db()).await.unwrap();
}
