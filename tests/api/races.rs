//! What two or twenty do at the same time.

use chrono::{DateTime, Utc};
use entity::mentorship::{self, Actor, EndReason, Model, Origin, Status};
use entity::{event, suggestion};
use futures_util::future::join_all;
use proptest::prelude::*;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, TryIntoModel};
use serde_json::{Value, json};
use support::{Answer, App, Client};
use uuid::Uuid;

const ROUNDS: usize = 50;

/// Sends all at once, each from a task of its own.
async fn at_once(requests: impl IntoIterator<Item = (Client, String, Value)>) -> Vec<Answer> {
    let tasks = requests.into_iter().map(|(who, path, body)| tokio::spawn(async move { who.post(path, body).await }));
    join_all(tasks).await.into_iter().map(Result::unwrap).collect()
}

fn with_status(answers: &[Answer], status: u16) -> usize {
    answers.iter().filter(|answer| answer.status == status).count()
}

/// All that did not succeed were refused so.
fn assert_refused(answers: &[Answer], code: &str) {
    for answer in answers.iter().filter(|answer| answer.status >= 300) {
        answer.refused(409, code);
    }
}

async fn mentees(app: &App, count: usize) -> Vec<Client> {
    join_all((0..count).map(|number| async move { app.mentee(&format!("Mentee {number}")).await })).await
}

async fn mentor_with(app: &App, places: i16) -> Client {
    app.person("Mentor", |row| {
        row.active_mentor = Set(true);
        row.mentor_capacity = Set(places);
    })
    .await
}

/// Suggestions of one mentor to many, to which the mentor said yes.
async fn half_accepted(app: &App, mentor: &Client, mentees: &[Client]) -> Vec<Uuid> {
    let mut ids = Vec::new();
    for mentee in mentees {
        ids.push(app.suggestion(mentor, mentee).await);
    }
    let yes = suggestion::ActiveModel {
        mentor_response: Set(suggestion::Response::Accepted),
        mentor_responded_at: Set(Some(app.clock.now())),
        ..Default::default()
    };
    let mine = suggestion::Entity::update_many().set(yes).filter(suggestion::Column::MentorId.eq(mentor.id));
    mine.exec(app.db()).await.unwrap();
    ids
}

async fn places_taken(app: &App, mentor: &Client) -> u64 {
    let taken =
        mentorship::Entity::find().filter(mentorship::Column::MentorId.eq(mentor.id)).filter(mentorship::holds_place());
    taken.count(app.db()).await.unwrap()
}

