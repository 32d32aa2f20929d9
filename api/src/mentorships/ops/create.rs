use chrono::{DateTime, Utc};
use entity::mentorship::{self, Origin, Status};
use entity::suggestion;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use serde_json::json;
use uuid::Uuid;

use super::lapse;
use super::places::{Pair, demand_none_open};
use super::see::{Seen, see};
use crate::auth::{Admin, Caller, Member};
use crate::error::{Error, Result};
use crate::events::{self, Event, Kind};
use crate::mentorships::wire::Assignment;
use crate::state::AppState;
use crate::{blocks, pair_bans, settings};

/// Opens the mentorship of a suggestion that both accepted: active, or waiting for an admin where the settings ask for it.
pub async fn open(
    txn: &DatabaseTransaction,
    state: &AppState,
    me: &Caller<Member>,
    suggestion: &suggestion::Model,
) -> Result<mentorship::Model> {
    let settings = settings::ops::current(txn).await?;
    let now = state.clock.now();
    let pair = free_pair(txn, state, suggestion.mentor_id, suggestion.mentee_id).await?;
    pair.ok_or_else(|| anyhow::anyhow!("the suggestion names a user who is gone"))?;
    let accepted = mentorship::ActiveModel {
        origin: Set(Origin::Suggestion),
        suggestion_id: Set(Some(suggestion.id)),
        ..agreed(!settings.mentorship_approval, now)
    };
    let row = insert(txn, state, suggestion.mentor_id, suggestion.mentee_id, accepted).await?;
    let kind = if row.status == Status::Active { Kind::MentorshipStarted } else { Kind::MentorshipAccepted };
    events::record(txn, state, created(kind, &row).by(me)).await?;
    Ok(row)
}

/// Refuses what [`open`] would refuse, and opens nothing.
pub async fn demand_free(txn: &DatabaseTransaction, state: &AppState, mentor: Uuid, mentee: Uuid) -> Result<()> {
    free_pair(txn, state, mentor, mentee).await.map(|_| ())
}

/// An admin assigns a mentee to a mentor; it is active at once.
pub async fn assign(state: &AppState, me: &Caller<Admin>, body: Assignment) -> Result<Seen> {
    if body.mentor_id == body.mentee_id {
        return Err(Error::invalid("/menteeId", "same_person", "nobody is their own mentor"));
    }
    let txn = state.begin_write().await?;
    let pair = free_pair(&txn, state, body.mentor_id, body.mentee_id).await?;
    pair.ok_or_else(|| Error::invalid("", "unknown_user", "one of the two does not exist"))?;
    let now = state.clock.now();
    let assigned = mentorship::ActiveModel {
        origin: Set(Origin::Admin),
        message: Set(body.message),
        approved_at: Set(Some(now)),
        ..agreed(true, now)
    };
    let row = insert(&txn, state, body.mentor_id, body.mentee_id, assigned).await?;
    let event = created(Kind::MentorshipStarted, &row).by_staff(me).with(json!({
        "mentorId": row.mentor_id,
        "menteeId": row.mentee_id,
        "before": {},
        "after": { "status": row.status, "origin": row.origin },
    }));
    events::record(&txn, state, event).await?;
    let seen = see(&txn, me, row).await?;
    txn.commit().await?;
    Ok(seen)
}

/// Locks the two and checks every hard rule: both available, the mentor of a gender that the mentee wants,
/// neither they nor the staff keeping them apart, nothing open between them, a free place. `None`: one is unknown.
async fn free_pair(txn: &DatabaseTransaction, state: &AppState, mentor: Uuid, mentee: Uuid) -> Result<Option<Pair>> {
    lapse::expire_between(txn, state, (mentor, mentee)).await?;
    let Some(pair) = Pair::lock(txn, mentor, mentee).await? else { return Ok(None) };
    pair.demand_available(state.clock.now())?;
    pair.demand_wanted()?;
    pair_bans::ops::demand_none(txn, mentor, mentee).await?;
    blocks::ops::demand_none(txn, mentor, mentee).await?;
    demand_none_open(txn, mentor, mentee).await?;
    pair.demand_place(txn).await?;
    Ok(Some(pair))
}

/// Both sides agreed.
fn agreed(starts: bool, now: DateTime<Utc>) -> mentorship::ActiveModel {
    mentorship::ActiveModel {
        status: Set(if starts { Status::Active } else { Status::Pending }),
        accepted_at: Set(Some(now)),
        start_date: Set(starts.then_some(now)),
        ..Default::default()
    }
}

pub(super) async fn insert(
    txn: &DatabaseTransaction,
    state: &AppState,
    mentor: Uuid,
    mentee: Uuid,
    row: mentorship::ActiveModel,
) -> Result<mentorship::Model> {
    let now = state.clock.now();
    let row = mentorship::ActiveModel {
        id: Set(state.new_id()),
        mentor_id: Set(mentor),
        mentee_id: Set(mentee),
        previous_id: Set(previous(txn, mentor, mentee).await?),
        created_at: Set(now),
        updated_at: Set(now),
        ..row
    };
    Ok(row.insert(txn).await?)
}

/// The last mentorship of the pair that ran: a rematch refers to it.
async fn previous(txn: &DatabaseTransaction, mentor: Uuid, mentee: Uuid) -> Result<Option<Uuid>> {
    let last = mentorship::Entity::find()
        .select_only()
        .column(mentorship::Column::Id)
        .filter(mentorship::Column::MentorId.eq(mentor))
        .filter(mentorship::Column::MenteeId.eq(mentee))
        .filter(mentorship::Column::StartDate.is_not_null())
        .order_by_desc(mentorship::Column::Id)
        .into_tuple()
        .one(txn)
        .await?;
    Ok(last)
}

pub(super) fn created(kind: Kind, row: &mentorship::Model) -> Event {
    Event::new(kind, row.id).informing([row.mentor_id, row.mentee_id]).with(json!({
        "mentorId": row.mentor_id,
        "menteeId": row.mentee_id,
        "origin": row.origin,
        "from": null,
        "to": row.status,
    }))
}
