//! Answers, endings and the deadline at the same time: one of them counts, with one event and its notifications (promises H2,
//! H5).

use chrono::TimeDelta;
use entity::mentorship::{self, EndReason, Status};
use entity::notification::Kind;
use entity::{event, notification};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};
use support::{App, Client};
use uuid::Uuid;

use crate::races::{ROUNDS, assert_refused, at_once, mentor_with, with_status};

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
        assert_eq!(notifications_of(&app, id).await.len(), 1);
        mentor.post(path("cancel"), json!({ "reason": "OTHER" })).await;
    }
}

/// The deadline passes while both answer, in every fourth round just before they do.
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_and_the_deadline_count_once() {
    let app = App::start().await;
    let (mentor, mentee) = (mentor_with(&app, 50).await, app.mentee("Mentee").await);
    let (mut in_time, mut too_late) = (0, 0);
    for round in 0..ROUNDS {
        let deadline = app.clock.now() + TimeDelta::seconds(1);
        let created = deadline - TimeDelta::days(request_days(&app).await);
        let id = app.mentorship_with(&mentor, &mentee, |row| row.created_at = Set(created)).await;
        if round % 4 == 0 {
            app.clock.advance(TimeDelta::seconds(2));
        }
        let path = |step: &str| format!("/mentorships/{id}/{step}");
        let (clock, visitor) = (app.clock.clone(), app.visitor());
        let later = tokio::spawn(async move {
            // As long as a request takes, so that the others are under way.
            visitor.get("/settings").await.ok();
            clock.advance(TimeDelta::seconds(2));
        });
        let answers = at_once([
            (mentee.clone(), path("withdraw"), Value::Null),
            (mentor.clone(), path("accept"), Value::Null),
            (mentor.clone(), path("decline"), Value::Null),
        ])
        .await;
        later.await.unwrap();
        assert_refused(&answers, "invalid_transition");
        let row =
            mentorship::Entity::find().filter(mentorship::Column::Id.eq(id)).one(app.db()).await.unwrap().unwrap();
        let answered = with_status(&answers, 200);
        assert!(answered == usize::from(row.end_reason != Some(EndReason::Expired)), "{answers:?} {row:?}");
        in_time += answered;
        too_late += 1 - answered;
        let told = match (row.status, row.end_reason) {
            (Status::Active, None) => vec![(mentee.id, Kind::MentorshipStarted)],
            (Status::Canceled, Some(EndReason::Declined)) => vec![(mentee.id, Kind::MentorshipDeclined)],
            (Status::Canceled, Some(EndReason::Withdrawn)) => vec![(mentor.id, Kind::MentorshipCanceled)],
            _ => vec![(mentor.id, Kind::MentorshipCanceled), (mentee.id, Kind::MentorshipCanceled)],
        };
        assert_eq!(notifications_of(&app, id).await, sorted(told), "{row:?}");
        assert_eq!(events_of(&app, id).await, 1);
        mentor.post(path("cancel"), json!({ "reason": "OTHER" })).await;
    }
    assert!(in_time > 0 && too_late > 0, "{in_time} in time, {too_late} too late");
}

async fn request_days(app: &App) -> i64 {
    entity::setting::Entity::find().one(app.db()).await.unwrap().unwrap().request_days.into()
}

/// Who was told what of this row.
async fn notifications_of(app: &App, id: Uuid) -> Vec<(Uuid, String)> {
    let of_row = notification::Entity::find().filter(notification::Column::SubjectId.eq(id));
    sorted(of_row.all(app.db()).await.unwrap().into_iter().map(|told| (told.user_id, told.kind)).collect())
}

fn sorted(told: Vec<(Uuid, Kind)>) -> Vec<(Uuid, String)> {
    let mut told: Vec<_> = told.into_iter().map(|(who, what)| (who, what.to_string())).collect();
    told.sort();
    told
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
        assert_eq!(notifications_of(&app, id).await.len(), 1);
    }
}
