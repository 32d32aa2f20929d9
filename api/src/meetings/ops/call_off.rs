use entity::{meeting, mentorship};
use sea_orm::sea_query::LockType;
use sea_orm::{ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;

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
    pair: &mentorship::Model,
) -> Result<()> {
    let now = state.clock.now();
    let rows = meeting::Entity::find()
        .filter(meeting::Column::MentorshipId.eq(pair.id))
        .filter(still_ahead(now))
        .order_by_asc(meeting::Column::Id)
        .lock(LockType::NoKeyUpdate)
        .all(txn)
        .await?;
    for row in rows {
        let Some(canceled) = row.cancel(now)? else { continue };
        let row = canceled.update(txn).await?;
        let data = json!({ "mentorshipId": pair.id, "status": row.status, "sequence": row.sequence });
        let event = Event::new(Kind::MeetingCanceled, row.id).by(me).with(data);
        events::record(txn, state, event.telling([pair.mentor_id, pair.mentee_id])).await?;
    }
    Ok(())
}
