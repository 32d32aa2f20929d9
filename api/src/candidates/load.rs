use chrono::{DateTime, Utc};
use entity::side::Side;
use matching::{Index, Policy, Profile};
use sea_orm::ConnectionTrait;
use tokio::task::spawn_blocking;
use uuid::Uuid;

use super::profiles::{BOTH, Who, chunk_end, profiles};
use super::rows::Rows;
use crate::error::Result;

/// The index of everybody who can be matched. Some are written into it while the next are read.
pub async fn everybody(db: &impl ConnectionTrait, policy: Policy, now: DateTime<Utc>) -> Result<Index> {
    let mut index = Index::new(policy, now);
    let mut read = some(db, Uuid::nil(), now).await?;
    while let Some((rows, last)) = read {
        let writing = spawn_blocking(move || write_rows(index, &rows));
        let (written, next) = tokio::join!(writing, some(db, last, now));
        index = written.map_err(anyhow::Error::from)??;
        read = next?;
    }
    Ok(index)
}

/// Those who come after `after`, and the last of them; none where there are no more.
async fn some(db: &impl ConnectionTrait, after: Uuid, now: DateTime<Utc>) -> Result<Option<(Rows, Uuid)>> {
    let Some(last) = chunk_end(db, after).await? else { return Ok(None) };
    Ok(Some((Rows::read(db, &BOTH, Who::Between(after, last), now).await?, last)))
}

fn write_rows(mut index: Index, rows: &Rows) -> Result<Index> {
    for (side, profile) in profiles(rows, &BOTH)? {
        if belongs(&profile) {
            write(&mut index, side, &profile);
        }
    }
    Ok(index)
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
