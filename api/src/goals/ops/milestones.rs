use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::{goal, mentorship, milestone};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel,
    JoinType, ModelTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, RelationTrait,
};
use serde_json::json;
use uuid::Uuid;

use super::MOST;
use crate::auth::{Caller, Member};
use crate::error::{Code, Error, Result};
use crate::events::{self, Event, Kind};
use crate::goals::wire::{MilestoneFilter, MilestonePatch, NewMilestone};
use crate::http::{IfMatch, Listing, PageRequest};
use crate::state::AppState;

const LAST_POSITION: i16 = 10_000;

/// The milestone, and the version of its goal, which is its own too.
type Versioned = (milestone::Model, i32);
/// A goal that is locked, and the mentorship that it belongs to.
type Held = (mentorship::Model, goal::Model);

/// The milestones of a goal in their order.
pub async fn of(db: &impl ConnectionTrait, goal_id: Uuid) -> Result<Vec<milestone::Model>> {
    let in_order = milestone::Entity::find()
        .filter(milestone::Column::GoalId.eq(goal_id))
        .order_by_asc(milestone::Column::Position)
        .order_by_asc(milestone::Column::Id);
    Ok(in_order.all(db).await?)
}

pub async fn by_goal(db: &impl ConnectionTrait, goals: &[goal::Model]) -> Result<HashMap<Uuid, Vec<milestone::Model>>> {
    let rows = milestone::Entity::find()
        .filter(milestone::Column::GoalId.is_in(goals.iter().map(|goal| goal.id)))
        .order_by_asc(milestone::Column::Position)
        .order_by_asc(milestone::Column::Id)
        .all(db)
        .await?;
    let mut by_goal: HashMap<_, Vec<_>> = HashMap::new();
    for row in rows {
        by_goal.entry(row.goal_id).or_default().push(row);
    }
    Ok(by_goal)
}

/// The share that is done, in whole percent; a goal without milestones has none.
pub fn share_done(milestones: &[milestone::Model]) -> Option<i16> {
    let done = milestones.iter().filter(|one| one.done_at.is_some()).count();
    (done * 100).checked_div(milestones.len()).map(|share| share as i16)
}

pub async fn list(
    state: &AppState,
    me: &Caller<Member>,
    goal_id: Uuid,
    filter: MilestoneFilter,
    page: PageRequest,
) -> Result<Listing<milestone::Model>> {
    use milestone::Column::{DoneAt, GoalId, Id, Position};

    let db = state.read();
    super::visible(db, me, goal_id).await?;
    let rows = milestone::Entity::find()
        .filter(GoalId.eq(goal_id))
        .apply_if(filter.done, |query, done| query.filter(if done { DoneAt.is_not_null() } else { DoneAt.is_null() }))
        .apply_if(page.after::<(i16, Uuid)>()?, |query, (position, id)| {
            let tie = Condition::all().add(Position.eq(position)).add(Id.gt(id));
            query.filter(Condition::any().add(Position.gt(position)).add(tie))
        })
        .order_by_asc(Position)
        .order_by_asc(Id)
        .limit(page.fetch())
        .all(db)
        .await?;
    page.listing(rows, |row| (row.position, row.id))
}

pub async fn get(state: &AppState, me: &Caller<Member>, id: Uuid) -> Result<Versioned> {
    let (row, goal) = visible(state.read(), me, id).await?;
    Ok((row, goal.version))
}

async fn visible(db: &impl ConnectionTrait, me: &Caller<Member>, id: Uuid) -> Result<(milestone::Model, goal::Model)> {
    let found = milestone::Entity::find()
        .find_also_related(goal::Entity)
        .join(JoinType::InnerJoin, goal::Relation::Mentorship.def())
        .filter(milestone::Column::Id.eq(id))
        .filter(mentorship::of_participant(me.id()))
        .one(db)
        .await?;
    let (row, goal) = found.ok_or(Code::NotFound)?;
    Ok((row, goal.ok_or(Code::NotFound)?))
}

