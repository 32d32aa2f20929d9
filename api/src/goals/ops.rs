use chrono::{DateTime, Utc};
use entity::goal::{self, GoalError, Status};
use entity::{mentorship, milestone};
use sea_orm::sea_query::LockType;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, ModelTrait,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};
use serde_json::json;
use uuid::Uuid;

use super::wire::{GoalFilter, GoalPatch, NewGoal};
use crate::auth::{Caller, Member};
use crate::error::{Code, Error, Result};
use crate::events::{self, Event, Kind};
use crate::http::{IfMatch, Listing, PageRequest};
use crate::mentorships;
use crate::state::AppState;

pub(super) mod milestones;

/// The most goals of a mentorship, and milestones of a goal.
const MOST: u64 = 50;

type Goal = (goal::Model, Vec<milestone::Model>);

impl From<GoalError> for Error {
    fn from(error: GoalError) -> Self {
        match error {
            GoalError::Transition { .. } => Self::refused(Code::InvalidTransition, error.to_string()),
            GoalError::OutOfRange => Self::invalid("/progress", "out_of_range", error.to_string()),
        }
    }
}

pub(super) async fn list(
    state: &AppState,
    me: &Caller<Member>,
    mentorship_id: Uuid,
    filter: GoalFilter,
    page: PageRequest,
) -> Result<Listing<Goal>> {
    let db = state.read();
    mentorships::ops::visible(db, me.id(), mentorship_id).await?;
    let goals = goal::Entity::find()
        .filter(goal::Column::MentorshipId.eq(mentorship_id))
        .apply_if(filter.status, |query, status| query.filter(goal::Column::Status.eq(status)))
        .apply_if(filter.kind, |query, kind| query.filter(goal::Column::Kind.eq(kind)))
        .apply_if(page.after::<Uuid>()?, |query, id| query.filter(goal::Column::Id.gt(id)))
        .order_by_asc(goal::Column::Id)
        .limit(page.fetch())
        .all(db)
        .await?;
    let mut steps = milestones::by_goal(db, &goals).await?;
    Ok(page.listing(goals, |goal| goal.id)?.map(|goal| {
        let steps = steps.remove(&goal.id).unwrap_or_default();
        (goal, steps)
    }))
}

pub(super) async fn get(state: &AppState, me: &Caller<Member>, id: Uuid) -> Result<Goal> {
    let db = state.read();
    let goal = visible(db, me, id).await?;
    let steps = milestones::of(db, id).await?;
    Ok((goal, steps))
}

async fn visible(db: &impl ConnectionTrait, me: &Caller<Member>, id: Uuid) -> Result<goal::Model> {
    let found = goal::Entity::find()
        .inner_join(mentorship::Entity)
        .filter(goal::Column::Id.eq(id))
        .filter(mentorship::of_participant(me.id()))
        .one(db)
        .await?;
    Ok(found.ok_or(Code::NotFound)?)
}

pub(super) async fn create(state: &AppState, me: &Caller<Member>, mentorship_id: Uuid, body: NewGoal) -> Result<Goal> {
    let txn = state.begin_write().await?;
    let pair = mentorships::ops::lock_open(&txn, me.id(), mentorship_id).await?;
    let of_pair = goal::Entity::find().filter(goal::Column::MentorshipId.eq(mentorship_id));
    if of_pair.count(&txn).await? >= MOST {
        return Err(Error::refused(Code::TooMany, format!("a mentorship has at most {MOST} goals")));
    }
    let now = state.clock.now();
    let row = goal::Model {
        id: state.new_id(),
        mentorship_id,
        created_by_id: me.id(),
        kind: body.kind,
        title: body.title,
        description: body.description,
        due_date: body.due_date,
        progress: 0,
        status: Status::Open,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    let row = row.into_active_model().reset_all().insert(&txn).await?;
    tell(&txn, state, me, &pair, &row, Kind::GoalAdded).await?;
    txn.commit().await?;
    Ok((row, Vec::new()))
}

pub(super) async fn update(
    state: &AppState,
    me: &Caller<Member>,
    if_match: &IfMatch,
    id: Uuid,
    patch: GoalPatch,
) -> Result<Goal> {
    let txn = state.begin_write().await?;
    let (pair, before) = lock(&txn, me, id).await?;
    if_match.demand(before.version)?;
    let steps = milestones::of(&txn, id).await?;
    let after = changed(before.clone(), patch, milestones::share_done(&steps))?;
    if after == before {
        return Ok((before, steps));
    }
    let achieved = before.status != Status::Achieved && after.status == Status::Achieved;
    let row = save(&txn, after, state.clock.now()).await?;
    let kind = if achieved { Kind::GoalAchieved } else { Kind::GoalChanged };
    tell(&txn, state, me, &pair, &row, kind).await?;
    txn.commit().await?;
    Ok((row, steps))
}

fn changed(mut row: goal::Model, patch: GoalPatch, share: Option<i16>) -> Result<goal::Model> {
    if patch.progress.is_some() && share.is_some() {
        return Err(Code::ProgressFromMilestones.into());
    }
    let mut progress = patch.progress;
    if patch.status == Some(Status::Open) {
        row = row.reopen();
        progress = progress.or(share);
    }
    if let Some(progress) = progress {
        row = row.advance(progress)?;
    }
    row = match patch.status {
        Some(Status::Achieved) => row.achieve()?,
        Some(Status::Dropped) => row.give_up()?,
        Some(Status::Open) | None => row,
    };
    row.kind = patch.kind.unwrap_or(row.kind);
    row.title = patch.title.unwrap_or(row.title);
    row.description = patch.description.unwrap_or(row.description);
    row.due_date = patch.due_date.unwrap_or(row.due_date);
    Ok(row)
}

pub(super) async fn delete(state: &AppState, me: &Caller<Member>, if_match: &IfMatch, id: Uuid) -> Result<()> {
    let txn = state.begin_write().await?;
    let (pair, row) = lock(&txn, me, id).await?;
    if_match.demand(row.version)?;
    row.clone().delete(&txn).await?;
    tell(&txn, state, me, &pair, &row, Kind::GoalDeleted).await?;
    Ok(txn.commit().await?)
}

/// The goal, locked to be changed, after the mentorship that it belongs to.
async fn lock(txn: &DatabaseTransaction, me: &Caller<Member>, id: Uuid) -> Result<(mentorship::Model, goal::Model)> {
    let mentorship_id = visible(txn, me, id).await?.mentorship_id;
    let pair = mentorships::ops::lock_open(txn, me.id(), mentorship_id).await?;
    let row = goal::Entity::find().filter(goal::Column::Id.eq(id)).lock(LockType::NoKeyUpdate).one(txn).await?;
    Ok((pair, row.ok_or(Code::NotFound)?))
}

async fn save(txn: &DatabaseTransaction, row: goal::Model, now: DateTime<Utc>) -> Result<goal::Model> {
    Ok(row.touched(now).into_active_model().reset_all().update(txn).await?)
}

async fn tell(
    txn: &DatabaseTransaction,
    state: &AppState,
    me: &Caller<Member>,
    pair: &mentorship::Model,
    row: &goal::Model,
    kind: Kind,
) -> Result<()> {
    let data = json!({ "mentorshipId": row.mentorship_id, "status": row.status, "progress": row.progress });
    events::record(txn, state, Event::new(kind, row.id).by(me).with(data).informing(pair.other_of(me.id()))).await
}
