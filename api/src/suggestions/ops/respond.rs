use chrono::TimeDelta;
use entity::suggestion::{self, Answer, RespondError, Status};
use sea_orm::{ActiveModelTrait, DatabaseTransaction};
use serde_json::json;
use uuid::Uuid;

use super::lookup::Found;
use super::read::{Seen, mentorship_of};
use super::refresh::refresh;
use crate::auth::{Caller, Member};
use crate::error::{Code, Error, Result};
use crate::events::{self, Event, Kind};
use crate::state::AppState;
use crate::{mentorships, settings};

/// One side answers; when both said yes the mentorship opens in the same transaction, or nothing is stored.
pub async fn respond(state: &AppState, me: &Caller<Member>, id: Uuid, answer: Answer) -> Result<Seen> {
    let txn = state.begin_write().await?;
    let found = lock(&txn, me, id).await?;
    let person = found.person_shown_to(me)?;
    let mine = found.row;
    let row = match mine.clone().respond(me.id(), answer, state.clock.now()).map_err(refusal)? {
        Some(answered) => {
            let row = answered.update(&txn).await?;
            // Neither the answer nor that it decided anything: the log must not tell the other side.
            events::record(&txn, state, Event::new(Kind::SuggestionAnswered, id).by(me)).await?;
            match answer {
                Answer::Accepted => accepted(&txn, state, me, &row).await?,
                Answer::Declined => refresh(&txn, state, me.id()).await?,
            }
            row
        }
        None => mine,
    };
    let mentorship_id = mentorship_of(&txn, &row).await?;
    txn.commit().await?;
    Ok(Seen::of(row, me.id(), person, mentorship_id))
}

/// The caller does not want to see it for a while; the next best takes its place.
pub async fn put_off(state: &AppState, me: &Caller<Member>, id: Uuid) -> Result<Seen> {
    let txn = state.begin_write().await?;
    let found = lock(&txn, me, id).await?;
    let person = found.person_shown_to(me)?;
    let (now, days) = (state.clock.now(), settings::ops::current(&txn).await?.not_now_days);
    let until = now + TimeDelta::days(days.into());
    let row = match found.row.clone().put_off(me.id(), until, now).map_err(refusal)? {
        Some(put_off) => {
            let row = put_off.update(&txn).await?;
            events::record(&txn, state, Event::new(Kind::SuggestionPutOff, id).by(me)).await?;
            refresh(&txn, state, me.id()).await?;
            row
        }
        None => found.row,
    };
    txn.commit().await?;
    Ok(Seen::of(row, me.id(), person, None))
}

/// A yes meets the same rules whatever the other said: a refusal only after the other's yes would tell it.
async fn accepted(
    txn: &DatabaseTransaction,
    state: &AppState,
    me: &Caller<Member>,
    row: &suggestion::Model,
) -> Result<()> {
    if row.status != Status::Accepted {
        return mentorships::ops::demand_free(txn, state, row.mentor_id, row.mentee_id).await;
    }
    let mentorship = mentorships::ops::open(txn, state, me, row).await?;
    let event = Event::new(Kind::SuggestionMatched, row.id)
        .by(me)
        .informing([row.mentor_id, row.mentee_id])
        .with(json!({ "mentorshipId": mentorship.id }));
    events::record(txn, state, event).await
}

async fn lock(txn: &DatabaseTransaction, me: &Caller<Member>, id: Uuid) -> Result<Found> {
    match Found::lock(txn, me.id(), id).await? {
        Some(found) if found.row.side_of(me.id()).is_some() => Ok(found),
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