pub async fn create(state: &AppState, me: &Caller<Member>, goal_id: Uuid, body: NewMilestone) -> Result<Versioned> {
    let txn = state.begin_write().await?;
    let (pair, goal) = super::lock(&txn, me, goal_id).await?;
    goal.demand_open()?;
    let steps = of(&txn, goal_id).await?;
    if steps.len() as u64 >= MOST {
        return Err(Error::refused(Code::TooMany, format!("a goal has at most {MOST} milestones")));
    }
    let next = steps.last().map_or(0, |last| (last.position + 1).min(LAST_POSITION));
    let now = state.clock.now();
    let row = milestone::Model {
        id: state.new_id(),
        goal_id,
        title: body.title,
        position: body.position.unwrap_or(next),
        due_date: body.due_date,
        done_at: None,
        created_at: now,
        updated_at: now,
    };
    let row = row.into_active_model().reset_all().insert(&txn).await?;
    let version = follow(&txn, state, me, (pair, goal), row.id, Kind::MilestoneAdded).await?;
    txn.commit().await?;
    Ok((row, version))
}

pub async fn update(
    state: &AppState,
    me: &Caller<Member>,
    if_match: &IfMatch,
    id: Uuid,
    patch: MilestonePatch,
) -> Result<Versioned> {
    let txn = state.begin_write().await?;
    let (before, (pair, goal)) = lock(&txn, me, id).await?;
    if_match.demand(goal.version)?;
    let now = state.clock.now();
    let after = changed(before.clone(), patch, now);
    if after == before {
        return Ok((before, goal.version));
    }
    if after.done_at != before.done_at {
        goal.demand_open()?;
    }
    let row = milestone::Model { updated_at: now, ..after }.into_active_model().reset_all().update(&txn).await?;
    let version = follow(&txn, state, me, (pair, goal), id, Kind::MilestoneChanged).await?;
    txn.commit().await?;
    Ok((row, version))
}

fn changed(mut row: milestone::Model, patch: MilestonePatch, now: DateTime<Utc>) -> milestone::Model {
    row.title = patch.title.unwrap_or(row.title);
    row.due_date = patch.due_date.unwrap_or(row.due_date);
    row.position = patch.position.unwrap_or(row.position);
    row.done_at = match patch.done {
        Some(true) => row.done_at.or(Some(now)),
        Some(false) => None,
        None => row.done_at,
    };
    row
}

pub async fn delete(state: &AppState, me: &Caller<Member>, if_match: &IfMatch, id: Uuid) -> Result<()> {
    let txn = state.begin_write().await?;
    let (row, (pair, goal)) = lock(&txn, me, id).await?;
    if_match.demand(goal.version)?;
    goal.demand_open()?;
    row.delete(&txn).await?;
    follow(&txn, state, me, (pair, goal), id, Kind::MilestoneDeleted).await?;
    Ok(txn.commit().await?)
}

/// The milestone as it stands once its goal is locked.
async fn lock(txn: &DatabaseTransaction, me: &Caller<Member>, id: Uuid) -> Result<(milestone::Model, Held)> {
    let goal_id = visible(txn, me, id).await?.1.id;
    let (pair, goal) = super::lock(txn, me, goal_id).await?;
    let row = milestone::Entity::find().filter(milestone::Column::Id.eq(id)).one(txn).await?;
    Ok((row.ok_or(Code::NotFound)?, (pair, goal)))
}

/// The goal takes note of a changed milestone: its progress and its version, which is answered.
async fn follow(
    txn: &DatabaseTransaction,
    state: &AppState,
    me: &Caller<Member>,
    (pair, goal): Held,
    milestone_id: Uuid,
    kind: Kind,
) -> Result<i32> {
    let share = share_done(&of(txn, goal.id).await?).filter(|_| goal.status == goal::Status::Open);
    let goal = match share {
        Some(share) => goal.advance(share)?,
        None => goal,
    };
    let goal = super::save(txn, goal, state.clock.now()).await?;
    let data = json!({ "mentorshipId": goal.mentorship_id, "milestoneId": milestone_id, "progress": goal.progress });
    events::record(txn, state, Event::new(kind, goal.id).by(me).with(data).telling(pair.other_of(me.id()))).await?;
    Ok(goal.version)
}
