//! Who is suggested to whom.

use api::events::Kind;
use chrono::{DateTime, TimeDelta, Utc};
use entity::{mentee_skill, mentee_topic, mentor_skill, mentor_topic, skill, suggestion, topic, user};
use sea_orm::{ActiveValue::Set, EntityTrait, PaginatorTrait};
use serde_json::{Value, json};
use support::{App, Client};
use uuid::Uuid;

use crate::suggestions::{accept, decline, listed};

type Change = fn(&mut user::ActiveModel, DateTime<Utc>);

/// A term of the taxonomy that the tests offer and seek.
pub async fn skill(app: &App, name: &str) -> Uuid {
    let (id, now) = (app.state.new_id(), app.clock.now());
    let row = skill::ActiveModel {
        id: Set(id),
        name: Set(name.to_owned()),
        slug: Set(name.to_lowercase()),
        created_at: Set(now),
        updated_at: Set(now),
        ..Default::default()
    };
    skill::Entity::insert(row).exec_without_returning(app.db()).await.unwrap();
    id
}

pub async fn topic(app: &App, name: &str) -> Uuid {
    let (id, now) = (app.state.new_id(), app.clock.now());
    let row = topic::ActiveModel {
        id: Set(id),
        name: Set(name.to_owned()),
        slug: Set(name.to_lowercase()),
        created_at: Set(now),
        updated_at: Set(now),
        ..Default::default()
    };
    topic::Entity::insert(row).exec_without_returning(app.db()).await.unwrap();
    id
}

pub async fn offers(app: &App, who: &Client, skill: Uuid) {
    let row = mentor_skill::ActiveModel { user_id: Set(who.id), skill_id: Set(skill), level: Set(Some(4)) };
    mentor_skill::Entity::insert(row).exec_without_returning(app.db()).await.unwrap();
    app.concerns(Kind::UserChanged, who.id);
}

pub async fn seeks(app: &App, who: &Client, skill: Uuid) {
    let row = mentee_skill::ActiveModel { user_id: Set(who.id), skill_id: Set(skill), ..Default::default() };
    mentee_skill::Entity::insert(row).exec_without_returning(app.db()).await.unwrap();
    app.concerns(Kind::UserChanged, who.id);
}

pub async fn refresh(app: &App, who: &Client) {
    let txn = app.state.begin_write().await.unwrap();
    api::suggestions::ops::refresh(&txn, &app.state, who.id).await.unwrap();
    txn.commit().await.unwrap();
}

#[tokio::test]
async fn who_offers_what_another_seeks_is_suggested_to_both() {
    let app = App::start().await;
    let (rust, sql, talks) = (skill(&app, "Rust").await, skill(&app, "SQL").await, topic(&app, "Talks").await);
    let (ann, bo, cy) = (app.mentor("Ann").await, app.mentee("Bo").await, app.mentor("Cy").await);
    offers(&app, &ann, rust).await;
    offers(&app, &cy, sql).await;
    seeks(&app, &bo, rust).await;
    for id in [ann.id, cy.id] {
        let row = mentor_topic::ActiveModel { user_id: Set(id), topic_id: Set(talks) };
        mentor_topic::Entity::insert(row).exec_without_returning(app.db()).await.unwrap();
        app.concerns(Kind::UserChanged, id);
    }
    let wants = mentee_topic::ActiveModel { user_id: Set(bo.id), topic_id: Set(talks) };
    mentee_topic::Entity::insert(wants).exec_without_returning(app.db()).await.unwrap();
    refresh(&app, &bo).await;
    let mine = listed(&bo, "").await;
    let names: Vec<_> = mine.iter().map(|item| item["person"]["name"].as_str().unwrap()).collect();
    assert_eq!(mine.len(), 2, "{names:?}");
    let of_ann = mine.iter().find(|item| item["person"]["name"] == "Ann").unwrap();
    let of_cy = mine.iter().find(|item| item["person"]["name"] == "Cy").unwrap();
    assert_eq!(of_ann["reasons"]["skills"], json!([{ "slug": "rust", "name": "Rust" }]));
    assert_eq!(of_ann["reasons"]["topics"], json!([{ "slug": "talks", "name": "Talks" }]));
    assert_eq!(of_cy["reasons"]["skills"], json!([]));
    assert!(of_ann["score"].as_i64() > of_cy["score"].as_i64());
    assert_eq!(listed(&ann, "").await.len(), 1);
    for who in [&ann, &bo] {
        let told = who.get("/notifications").await.ok();
        assert_eq!(told["items"][0]["kind"], "SUGGESTION_NEW");
    }
    refresh(&app, &bo).await;
    refresh(&app, &ann).await;
    assert_eq!(listed(&bo, "").await, mine, "again changes nothing");
}

