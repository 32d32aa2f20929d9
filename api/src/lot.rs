//! Who of too many is worked on at once: whom the lot draws, and neither who came first nor anybody else is preferred.

use chrono::{DateTime, Utc};
use entity::side::Side;
use entity::user;
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use crate::error::Result;
use crate::sql::Sql;

/// So many of a side are worked on at once at most.
pub const MOST_PEOPLE: usize = 50_000;

#[derive(FromQueryResult)]
struct Found {
    id: Uuid,
}

/// Everybody who can be matched on `side`, by id.
pub async fn available(db: &impl ConnectionTrait, side: Side, now: DateTime<Utc>) -> Result<Vec<Uuid>> {
    let mut sql = Sql::default();
    let now = sql.bind(now);
    sql.text = format!("SELECT users.id FROM users WHERE {} ORDER BY users.id", user::available_sql(side, &now));
    Ok(sql.all::<Found>(db).await?.into_iter().map(|found| found.id).collect())
}

/// At most `most` of them; others for another `seed`.
pub fn draw<T>(mut people: Vec<T>, most: usize, seed: &[u8], id: impl Fn(&T) -> Uuid) -> Vec<T> {
    if people.len() > most {
        people.sort_by_cached_key(|one| lot(seed, id(one)));
        people.truncate(most);
    }
    people
}

/// Those in one of so many groups of about the same size, by its number. Everybody is in one, and stays there.
pub fn group(mut ids: Vec<Uuid>, groups: u32, number: u32) -> Vec<Uuid> {
    ids.retain(|id| {
        let [a, b, c, d, ..] = lot(&[], *id);
        u32::from_le_bytes([a, b, c, d]) % groups.max(1) == number
    });
    ids
}

fn lot(seed: &[u8], id: Uuid) -> [u8; blake3::OUT_LEN] {
    *blake3::hash(&[seed, id.as_bytes()].concat()).as_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(count: u128) -> Vec<Uuid> {
        (1..=count).map(Uuid::from_u128).collect()
    }

    #[test]
    fn too_many_are_drawn_by_lot_whoever_stands_first() {
        let drawn = |ids: Vec<Uuid>, seed: &[u8]| draw(ids, 10, seed, |id| *id);
        let first = drawn(ids(50), &[]);
        assert_eq!(first.len(), 10);
        assert_eq!(drawn(ids(50).into_iter().rev().collect(), &[]), first);
        assert_ne!(drawn(ids(50), &[1]), first);
        assert_eq!(drawn(ids(10), &[]), ids(10));
    }

    #[test]
    fn everybody_is_in_one_group() {
        let groups: Vec<_> = (0..4).map(|number| group(ids(400), 4, number)).collect();
        assert!(groups.iter().all(|group| (70..130).contains(&group.len())), "{groups:?}");
        let mut all = groups.concat();
        all.sort_unstable();
        assert_eq!(all, ids(400));
        assert_eq!(group(ids(9), 1, 0), ids(9));
    }
}
