use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use entity::match_run::Couple;
use entity::suggestion::{ActiveModel, Column, Entity, Reasons, Response, Status};
use sea_orm::sea_query::{Expr, LockBehavior, LockType, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};
use serde_json::json;
use uuid::Uuid;

use crate::error::Result;
use crate::events::{self, Event, Kind};
use crate::state::AppState;

/// Rows that are written in one statement.
const AT_A_TIME: usize = 500;

/// A pair that is to be suggested, with its score and why.
pub struct New {
    pub couple: Couple,
    /// 0 to 100
    pub score: i16,
    pub reasons: Reasons,
}

/// Suggests many pairs at once, each to both sides; those that have a suggestion standing keep it. How many are new.
///
/// The rows of both sides are locked, so that nobody else makes one of these. Those who answer lock a suggestion before its two
/// sides: none is waited for here.
pub async fn suggest_all(
    txn: &DatabaseTransaction,
    state: &AppState,
    versions: (i32, i32),
    new: Vec<New>,
    expires_at: DateTime<Utc>,
) -> Result<usize> {
    let mut made = 0;
    let mut new = new.into_iter().peekable();
    while new.peek().is_some() {
        let part = without_pending(txn, new.by_ref().take(AT_A_TIME).collect(), state.clock.now()).await?;
        made += suggest(txn, state, versions, part, expires_at).await?;
    }
    Ok(made)
}

async fn suggest(
    txn: &DatabaseTransaction,
    state: &AppState,
    versions: (i32, i32),
    part: Vec<New>,
    expires_at: DateTime<Utc>,
) -> Result<usize> {
    if part.is_empty() {
        return Ok(0);
    }
    let rows: Vec<_> = part.into_iter().map(|new| (new.couple, row(state, versions, new, expires_at))).collect();
    let ids: Vec<Uuid> = rows.iter().map(|(_, row)| row.id.clone().unwrap()).collect();
    let couples: Vec<_> = rows.iter().map(|(couple, _)| *couple).collect();
    let once = OnConflict::new().do_nothing().to_owned();
    let rows = rows.into_iter().map(|(_, row)| row);
    Entity::insert_many(rows).on_conflict(once).try_insert().exec_without_returning(txn).await?;
    let there = Entity::find().select_only().column(Column::Id).filter(Column::Id.is_in(ids.iter().copied()));
    let there: HashSet<Uuid> = there.into_tuple().all(txn).await?.into_iter().collect();
    let made = ids.iter().zip(couples).filter(|(id, _)| there.contains(id)).map(|(id, couple)| {
        Event::new(Kind::SuggestionMade, *id)
            .informing([couple.mentor_id, couple.mentee_id])
            .with(json!({ "mentorId": couple.mentor_id, "menteeId": couple.mentee_id }))
    });
    events::record_all(txn, state, made.collect()).await?;
    Ok(there.len())
}

fn row(state: &AppState, versions: (i32, i32), new: New, expires_at: DateTime<Utc>) -> ActiveModel {
    let now = state.clock.now();
    ActiveModel {
        id: Set(state.new_id()),
        mentor_id: Set(new.couple.mentor_id),
        mentee_id: Set(new.couple.mentee_id),
        score: Set(new.score),
        policy_version: Set(versions.0),
        algorithm_version: Set(versions.1),
        reasons: Set(new.reasons),
        mentor_response: Set(Response::Pending),
        mentee_response: Set(Response::Pending),
        status: Set(Status::Pending),
        expires_at: Set(expires_at),
        created_at: Set(now),
        updated_at: Set(now),
        ..Default::default()
    }
}

/// A pair has one pending suggestion at most: a new one takes the place of what lapsed, unless that is being answered at this
/// very moment. The others.
async fn without_pending(txn: &DatabaseTransaction, mut part: Vec<New>, now: DateTime<Utc>) -> Result<Vec<New>> {
    let pairs: HashSet<_> = part.iter().map(|new| new.couple).collect();
    let mentors = part.iter().map(|new| new.couple.mentor_id);
    let mentees = part.iter().map(|new| new.couple.mentee_id);
    let between = pending().columns([Column::Id, Column::MentorId, Column::MenteeId]);
    let between = between.filter(Column::MentorId.is_in(mentors)).filter(Column::MenteeId.is_in(mentees));
    let rows: Vec<(Uuid, Uuid, Uuid)> = between.into_tuple().all(txn).await?;
    let couples = rows.into_iter().map(|(id, mentor_id, mentee_id)| (Couple { mentor_id, mentee_id }, id));
    let pending: HashMap<_, _> = couples.filter(|(couple, _)| pairs.contains(couple)).collect();
    let replaced = replace_lapsed(txn, pending.values().copied(), now).await?;
    part.retain(|new| pending.get(&new.couple).is_none_or(|id| replaced.contains(id)));
    Ok(part)
}

async fn replace_lapsed(
    txn: &DatabaseTransaction,
    ids: impl ExactSizeIterator<Item = Uuid>,
    now: DateTime<Utc>,
) -> Result<HashSet<Uuid>> {
    if ids.len() == 0 {
        return Ok(HashSet::new());
    }
    let lapsed = pending().column(Column::Id).filter(Column::Id.is_in(ids)).filter(Column::ExpiresAt.lte(now));
    let lapsed = lapsed.order_by_asc(Column::Id);
    let free = lapsed.lock_with_behavior(LockType::NoKeyUpdate, LockBehavior::SkipLocked);
    let free: HashSet<Uuid> = free.into_tuple().all(txn).await?.into_iter().collect();
    let replaced = Entity::update_many().col_expr(Column::ReplacedAt, Expr::value(now));
    replaced.filter(Column::Id.is_in(free.iter().copied())).exec(txn).await?;
    Ok(free)
}

fn pending() -> Select<Entity> {
    let pending = Entity::find().select_only().filter(Column::Status.eq(Status::Pending));
    pending.filter(Column::ReplacedAt.is_null())
}
