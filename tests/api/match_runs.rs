//! Match runs: from the request to what is published, and what stands in the way of it.

use std::collections::BTreeMap;

use entity::{mentorship, suggestion, user};
use futures_util::future::join_all;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};
use support::{App, Client};
use uuid::Uuid;

use crate::matching::{offers, seeks, skill};

pub const RUNS: &str = "/admin/match-runs";

/// Mentors and mentees of which each pair scores otherwise than most others.
pub struct Cohort {
    pub admin: Client,
    pub mentors: Vec<Client>,
    pub mentees: Vec<Client>,
}

/// `count` mentees and half as many mentors with a place each: mentee `n` seeks what the mentors up to `n` offer a part of.
pub async fn cohort(app: &App, count: usize) -> Cohort {
    let skills = join_all((0..count).map(|number| async move { skill(app, &format!("Skill{number}")).await })).await;
    let (mut mentors, mut mentees) = (Vec::new(), Vec::new());
    for number in 0..count {
        let mentee = app.mentee(&format!("Mentee {number}")).await;
        for skill in &skills[..=number] {
            seeks(app, &mentee, *skill).await;
        }
        mentees.push(mentee);
    }
    for number in 0..count / 2 {
        let name = format!("Mentor {number}");
        let place = |row: &mut user::ActiveModel| {
            row.active_mentor = Set(true);
            row.mentor_capacity = Set(1);
        };
        let mentor = app.person(&name, place).await;
        for skill in skills.iter().skip(number).step_by(2) {
            offers(app, &mentor, *skill).await;
        }
        mentors.push(mentor);
    }
    Cohort { admin: app.admin().await, mentors, mentees }
}

/// Asks for a run, lets it be worked on, and gives it as it then stands.
pub async fn run(app: &App, admin: &Client, body: Value) -> Value {
    let id = id_of(&admin.post(RUNS, body).await.accepted());
    assert!(api::match_runs::work(&app.state).await.unwrap(), "somebody takes it up");
    admin.get(format!("{RUNS}/{id}")).await.ok()
}

pub fn id_of(run: &Value) -> Uuid {
    run["id"].as_str().unwrap().parse().unwrap()
}

/// The pairs of a run: mentee to mentor, with the points.
pub async fn pairs_of(admin: &Client, run: Uuid) -> BTreeMap<(String, String), i64> {
    let pairs = admin.all(format!("{RUNS}/{run}/pairs?limit=7")).await;
    let person = |pair: &Value, side: &str| pair[side]["name"].as_str().unwrap().to_owned();
    pairs
        .iter()
        .map(|pair| ((person(pair, "mentee"), person(pair, "mentor")), pair["points"].as_i64().unwrap()))
        .collect()
}

#[tokio::test]
async fn a_run_goes_from_the_queue_to_ready_and_changes_nothing_for_members() {
    let app = App::start().await;
    let Cohort { admin, mentors, mentees } = cohort(&app, 8).await;
    let answer = admin.post(RUNS, json!({ "mode": "BEST_TOTAL", "seed": 7 })).await;
    let queued = answer.accepted();
    let id = id_of(&queued);
    assert_eq!(answer.header("location").unwrap(), format!("/api/v1{RUNS}/{id}"));
    assert_eq!((&queued["state"], &queued["progress"]), (&json!("QUEUED"), &Value::Null));
    assert!(api::match_runs::work(&app.state).await.unwrap());
    assert!(!api::match_runs::work(&app.state).await.unwrap(), "there was one");
    let ready = admin.get(format!("{RUNS}/{id}")).await.ok();
    assert_eq!(ready["state"], "READY");
    assert_eq!(ready["summary"]["mentees"], mentees.len());
    assert_eq!(ready["summary"]["totals"]["pairs"], mentors.len());
    assert_eq!(ready["snapshotHash"].as_str().unwrap().len(), 64);
    let pairs = pairs_of(&admin, id).await;
    assert_eq!(pairs.len(), mentors.len());
    assert_eq!(ready["summary"]["totals"]["points"], pairs.values().sum::<i64>());
    assert_eq!(suggestion::Entity::find().count(app.db()).await.unwrap(), 0);
    assert_eq!(mentorship::Entity::find().count(app.db()).await.unwrap(), 0);
    let told = app.log_of(id).await;
    assert_eq!(told.first().unwrap(), "match_run.requested");
    assert!(told.iter().filter(|kind| *kind == "match_run.changed").count() >= 3, "{told:?}");
    assert_eq!(admin.get(RUNS).await.ok()["items"][0], ready);
}

