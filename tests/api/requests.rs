//! What becomes of a request.

use chrono::TimeDelta;
use entity::{mentorship, setting, user};
use futures_util::future::join;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};
use support::App;
use uuid::Uuid;

use crate::mentorships::{ask, id_of, make, names};

#[tokio::test]
async fn a_request_is_accepted_runs_and_is_completed() {
    let app = App::start().await;
    let (ann, bo) = (app.mentor("Ann").await, app.mentee("Bo").await);
    let request = ask(&bo, &ann).await.created();
    let id = id_of(&request);
    assert_eq!(
        (&request["status"], &request["origin"], &request["side"]),
        (&json!("PENDING"), &json!("REQUEST"), &json!("MENTEE"))
    );
    assert_eq!(request["mentor"]["name"], "Ann");
    assert_eq!(ann.get("/notifications").await.ok()["items"][0]["kind"], "MENTORSHIP_REQUESTED");
    let active = make(&ann, &id, "accept").await.ok();
    assert_eq!(active["status"], "ACTIVE");
    assert_eq!(active["startDate"], active["acceptedAt"]);
    assert_eq!(bo.get("/notifications").await.ok()["items"][0]["kind"], "MENTORSHIP_STARTED");
    let done = bo
        .post(format!("/mentorships/{id}/complete"), json!({ "reason": "GOALS_REACHED", "note": "Great" }))
        .await
        .ok();
    assert_eq!(
        (&done["status"], &done["endReason"], &done["endNote"]),
        (&json!("COMPLETED"), &json!("GOALS_REACHED"), &json!("Great"))
    );
    assert_eq!(ann.get("/notifications").await.ok()["items"][0]["kind"], "MENTORSHIP_COMPLETED");
    let again = ask(&bo, &ann).await.created();
    assert_eq!(again["previousId"], json!(id));
}

#[tokio::test]
async fn a_request_needs_two_who_are_open_to_it() {
    let app = App::start().await;
    let (ann, bo) = (app.mentor("Ann").await, app.member("Bo").await);
    bo.post("/me/mentorships", json!({ "mentorId": bo.id })).await.refused(403, "own_account");
    for staff in [app.admin().await, app.owner().await] {
        ask(&staff, &ann).await.refused(403, "forbidden");
    }
    bo.post("/me/mentorships", json!({ "mentorId": Uuid::from_u128(7) })).await.invalid("/mentorId");
    let suspended = app.mentor("Suspended").await;
    app.change_user(&suspended, |row| row.status = Set(user::Status::Suspended)).await;
    ask(&bo, &suspended).await.invalid("/mentorId");
    ask(&bo, &app.newcomer("New").await).await.invalid("/mentorId");
    ask(&bo, &app.mentee("Mentee").await).await.refused(409, "not_suggestable");
    let later = app.clock.now() + TimeDelta::days(1);
    let paused = app.mentor("Paused").await;
    app.change_user(&paused, |row| row.paused_until = Set(Some(later))).await;
    ask(&bo, &paused).await.refused(409, "not_suggestable");
    ask(&app.mentor("No mentee").await, &ann).await.refused(409, "not_suggestable");
    ask(&bo, &ann).await.created();
}

#[tokio::test]
async fn two_have_one_open_mentorship_at_most() {
    let app = App::start().await;
    let (ann, bo) = (app.member("Ann").await, app.member("Bo").await);
    let id = id_of(&ask(&bo, &ann).await.created());
    ask(&bo, &ann).await.refused(409, "mentorship_exists");
    ask(&ann, &bo).await.refused(409, "mentorship_exists");
    make(&ann, &id, "accept").await.ok();
    ask(&bo, &ann).await.refused(409, "mentorship_exists");
    make(&ann, &id, "complete").await.ok();
    ask(&ann, &bo).await.created();
}

#[tokio::test]
async fn five_requests_wait_at_a_time() {
    let app = App::start().await;
    let bo = app.mentee("Bo").await;
    let mut requests = Vec::new();
    for number in 0..5 {
        let mentor = app.mentor(&format!("Mentor {number}")).await;
        requests.push((id_of(&ask(&bo, &mentor).await.created()), mentor));
    }
    let sixth = app.mentor("Sixth").await;
    ask(&bo, &sixth).await.refused(409, "too_many_requests");
    make(&requests[0].1, &requests[0].0, "accept").await.ok();
    ask(&bo, &sixth).await.created();
    let seventh = app.mentor("Seventh").await;
    ask(&bo, &seventh).await.refused(409, "too_many_requests");
    app.clock.advance(TimeDelta::days(14));
    ask(&bo, &seventh).await.created();
}

#[tokio::test]
async fn after_a_decline_the_mentor_is_left_alone_for_a_month() {
    let app = App::start().await;
    let bo = app.mentee("Bo").await;
    for step in ["decline", "cancel"] {
        let ann = app.mentor("Ann").await;
        let id = id_of(&ask(&bo, &ann).await.created());
        make(&ann, &id, step).await.ok();
        ask(&bo, &ann).await.refused(409, "recently_declined");
        app.clock.advance(TimeDelta::days(30) - TimeDelta::milliseconds(1));
        ask(&bo, &ann).await.refused(409, "recently_declined");
        app.clock.advance(TimeDelta::milliseconds(1));
        let id = id_of(&ask(&bo, &ann).await.created());
        make(&bo, &id, "withdraw").await.ok();
        let id = id_of(&ask(&bo, &ann).await.created());
        make(&bo, &id, "withdraw").await.ok();
    }
}

