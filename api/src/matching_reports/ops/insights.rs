//! What is sought and offered at present.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use entity::mentorship::HOLDS_PLACE;
use entity::side::Side;
use entity::user;
use matching::fairness::FEWEST;
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::error::Result;
use crate::matching_reports::wire::{MatchingInsightsOut, SkillMarketOut};
use crate::small_groups::hide_overlapping;
use crate::sql::Sql;
use crate::state::AppState;
use crate::taxonomy;

const RECENT: TimeDelta = TimeDelta::days(90);
/// Skills that are listed.
const MOST: usize = 100;
const LEAST: i64 = FEWEST as i64;

#[derive(FromQueryResult)]
struct SoughtRow {
    skill_id: Uuid,
    people: i64,
}

#[derive(FromQueryResult)]
struct OfferedRow {
    skill_id: Uuid,
    price: i16,
    people: i64,
}

#[derive(FromQueryResult)]
struct TotalsRow {
    mentees: i64,
    mentors: i64,
    never_shown: i64,
}

/// Who seek a skill, and who offer it, by the price of their next seat.
#[derive(Default)]
struct Market {
    mentees: i64,
    mentors: BTreeMap<i16, i64>,
}

/// What of a skill may be told.
struct Told {
    skill: Uuid,
    mentees: Option<i64>,
    mentors: Option<i64>,
    price: Option<i16>,
}

pub async fn insights(state: &AppState) -> Result<MatchingInsightsOut> {
    let _place = state.searches.begin()?;
    let now = state.clock.now();
    let totals = totals(state, now).await?;
    let told = told(&markets(state, now).await?, &totals);
    let terms = taxonomy::ops::by_id(state.read(), told.iter().map(|one| one.skill)).await?;
    let terms: BTreeMap<_, _> = terms.into_iter().map(|term| (term.id, term)).collect();
    let skill = |told: Told| {
        let Told { skill, mentees, mentors, price } = told;
        Some(SkillMarketOut { skill: terms.get(&skill)?.clone(), mentees, mentors, median_seat_price: price })
    };
    Ok(MatchingInsightsOut {
        skills: told.into_iter().filter_map(skill).collect(),
        mentors_never_shown: hide_overlapping(&[totals.never_shown], LEAST, totals.mentors).pop().flatten(),
        counted_at: now.into(),
    })
}

/// The most sought first, those without anything to tell left out.
fn told(markets: &BTreeMap<Uuid, Market>, totals: &TotalsRow) -> Vec<Told> {
    let offering = |market: &Market| market.mentors.values().sum::<i64>();
    let mentees: Vec<_> = markets.values().map(|market| market.mentees).collect();
    let mentors: Vec<_> = markets.values().map(offering).collect();
    let mentees = hide_overlapping(&mentees, LEAST, totals.mentees);
    let mentors = hide_overlapping(&mentors, LEAST, totals.mentors);
    let mut told = Vec::new();
    for ((skill, market), (mentees, mentors)) in markets.iter().zip(mentees.into_iter().zip(mentors)) {
        let price = mentors.and_then(|mentors| median(&market.mentors, mentors));
        told.push(Told { skill: *skill, mentees, mentors, price });
    }
    told.retain(|one| one.mentees.is_some() || one.mentors.is_some());
    told.sort_by_key(|one| (std::cmp::Reverse((one.mentees, one.mentors)), one.skill));
    told.truncate(MOST);
    told
}

/// The lower one, of values each so often, `all` together.
fn median(counts: &BTreeMap<i16, i64>, all: i64) -> Option<i16> {
    let mut rising = counts.iter().scan(0, |reached, (value, count)| {
        *reached += count;
        Some((*value, *reached))
    });
    rising.find(|(_, reached)| 2 * reached >= all).map(|(value, _)| value)
}

async fn markets(state: &AppState, now: DateTime<Utc>) -> Result<BTreeMap<Uuid, Market>> {
    let mut markets: BTreeMap<Uuid, Market> = BTreeMap::new();
    let mut sql = Sql::default();
    let at = sql.bind(now);
    sql.text = format!(
        "SELECT k.skill_id, COUNT(*) AS people FROM mentee_skills k JOIN users ON users.id = k.user_id
        WHERE {} GROUP BY k.skill_id",
        user::available_sql(Side::Mentee, &at)
    );
    for row in sql.all::<SoughtRow>(state.read()).await? {
        markets.entry(row.skill_id).or_default().mentees = row.people;
    }
    let mut sql = Sql::default();
    let at = sql.bind(now);
    sql.text = format!(
        "SELECT k.skill_id, offering.price, COUNT(*) AS people FROM mentor_skills k
        JOIN ({}) offering ON offering.id = k.user_id GROUP BY k.skill_id, offering.price",
        offering(&at)
    );
    for row in sql.all::<OfferedRow>(state.read()).await? {
        markets.entry(row.skill_id).or_default().mentors.insert(row.price, row.people);
    }
    Ok(markets)
}

async fn totals(state: &AppState, now: DateTime<Utc>) -> Result<TotalsRow> {
    let mut sql = Sql::default();
    let (at, since) = (sql.bind(now), sql.bind(now - RECENT));
    sql.text = format!(
        "SELECT (SELECT COUNT(*) FROM users WHERE {}) AS mentees, COUNT(*) AS mentors,
            COUNT(*) FILTER (WHERE NOT EXISTS (SELECT 1 FROM suggestions s WHERE s.mentor_id = offering.id
                AND s.created_at > {since})) AS never_shown
        FROM ({}) offering",
        user::available_sql(Side::Mentee, &at),
        offering(&at)
    );
    let row = sql.all(state.read()).await?.pop();
    Ok(row.ok_or_else(|| anyhow::anyhow!("a count answered no row"))?)
}

/// Mentors with a free place and the price of the next; who has none is wanted by nobody else.
fn offering(now: &str) -> String {
    format!(
        "SELECT users.id, CAST(COALESCE(p.price, 0) AS smallint) AS price FROM users
        LEFT JOIN seat_prices p ON p.mentor_id = users.id
        LEFT JOIN (SELECT mentor_id, COUNT(*) AS places FROM mentorships WHERE {HOLDS_PLACE} GROUP BY mentor_id) held
            ON held.mentor_id = users.id
        WHERE {} AND users.mentor_capacity > COALESCE(held.places, 0)",
        user::available_sql(Side::Mentor, now)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_a_value_that_half_do_not_exceed() {
        let counts = BTreeMap::from([(0, 4), (30, 1), (70, 5)]);
        assert_eq!(median(&counts, 10), Some(30));
        assert_eq!(median(&BTreeMap::from([(0, 5), (9, 5)]), 10), Some(0));
        assert_eq!(median(&BTreeMap::new(), 0), None);
    }
}
