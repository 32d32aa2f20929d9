use entity::meeting;
use sea_orm::sea_query::LockType;
use sea_orm::{ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;
use uuid::Uuid;

use super::read::still_ahead;
use crate::auth::Caller;
use crate::error::Result;
use crate::events::{self, Event, Kind};
use crate::state::AppState;

/// Cancels what was still to take place of a mentorship that has ended: nobody could do it afterwards.
pub async fn call_off<R>(
    txn: &DatabaseTransaction,
    state: &AppState,
    me: &Caller<R>,
    mentorship_id: Uuid,
) -> Result<()> {
    let now = state.clock.now();
    let rows = meeting::Entity::find()
        .filter(meeting::Column::MentorshipId.eq(mentorship_id))
        .filter(still_ahead(now))
        .order_by_asc(meeting::Column::Id)
        .lock(LockType::NoKeyUpdate)
        .all(txn)
        .await?;
    for row in rows {
        let Some(canceled) = row.cancel(now)? else { continue };
        let row = canceled.update(txn).await?;
        let data = json!({ "mentorshipId": mentorship_id, "status": row.status, "sequence": row.sequence });
        events::record(txn, state, Event::new(Kind::MeetingCanceled, row.id).by(me).with(data)).await?;
    }
    Ok(())
}
