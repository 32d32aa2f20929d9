use chrono::TimeDelta;
use entity::user;
use sea_orm::ActiveValue::Set;
use serde_json::{Value, json};
use support::{App, Client};

use crate::taxonomy::{add, add_levels, offer};

/// The names on the page of the directory that `query` asks for.
async fn names(who: &Client, query: &str) -> Vec<String> {
    let page = who.get(format!("/mentors?{query}")).await.ok();
    page["items"].as_array().unwrap().iter().map(|mentor| mentor["name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn the_directory_shows_active_mentors_only() {
    let app = App::start().await;
    let bo = app.mentee("Bo").await;
    for name in ["Ann", "Paused", "Suspended", "Pending", "Draft", "Idle"] {
        let mentor = app.mentor(name).await;
        let now = app.clock.now();
        app.change_user(&mentor, |row| match name {
            "Paused" => row.paused_until = Set(Some(now + TimeDelta::days(2))),
            "Suspended" => row.status = Set(user::Status::Suspended),
            "Pending" => row.status = Set(user::Status::PendingApproval),
            "Draft" => row.onboarding_completed_at = Set(None),
            "Idle" => row.active_mentor = Set(false),
            _ => {}
        })
        .await;
    }
    assert_eq!(names(&bo, "").await, ["Ann"]);
    app.clock.advance(TimeDelta::days(2));
    assert_eq!(names(&bo, "").await, ["Ann", "Paused"]);
}

#[tokio::test]
async fn it_is_for_members() {
    let app = App::start().await;
    let waiting = app.newcomer("Di").await;
    app.change_user(&waiting, |row| row.status = Set(user::Status::PendingApproval)).await;
    waiting.get("/mentors").await.refused(403, "account_pending");
    app.visitor().get("/mentors").await.refused(401, "unauthenticated");
    app.newcomer("Ed").await.get("/mentors").await.ok();
}

#[tokio::test]
async fn it_is_read_in_pages_that_repeat_and_miss_nobody() {
    let app = App::start().await;
    let bo = app.mentee("Bo").await;
    for at in 0..7 {
        app.mentor(&format!("Mentor {at}")).await;
    }
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = bo.get(format!("/mentors?limit=3{cursor}")).await.ok();
        seen.extend(page["items"].as_array().unwrap().iter().map(|mentor| mentor["name"].as_str().unwrap().to_owned()));
        let Some(next) = page["nextCursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
        app.mentor("Late").await;
    }
    let early: Vec<_> = seen.iter().filter(|name| *name != "Late").cloned().collect();
    assert_eq!(early, (0..7).map(|at| format!("Mentor {at}")).collect::<Vec<_>>());
}

#[tokio::test]
async fn it_is_filtered_by_terms() {
    let app = App::start().await;
    let (admin, bo) = (app.admin().await, app.mentee("Bo").await);
    add(&admin, "skills", &["Rust", "Go"]).await;
    add(&admin, "topics", &["Interviews"]).await;
    add(&admin, "industries", &["Finance"]).await;
    add_levels(&admin, &["Junior", "Senior"]).await;
    let (ann, cy) = (app.mentor("Ann").await, app.mentor("Cy").await);
    offer(&ann, json!([{ "skill": "rust", "level": 5 }])).await;
    offer(&cy, json!([{ "skill": "rust" }, { "skill": "go" }])).await;
    ann.put("/me/mentor-topics", json!({ "slugs": ["interviews"] })).await.ok();
    cy.put("/me/mentee-topics", json!({ "slugs": ["interviews"] })).await.ok();
    ann.patch("/me", json!({ "industries": ["finance"], "seniority": "senior", "languages": ["pt-BR"] })).await.ok();
    cy.patch("/me", json!({ "seniority": "junior", "languages": ["pt", "en"], "inPerson": true })).await.ok();
    let expected = [
        ("skill=rust", &["Ann", "Cy"][..]),
        ("skill=go", &["Cy"]),
        ("skill=none", &[]),
        ("topic=interviews", &["Ann"]),
        ("industry=finance", &["Ann"]),
        ("seniority=senior", &["Ann"]),
        ("seniority=none", &[]),
        ("language=pt", &["Ann", "Cy"]),
        ("language=pt-br", &["Ann"]),
        ("language=en", &["Cy"]),
        ("inPerson=true", &["Cy"]),
        ("inPerson=false", &["Ann"]),
        ("skill=rust&seniority=junior&language=en", &["Cy"]),
    ];
    for (query, expected) in expected {
        assert_eq!(names(&bo, query).await, expected, "{query}");
    }
    admin.post("/admin/taxonomy/skills/go/merge", json!({ "into": "rust" })).await.ok();
    assert_eq!(names(&bo, "skill=go").await, ["Ann", "Cy"]);
}

#[tokio::test]
async fn a_mentor_has_capacity_until_every_place_is_taken() {
    let app = App::start().await;
    let (ann, cy, bo) = (app.mentor("Ann").await, app.mentor("Cy").await, app.mentee("Bo").await);
    ann.patch("/me", json!({ "mentorCapacity": 1 })).await.ok();
    app.request(&ann, &bo).await;
    assert_eq!(names(&bo, "hasCapacity=true").await, ["Ann", "Cy"]);
    app.mentorship(&ann, &app.mentee("Di").await).await;
    assert_eq!(names(&bo, "hasCapacity=true").await, ["Cy"]);
    assert_eq!(names(&bo, "hasCapacity=false").await, ["Ann"]);
    assert_eq!(bo.get(format!("/users/{}", ann.id)).await.ok()["hasCapacity"], false);
    assert_eq!(bo.get(format!("/users/{}", cy.id)).await.ok()["hasCapacity"], true);
}

#[tokio::test]
async fn search_takes_every_letter_as_it_is() {
    let app = App::start().await;
    let bo = app.mentee("Bo").await;
    for (name, title, about) in
        [("Ann Stone", "100% Rust", "I like C_sharp"), ("Cy", "1000 Rusty nails", r"back\slash, Éric's friend")]
    {
        let mentor = app.mentor(name).await;
        mentor.patch("/me", json!({ "title": title, "about": about })).await.ok();
    }
    let expected = [
        ("q=rUST", &["Ann Stone", "Cy"][..]),
        ("q=ann%20s", &["Ann Stone"]),
        ("q=0%25", &["Ann Stone"]),
        ("q=c_s", &["Ann Stone"]),
        ("q=%5C", &["Cy"]),
        ("q=%C3%89ric", &["Cy"]),
        // Only the letters a to z fold, and they do on both databases.
        ("q=%C3%A9ric", &[]),
        ("q=%27%20OR%201%3D1", &[]),
    ];
    for (query, expected) in expected {
        assert_eq!(names(&bo, query).await, expected, "{query}");
    }
    bo.get("/mentors?q=%20").await.invalid("/q");
    bo.get("/mentors?q=").await.invalid("/q");
    bo.get("/mentors?skill=Rust").await.invalid("/skill");
    bo.get("/mentors?sort=email").await.invalid("/sort");
}

#[tokio::test]
async fn an_entry_shows_what_a_mentor_offers_and_nothing_private() {
    let app = App::start().await;
    let (admin, ann, bo) = (app.admin().await, app.member("Ann").await, app.mentee("Bo").await);
    add(&admin, "skills", &["Rust", "Go"]).await;
    offer(&ann, json!([{ "skill": "rust", "level": 5 }])).await;
    ann.put("/me/mentee-skills", json!({ "items": [{ "skill": "go" }] })).await.ok();
    let page = bo.get("/mentors").await.ok();
    let entry = page["items"][0].as_object().unwrap();
    assert_eq!(entry["skills"][0]["slug"], "rust");
    let keys: Vec<_> = entry.keys().map(String::as_str).collect();
    assert_eq!(
        keys,
        [
            "about",
            "hasCapacity",
            "id",
            "image",
            "inPerson",
            "industries",
            "languages",
            "location",
            "name",
            "seniority",
            "skills",
            "softSkills",
            "timeZone",
            "title",
            "topics"
        ]
    );
    assert_eq!(page["nextCursor"], Value::Null);
}

#[tokio::test]
async fn a_search_that_finds_no_place_is_refused_at_once() {
    let app = App::start_with(|config| config.search_permits = 2).await;
    let ann = app.mentee("Ann").await;
    let place = app.state.searches.begin().unwrap();
    ann.get("/mentors?q=x").await.ok();
    let another = app.state.searches.begin().unwrap();
    let refused = ann.get("/mentors?q=x").await;
    assert_eq!(refused.header("retry-after"), Some("1"), "{refused}");
    refused.refused(503, "unavailable");
    ann.get("/mentors").await.ok();
    drop(another);
    ann.get("/mentors?q=x").await.ok();
    drop(place);
}
