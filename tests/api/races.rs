//! What two or twenty do at the same time (promises H3, H4).

use entity::{mentorship, suggestion};
use futures_util::future::join_all;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};
use support::{Answer, App, Client, is_postgres};
use uuid::Uuid;

pub const ROUNDS: usize = 50;

/// Sends all at once, each from a task of its own.
pub async fn at_once(requests: impl IntoIterator<Item = (Client, String, Value)>) -> Vec<Answer> {
    let tasks = requests.into_iter().map(|(who, path, body)| tokio::spawn(async move { who.post(path, body).await }));
    join_all(tasks).await.into_iter().map(Result::unwrap).collect()
}

pub fn with_status(answers: &[Answer], status: u16) -> usize {
    answers.iter().filter(|answer| answer.status == status).count()
}

/// All that did not succeed were refused so.
pub fn assert_refused(answers: &[Answer], code: &str) {
    for answer in answers.iter().filter(|answer| answer.status >= 300) {
        answer.refused(409, code);
    }
}

async fn mentees(app: &App, count: usize) -> Vec<Client> {
    join_all((0..count).map(|number| async move { app.mentee(&format!("Mentee {number}")).await })).await
}

pub async fn mentor_with(app: &App, places: i16) -> Client {
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

/// SQLite is for one process, so this is about PostgreSQL.
#[tokio::test(flavor = "multi_thread")]
async fn five_places_are_five_places_through_two_nodes() {
    if !is_postgres() {
        return;
    }
    let app = App::start().await;
    let other = app.another_node().await;
    let mentees = mentees(&app, 24).await;
    for _ in 0..10 {
        let mentor = mentor_with(&app, 5).await;
        let ids = half_accepted(&app, &mentor, &mentees).await;
        let mut accepts = accept_all(&mentees, &ids);
        for (mentee, _, _) in accepts.iter_mut().step_by(2) {
            *mentee = mentee.at(other.base().to_owned());
        }
        let answers = at_once(accepts).await;
        assert_eq!((with_status(&answers, 200), with_status(&answers, 409)), (5, 19), "{answers:?}");
        assert_refused(&answers, "mentor_at_capacity");
        assert_eq!(places_taken(&app, &mentor).await, 5);
    }
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