#[tokio::test]
async fn a_plan_is_published_as_suggestions_once() {
    let app = App::start().await;
    let Cohort { admin, mentors, .. } = cohort(&app, 8).await;
    let ready = run(&app, &admin, json!({})).await;
    let pair = admin.get(format!("{RUNS}/{}/pairs?limit=1", id_of(&ready))).await.ok()["items"][0].clone();
    let publish = format!("{RUNS}/{}/publish", id_of(&ready));
    let published = admin.post(&publish, json!({ "as": "SUGGESTIONS" })).await.ok();
    assert_eq!((&published["state"], &published["publishedAs"]), (&json!("PUBLISHED"), &json!("SUGGESTIONS")));
    assert_eq!(suggestion::Entity::find().count(app.db()).await.unwrap(), mentors.len() as u64);
    let mentor = mentors.iter().find(|one| pair["mentor"]["id"] == one.id.to_string()).unwrap();
    let theirs = mentor.get("/me/suggestions").await.ok()["items"][0].clone();
    assert_eq!((&theirs["score"], &theirs["reasons"]), (&pair["score"], &pair["reasons"]));
    assert_eq!(theirs["person"]["id"], pair["mentee"]["id"]);
    assert_eq!(mentor.get("/notifications").await.ok()["items"][0]["kind"], "SUGGESTION_NEW");
    assert_eq!(admin.post(&publish, json!({ "as": "SUGGESTIONS" })).await.ok(), published, "again changes nothing");
    admin.post(&publish, json!({ "as": "MENTORSHIPS" })).await.refused(409, "invalid_transition");
    assert_eq!(suggestion::Entity::find().count(app.db()).await.unwrap(), mentors.len() as u64);
}

#[tokio::test]
async fn a_plan_is_published_as_mentorships() {
    let app = App::start().await;
    let Cohort { admin, mentors, .. } = cohort(&app, 8).await;
    let ready = run(&app, &admin, json!({})).await;
    admin.post(format!("{RUNS}/{}/publish", id_of(&ready)), json!({ "as": "MENTORSHIPS" })).await.ok();
    let rows = mentorship::Entity::find().all(app.db()).await.unwrap();
    assert_eq!(rows.len(), mentors.len());
    assert!(rows.iter().all(|row| row.origin == mentorship::Origin::MatchRun));
    for mentor in &mentors {
        let mine = mentor.get("/me/mentorships").await.ok();
        assert_eq!((&mine["items"][0]["status"], &mine["items"][0]["origin"]), (&json!("ACTIVE"), &json!("MATCH_RUN")));
        assert_eq!(mentor.get("/notifications").await.ok()["items"][0]["kind"], "MENTORSHIP_STARTED");
    }
    let log = admin.get("/admin/audit-log?limit=5").await.ok().to_string();
    assert!(log.contains("match_run.published"), "{log}");
}

/// What changed since the input was taken is told pair by pair, with no word about what is private, and nothing is published.
#[tokio::test]
async fn conflicts_are_listed_and_nothing_is_half_published() {
    let app = App::start().await;
    let Cohort { admin, mentors, mentees } = cohort(&app, 10).await;
    let ready = run(&app, &admin, json!({})).await;
    let pairs = admin.all(format!("{RUNS}/{}/pairs", id_of(&ready))).await;
    let of = |people: &[Client], pair: &Value, side: &str| {
        people.iter().find(|one| pair[side]["id"] == one.id.to_string()).unwrap().clone()
    };
    let mentee = |at: usize| of(&mentees, &pairs[at], "mentee");
    let mentor = |at: usize| of(&mentors, &pairs[at], "mentor");
    app.change_user(&mentee(0), |row| row.status = Set(user::Status::Suspended)).await;
    app.change_user(&mentee(1), |row| row.preferred_mentor_gender = Set(user::PreferredGender::Female)).await;
    let other = app.mentee("Somebody else").await;
    app.mentorship(&mentor(2), &other).await;
    let declined = app.suggestion(&mentor(3), &mentee(3)).await;
    mentor(3).post(format!("/suggestions/{declined}/decline"), Value::Null).await.ok();
    let before = suggestion::Entity::find().count(app.db()).await.unwrap();
    for how in ["MENTORSHIPS", "SUGGESTIONS"] {
        let answer = admin.post(format!("{RUNS}/{}/publish", id_of(&ready)), json!({ "as": how })).await;
        let problem = answer.refused(409, "match_run_conflicts");
        let told: BTreeMap<_, _> = problem["errors"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| (one["pointer"].clone().to_string(), one["code"].clone()))
            .collect();
        let expected =
            [(0, "not_suggestable"), (1, "not_suggestable"), (2, "mentor_at_capacity"), (3, "not_suggestable")];
        let expected = expected.map(|(at, code)| {
            let pointer = format!("/pairs/{}/{}", mentor(at).id, mentee(at).id);
            (json!(pointer).to_string(), json!(code))
        });
        assert_eq!(told, BTreeMap::from(expected));
    }
    assert_eq!(mentorship::Entity::find().count(app.db()).await.unwrap(), 1);
    assert_eq!(suggestion::Entity::find().count(app.db()).await.unwrap(), before);
    let run = admin.get(format!("{RUNS}/{}", id_of(&ready))).await.ok();
    assert_eq!(run["state"], "READY", "it can be edited and tried again");
    let started = mentorship::Entity::find().filter(mentorship::Column::Origin.eq(mentorship::Origin::MatchRun));
    assert_eq!(started.count(app.db()).await.unwrap(), 0);
}

#[tokio::test]
async fn one_run_is_under_way_at_a_time() {
    let app = App::start().await;
    let Cohort { admin, .. } = cohort(&app, 4).await;
    let posts = (0..16).map(|_| (admin.clone(), RUNS.to_owned(), json!({})));
    let answers = crate::races::at_once(posts).await;
    assert_eq!(crate::races::with_status(&answers, 202), 1);
    crate::races::assert_refused(&answers, "match_run_under_way");
    assert!(api::match_runs::work(&app.state).await.unwrap());
    run(&app, &admin, json!({})).await;
}
