//! How a list of suggestions follows what its owner, others and time do.

use std::time::Duration;

use api::events::Kind;
use api::suggestions::ops::fill_empty;
use chrono::TimeDelta;
use entity::suggestion;
use entity::user::{Gender, PreferredGender};
use sea_orm::{ActiveValue::Set, EntityTrait, PaginatorTrait};
use serde_json::{Value, json};
use support::{App, Client};
use tokio::time::timeout;
use uuid::Uuid;

use crate::matching::{offers, refresh, seeks, skill};
use crate::matching_policies::{replace, usual};
use crate::suggestions::{accept, decline, listed};

/// Who is listed to `me`, by name.
async fn names(me: &Client) -> Vec<String> {
    let mut names: Vec<_> = listed(me, "?status=PENDING").await.iter().map(name).collect();
    names.sort();
    names
}

fn name(item: &Value) -> String {
    item["person"]["name"].as_str().unwrap().to_owned()
}

fn id_of(items: &[Value], person: &str) -> Uuid {
    let item = items.iter().find(|item| item["person"]["name"] == person).unwrap();
    serde_json::from_value(item["id"].clone()).unwrap()
}

/// A mentor of each name who offers the skill.
async fn mentors<const N: usize>(app: &App, skill: Uuid, names: [&str; N]) -> [Client; N] {
    let mut mentors = Vec::new();
    for name in names {
        let mentor = app.mentor(name).await;
        offers(app, &mentor, skill).await;
        mentors.push(mentor);
    }
    mentors.try_into().ok().unwrap()
}

#[tokio::test]
async fn a_changed_profile_shows_in_the_next_list_on_every_node() {
    let app = App::start().await;
    let other = app.another_node().await;
    let (rust, sql) = (skill(&app, "Rust").await, skill(&app, "SQL").await);
    mentors(&app, rust, ["Ann"]).await;
    mentors(&app, sql, ["Cy"]).await;
    let bo = app.mentee("Bo").await;
    bo.put("/me/mentee-skills", json!({ "items": [{ "skill": "rust" }] })).await.ok();
    assert_eq!(names(&bo).await, ["Ann"]);
    bo.put("/me/mentee-skills", json!({ "items": [{ "skill": "rust" }, { "skill": "sql" }] })).await.ok();
    assert_eq!(names(&bo).await, ["Ann", "Cy"]);
    assert_eq!(names(&bo.at(other.base().to_owned())).await, ["Ann", "Cy"]);
    assert_eq!(names(&bo).await, ["Ann", "Cy"], "once");
}

#[tokio::test]
async fn what_the_change_rules_out_lapses_whatever_the_other_said() {
    let app = App::start().await;
    let rust = skill(&app, "Rust").await;
    let [ann, cy, dee] = mentors(&app, rust, ["Ann", "Cy", "Dee"]).await;
    let bo = app.mentee("Bo").await;
    seeks(&app, &bo, rust).await;
    for (who, gender) in [(&ann, Gender::Male), (&cy, Gender::Male), (&dee, Gender::Female)] {
        app.change_user(who, |row| row.gender = Set(Some(gender))).await;
    }
    refresh(&app, &bo).await;
    let mine = listed(&bo, "").await;
    accept(&ann, id_of(&mine, "Ann")).await;
    bo.patch("/me", json!({ "preferredMentorGender": "FEMALE" })).await.ok();
    assert_eq!(names(&bo).await, ["Dee"]);
    for who in [&ann, &cy] {
        assert_eq!(names(who).await, Vec::<String>::new());
    }
    bo.patch("/me", json!({ "preferredMentorGender": "ANY" })).await.ok();
    assert_eq!(names(&bo).await, ["Ann", "Cy", "Dee"]);
}

#[tokio::test]
async fn what_i_accepted_outlives_a_change_of_mine() {
    let app = App::start().await;
    let rust = skill(&app, "Rust").await;
    let [ann] = mentors(&app, rust, ["Ann"]).await;
    let bo = app.mentee("Bo").await;
    seeks(&app, &bo, rust).await;
    refresh(&app, &bo).await;
    accept(&bo, id_of(&listed(&bo, "").await, "Ann")).await;
    bo.patch("/me", json!({ "preferredMentorGender": PreferredGender::NonBinary.to_string() })).await.ok();
    assert_eq!((names(&bo).await.len(), names(&ann).await.len()), (1, 1));
}

#[tokio::test]
async fn a_text_about_me_changes_no_list() {
    let app = App::start().await;
    let rust = skill(&app, "Rust").await;
    let bo = app.mentee("Bo").await;
    seeks(&app, &bo, rust).await;
    mentors(&app, rust, ["Ann"]).await;
    bo.patch("/me", json!({ "about": "I read", "title": "Reader" })).await.ok();
    assert_eq!(suggestion::Entity::find().count(app.db()).await.unwrap(), 0);
    bo.patch("/me", json!({ "inPerson": true })).await.ok();
    assert_eq!(suggestion::Entity::find().count(app.db()).await.unwrap(), 1);
}

