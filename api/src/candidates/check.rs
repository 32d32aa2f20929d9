use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use entity::side::Side;
use matching::Profile;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::load;
use super::node::Candidates;
use super::profiles::{self, Who};
use crate::error::Result;

/// How many rows of this node's index there are to compare with the database, and whose differ. A row of somebody whom the
/// database does not have counts as well.
pub async fn compare(
    candidates: &Candidates,
    db: &impl ConnectionTrait,
    now: DateTime<Utc>,
) -> Result<(u64, BTreeSet<Uuid>)> {
    let (mut compared, mut differing) = (0, BTreeSet::new());
    let mut after = Uuid::nil();
    while let Some(last) = profiles::chunk_end(db, after).await? {
        let (some, differ) = compare_some(candidates, db, Who::Between(after, last), now).await?;
        compared += some;
        differing.extend(differ);
        after = last;
    }
    let rows = profiles::BOTH.map(|side| candidates.read(|index| index.rows(side).records().len()));
    let rows: u64 = rows.into_iter().flatten().map(|rows| rows as u64).sum();
    if rows > compared {
        differing.insert(Uuid::nil());
    }
    Ok((compared, differing))
}

/// The same of some: how many belong into the index, and whose rows are not as they should be.
pub async fn compare_some(
    candidates: &Candidates,
    db: &impl ConnectionTrait,
    who: Who<'_>,
    now: DateTime<Utc>,
) -> Result<(u64, BTreeSet<Uuid>)> {
    let profiles = profiles::load_both(db, who, now).await?;
    let belonging = profiles.iter().filter(|(_, profile)| load::belongs(profile)).count() as u64;
    let differing = candidates.read(|index| {
        let differs = |(side, profile): &&(Side, Profile)| {
            let due = load::belongs(profile).then(|| index.hash_due(*side, profile));
            index.hash_of(*side, profile.user_id) != due
        };
        profiles.iter().filter(differs).map(|(_, profile)| profile.user_id).collect()
    });
    Ok((belonging, differing.unwrap_or_default()))
}
