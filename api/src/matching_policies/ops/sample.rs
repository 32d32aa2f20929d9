use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::side::Side;
use entity::user;
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use super::preview::Named;
use crate::error::{Error, Fault, Result};
use crate::sql::Sql;

/// How many mentees a preview shows where none are named, and among how many of the newest they are found.
const USUAL: usize = 10;
const AMONG: u32 = 1000;

#[derive(FromQueryResult)]
struct Found {
    id: Uuid,
    name: String,
}

/// The mentees that a preview is for, in the order named; where none are, the same ones at each call until the members change.
pub async fn mentees(db: &impl ConnectionTrait, named: Option<&[Uuid]>, now: DateTime<Utc>) -> Result<Vec<Named>> {
    let Some(ids) = named else { return Ok(spread(available(db, None, now).await?)) };
    let mut found: HashMap<_, _> = available(db, Some(ids), now).await?.into_iter().map(|one| (one.id, one)).collect();
    let unknown = ids.iter().enumerate().filter(|(_, id)| !found.contains_key(id));
    let told = "no mentee who can be matched has this id";
    let faults: Vec<_> = unknown.map(|(at, _)| Fault::new(format!("/sample/{at}"), "unknown_value", told)).collect();
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}

/// Those of `ids`, else of all, who can be matched as mentees: the newest.
async fn available(db: &impl ConnectionTrait, ids: Option<&[Uuid]>, now: DateTime<Utc>) -> Result<Vec<Named>> {
    let mut sql = Sql::default();
    let among = ids.map(|ids| format!("id IN ({}) AND", sql.bind_all(ids.iter().copied()))).unwrap_or_default();
    let available = user::available_sql(Side::Mentee, &sql.bind(now));
    sql.text = format!("SELECT id, name FROM users WHERE {among} {available} ORDER BY id DESC LIMIT {AMONG}");
    Ok(sql.all::<Found>(db).await?.into_iter().map(|Found { id, name }| Named { id, name }).collect())
}

/// Some of `all` at equal distances: all where there are few.
fn spread<T>(all: Vec<T>) -> Vec<T> {
    let (length, count) = (all.len(), all.len().min(USUAL));
    let places: Vec<_> = (0..count).map(|at| at * length / count).collect();
    all.into_iter().enumerate().filter(|(at, _)| places.contains(at)).map(|(_, one)| one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_spread_over_all() {
        for count in [0, 1, 9, 10, 11, 19, 20, 999, 1000] {
            let chosen = spread((0..count).collect());
            assert_eq!(chosen.len(), count.min(USUAL), "of {count}");
            assert!(chosen.iter().zip(chosen.iter().skip(1)).all(|(one, next)| next - one <= count.div_ceil(USUAL)));
        }
    }
}