#[tokio::test]
async fn who_offers_what_is_wanted_most_comes_first() {
    let app = App::start().await;
    let (rust, sql) = (skill(&app, "Rust").await, skill(&app, "SQL").await);
    let (ann, bo, cy) = (app.mentor("Ann").await, app.mentee("Bo").await, app.mentor("Cy").await);
    offers(&app, &ann, rust).await;
    offers(&app, &cy, sql).await;
    let items = json!([{ "skill": "rust" }, { "skill": "sql", "priority": 3 }]);
    bo.put("/me/mentee-skills", json!({ "items": items })).await.ok();
    refresh(&app, &bo).await;
    let mine = listed(&bo, "").await;
    let of = |name: &str| mine.iter().find(|item| item["person"]["name"] == name).map(|item| item["id"].clone());
    let mut points = Vec::new();
    for name in ["Ann", "Cy"] {
        let id: Uuid = serde_json::from_value(of(name).unwrap()).unwrap();
        points.push(bo.get(format!("/me/suggestions/{id}/why")).await.ok()["terms"][0]["points"].as_i64().unwrap());
    }
    assert_eq!(points, [87, 262], "a quarter and three of 350");
}

#[tokio::test]
async fn only_whom_the_hard_rules_admit_are_suggested() {
    let app = App::start().await;
    let rust = skill(&app, "Rust").await;
    let bo = app.person("Bo", |row| {
        row.active_mentee = Set(true);
        row.active_mentor = Set(true);
        row.preferred_mentor_gender = Set(user::PreferredGender::Female);
    });
    let bo = bo.await;
    seeks(&app, &bo, rust).await;
    offers(&app, &bo, rust).await;
    let later = app.clock.now() + TimeDelta::days(1);
    let changes: [(&str, Change); 7] = [
        ("fits", |_, _| {}),
        ("another gender", |row, _| row.gender = Set(Some(user::Gender::Male))),
        ("no gender told", |row, _| row.gender = Set(None)),
        ("suspended", |row, _| row.status = Set(user::Status::Suspended)),
        ("paused", |row, later| row.paused_until = Set(Some(later))),
        ("not onboarded", |row, _| row.onboarding_completed_at = Set(None)),
        ("no place", |row, _| row.mentor_capacity = Set(0)),
    ];
    for (name, change) in changes {
        let mentor = app.person(name, |row| {
            row.active_mentor = Set(true);
            row.gender = Set(Some(user::Gender::Female));
            change(row, later);
        });
        let mentor = mentor.await;
        offers(&app, &mentor, rust).await;
    }
    let mentee_only = app.mentee("mentee only").await;
    offers(&app, &mentee_only, rust).await;
    let busy = app.person("busy with Bo", |row| {
        row.active_mentor = Set(true);
        row.gender = Set(Some(user::Gender::Female));
    });
    let busy = busy.await;
    offers(&app, &busy, rust).await;
    app.mentorship(&bo, &busy).await;
    refresh(&app, &bo).await;
    let names: Vec<_> = listed(&bo, "").await.iter().map(|item| item["person"]["name"].clone()).collect();
    assert_eq!(names, ["fits"]);
}

#[tokio::test]
async fn a_declined_pair_rests_for_the_cooling_off() {
    let app = App::start().await;
    let rust = skill(&app, "Rust").await;
    let (ann, bo) = (app.mentor("Ann").await, app.mentee("Bo").await);
    offers(&app, &ann, rust).await;
    seeks(&app, &bo, rust).await;
    refresh(&app, &bo).await;
    let id: Uuid = serde_json::from_value(listed(&ann, "").await[0]["id"].clone()).unwrap();
    decline(&ann, id).await;
    for days in [0, 31, 58] {
        app.clock.advance(TimeDelta::days(days));
        for who in [&ann, &bo] {
            refresh(&app, who).await;
        }
        assert_eq!(suggestion::Entity::find().count(app.db()).await.unwrap(), 1);
    }
    app.clock.advance(TimeDelta::days(1) + TimeDelta::milliseconds(1));
    refresh(&app, &bo).await;
    assert_eq!(suggestion::Entity::find().count(app.db()).await.unwrap(), 2);
}

#[tokio::test]
async fn a_new_suggestion_takes_the_place_of_a_lapsed_one() {
    let app = App::start().await;
    let rust = skill(&app, "Rust").await;
    let (ann, bo) = (app.mentor("Ann").await, app.mentee("Bo").await);
    offers(&app, &ann, rust).await;
    seeks(&app, &bo, rust).await;
    let old = app.suggestion(&ann, &bo).await;
    accept(&ann, old).await;
    refresh(&app, &bo).await;
    assert_eq!(listed(&bo, "").await[0]["id"], json!(old));
    app.clock.advance(TimeDelta::days(30));
    refresh(&app, &bo).await;
    let now = listed(&ann, "").await;
    assert_ne!(now[0]["id"], json!(old));
    assert_eq!((now.len(), &now[0]["response"]), (1, &json!("PENDING")));
    // What the notification of the first points at is still there.
    assert_eq!(ann.get(format!("/suggestions/{old}")).await.ok()["response"], "ACCEPTED");
    bo.post(format!("/suggestions/{old}/accept"), Value::Null).await.refused(409, "suggestion_lapsed");
    app.clock.advance(TimeDelta::days(30));
    refresh(&app, &ann).await;
    assert_eq!((listed(&bo, "").await.len(), suggestion::Entity::find().count(app.db()).await.unwrap()), (1, 3));
}