fn accept_all(mentees: &[Client], ids: &[Uuid]) -> Vec<(Client, String, Value)> {
    let pairs = mentees.iter().zip(ids);
    pairs.map(|(mentee, id)| (mentee.clone(), format!("/suggestions/{id}/accept"), Value::Null)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_twenty_who_accept_one_place_one_gets_it() {
    let app = App::start().await;
    let mentees = mentees(&app, 20).await;
    for _ in 0..ROUNDS {
        let mentor = mentor_with(&app, 1).await;
        let ids = half_accepted(&app, &mentor, &mentees).await;
        let answers = at_once(accept_all(&mentees, &ids)).await;
        assert_eq!(with_status(&answers, 200), 1, "{answers:?}");
        assert_refused(&answers, "mentor_at_capacity");
        assert_eq!(places_taken(&app, &mentor).await, 1);
        let kept = suggestion::Entity::find()
            .filter(suggestion::Column::MentorId.eq(mentor.id))
            .filter(suggestion::Column::MenteeResponse.eq(suggestion::Response::Accepted));
        assert_eq!(kept.count(app.db()).await.unwrap(), 1, "a refused answer is not stored");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_twenty_four_who_accept_five_places_five_get_one() {
    let app = App::start().await;
    let mentees = mentees(&app, 24).await;
    let mentor = mentor_with(&app, 5).await;
    let ids = half_accepted(&app, &mentor, &mentees).await;
    let answers = at_once(accept_all(&mentees, &ids)).await;
    assert_eq!(with_status(&answers, 200), 5);
    assert_refused(&answers, "mentor_at_capacity");
    assert_eq!(places_taken(&app, &mentor).await, 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_and_suggestions_share_the_places() {
    let app = App::start().await;
    let (asking, suggested) = (mentees(&app, 10).await, mentees(&app, 10).await);
    for _ in 0..10 {
        let mentor = mentor_with(&app, 3).await;
        let mut at_the_same_time = accept_all(&suggested, &half_accepted(&app, &mentor, &suggested).await);
        for mentee in &asking {
            let id = app.request(&mentor, mentee).await;
            at_the_same_time.push((mentor.clone(), format!("/mentorships/{id}/accept"), Value::Null));
        }
        let answers = at_once(at_the_same_time).await;
        assert_eq!(with_status(&answers, 200), 3);
        assert_refused(&answers, "mentor_at_capacity");
        assert_eq!(places_taken(&app, &mentor).await, 3);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn both_sides_say_yes_at_once() {
    let app = App::start().await;
    for _ in 0..ROUNDS {
        let (mentor, mentee) = (mentor_with(&app, 1).await, app.mentee("Mentee").await);
        let path = format!("/suggestions/{}/accept", app.suggestion(&mentor, &mentee).await);
        let both = [mentor.clone(), mentee.clone()].map(|who| (who, path.clone(), Value::Null));
        let answers = at_once(both).await;
        assert_eq!(with_status(&answers, 200), 2, "{answers:?}");
        assert_eq!(places_taken(&app, &mentor).await, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_thirty_two_equal_requests_one_is_made() {
    let app = App::start().await;
    let (mentor, mentee) = (mentor_with(&app, 1).await, app.mentee("Mentee").await);
    let request = (mentee, "/me/mentorships".to_owned(), json!({ "mentorId": mentor.id }));
    let answers = at_once(vec![request; 32]).await;
    assert_eq!(with_status(&answers, 201), 1);
    assert_refused(&answers, "mentorship_exists");
    assert_eq!(mentorship::Entity::find().count(app.db()).await.unwrap(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_twelve_requests_to_twelve_mentors_five_are_made() {
    let app = App::start().await;
    let mentee = app.mentee("Mentee").await;
    let mut requests = Vec::new();
    for _ in 0..12 {
        let body = json!({ "mentorId": mentor_with(&app, 1).await.id });
        requests.push((mentee.clone(), "/me/mentorships".to_owned(), body));
    }
    let answers = at_once(requests).await;
    assert_eq!(with_status(&answers, 201), 5);
    assert_refused(&answers, "too_many_requests");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_answer_to_a_request_counts() {
    let app = App::start().await;
    let (mentor, mentee) = (mentor_with(&app, 50).await, app.mentee("Mentee").await);
    for _ in 0..ROUNDS {
        let id = app.request(&mentor, &mentee).await;
        let path = |step: &str| format!("/mentorships/{id}/{step}");
        let answers = at_once([
            (mentor.clone(), path("accept"), Value::Null),
            (mentor.clone(), path("decline"), Value::Null),
            (mentee.clone(), path("withdraw"), Value::Null),
        ])
        .await;
        assert_eq!(with_status(&answers, 200), 1, "{answers:?}");
        assert_refused(&answers, "invalid_transition");
        assert_eq!(events_of(&app, id).await, 1);
        mentor.post(path("cancel"), json!({ "reason": "OTHER" })).await;
    }
}

async fn events_of(app: &App, id: Uuid) -> u64 {
    event::Entity::find().filter(event::Column::StreamId.eq(id)).count(app.db()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mentorship_ends_once() {
    let app = App::start().await;
    let (mentor, mentee) = (app.mentor("Mentor").await, app.mentee("Mentee").await);
    for round in 0..ROUNDS {
        let id = app.mentorship(&mentor, &mentee).await;
        let complete = |who: &Client| (who.clone(), format!("/mentorships/{id}/complete"), json!({}));
        let cancel = |who: &Client| (who.clone(), format!("/mentorships/{id}/cancel"), json!({ "reason": "OTHER" }));
        let at_the_same_time = match round % 3 {
            0 => vec![complete(&mentor), complete(&mentee)],
            1 => vec![complete(&mentor), cancel(&mentee)],
            _ => vec![cancel(&mentor), cancel(&mentee)],
        };
        let answers = at_once(at_the_same_time).await;
        assert_eq!(with_status(&answers, 200), 1, "{answers:?}");
        assert_refused(&answers, "invalid_transition");
        assert_eq!(events_of(&app, id).await, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn capacity_is_not_lowered_below_what_is_accepted_meanwhile() {
    let app = App::start().await;
    let mentees = mentees(&app, 3).await;
    for _ in 0..ROUNDS / 2 {
        let mentor = mentor_with(&app, 3).await;
        let ids = half_accepted(&app, &mentor, &mentees).await;
        let lower = tokio::spawn({
            let mentor = mentor.clone();
            async move { mentor.patch("/me", json!({ "mentorCapacity": 1 })).await }
        });
        let answers = at_once(accept_all(&mentees, &ids)).await;
        let lowered = lower.await.unwrap();
        assert_refused(&answers, "mentor_at_capacity");
        if lowered.status >= 300 {
            lowered.refused(409, "capacity_in_use");
        }
        let places = if lowered.status < 300 { 1 } else { 3 };
        assert!(places_taken(&app, &mentor).await <= places);
        assert_eq!(with_status(&answers, 200), usize::try_from(places_taken(&app, &mentor).await).unwrap());
    }
}

/// A mentorship as the walk may leave it: the only moves there are.
fn may_follow(before: Status, after: Status) -> bool {
    use Status::{Active, Canceled, Completed, Pending};

    before == after || matches!((before, after), (Pending, Active | Canceled) | (Active, Completed | Canceled))
}

const MENTOR: Uuid = Uuid::from_u128(1);
const MENTEE: Uuid = Uuid::from_u128(2);
const STRANGER: Uuid = Uuid::from_u128(3);
const ADMIN: Uuid = Uuid::from_u128(4);

fn step(row: &Model, actor: Uuid, step: u8, approval: bool, now: DateTime<Utc>) -> Option<Model> {
    let row = row.clone();
    let by = if actor == ADMIN { Actor::Staff(actor) } else { Actor::Participant(actor) };
    let moved = match step {
        0 => row.accept(actor, approval, now),
        1 => row.decline(actor, now),
        2 => row.withdraw(actor, now),
        3 => row.complete(by, None, None, now),
        4 => row.cancel(by, EndReason::Other, None, now),
        5 if actor == ADMIN => row.approve(now),
        6 if actor == ADMIN => row.expire(now),
        _ => Ok(None),
    };
    moved.ok().flatten().map(|moved| moved.try_into_model().unwrap())
}

fn request(origin: Origin, now: DateTime<Utc>) -> Model {
    let row = mentorship::ActiveModel {
        id: Set(Uuid::from_u128(9)),
        mentor_id: Set(MENTOR),
        mentee_id: Set(MENTEE),
        origin: Set(origin),
        status: Set(Status::Pending),
        suggestion_id: Set(None),
        previous_id: Set(None),
        message: Set(None),
        accepted_at: Set((origin != Origin::Request).then_some(now)),
        approved_at: Set(None),
        expires_at: Set((origin == Origin::Request).then_some(now)),
        start_date: Set(None),
        end_date: Set(None),
        ended_by_id: Set(None),
        end_reason: Set(None),
        end_note: Set(None),
        last_message_seq: Set(0),
        mentor_read_seq: Set(0),
        mentee_read_seq: Set(0),
        last_message_at: Set(None),
        version: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
    };
    row.try_into_model().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// 400 walks of 25 steps: 10,000 steps by four actors.
    #[test]
    fn no_walk_leaves_the_model(
        from_suggestion in any::<bool>(),
        steps in proptest::collection::vec((0..4usize, 0..7u8, any::<bool>()), 25),
    ) {
        let now = DateTime::UNIX_EPOCH;
        let origin = if from_suggestion { Origin::Suggestion } else { Origin::Request };
        let mut row = request(origin, now);
        for (actor, move_, approval) in steps {
            let actor = [MENTOR, MENTEE, STRANGER, ADMIN][actor];
            let Some(after) = step(&row, actor, move_, approval, now) else { continue };
            prop_assert!(actor != STRANGER, "a stranger moved it");
            prop_assert!(may_follow(row.status, after.status), "{} to {}", row.status, after.status);
            prop_assert!(row.is_open(), "it moved after its end");
            prop_assert_eq!(after.version, row.version + 1);
            prop_assert_eq!(after.is_open(), after.end_date.is_none());
            prop_assert!(after.status != Status::Active || (after.accepted_at.is_some() && after.start_date.is_some()));
            row = after;
        }
    }
}

#[tokio::test]
async fn no_walk_over_http_leaves_the_model() {
    let app = App::start().await;
    let (mentor, mentee) = (mentor_with(&app, 50).await, app.mentee("Mentee").await);
    let (stranger, admin) = (app.member("Stranger").await, app.admin().await);
    let actors = [&mentor, &mentee, &stranger, &admin];
    let steps = ["accept", "decline", "withdraw", "complete", "cancel"];
    // A fixed walk that looks random: Knuth's 64-bit linear congruence.
    let mut state: u64 = 2026;
    let mut next = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % below
    };
    for _ in 0..40 {
        let id = app.request(&mentor, &mentee).await;
        let mut before = json!("PENDING");
        while before == "PENDING" || before == "ACTIVE" {
            let (actor, step) = (actors[next(4)], steps[next(5)]);
            let body = match step {
                "complete" | "cancel" => json!({ "reason": "OTHER" }),
                _ => Value::Null,
            };
            let answer = actor.post(format!("/mentorships/{id}/{step}"), body).await;
            let after = admin.get(format!("/mentorships/{id}")).await.ok()["status"].clone();
            let (from, to) = (status(&before), status(&after));
            assert!(may_follow(from, to), "{from} to {to} by {answer}");
            assert!(from == to || answer.status == 200, "{answer}");
            assert!(answer.status != 200 || answer.json()["status"] == after);
            before = after;
        }
    }
}

fn status(value: &Value) -> Status {
    serde_json::from_value(value.clone()).unwrap()
}
