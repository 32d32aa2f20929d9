//! The codes: worked out from the row and our secret, so that nothing has to be kept, and sent after the request.

use chrono::TimeDelta;
use entity::phone_number::{ActiveModel, Column, Entity};
use sea_orm::sea_query::{LockBehavior, LockType};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use crate::deliveries::Outcome;
use crate::error::Result;
use crate::settings;
use crate::state::AppState;

/// After so long another attempt is made.
const PAUSE: TimeDelta = TimeDelta::seconds(20);

/// Six digits that only the phone is told.
pub(super) fn code_of(state: &AppState, id: Uuid) -> String {
    let digest = state.auth.mac("phone code", id.as_bytes());
    let number = digest.iter().take(8).fold(0u64, |number, byte| (number << 8) | u64::from(*byte));
    format!("{:06}", number % 1_000_000)
}

/// Sends the codes that are due; how many were taken up.
pub async fn send_due(state: &AppState) -> Result<usize> {
    let mut count = 0;
    while let Some((id, number, programme)) = claim(state).await? {
        let text = format!("{programme}: your code is {}. It is good for ten minutes.", code_of(state, id));
        let Some(gateway) = &state.channels.sms else { break };
        if !matches!(gateway.send(&number, &text).await, Outcome::Failed) {
            let over = ActiveModel { code_due_at: Set(None), ..Default::default() };
            let txn = state.begin_write().await?;
            Entity::update_many().set(over).filter(Column::Id.eq(id)).exec(&txn).await?;
            txn.commit().await?;
        }
        count += 1;
    }
    Ok(count)
}

async fn claim(state: &AppState) -> Result<Option<(Uuid, String, String)>> {
    let now = state.clock.now();
    let due = Condition::all().add(Column::CodeDueAt.lte(now)).add(Column::ExpiresAt.gt(now));
    if Entity::find().filter(due.clone()).limit(1).count(state.read()).await? == 0 {
        return Ok(None);
    }
    let txn = state.begin_write().await?;
    let first = Entity::find().filter(due.add(Column::Number.is_not_null())).order_by_asc(Column::CodeDueAt);
    let Some(row) = first.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked).one(&txn).await? else {
        return Ok(None);
    };
    let (id, number) = (row.id, row.number.clone().unwrap_or_default());
    let attempts = row.code_attempts + 1;
    let mut row = row.into_active_model();
    row.code_attempts = Set(attempts);
    row.code_due_at = Set(Some(now + PAUSE));
    row.update(&txn).await?;
    let programme = settings::ops::current(&txn).await?.name;
    txn.commit().await?;
    Ok(Some((id, number, programme)))
}
