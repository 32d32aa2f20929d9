use std::collections::HashMap;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use entity::side::Side;
use entity::user::{self, PreferredGender};
use matching::{Gender, Hours, Profile, Seats, Skill, Standing, Window};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, QueryResult};
use uuid::Uuid;

use super::rows::{List, Rows};
use crate::error::Result;
use crate::sql::Sql;

pub use super::rows::Who;

/// Steps that are told apart.
const LADDER: i64 = 254;

pub const BOTH: [Side; 2] = [Side::Mentor, Side::Mentee];

/// What matching needs to know of these users on `side`, whether or not they can be matched at `now`.
pub async fn load(
    db: &impl ConnectionTrait,
    side: Side,
    who: Who<'_>,
    now: DateTime<Utc>,
) -> Result<HashMap<Uuid, Profile>> {
    if matches!(who, Who::These([])) {
        return Ok(HashMap::new());
    }
    let profiles = profiles(&Rows::read(db, &[side], who, now).await?, &[side])?;
    Ok(profiles.into_iter().map(|(_, profile)| (profile.user_id, profile)).collect())
}

/// The same on both sides.
pub async fn load_both(db: &impl ConnectionTrait, who: Who<'_>, now: DateTime<Utc>) -> Result<Vec<(Side, Profile)>> {
    if matches!(who, Who::These([])) {
        return Ok(Vec::new());
    }
    Ok(profiles(&Rows::read(db, &BOTH, who, now).await?, &BOTH)?)
}

/// Everybody who can be matched on `side`; none where they are more than `most`.
pub async fn of_everybody(
    db: &impl ConnectionTrait,
    side: Side,
    most: usize,
    now: DateTime<Utc>,
) -> Result<Option<Vec<Profile>>> {
    let (mut everybody, mut after) = (Vec::new(), Uuid::nil());
    while let Some(last) = chunk_end(db, after).await? {
        let some = load(db, side, Who::Between(after, last), now).await?;
        everybody.extend(some.into_values().filter(|one| one.standing == Standing::default()));
        if everybody.len() > most {
            return Ok(None);
        }
        after = last;
    }
    Ok(Some(everybody))
}

/// Users that are read at once.
const CHUNK: u32 = 10_000;

#[derive(FromQueryResult)]
struct LastRow {
    last: Uuid,
}

/// The last of the users that are read at once after `after`; none where there are no more.
pub async fn chunk_end(db: &impl ConnectionTrait, after: Uuid) -> Result<Option<Uuid>> {
    let mut sql = Sql::default();
    sql.text = format!(
        "SELECT id AS last FROM (SELECT id FROM users WHERE id > {} ORDER BY id LIMIT {CHUNK}) chunk \
         ORDER BY id DESC LIMIT 1",
        sql.bind(after)
    );
    Ok(sql.all::<LastRow>(db).await?.pop().map(|row| row.last))
}

/// Somebody on the sides that are asked for.
struct Person {
    zone: Tz,
    sides: Vec<(Side, Profile)>,
}

/// What the rows say of each on each of `sides`.
pub fn profiles(rows: &Rows, sides: &[Side]) -> Result<Vec<(Side, Profile)>, DbErr> {
    let mut people = HashMap::with_capacity(rows.people.len());
    for row in &rows.people {
        people.insert(row.try_get_by_index::<Uuid>(0)?, person(row, sides)?);
    }
    for row in &rows.lists {
        let list = List::numbered(row.try_get_by_index(0)?);
        let (list, Some(person)) = (list, people.get_mut(&row.try_get_by_index::<Uuid>(1)?)) else { continue };
        if let Some(list) = list {
            person.take_list(list, &row.try_get_by_index::<Vec<u8>>(2)?);
        }
    }
    for row in &rows.seats {
        if let Some(person) = people.get_mut(&row.try_get_by_index::<Uuid>(1)?) {
            person.take_seats(&row.try_get_by_index::<String>(0)?, row.try_get_by_index(2)?);
        }
    }
    Ok(people.into_values().flat_map(|person| person.sides).collect())
}

