use entity::suggestion::{self, Answer, RespondError, Status};
use sea_orm::sea_query::LockType;
use sea_orm::{ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect};
use serde_json::json;
use uuid::Uuid;

use super::read::{Seen, get};
use crate::auth::{Caller, Member};
use crate::error::{Code, Error, Result};
use crate::events::{self, Event, Kind};
use crate::mentorships;
use crate::state::AppState;

/// One side answers; when both said yes the mentorship opens in the same transaction, or nothing is stored.
pub async fn respond(state: &AppState, me: &Caller<Member>, id: Uuid, answer: Answer) -> Result<Seen> {
    let txn = state.begin_write().await?;
    let mine = lock(&txn, me, id).await?;
    if let Some(answered) = mine.respond(me.id(), answer, state.clock.now()).map_err(refusal)? {
        let row = answered.update(&txn).await?;
        // Neither the answer nor that it decided anything: the log must not tell the other side.
        events::record(&txn, state, Event::new(Kind::SuggestionAnswered, id).by(me)).await?;
        if row.status == Status::Accepted {
            let mentorship = mentorships::ops::open(&txn, state, me, &row).await?;
            let event = Event::new(Kind::SuggestionMatched, id)
                .by(me)
                .informing([row.mentor_id, row.mentee_id])
                .with(json!({ "mentorshipId": mentorship.id }));
            events::record(&txn, state, event).await?;
        }
    }
    let seen = get(&txn, me, id).await?;
    txn.commit().await?;
    Ok(seen)
}

async fn lock(txn: &DatabaseTransaction, me: &Caller<Member>, id: Uuid) -> Result<suggestion::Model> {
    let found =
        suggestion::Entity::find().filter(suggestion::Column::Id.eq(id)).lock(LockType::NoKeyUpdate).one(txn).await?;
    match found {
        Some(row) if row.side_of(me.id()).is_some() => Ok(row),
        Some(_) if me.is_staff() => Err(Error::refused(Code::Forbidden, "only its two sides answer a suggestion")),
        _ => Err(Code::NotFound.into()),
    }
}

fn refusal(error: RespondError) -> Error {
    match error {
        RespondError::NotParticipant => Code::NotFound.into(),
        RespondError::AlreadyAnswered => Code::AlreadyAnswered.into(),
        RespondError::Lapsed => Code::SuggestionLapsed.into(),
    }
}
