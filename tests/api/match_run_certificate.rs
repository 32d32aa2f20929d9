//! The proof of a plan for a whole seeded programme, checked by code that knows nothing of the solver: each pair that may be is
//! judged by itself.

use std::collections::{BTreeMap, BTreeSet};

use api::candidates::{blocks, profiles};
use api::matching_policies;
use entity::setting;
use entity::side::Side;
use matching::{Horizon, PairBlocks, Policy, Profile, judge};
use sea_orm::EntityTrait;
use serde_json::{Value, json};
use support::App;

use crate::match_runs::{RUNS, id_of, run};

/// Everybody of a programme, as it would be matched now.
struct Programme {
    policy: Policy,
    blocks: PairBlocks,
    horizon: Horizon,
    mentors: BTreeMap<String, Profile>,
    mentees: BTreeMap<String, Profile>,
}

impl Programme {
    async fn of(app: &App) -> Self {
        let (db, now) = (app.db(), app.clock.now());
        let side = async |side| {
            let people = profiles::of_everybody(db, side, 10_000, now).await.unwrap().unwrap();
            people.into_iter().map(|one| (one.user_id.to_string(), one)).collect()
        };
        let settings = setting::Entity::find().one(db).await.unwrap().unwrap();
        Self {
            policy: matching_policies::ops::current(db).await.unwrap(),
            blocks: blocks::of_everybody(db, &settings, now).await.unwrap(),
            horizon: Horizon::new(now),
            mentors: side(Side::Mentor).await,
            mentees: side(Side::Mentee).await,
        }
    }

    fn points(&self, mentor: &str, mentee: &str) -> Option<i64> {
        let (mentor, mentee) = (&self.mentors[mentor], &self.mentees[mentee]);
        let points = judge(&self.policy, mentor, mentee, &self.blocks, &self.horizon).ok()?;
        Some(i64::from(points.total()))
    }
}

/// Whose price, and for how many pairs it counts.
fn prices(list: &Value) -> BTreeMap<String, (i64, i64)> {
    let price = |one: &Value| {
        let (price, seats) = (one["price"].as_i64().unwrap(), one["seats"].as_i64().unwrap_or(1));
        (one["id"].as_str().unwrap().to_owned(), (price, seats))
    };
    list.as_array().unwrap().iter().map(price).collect()
}

fn couples(list: &[Value]) -> BTreeSet<(String, String)> {
    let id = |value: &Value| value.as_str().unwrap().to_owned();
    list.iter().map(|one| (id(&one["mentorId"]), id(&one["menteeId"]))).collect()
}

/// Prices that no possible pair exceeds, and that add up to the plan's points: what is wrong with them, if anything.
fn fault(programme: &Programme, proof: &Value) -> Option<String> {
    let (mentees, mentors) = (prices(&proof["mentees"]), prices(&proof["mentors"]));
    let excluded = couples(proof["excluded"].as_array().unwrap());
    for (mentee, (bid, _)) in &mentees {
        for (mentor, (price, _)) in &mentors {
            let points =
                programme.points(mentor, mentee).filter(|_| !excluded.contains(&(mentor.clone(), mentee.clone())));
            if points.is_some_and(|points| points > bid + price) {
                return Some(format!("{mentor} and {mentee} have {points:?} of {}", bid + price));
            }
        }
    }
    let all = || mentees.values().chain(mentors.values());
    let worth: i64 = all().map(|(price, seats)| price * seats).sum();
    let points = proof["totals"]["points"].as_i64().unwrap();
    if all().any(|(price, _)| *price < 0) || worth != points {
        return Some(format!("the prices come to {worth}, the plan to {points}"));
    }
    None
}

/// Some hundred members of whom most are mentors or mentees.
async fn programme() -> App {
    let app = App::start().await;
    let options = seeder::Options { seed: 1, scale: Some(400), bare: true, progress: false };
    seeder::seed(app.db(), options).await.unwrap();
    app
}

#[tokio::test]
async fn no_plan_for_the_seeded_programme_is_better() {
    let app = programme().await;
    let admin = app.admin().await;
    let plan = run(&app, &admin, json!({})).await;
    let path = format!("{RUNS}/{}", id_of(&plan));
    let programme = Programme::of(&app).await;
    let proof = admin.get(format!("{path}/certificate")).await.ok();
    assert_eq!(fault(&programme, &proof), None);
    let pairs = admin.all(format!("{path}/pairs?limit=100")).await;
    assert!(pairs.len() > 20, "a plan worth a proof: {}", pairs.len());
    let id = |pair: &Value, side: &str| pair[side]["id"].as_str().unwrap().to_owned();
    let judged: i64 = pairs.iter().map(|one| programme.points(&id(one, "mentor"), &id(one, "mentee")).unwrap()).sum();
    assert_eq!(judged, proof["totals"]["points"].as_i64().unwrap());
    let taken: BTreeSet<_> = pairs.iter().map(|one| id(one, "mentee")).collect();
    assert_eq!(taken.len(), pairs.len(), "one mentor each");
    for (mentor, (_, seats)) in prices(&proof["mentors"]) {
        assert!(pairs.iter().filter(|one| id(one, "mentor") == mentor).count() as i64 <= seats);
        assert!(seats <= i64::from(programme.mentors[&mentor].seats.free));
    }
}

/// The check is none if it lets a wrong proof pass.
#[tokio::test]
async fn a_proof_with_a_wrong_price_is_none() {
    let app = programme().await;
    let admin = app.admin().await;
    let plan = run(&app, &admin, json!({})).await;
    let programme = Programme::of(&app).await;
    let proof = admin.get(format!("{RUNS}/{}/certificate", id_of(&plan))).await.ok();
    let dear = proof["mentees"].as_array().unwrap().iter().position(|one| one["price"].as_i64() > Some(0)).unwrap();
    for change in [-1, 1] {
        let mut wrong = proof.clone();
        wrong["mentees"][dear]["price"] = json!(proof["mentees"][dear]["price"].as_i64().unwrap() + change);
        assert!(fault(&programme, &wrong).is_some());
    }
}
