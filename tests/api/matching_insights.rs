//! What is sought and offered at present, without numbers of few (promise F7).

use chrono::TimeDelta;
use entity::{seat_price, user};
use sea_orm::{ActiveValue::Set, EntityTrait};
use serde_json::{Value, json};
use support::{App, Client};
use uuid::Uuid;

use crate::matching::{offers, seeks, skill};

const PATH: &str = "/owner/matching-insights";

async fn price(app: &App, mentor: &Client, price: i16) {
    let row = seat_price::ActiveModel {
        mentor_id: Set(mentor.id),
        price: Set(price),
        round_id: Set(app.state.new_id()),
        computed_at: Set(app.clock.now()),
    };
    seat_price::Entity::insert(row).exec_without_returning(app.db()).await.unwrap();
}

async fn offering(app: &App, skill: Uuid, count: usize) -> Vec<Client> {
    let mut mentors = Vec::new();
    for number in 0..count {
        let mentor = app.mentor(&format!("Mentor {number}")).await;
        offers(app, &mentor, skill).await;
        mentors.push(mentor);
    }
    mentors
}

async fn seeking(app: &App, skill: Uuid, count: usize) {
    for number in 0..count {
        seeks(app, &app.mentee(&format!("Mentee {number}")).await, skill).await;
    }
}

#[tokio::test]
async fn skills_are_told_with_who_seek_and_offer_them() {
    let app = App::start().await;
    let owner = app.owner().await;
    let (rust, sql) = (skill(&app, "Rust").await, skill(&app, "SQL").await);
    let (of_rust, of_sql) = (offering(&app, rust, 13).await, offering(&app, sql, 12).await);
    let full = |row: &mut user::ActiveModel| {
        row.active_mentor = Set(true);
        row.mentor_capacity = Set(0);
    };
    offers(&app, &app.person("Full", full).await, rust).await;
    for mentor in &of_rust[..7] {
        price(&app, mentor, 300).await;
    }
    seeking(&app, rust, 14).await;
    seeking(&app, sql, 12).await;
    let suggested = app.mentee("Suggested").await;
    for mentor in &of_sql[..10] {
        app.suggestion(mentor, &suggested).await;
    }
    let insights = owner.get(PATH).await.ok();
    let of = |slug: &str, name: &str, numbers: [i64; 3]| {
        let id = if slug == "rust" { rust } else { sql };
        let [mentees, mentors, price] = numbers;
        json!({ "skill": { "id": id, "slug": slug, "name": name }, "mentees": mentees, "mentors": mentors,
            "medianSeatPrice": price })
    };
    assert_eq!(insights["skills"], json!([of("rust", "Rust", [14, 13, 300]), of("sql", "SQL", [12, 12, 0])]));
    assert_eq!(insights["mentorsNeverShown"], 15);
    app.clock.advance(TimeDelta::days(90));
    assert_eq!(owner.get(PATH).await.ok()["mentorsNeverShown"], Value::Null, "all of them: none is left");
}

/// Everybody seeks one skill, and how many seek any is known: what is told must leave ten at least, or nobody.
#[tokio::test]
async fn what_is_told_does_not_give_away_a_skill_that_few_seek() {
    let app = App::start().await;
    let owner = app.owner().await;
    let skills = [skill(&app, "Rust").await, skill(&app, "SQL").await, skill(&app, "Cobol").await];
    for (skill, count) in skills.into_iter().zip([14, 12, 4]) {
        seeking(&app, skill, count).await;
    }
    offering(&app, skills[2], 9).await;
    let known = owner.get("/admin/usage").await.ok()["users"]["activeMentees"].as_i64().unwrap();
    let insights = owner.get(PATH).await.ok();
    let told = insights["skills"].as_array().unwrap();
    let counts: Vec<_> = told.iter().filter_map(|skill| skill["mentees"].as_i64()).collect();
    assert_eq!(counts, [14], "the twelve would give the four away: {told:?}");
    assert!(known - counts.iter().sum::<i64>() >= 10);
    assert!(told.iter().all(|skill| skill["mentors"].is_null() && skill["skill"]["slug"] != "cobol"), "{told:?}");
    assert_eq!(insights["mentorsNeverShown"], Value::Null);
}