fn person(row: &QueryResult, sides: &[Side]) -> Result<Person, DbErr> {
    let location: Option<String> = row.try_get_by_index(2)?;
    let step: Option<i64> = row.try_get_by_index(12)?;
    let (is_active, onboarded): (bool, bool) = (row.try_get_by_index(6)?, row.try_get_by_index(9)?);
    let paused = row.try_get_by_index(10)?;
    let wants: [bool; 2] = [row.try_get_by_index(7)?, row.try_get_by_index(8)?];
    let theirs: Option<user::Gender> = row.try_get_by_index(4)?;
    let wanted: PreferredGender = row.try_get_by_index(5)?;
    let shared = Profile {
        user_id: row.try_get_by_index(0)?,
        in_person: row.try_get_by_index(1)?,
        place: location.as_deref().and_then(matching::place),
        seniority: step.and_then(|step| u8::try_from(step.min(LADDER)).ok()),
        seats: Seats { free: u16::try_from(row.try_get_by_index::<i16>(11)?).unwrap_or_default(), ..Seats::default() },
        ..Profile::default()
    };
    let on = |side: Side| Profile {
        gender: side.pick(theirs.map_or(Gender::NONE, gender), Gender::NONE),
        preferred_gender: side.pick(Gender::NONE, preferred(wanted)),
        standing: Standing { active: is_active && side.pick(wants[0], wants[1]), onboarded, paused },
        ..shared.clone()
    };
    let zone = row.try_get_by_index::<String>(3)?.parse().unwrap_or(Tz::UTC);
    Ok(Person { zone, sides: sides.iter().map(|side| (*side, on(*side))).collect() })
}

impl Person {
    fn take_list(&mut self, list: List, bytes: &[u8]) {
        let of_list = |side: &Side| list.side().is_none_or(|only| only == *side);
        for (_, profile) in self.sides.iter_mut().filter(|(side, _)| of_list(side)) {
            match list {
                List::Skills(_) => profile.skills = skills(bytes).collect(),
                List::Topics(_) => profile.topics = ids(bytes).collect(),
                List::SoftSkills(_) => profile.soft_skills = ids(bytes).collect(),
                List::Industries => profile.industries = ids(bytes).collect(),
                List::Languages => profile.languages = tags(bytes).collect(),
                List::Windows => profile.hours = Hours::new(self.zone, windows(bytes)),
            }
        }
    }

    /// A mentor's; a mentee's count for nothing.
    fn take_seats(&mut self, what: &str, count: i64) {
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        for (_, Profile { seats, .. }) in self.sides.iter_mut().filter(|(side, _)| *side == Side::Mentor) {
            match what {
                "price" => seats.price = u16::try_from(count).unwrap_or_default(),
                "held" => seats.free = seats.free.saturating_sub(u16::try_from(count).unwrap_or(u16::MAX)),
                _ => seats.open_suggestions = count,
            }
        }
    }
}

fn ids(bytes: &[u8]) -> impl Iterator<Item = Uuid> {
    bytes.as_chunks().0.iter().map(|id| Uuid::from_bytes(*id))
}

fn skills(bytes: &[u8]) -> impl Iterator<Item = (Uuid, Skill)> {
    bytes.as_chunks::<20>().0.iter().filter_map(|skill| {
        let (id, rest) = skill.split_first_chunk()?;
        let [level, priority] = numbers(rest).map(|number| u8::try_from(number).unwrap_or_default());
        Some((Uuid::from_bytes(*id), Skill { level: (level > 0).then_some(level), priority }))
    })
}

fn windows(bytes: &[u8]) -> impl Iterator<Item = Window> {
    bytes.as_chunks::<6>().0.iter().map(|window| {
        let [weekday, start_minute, end_minute] = numbers(window);
        Window { weekday, start_minute, end_minute }
    })
}

/// Of two bytes each.
fn numbers<const N: usize>(bytes: &[u8]) -> [i16; N] {
    let mut numbers = [0; N];
    numbers.iter_mut().zip(bytes.as_chunks().0).for_each(|(number, bytes)| *number = i16::from_be_bytes(*bytes));
    numbers
}

fn tags(bytes: &[u8]) -> impl Iterator<Item = String> {
    bytes.split(|byte| *byte == b' ').filter(|tag| !tag.is_empty()).map(|tag| String::from_utf8_lossy(tag).into_owned())
}

fn gender(gender: user::Gender) -> Gender {
    let number = match gender {
        user::Gender::Female => 1,
        user::Gender::Male => 2,
        user::Gender::NonBinary => 3,
        user::Gender::Other => 4,
    };
    Gender::numbered(number).unwrap_or_default()
}

fn preferred(preferred: PreferredGender) -> Gender {
    match preferred {
        PreferredGender::Any => Gender::NONE,
        PreferredGender::Female => gender(user::Gender::Female),
        PreferredGender::Male => gender(user::Gender::Male),
        PreferredGender::NonBinary => gender(user::Gender::NonBinary),
        PreferredGender::Other => gender(user::Gender::Other),
    }
}
