//! The proof of a plan, checked over all pairs by code that knows nothing of the solver: from the certificate as the API answers it,
//! and from everybody's profile as the database has it.

use std::collections::{HashMap, HashSet};

use anyhow::{Context, Result, ensure};
use api::candidates::{blocks, profiles};
use api::matching_policies;
use chrono::Utc;
use entity::setting;
use entity::side::Side;
use matching::cohort::{FORBIDDEN, Scores};
use matching::{Profile, Roster};
use sea_orm::{Database, EntityTrait};
use serde_json::Value;
use uuid::Uuid;

const MOST: usize = 100_000;

/// A price by person, and for how many pairs it counts.
type Prices = HashMap<Uuid, (i64, i64)>;

/// How many possible pairs the prices hold for.
///
/// # Errors
/// Where a pair has more points than its prices, or they do not add up to the plan's points.
pub async fn check(url: &str, proof: &Value) -> Result<usize> {
    let (mentees, mentors) = (prices(&proof["mentees"])?, prices(&proof["mentors"])?);
    let worth: i64 = mentees.values().chain(mentors.values()).map(|(price, seats)| price * seats).sum();
    ensure!(proof["totals"]["points"] == worth, "the prices come to {worth}");
    ensure!(mentees.values().chain(mentors.values()).all(|(price, _)| *price >= 0), "a price is negative");
    let excluded = couples(&proof["excluded"])?;
    let roster = roster(url, &mentees, &mentors).await?;
    let (mut row, mut possible) = (vec![FORBIDDEN; roster.mentors().len()], 0);
    for (place, mentee) in roster.mentees().iter().enumerate() {
        roster.row(place, &mut row);
        let bid = mentees[&mentee.user_id].0;
        for (points, mentor) in row.iter().zip(roster.mentors()).filter(|(points, _)| **points != FORBIDDEN) {
            let is_bound = i64::from(*points) <= bid + mentors[&mentor.user_id].0;
            ensure!(is_bound || excluded.contains(&(mentor.user_id, mentee.user_id)), "a pair is worth more");
            possible += 1;
        }
    }
    Ok(possible)
}

async fn roster(url: &str, mentees: &Prices, mentors: &Prices) -> Result<Roster> {
    let (db, now) = (Database::connect(url).await?, now());
    let side = async |side, of: &Prices| -> Result<Vec<Profile>> {
        let everybody =
            profiles::of_everybody(&db, side, MOST, now).await.map_err(|error| anyhow::anyhow!("{error:?}"))?;
        Ok(everybody.context("too many")?.into_iter().filter(|one| of.contains_key(&one.user_id)).collect())
    };
    let settings = setting::Entity::find().one(&db).await?.context("no settings")?;
    let policy = matching_policies::ops::current(&db).await.map_err(|error| anyhow::anyhow!("{error:?}"))?;
    let blocks = blocks::of_everybody(&db, &settings, now).await.map_err(|error| anyhow::anyhow!("{error:?}"))?;
    Ok(Roster::new(policy, now, side(Side::Mentor, mentors).await?, side(Side::Mentee, mentees).await?, blocks)?)
}

fn now() -> chrono::DateTime<Utc> {
    api::state::Clock::system().now()
}

fn prices(list: &Value) -> Result<Prices> {
    let price = |one: &Value| Some((id(&one["id"])?, (one["price"].as_i64()?, one["seats"].as_i64().unwrap_or(1))));
    list.as_array().into_iter().flatten().map(price).collect::<Option<_>>().context("no prices")
}

fn couples(list: &Value) -> Result<HashSet<(Uuid, Uuid)>> {
    let couple = |one: &Value| Some((id(&one["mentorId"])?, id(&one["menteeId"])?));
    list.as_array().into_iter().flatten().map(couple).collect::<Option<_>>().context("no couples")
}

fn id(value: &Value) -> Option<Uuid> {
    value.as_str()?.parse().ok()
}