#[tokio::test]
async fn one_approved_after_the_survey_is_suggested_then() {
    let app = App::start().await;
    let (rust, admin) = (skill(&app, "Rust").await, app.admin().await);
    let bo = app.mentee("Bo").await;
    seeks(&app, &bo, rust).await;
    let new = app.person("New", |row| {
        row.active_mentor = Set(true);
        row.status = Set(user::Status::PendingApproval);
    });
    let new = new.await;
    offers(&app, &new, rust).await;
    refresh(&app, &new).await;
    assert!(listed(&bo, "").await.is_empty());
    admin.post(format!("/admin/users/{}/approve", new.id), Value::Null).await.ok();
    for (who, other) in [(&bo, "New"), (&new, "Bo")] {
        assert_eq!(listed(who, "").await[0]["person"]["name"], other);
    }
    app.clock.advance(TimeDelta::days(30));
    admin.post(format!("/admin/users/{}/suspend", new.id), json!({ "note": "x" })).await.ok();
    admin.post(format!("/admin/users/{}/reactivate", new.id), Value::Null).await.ok();
    assert_eq!(listed(&bo, "").await[0]["person"]["name"], "New", "anew, as the first lapsed");
}

#[tokio::test]
async fn one_approved_before_the_survey_is_suggested_to_nobody_yet() {
    let app = App::start().await;
    let (rust, admin) = (skill(&app, "Rust").await, app.admin().await);
    let bo = app.mentee("Bo").await;
    seeks(&app, &bo, rust).await;
    let new = app.person("New", |row| {
        row.active_mentor = Set(true);
        row.status = Set(user::Status::PendingApproval);
        row.onboarding_completed_at = Set(None);
    });
    let new = new.await;
    offers(&app, &new, rust).await;
    admin.post(format!("/admin/users/{}/approve", new.id), Value::Null).await.ok();
    assert!(listed(&bo, "").await.is_empty());
}

/// How many wait for an answer, as the dashboard counts them and as they are listed.
async fn waiting(who: &Client) -> usize {
    let counted = who.get("/me/dashboard").await.ok()["openSuggestions"].as_u64().unwrap();
    let pending = listed(who, "?status=PENDING").await;
    let unanswered = pending.iter().filter(|item| item["response"] == "PENDING").count();
    assert_eq!(counted, unanswered as u64, "{pending:?}");
    unanswered
}

#[tokio::test]
async fn what_no_answer_could_start_waits_for_none() {
    let app = App::start().await;
    let (ann, bo, cy) = (app.member("Ann").await, app.member("Bo").await, app.mentee("Cy").await);
    let id = app.suggestion(&ann, &bo).await;
    app.suggestion(&ann, &cy).await;
    assert_eq!((waiting(&ann).await, waiting(&bo).await), (2, 1));
    let request = app.request(&ann, &bo).await;
    assert_eq!((waiting(&ann).await, waiting(&bo).await), (1, 0));
    assert_eq!(listed(&ann, "").await.len(), 1);
    bo.post(format!("/mentorships/{request}/withdraw"), Value::Null).await.ok();
    assert_eq!((waiting(&ann).await, waiting(&bo).await), (2, 1));
    // The other way round it is the same pair.
    app.request(&bo, &ann).await;
    assert_eq!((waiting(&ann).await, waiting(&bo).await), (1, 0));
    app.clock.advance(TimeDelta::days(14));
    assert_eq!((waiting(&ann).await, waiting(&bo).await), (2, 1), "a lapsed request is in nobody's way");
    app.change_user(&ann, |row| row.status = Set(user::Status::Suspended)).await;
    assert_eq!(waiting(&bo).await, 0);
    app.change_user(&ann, |row| row.status = Set(user::Status::Active)).await;
    accept(&bo, id).await;
    assert_eq!((waiting(&ann).await, waiting(&bo).await), (2, 0));
}

#[tokio::test]
async fn the_second_yes_honours_whom_the_mentee_wants() {
    use entity::user::{Gender, PreferredGender};

    let app = App::start().await;
    let (ann, bo) = (app.mentor("Ann").await, app.mentee("Bo").await);
    let yes = format!("/suggestions/{}/accept", app.suggestion(&ann, &bo).await);
    ann.post(&yes, Value::Null).await.ok();
    app.change_user(&bo, |row| row.preferred_mentor_gender = Set(PreferredGender::NonBinary)).await;
    bo.post(&yes, Value::Null).await.refused(409, "not_suggestable");
    app.change_user(&ann, |row| row.gender = Set(Some(Gender::NonBinary))).await;
    assert_eq!(bo.post(&yes, Value::Null).await.ok()["status"], "ACCEPTED");
}
