use entity::setting;
use sea_orm::sea_query::LockType;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ConnectionTrait, DatabaseTransaction, EntityTrait, QuerySelect};
use serde_json::Value;
use uuid::Uuid;

use super::wire::{SettingsOut, SettingsPatch};
use crate::auth::{Caller, Owner};
use crate::error::{Error, Result};
use crate::events::{self, Event, Kind};
use crate::http::IfMatch;
use crate::state::AppState;

/// The stream of what happens to the settings, which have no id that is a UUID.
const STREAM: Uuid = Uuid::nil();

/// The settings in force.
pub async fn current(db: &impl ConnectionTrait) -> Result<setting::Model> {
    present(setting::Entity::find().one(db).await?)
}

/// The same, and nobody else changes or locks them before the transaction ends.
pub async fn locked(txn: &DatabaseTransaction) -> Result<setting::Model> {
    present(setting::Entity::find().lock(LockType::NoKeyUpdate).one(txn).await?)
}

fn present(row: Option<setting::Model>) -> Result<setting::Model> {
    row.ok_or_else(|| Error::from(anyhow::anyhow!("the settings row is missing")))
}

pub(super) async fn update(
    state: &AppState,
    me: &Caller<Owner>,
    if_match: &IfMatch,
    patch: SettingsPatch,
) -> Result<setting::Model> {
    let txn = state.begin_write().await?;
    let before = locked(&txn).await?;
    if_match.demand(before.version)?;
    let mut row = patch.apply(before.clone());
    if !row.is_changed() {
        return Ok(before);
    }
    row.version = Set(before.version + 1);
    row.updated_at = Set(state.clock.now());
    let after = row.update(&txn).await?;
    let concerns_callers = after.staff_second_factor != before.staff_second_factor;
    let event = Event::new(Kind::SettingsChanged, STREAM).by_staff(me).with(difference(before, after.clone())?);
    events::record(&txn, state, event).await?;
    txn.commit().await?;
    if concerns_callers {
        state.auth.forget_all();
    }
    Ok(after)
}

/// What changed, as it was and as it is.
fn difference(mut before: setting::Model, after: setting::Model) -> Result<Value> {
    before.updated_at = after.updated_at;
    let fields = |row| serde_json::to_value(SettingsOut::from(row)).map_err(anyhow::Error::from);
    Ok(events::difference(&fields(before)?, &fields(after)?))
}
