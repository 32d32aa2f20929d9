//! Who takes part in a run, as the database says it now.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use entity::match_run::{Filters, Model};
use entity::mentorship::HOLDS_PLACE;
use entity::side::Side;
use entity::user;
use matching::{Horizon, Profile};
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use crate::candidates::blocks;
use crate::candidates::profiles::{self, Who};
use crate::error::Result;
use crate::match_runs::frozen::Frozen;
use crate::matching_policies;
use crate::settings;
use crate::sql::Sql;

/// So many on a side, and so many pairs, at most: what is solved in minutes.
const MOST_PEOPLE: usize = 50_000;
const MOST_PAIRS: usize = 200_000_000;
/// How many are read at a time.
const AT_A_TIME: usize = 5_000;
/// Fewer than one in so many are few.
const FEW: usize = 4;

#[derive(FromQueryResult)]
struct Found {
    id: Uuid,
}

/// Freezes whom `run` takes; `None` where there are too many.
pub async fn freeze(db: &impl ConnectionTrait, run: &Model, now: DateTime<Utc>) -> Result<Option<Frozen>> {
    let settings = settings::ops::current(db).await?;
    let policy = matching_policies::ops::current(db).await?;
    let mentors = side(db, run, Side::Mentor, now).await?;
    let mentees = side(db, run, Side::Mentee, now).await?;
    let is_large = mentors.len().max(mentees.len()) > MOST_PEOPLE;
    if is_large || mentors.len() * mentees.len() > MOST_PAIRS {
        return Ok(None);
    }
    let people = mentors.iter().chain(&mentees).map(|one| one.user_id).collect();
    let blocks = blocks::among(db, &people, &settings, now).await?;
    Ok(Some(Frozen::new(&policy, Horizon::new(now), mentors, mentees, &blocks)))
}

/// Those of a side who can be matched and whom the filters let through. A mentor without a free place is no part of it.
async fn side(db: &impl ConnectionTrait, run: &Model, side: Side, now: DateTime<Utc>) -> Result<Vec<Profile>> {
    let filters = &run.filters;
    let (wanted, most) =
        side.pick((&filters.mentor_ids, filters.most_mentors), (&filters.mentee_ids, filters.most_mentees));
    let there = available(db, side, now).await?;
    let all = there.len();
    let wanted: HashSet<_> = wanted.iter().copied().collect();
    let mut asked: Vec<_> = there.into_iter().filter(|id| wanted.is_empty() || wanted.contains(id)).collect();
    // Where no profile decides who is let through, the lot can fall before they are read.
    if !asks_profiles(filters) {
        asked = draw(asked, |id| *id, most, run.seed);
    }
    let people = read(db, side, (asked, all), now).await?;
    let fit = |one: &Profile| (side == Side::Mentee || one.seats.free > 0) && lets_through(filters, one);
    Ok(draw(people.into_iter().filter(fit).collect(), |one| one.user_id, most, run.seed))
}

/// These of so many: by their ids where they are few, or else with all who come in between. A statement more costs more than a row.
async fn read(
    db: &impl ConnectionTrait,
    side: Side,
    (mut ids, of): (Vec<Uuid>, usize),
    now: DateTime<Utc>,
) -> Result<Vec<Profile>> {
    let are_few = ids.len() < of / FEW;
    ids.sort_unstable();
    let (mut people, mut after) = (Vec::with_capacity(ids.len()), Uuid::nil());
    for part in ids.chunks(AT_A_TIME) {
        let Some(last) = part.last().copied() else { continue };
        let who = if are_few { Who::These(part) } else { Who::Between(after, last) };
        let asked: HashSet<_> = part.iter().copied().collect();
        let read = profiles::load(db, side, who, now).await?;
        people.extend(read.into_values().filter(|one| asked.contains(&one.user_id)));
        after = last;
    }
    Ok(people)
}

async fn available(db: &impl ConnectionTrait, side: Side, now: DateTime<Utc>) -> Result<Vec<Uuid>> {
    let mut sql = Sql::default();
    let now = sql.bind(now);
    let taken = format!(
        "LEFT JOIN (SELECT mentor_id, count(*) AS places FROM mentorships WHERE {HOLDS_PLACE} GROUP BY mentor_id) taken
            ON taken.mentor_id = users.id"
    );
    let (taken, free) = side.pick((taken.as_str(), "AND users.mentor_capacity > COALESCE(taken.places, 0)"), ("", ""));
    let available = user::available_sql(side, &now);
    sql.text = format!("SELECT users.id FROM users {taken} WHERE {available} {free} ORDER BY users.id");
    Ok(sql.all::<Found>(db).await?.into_iter().map(|found| found.id).collect())
}

fn asks_profiles(filters: &Filters) -> bool {
    let terms = [&filters.topics, &filters.skills, &filters.industries];
    terms.iter().any(|asked| !asked.is_empty()) || !filters.languages.is_empty()
}

fn lets_through(filters: &Filters, person: &Profile) -> bool {
    let any = |wanted: &[Uuid], has: &dyn Fn(&Uuid) -> bool| wanted.is_empty() || wanted.iter().any(has);
    any(&filters.topics, &|id| person.topics.contains(id))
        && any(&filters.skills, &|id| person.skills.contains_key(id))
        && any(&filters.industries, &|id| person.industries.contains(id))
        && (filters.languages.is_empty() || filters.languages.iter().any(|one| person.languages.contains(one)))
}

/// Where there are too many, a draw by the seed takes some: neither who came first nor anybody else is preferred.
fn draw<T>(mut people: Vec<T>, id: impl Fn(&T) -> Uuid, most: Option<u32>, seed: i64) -> Vec<T> {
    let Some(most) = most.map(|most| most as usize).filter(|most| *most < people.len()) else { return people };
    let lot = |person: &T| {
        let words = [seed.to_le_bytes().as_slice(), id(person).as_bytes()].concat();
        *blake3::hash(&words).as_bytes()
    };
    people.sort_by_cached_key(lot);
    people.truncate(most);
    people
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(number: u128) -> Profile {
        Profile { user_id: Uuid::from_u128(number), ..Profile::default() }
    }

    #[test]
    fn a_draw_is_the_same_for_a_seed_whoever_stands_first() {
        let people: Vec<_> = (0..50).map(Uuid::from_u128).collect();
        let drawn = |people: Vec<Uuid>, most, seed| draw(people, |id| *id, most, seed);
        let first = drawn(people.clone(), Some(10), 1);
        assert_eq!(first.len(), 10);
        assert_eq!(drawn(people.iter().rev().copied().collect(), Some(10), 1), first);
        assert_ne!(drawn(people.clone(), Some(10), 2), first);
        assert_eq!(drawn(people.clone(), None, 1), people);
        assert_eq!(drawn(people.clone(), Some(50), 1), people);
    }

    #[test]
    fn one_of_a_list_is_enough_and_each_list_counts() {
        let id = Uuid::from_u128;
        let mut one = person(1);
        one.topics = [id(5)].into();
        one.languages = ["de".to_owned()].into();
        let asks = |topics: Vec<Uuid>, languages: &[&str]| Filters {
            topics,
            languages: languages.iter().map(|one| (*one).to_owned()).collect(),
            ..Filters::default()
        };
        assert!(lets_through(&asks(vec![], &[]), &one));
        assert!(lets_through(&asks(vec![id(4), id(5)], &["en", "de"]), &one));
        assert!(!lets_through(&asks(vec![id(4)], &["de"]), &one));
        assert!(!lets_through(&asks(vec![id(5)], &["en"]), &one));
    }
}