#[tokio::test]
async fn an_empty_list_is_filled_when_it_is_read() {
    let app = App::start().await;
    let rust = skill(&app, "Rust").await;
    let bo = app.mentee("Bo").await;
    seeks(&app, &bo, rust).await;
    assert_eq!(names(&bo).await, Vec::<String>::new());
    mentors(&app, rust, ["Ann"]).await;
    assert_eq!(names(&bo).await, ["Ann"]);
    let first = listed(&bo, "").await;
    app.clock.advance(TimeDelta::days(30));
    let second = listed(&bo, "").await;
    assert_eq!(name(&second[0]), "Ann");
    assert_ne!(first[0]["id"], second[0]["id"]);
}

/// The list was read as empty, and before that is filled another fills it: as what is filled beside the requests does, or the same
/// request sent twice.
#[tokio::test]
async fn an_empty_list_that_another_filled_meanwhile_is_read_again() {
    let app = App::start().await;
    let rust = skill(&app, "Rust").await;
    let bo = app.mentee("Bo").await;
    seeks(&app, &bo, rust).await;
    assert!(!fill_empty(&app.state, bo.id).await, "there is nobody");
    mentors(&app, rust, ["Ann"]).await;
    refresh(&app, &bo).await;
    assert!(fill_empty(&app.state, bo.id).await, "there is somebody, if nobody new");
    assert_eq!(suggestion::Entity::find().count(app.db()).await.unwrap(), 1);
}

#[tokio::test]
async fn not_now_hides_a_suggestion_from_one_side_and_no_word_reaches_the_other() {
    let app = App::start().await;
    let rust = skill(&app, "Rust").await;
    let [ann] = mentors(&app, rust, ["Ann"]).await;
    let bo = app.mentee("Bo").await;
    seeks(&app, &bo, rust).await;
    refresh(&app, &bo).await;
    let seen = listed(&ann, "").await;
    let told = ann.get("/notifications").await.ok();
    let id = id_of(&seen, "Bo");
    let put_off = bo.post(format!("/suggestions/{id}/not-now"), Value::Null).await.ok();
    assert_eq!((&put_off["response"], &put_off["status"]), (&json!("PENDING"), &json!("PENDING")));
    assert_eq!(put_off["notBefore"], "2026-12-02T09:00:00.000Z");
    assert_eq!(bo.post(format!("/suggestions/{id}/not-now"), Value::Null).await.ok(), put_off);
    assert!(listed(&bo, "").await.is_empty());
    assert_eq!((listed(&ann, "").await, ann.get("/notifications").await.ok()), (seen, told));
    let why = ann.get(format!("/me/suggestions/{id}/why")).await.ok();
    assert!(!why.to_string().contains("notBefore"), "{why}");
    for who in [&ann, &bo] {
        refresh(&app, who).await;
    }
    assert_eq!(suggestion::Entity::find().count(app.db()).await.unwrap(), 1);
}

#[tokio::test]
async fn not_now_makes_room_for_the_next_best_and_ends_by_itself() {
    let app = App::start().await;
    let rust = skill(&app, "Rust").await;
    let [ann] = mentors(&app, rust, ["Ann"]).await;
    let (bo, owner) = (app.mentee("Bo").await, app.owner().await);
    let etag = owner.get("/owner/settings").await.etag();
    owner.patch_if("/owner/settings", etag, json!({ "notNowDays": 7 })).await.ok();
    seeks(&app, &bo, rust).await;
    refresh(&app, &bo).await;
    let id = id_of(&listed(&bo, "").await, "Ann");
    mentors(&app, rust, ["Cy"]).await;
    bo.post(format!("/suggestions/{id}/not-now"), Value::Null).await.ok();
    assert_eq!(names(&bo).await, ["Cy"]);
    app.clock.advance(TimeDelta::days(7) - TimeDelta::milliseconds(1));
    assert_eq!(names(&bo).await, ["Cy"]);
    app.clock.advance(TimeDelta::milliseconds(1));
    assert_eq!(names(&bo).await, ["Ann", "Cy"]);
    accept(&ann, id).await;
    bo.post(format!("/suggestions/{id}/not-now"), Value::Null).await.ok();
    assert_eq!(accept(&bo, id).await["status"], "ACCEPTED", "not now is no no");
}

#[tokio::test]
async fn what_was_put_off_is_not_suggested_anew_before() {
    let app = App::start().await;
    let rust = skill(&app, "Rust").await;
    let [ann] = mentors(&app, rust, ["Ann"]).await;
    let bo = app.mentee("Bo").await;
    seeks(&app, &bo, rust).await;
    refresh(&app, &bo).await;
    app.clock.advance(TimeDelta::days(20));
    let id = id_of(&listed(&bo, "").await, "Ann");
    bo.post(format!("/suggestions/{id}/not-now"), Value::Null).await.ok();
    app.clock.advance(TimeDelta::days(29));
    for who in [&ann, &bo] {
        refresh(&app, who).await;
        assert!(listed(who, "").await.is_empty(), "it has lapsed, and the pause lasts");
    }
    app.clock.advance(TimeDelta::days(1));
    assert_eq!(names(&bo).await, ["Ann"]);
}

