use chrono::{DateTime, Months, Utc};
use entity::meeting::{self, MeetingError, Status};
use entity::mentorship;
use sea_orm::sea_query::LockType;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QuerySelect, TryIntoModel,
};
use serde_json::json;
use uuid::Uuid;

use super::wire::{MeetingPatch, NewMeeting};
use crate::auth::{Caller, Member};
use crate::error::{Code, Error, Result};
use crate::events::{self, Event, Kind};
use crate::http::IfMatch;
use crate::mentorships;
use crate::state::AppState;

mod call_off;
pub mod read;

pub use call_off::call_off;

/// The most meetings of a mentorship that are still to take place.
const MOST_AHEAD: u64 = 50;

/// How far ahead a meeting may be.
const HORIZON: Months = Months::new(24);

/// What can be made of a meeting besides moving it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Move {
    Confirm,
    Cancel,
    Hold,
    Miss,
}

impl From<MeetingError> for Error {
    fn from(error: MeetingError) -> Self {
        let code = match error {
            MeetingError::OwnProposal => Code::NotReceiver,
            MeetingError::Transition { .. } | MeetingError::TooEarly | MeetingError::InPast => Code::InvalidTransition,
        };
        Self::refused(code, error.to_string())
    }
}

pub(super) async fn propose(
    state: &AppState,
    me: &Caller<Member>,
    mentorship_id: Uuid,
    body: NewMeeting,
) -> Result<meeting::Model> {
    let now = state.clock.now();
    let scheduled_at = within_horizon(body.scheduled_at, now)?;
    let txn = state.begin_write().await?;
    let pair = read::pair(&txn, me, mentorship_id).await?;
    let pair = lock_pair(&txn, me, &pair).await?;
    demand_place(&txn, mentorship_id, now).await?;
    let row = meeting::Model {
        id: state.new_id(),
        mentorship_id,
        proposed_by_id: me.id(),
        scheduled_at,
        duration_minutes: body.duration_minutes,
        ends_at: meeting::end_of(scheduled_at, body.duration_minutes),
        time_zone: body.time_zone,
        location: body.location,
        link: body.link,
        agenda: body.agenda,
        notes: None,
        status: Status::Proposed,
        sequence: 0,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    let row = row.into_active_model().reset_all().insert(&txn).await?;
    tell(&txn, state, me, &pair, &row, Kind::MeetingProposed).await?;
    txn.commit().await?;
    Ok(row)
}

async fn demand_place(txn: &DatabaseTransaction, mentorship_id: Uuid, now: DateTime<Utc>) -> Result<()> {
    let ahead = meeting::Entity::find()
        .filter(meeting::Column::MentorshipId.eq(mentorship_id))
        .filter(read::still_ahead(now))
        .count(txn)
        .await?;
    if ahead < MOST_AHEAD {
        return Ok(());
    }
    Err(Error::refused(Code::TooMany, format!("at most {MOST_AHEAD} meetings of a mentorship are still to take place")))
}

/// In whole milliseconds, later than now and not past the horizon.
fn within_horizon(at: DateTime<Utc>, now: DateTime<Utc>) -> Result<DateTime<Utc>> {
    let fault = |code: &str, detail: &str| Error::invalid("/scheduledAt", code, detail);
    let at = DateTime::from_timestamp_millis(at.timestamp_millis())
        .ok_or_else(|| fault("invalid_value", "not an instant"))?;
    if at <= now {
        return Err(fault("in_past", "must be later than now"));
    }
    if now.checked_add_months(HORIZON).is_some_and(|last| at > last) {
        return Err(fault("too_far", "must be within two years"));
    }
    Ok(at)
}

pub(super) async fn update(
    state: &AppState,
    me: &Caller<Member>,
    if_match: &IfMatch,
    id: Uuid,
    patch: MeetingPatch,
) -> Result<meeting::Model> {
    let txn = state.begin_write().await?;
    let (pair, before) = lock(&txn, me, id).await?;
    if_match.demand(before.version)?;
    let now = state.clock.now();
    let moved = moved(before.clone(), me.id(), &patch, now)?;
    let kind = if moved == before { Kind::MeetingChanged } else { Kind::MeetingMoved };
    let after = edited(moved, patch);
    if after == before {
        return Ok(before);
    }
    if before.status == Status::Canceled {
        return Err(MeetingError::Transition { from: before.status }.into());
    }
    let after = meeting::Model { version: before.version + 1, updated_at: now, ..after };
    let row = after.into_active_model().reset_all().update(&txn).await?;
    tell(&txn, state, me, &pair, &row, kind).await?;
    txn.commit().await?;
    Ok(row)
}

/// The meeting at the time that the patch proposes.
fn moved(row: meeting::Model, by: Uuid, patch: &MeetingPatch, now: DateTime<Utc>) -> Result<meeting::Model> {
    let minutes = patch.duration_minutes.unwrap_or(row.duration_minutes);
    let at = match patch.scheduled_at {
        Some(at) if at != row.scheduled_at => within_horizon(at, now)?,
        _ => row.scheduled_at,
    };
    if at == row.scheduled_at && minutes == row.duration_minutes {
        return Ok(row);
    }
    match row.clone().move_to(by, at, minutes, now)? {
        Some(moved) => Ok(moved.try_into_model()?),
        None => Ok(row),
    }
}

fn edited(mut row: meeting::Model, patch: MeetingPatch) -> meeting::Model {
    row.time_zone = patch.time_zone.unwrap_or(row.time_zone);
    row.location = patch.location.unwrap_or(row.location);
    row.link = patch.link.unwrap_or(row.link);
    row.agenda = patch.agenda.unwrap_or(row.agenda);
    row.notes = patch.notes.unwrap_or(row.notes);
    row
}

pub(super) async fn make(
    state: &AppState,
    me: &Caller<Member>,
    if_match: &IfMatch,
    id: Uuid,
    step: Move,
) -> Result<meeting::Model> {
    let txn = state.begin_write().await?;
    let (pair, row) = lock(&txn, me, id).await?;
    if_match.check(row.version)?;
    let now = state.clock.now();
    let (outcome, kind) = match step {
        Move::Confirm => (row.clone().confirm(me.id(), now), Kind::MeetingConfirmed),
        Move::Cancel => (row.clone().cancel(now), Kind::MeetingCanceled),
        Move::Hold => (row.clone().hold(now), Kind::MeetingHeld),
        Move::Miss => (row.clone().no_show(now), Kind::MeetingMissed),
    };
    let Some(changed) = outcome? else { return Ok(row) };
    let row = changed.update(&txn).await?;
    tell(&txn, state, me, &pair, &row, kind).await?;
    txn.commit().await?;
    Ok(row)
}

/// The meeting, locked to be changed, after the mentorship that it belongs to.
async fn lock(txn: &DatabaseTransaction, me: &Caller<Member>, id: Uuid) -> Result<(mentorship::Model, meeting::Model)> {
    let (_, pair) = read::visible(txn, me, id).await?;
    let pair = lock_pair(txn, me, &pair).await?;
    let row = meeting::Entity::find().filter(meeting::Column::Id.eq(id)).lock(LockType::NoKeyUpdate).one(txn).await?;
    Ok((pair, row.ok_or(Code::NotFound)?))
}

/// The staff may read meetings, but only the two change them.
async fn lock_pair(
    txn: &DatabaseTransaction,
    me: &Caller<Member>,
    pair: &mentorship::Model,
) -> Result<mentorship::Model> {
    if pair.side_of(me.id()).is_none() {
        return Err(Code::Forbidden.into());
    }
    mentorships::ops::lock_open(txn, me.id(), pair.id).await
}

async fn tell(
    txn: &DatabaseTransaction,
    state: &AppState,
    me: &Caller<Member>,
    pair: &mentorship::Model,
    row: &meeting::Model,
    kind: Kind,
) -> Result<()> {
    let data = json!({ "mentorshipId": row.mentorship_id, "status": row.status, "sequence": row.sequence });
    events::record(txn, state, Event::new(kind, row.id).by(me).with(data).informing(pair.other_of(me.id()))).await
}
