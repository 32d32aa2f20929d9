//! What a suggestion is made from, and what it says of that.

use entity::user;
use sea_orm::ActiveValue::Set;
use serde_json::{Value, json};
use support::App;

use crate::matching::{offers, refresh, seeks, skill};
use crate::suggestions::{accept, listed};

#[tokio::test]
async fn a_suggestion_says_why_from_its_record() {
    let app = App::start().await;
    let (rust, sql) = (skill(&app, "Rust").await, skill(&app, "SQL").await);
    let (ann, bo, cy) = (app.mentor("Ann").await, app.mentee("Bo").await, app.mentee("Cy").await);
    offers(&app, &ann, rust).await;
    for term in [rust, sql] {
        seeks(&app, &bo, term).await;
    }
    refresh(&app, &bo).await;
    let made = listed(&bo, "").await[0].clone();
    let why = format!("/me/suggestions/{}/why", made["id"].as_str().unwrap());
    let record = bo.get(&why).await.ok();
    let terms = record["terms"].as_array().unwrap();
    let sum = |key: &str| terms.iter().map(|term| term[key].as_i64().unwrap()).sum::<i64>();
    assert_eq!((sum("most"), (sum("points") + 5) / 10), (1000, made["score"].as_i64().unwrap()));
    assert_eq!(terms[0], json!({ "component": "SKILLS", "points": 175, "most": 350, "answered": true }));
    assert_eq!((&terms[7]["points"], &terms[7]["answered"]), (&json!(25), &json!(false)));
    assert_eq!((&record["reasons"], &record["policyVersion"]), (&made["reasons"], &json!(1)));
    assert_eq!(ann.get(&why).await.ok(), record, "both sides read the same");

    offers(&app, &ann, sql).await;
    app.change_user(&ann, |row| row.gender = Set(Some(user::Gender::Female))).await;
    accept(&ann, serde_json::from_value(made["id"].clone()).unwrap()).await;
    assert_eq!(bo.get(&why).await.ok(), record, "neither a later profile nor an answer shows");
    cy.get(&why).await.refused(404, "not_found");
    app.admin().await.get(&why).await.refused(404, "not_found");
}

#[tokio::test]
async fn who_gains_too_little_is_not_suggested() {
    let app = App::start().await;
    let skills = ["Rust", "SQL", "Go", "Lisp", "Ada", "C", "Zig", "Perl", "Ruby", "Java"];
    let (ann, bo) = (app.mentor("Ann").await, app.mentee("Bo").await);
    let mut terms = Vec::new();
    for name in skills {
        terms.push(skill(&app, name).await);
        seeks(&app, &bo, terms[terms.len() - 1]).await;
    }
    offers(&app, &ann, terms[0]).await;
    // Nothing else in common, and all of it told: a tenth of the skills is less than a quarter of what Bo may gain.
    for (who, language, weekday) in [(&ann, "en", 1), (&bo, "fi", 2)] {
        let week = json!([{ "weekday": weekday, "start": "09:00", "end": "17:00" }]);
        who.put("/me/availability", json!({ "timeZone": "Europe/Berlin", "windows": week })).await.ok();
        who.patch("/me", json!({ "languages": [language] })).await.ok();
    }
    refresh(&app, &bo).await;
    assert_eq!(listed(&bo, "").await, Vec::<Value>::new());
    for term in &terms[1..] {
        offers(&app, &ann, *term).await;
    }
    refresh(&app, &bo).await;
    assert_eq!(listed(&bo, "").await.len(), 1);
}

/// Admins number the levels as they like: what counts is how many steps apart two are.
#[tokio::test]
async fn seniority_counts_in_steps_however_the_levels_are_numbered() {
    let app = App::start().await;
    let (admin, rust) = (app.admin().await, skill(&app, "Rust").await);
    for (name, rank) in [("Junior", 10), ("Senior", 255), ("Principal", 1000)] {
        admin.post("/admin/taxonomy/seniority-levels", json!({ "name": name, "rank": rank })).await.created();
    }
    let bo = app.mentee("Bo").await;
    seeks(&app, &bo, rust).await;
    bo.patch("/me", json!({ "seniority": "senior" })).await.ok();
    for level in ["junior", "senior", "principal"] {
        let mentor = app.mentor(level).await;
        offers(&app, &mentor, rust).await;
        mentor.patch("/me", json!({ "seniority": level })).await.ok();
    }
    let untold = app.mentor("untold").await;
    offers(&app, &untold, rust).await;
    refresh(&app, &bo).await;
    let mine = listed(&bo, "").await;
    let distance = |name: &str| {
        let of_them = mine.iter().find(|item| item["person"]["name"] == name).unwrap();
        of_them["reasons"]["seniorityDistance"].clone()
    };
    assert_eq!(["junior", "senior", "principal"].map(distance), [json!(-1), json!(0), json!(1)]);
    assert_eq!(distance("untold"), Value::Null);
}