#[tokio::test]
async fn an_unanswered_request_lapses() {
    let app = App::start().await;
    let (ann, bo) = (app.mentor("Ann").await, app.mentee("Bo").await);
    let id = id_of(&ask(&bo, &ann).await.created());
    app.clock.advance(TimeDelta::days(14) - TimeDelta::milliseconds(1));
    assert_eq!(names(&ann, "/me/mentorships?status=PENDING").await, ["Bo"]);
    app.clock.advance(TimeDelta::milliseconds(1));
    assert!(names(&ann, "/me/mentorships?status=PENDING").await.is_empty());
    assert_eq!(names(&ann, "/me/mentorships?status=CANCELED").await, ["Bo"]);
    let seen = bo.get(format!("/mentorships/{id}")).await.ok();
    assert_eq!((&seen["status"], &seen["endReason"]), (&json!("CANCELED"), &json!("EXPIRED")));
    for (who, step) in [(&ann, "accept"), (&ann, "decline"), (&bo, "withdraw"), (&bo, "cancel")] {
        let problem = make(who, &id, step).await.refused(409, "invalid_transition");
        assert!(problem["detail"].as_str().unwrap().contains("CANCELED"));
    }
    assert_eq!(bo.get(format!("/mentorships/{id}")).await.ok()["endDate"], seen["endDate"]);
    ask(&bo, &ann).await.created();
}

#[tokio::test]
async fn the_mentor_does_not_rewrite_a_request() {
    let app = App::start().await;
    let (ann, bo) = (app.mentor("Ann").await, app.mentee("Bo").await);
    let path = format!("/mentorships/{}", app.request(&ann, &bo).await);
    let etag = ann.get(&path).await.etag();
    ann.patch_if(&path, etag, json!({ "message": "Hire me" })).await.refused(403, "not_author");
}

#[tokio::test]
async fn one_suspended_since_is_not_accepted() {
    let app = App::start().await;
    let (ann, bo) = (app.mentor("Ann").await, app.mentee("Bo").await);
    let id = app.request(&ann, &bo).await;
    app.change_user(&bo, |row| row.status = Set(user::Status::Suspended)).await;
    make(&ann, id, "accept").await.refused(409, "not_suggestable");
    bo.get(format!("/mentorships/{id}")).await.refused(403, "account_suspended");
}

/// Requests made from now on wait for so many days.
async fn requests_last(app: &App, days: i32) {
    let row = setting::ActiveModel { id: Set(setting::ID), request_days: Set(days), ..Default::default() };
    row.update(app.db()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_ask_each_other_at_once_one_is_the_first() {
    let app = App::start().await;
    for round in 0..50 {
        let (ann, bo) = (app.member(&format!("Ann {round}")).await, app.member(&format!("Bo {round}")).await);
        let mut answers = [ask(&ann, &bo), ask(&bo, &ann)].map(Box::pin);
        let [one, other] = &mut answers;
        let (one, other) = join(one, other).await;
        let (made, refused) = if one.status == 201 { (one, other) } else { (other, one) };
        made.created();
        refused.refused(409, "mentorship_exists");
        let between = mentorship::Entity::find().filter(mentorship::of_pair(ann.id, bo.id));
        assert_eq!(between.count(app.db()).await.unwrap(), 1);
    }
}

#[tokio::test]
async fn a_request_waits_as_long_as_was_promised_when_it_was_made() {
    let app = App::start().await;
    let (ann, bo, cy) = (app.mentor("Ann").await, app.mentee("Bo").await, app.mentee("Cy").await);
    let made = ask(&bo, &ann).await.created();
    let path = format!("/mentorships/{}", id_of(&made));
    let end = app.clock.now() + TimeDelta::days(14);
    assert_eq!(made["expiresAt"], json!(end.to_rfc3339_opts(chrono::SecondsFormat::Millis, true)));
    requests_last(&app, 7).await;
    app.clock.advance(TimeDelta::days(14) - TimeDelta::milliseconds(1));
    assert_eq!(bo.get(&path).await.ok(), made, "a shorter time does not cut it off");
    app.clock.advance(TimeDelta::milliseconds(1));
    let lapsed = bo.get(&path).await.ok();
    assert_eq!((&lapsed["status"], &lapsed["endDate"]), (&json!("CANCELED"), &made["expiresAt"]));
    assert_eq!(lapsed["expiresAt"], Value::Null);
    requests_last(&app, 60).await;
    assert_eq!(bo.get(&path).await.ok(), lapsed, "a longer time does not bring it back");
    let other = ask(&cy, &ann).await.created();
    app.clock.advance(TimeDelta::days(59));
    assert_eq!(cy.get(format!("/mentorships/{}", id_of(&other))).await.ok(), other);
}

#[tokio::test]
async fn once_accepted_a_request_no_longer_runs_out() {
    let app = App::start().await;
    let (ann, bo) = (app.mentor("Ann").await, app.mentee("Bo").await);
    let id = id_of(&ask(&bo, &ann).await.created());
    assert_eq!(make(&ann, &id, "accept").await.ok()["expiresAt"], Value::Null);
    app.clock.advance(TimeDelta::days(15));
    assert_eq!(bo.get(format!("/mentorships/{id}")).await.ok()["status"], "ACTIVE");
}

#[tokio::test]
async fn a_lapsed_request_counts_as_canceled() {
    let app = App::start().await;
    let (ann, bo, admin) = (app.mentor("Ann").await, app.mentee("Bo").await, app.admin().await);
    ask(&bo, &ann).await.created();
    let counts = async || admin.get("/admin/usage").await.ok()["mentorships"].clone();
    assert_eq!(counts().await, json!({ "pending": 1, "active": 0, "completed": 0, "canceled": 0 }));
    app.clock.advance(TimeDelta::days(14));
    assert_eq!(counts().await, json!({ "pending": 0, "active": 0, "completed": 0, "canceled": 1 }));
}
