use chrono::{DateTime, Utc};
use entity::side::Side;
use matching::{Index, Policy, Profile};
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use super::profiles::{self, Who};
use crate::error::Result;
use crate::sql::Sql;

/// Users that are read at once.
const CHUNK: u32 = 10_000;

#[derive(FromQueryResult)]
struct LastRow {
    last: Uuid,
}

/// The index of everybody who can be matched.
pub async fn everybody(db: &impl ConnectionTrait, policy: Policy, now: DateTime<Utc>) -> Result<Index> {
    let mut index = Index::new(policy, now);
    let mut after = Uuid::nil();
    while let Some(last) = chunk_end(db, after).await? {
        for side in [Side::Mentor, Side::Mentee] {
            for profile in profiles::load(db, side, Who::Between(after, last), now).await?.values() {
                write(&mut index, side, profile);
            }
        }
        after = last;
    }
    Ok(index)
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

/// Whether somebody has a row on the side: members who want it, paused or without a place as they may be.
pub fn belongs(profile: &Profile) -> bool {
    profile.standing.active && profile.standing.onboarded
}

/// Writes somebody as they are now, or takes them out.
pub fn write(index: &mut Index, side: Side, profile: &Profile) {
    if !belongs(profile) {
        index.remove(side, profile.user_id);
    } else if let Err(fault) = index.upsert(side, profile) {
        // The bounds of matching are those of the API; whoever is past them all the same is matched with nobody.
        tracing::warn!(user = %profile.user_id, %fault, "a profile cannot be matched");
        index.remove(side, profile.user_id);
    }
}
