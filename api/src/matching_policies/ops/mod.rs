mod faults;
mod pool;
mod preview;
mod rarity;
mod sample;

use entity::matching_policy::{self, Column, Entity, Model, Terms};
use matching::Policy;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use sea_orm::{ColumnTrait, DatabaseTransaction};
use serde_json::Value;
use uuid::Uuid;

use super::wire::{MatchingTerms, NewMatchingPolicy};
use crate::auth::{Caller, Owner};
use crate::error::{Code, Error, Result};
use crate::events::{self, Event, Kind};
use crate::http::{IfMatch, Listing, PageRequest};
use crate::state::AppState;

pub(super) use preview::{Moved, Named, Previewed, preview};

/// The stream of what happens to the policy, whose versions have no id that is a UUID.
const STREAM: Uuid = Uuid::nil();

/// The policy in force.
pub async fn current(db: &impl ConnectionTrait) -> Result<Policy> {
    policy(&latest(db).await?)
}

/// The policy of a version.
pub async fn of_version(db: &impl ConnectionTrait, version: i32) -> Result<Policy> {
    policy(&get(db, version).await?)
}

/// The row of the version in force.
pub(super) async fn latest(db: &impl ConnectionTrait) -> Result<Model> {
    let found = Entity::find().order_by_desc(Column::Version).one(db).await?;
    found.ok_or_else(|| Error::from(anyhow::anyhow!("there is no matching policy")))
}

fn policy(row: &Model) -> Result<Policy> {
    let rarity = matching::Rarity::stored(row.rarity.0.clone());
    let terms = matching::Terms::stored(row.version, &row.terms, rarity);
    Policy::new(terms).map_err(|faults| anyhow::anyhow!("matching policy {}: {faults:?}", row.version).into())
}

pub(super) async fn get(db: &impl ConnectionTrait, version: i32) -> Result<Model> {
    Ok(Entity::find().filter(Column::Version.eq(version)).one(db).await?.ok_or(Code::NotFound)?)
}

/// Newest first.
pub(super) async fn list(state: &AppState, page: &PageRequest) -> Result<Listing<Model>> {
    let mut newest = Entity::find().order_by_desc(Column::Version).limit(page.fetch());
    if let Some(after) = page.after::<i32>()? {
        newest = newest.filter(Column::Version.lt(after));
    }
    page.listing(newest.all(state.read()).await?, |row| row.version)
}

/// Writes the next version. Rarities are counted before the transaction, which others wait for.
pub(super) async fn replace(
    state: &AppState,
    me: &Caller<Owner>,
    if_match: &IfMatch,
    body: NewMatchingPolicy,
) -> Result<Model> {
    let _place = state.searches.begin()?;
    let (now, terms) = (state.clock.now(), Terms::from(body.terms));
    let rarity = rarity::freeze(state.read(), now).await?;
    faults::check(matching::Terms::stored(0, &terms, rarity.clone()))?;
    let txn = state.begin_write().await?;
    state.lock_word(&txn, "matching policy").await?;
    let before = latest(&txn).await?;
    if_match.demand(before.version)?;
    let row = matching_policy::ActiveModel {
        version: Set(before.version + 1),
        terms: Set(terms),
        rarity: Set(matching_policy::Rarity(rarity.entries().collect())),
        note: Set(body.note),
        created_by_id: Set(Some(me.id())),
        created_at: Set(now),
    };
    let after = row.insert(&txn).await?;
    tell(&txn, state, me, before, &after).await?;
    txn.commit().await?;
    Ok(after)
}

async fn tell(
    txn: &DatabaseTransaction,
    state: &AppState,
    me: &Caller<Owner>,
    before: Model,
    after: &Model,
) -> Result<()> {
    let change = events::difference(&written(before)?, &written(after.clone())?);
    let event = Event::new(Kind::MatchingPolicyChanged, STREAM).by_staff(me).with(change);
    events::record(txn, state, event).await
}

/// What the audit log may tell of a version: its number and its terms, and not what somebody wrote beside them.
fn written(row: Model) -> Result<Value> {
    let mut fields = serde_json::to_value(MatchingTerms::from(row.terms)).map_err(anyhow::Error::from)?;
    fields["version"] = row.version.into();
    Ok(fields)
}
