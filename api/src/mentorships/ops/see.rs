use entity::mentorship;
use entity::side::Side;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::lapse;
use super::lock::seen;
use crate::auth::{Caller, Member};
use crate::error::{Error, Result};
use crate::people::{self, PersonOut};
use crate::state::AppState;

/// A mentorship with the cards of both, and what the viewer is to it.
pub struct Seen {
    pub row: mentorship::Model,
    pub mentor: PersonOut,
    pub mentee: PersonOut,
    pub side: Option<Side>,
    /// Why it ended, where the viewer may know: staff who are neither of the two, who ended it, and both where it only says
    /// what happened.
    pub sees_reason: bool,
    pub sees_note: bool,
}

pub async fn get(state: &AppState, me: &Caller<Member>, id: Uuid) -> Result<Seen> {
    let db = state.read();
    let row = seen(db, me, id).await?;
    see(db, me, lapse::settled(row, state.clock.now())).await
}

pub async fn see<R>(db: &impl ConnectionTrait, me: &Caller<R>, row: mentorship::Model) -> Result<Seen> {
    let seen = see_all(db, me, vec![row]).await?;
    seen.into_iter().next().ok_or_else(gone)
}

pub async fn see_all<R>(db: &impl ConnectionTrait, me: &Caller<R>, rows: Vec<mentorship::Model>) -> Result<Vec<Seen>> {
    let ids: Vec<_> = rows.iter().flat_map(|row| [row.mentor_id, row.mentee_id]).collect();
    let people = people::by_id(db, ids).await?;
    let card = |id: Uuid| people.get(&id).cloned().ok_or_else(gone);
    let seen = rows.into_iter().map(|row| {
        let insider = (me.is_staff() && row.side_of(me.id()).is_none()) || row.ended_by_id == Some(me.id());
        Ok(Seen {
            mentor: card(row.mentor_id)?,
            mentee: card(row.mentee_id)?,
            side: row.side_of(me.id()),
            sees_reason: insider || row.end_reason.is_some_and(mentorship::EndReason::is_plain),
            sees_note: insider,
            row,
        })
    });
    seen.collect()
}

fn gone() -> Error {
    anyhow::anyhow!("a participant of a mentorship is gone").into()
}