#[tokio::test]
async fn a_decline_makes_room_for_the_next_best() {
    let app = App::start().await;
    let rust = skill(&app, "Rust").await;
    let [_, _] = mentors(&app, rust, ["Ann", "Cy"]).await;
    let bo = app.mentee("Bo").await;
    seeks(&app, &bo, rust).await;
    refresh(&app, &bo).await;
    mentors(&app, rust, ["Dee"]).await;
    decline(&bo, id_of(&listed(&bo, "").await, "Ann")).await;
    assert_eq!(names(&bo).await, ["Cy", "Dee"]);
}

#[tokio::test]
async fn a_mentor_has_no_more_open_suggestions_than_lists_for_each_free_place() {
    let app = App::start().await;
    let rust = skill(&app, "Rust").await;
    let [ann] = mentors(&app, rust, ["Ann"]).await;
    app.change_user(&ann, |row| row.mentor_capacity = Set(1)).await;
    let mut mentees = Vec::new();
    for at in 0..16 {
        let mentee = app.mentee(&format!("Mentee {at}")).await;
        seeks(&app, &mentee, rust).await;
        refresh(&app, &mentee).await;
        mentees.push(mentee);
    }
    let last = mentees.last().unwrap();
    assert_eq!(names(&mentees[14]).await, ["Ann"]);
    assert!(listed(last, "").await.is_empty(), "one and a half lists of ten for the one place");
    decline(&mentees[0], id_of(&listed(&mentees[0], "").await, "Ann")).await;
    assert_eq!(names(last).await, ["Ann"], "one was answered");
}

#[tokio::test]
async fn a_freed_place_is_seen_by_the_next_who_looks() {
    let app = App::start().await;
    let rust = skill(&app, "Rust").await;
    let [ann] = mentors(&app, rust, ["Ann"]).await;
    let (bo, cy) = (app.mentee("Bo").await, app.mentee("Cy").await);
    app.change_user(&ann, |row| row.mentor_capacity = Set(1)).await;
    let mentorship = app.mentorship(&ann, &cy).await;
    seeks(&app, &bo, rust).await;
    assert!(listed(&bo, "").await.is_empty());
    cy.post(format!("/mentorships/{mentorship}/complete"), json!({ "reason": "GOALS_REACHED" })).await.ok();
    assert_eq!(names(&bo).await, ["Ann"]);
}

#[tokio::test]
async fn who_pauses_is_suggested_to_nobody_until_the_pause_ends() {
    let app = App::start().await;
    let rust = skill(&app, "Rust").await;
    let [ann] = mentors(&app, rust, ["Ann"]).await;
    let bo = app.mentee("Bo").await;
    let end = app.clock.now() + TimeDelta::days(3);
    ann.patch("/me", json!({ "pausedUntil": end })).await.ok();
    seeks(&app, &bo, rust).await;
    assert!(listed(&bo, "").await.is_empty());
    app.clock.advance(TimeDelta::days(3));
    // Nobody writes to the log that a pause has ended.
    // The first check may be of a round that began before.
    app.state.candidates.check().await;
    app.state.candidates.check().await;
    app.concerns(Kind::UserChanged, bo.id);
    assert_eq!(names(&bo).await, ["Ann"]);
}

/// Reads the list until it has so many: a short one is filled after the answer.
async fn until_listed(me: &Client, count: usize) {
    let listed = async { while names(me).await.len() < count {} };
    timeout(Duration::from_secs(30), listed).await.unwrap_or_else(|_| panic!("there are never {count}"));
}

#[tokio::test]
async fn a_list_that_is_full_on_one_side_is_filled_on_the_other() {
    let app = App::start().await;
    let rust = skill(&app, "Rust").await;
    let bo = app.member("Bo").await;
    seeks(&app, &bo, rust).await;
    for at in 0..10 {
        app.suggestion(&bo, &app.mentee(&format!("Mentee {at}")).await).await;
    }
    mentors(&app, rust, ["Ann"]).await;
    until_listed(&bo, 11).await;
}

#[tokio::test]
async fn a_list_is_filled_to_the_length_of_the_policy() {
    let app = App::start().await;
    let rust = skill(&app, "Rust").await;
    let (bo, owner) = (app.mentee("Bo").await, app.owner().await);
    seeks(&app, &bo, rust).await;
    for at in 0..11 {
        app.suggestion(&app.mentor(&format!("Mentor {at}")).await, &bo).await;
    }
    let mut terms = usual();
    terms["listLength"] = json!(12);
    replace(&owner, terms).await;
    mentors(&app, rust, ["Ann", "Cy"]).await;
    until_listed(&bo, 12).await;
}
