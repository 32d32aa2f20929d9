use chrono::{DateTime, Utc};
use entity::mentorship::{self, MoveError, Origin};
use sea_orm::sea_query::LockType;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect,
    TryIntoModel,
};
use uuid::Uuid;

use super::step::{move_data, refusal};
use crate::error::{Code, Error, Result};
use crate::events::{self, Event, Kind};
use crate::state::AppState;

/// The row as it stands: a request that nobody answered in time has ended, although nothing wrote that down yet.
pub fn settled(row: mentorship::Model, now: DateTime<Utc>) -> mentorship::Model {
    let Some(end) = row.waits_until().filter(|end| *end <= now) else { return row };
    let ended = row.clone().expire(end).ok().flatten();
    ended.and_then(|ended| ended.try_into_model().ok()).unwrap_or(row)
}

/// Writes down that this request lapsed.
pub async fn expire(txn: &DatabaseTransaction, state: &AppState, row: mentorship::Model) -> Result<()> {
    let end = row.waits_until().unwrap_or_else(|| state.clock.now());
    let Some(ended) = row.clone().expire(end).map_err(|error| refusal(error, &row))? else { return Ok(()) };
    let ended = ended.update(txn).await?;
    let event = Event::new(Kind::MentorshipCanceled, row.id)
        .informing([row.mentor_id, row.mentee_id])
        .with(move_data(&row, &ended));
    events::record(txn, state, event).await
}

/// Writes it down for the lapsed requests of a pair, so that they do not stand in the way of a new mentorship.
pub async fn expire_between(txn: &DatabaseTransaction, state: &AppState, (one, other): (Uuid, Uuid)) -> Result<()> {
    let lapsed = mentorship::Entity::find()
        .filter(mentorship::of_pair(one, other))
        .filter(mentorship::lapsed(state.clock.now()))
        .lock(LockType::NoKeyUpdate)
        .all(txn)
        .await?;
    for row in lapsed {
        expire(txn, state, row).await?;
    }
    Ok(())
}

/// For two who are kept apart: what waits for an answer between them lapses now.
pub async fn lapse_between(txn: &DatabaseTransaction, state: &AppState, one: Uuid, other: Uuid) -> Result<()> {
    use mentorship::Column;

    let now = state.clock.now();
    let waiting = mentorship::awaits_answer(now).add(Column::Origin.eq(Origin::Request));
    let lapsed = mentorship::ActiveModel { expires_at: Set(Some(now)), updated_at: Set(now), ..Default::default() };
    let update = mentorship::Entity::update_many().set(lapsed).filter(mentorship::of_pair(one, other));
    update.filter(waiting).exec(txn).await?;
    expire_between(txn, state, (one, other)).await
}

/// What a move meets that comes too late.
pub fn too_late() -> Error {
    let error = MoveError::Transition { from: mentorship::Status::Canceled };
    Error::refused(Code::InvalidTransition, error.to_string())
}
