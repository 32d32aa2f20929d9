use entity::issue::{Model, MoveError};
use entity::user;
use sea_orm::sea_query::LockType;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter,
    QuerySelect,
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::read::{handled, shown};
use crate::auth::{Admin, Caller};
use crate::error::{Code, Error, Result};
use crate::events::{self, Event, Kind};
use crate::issues::wire::StaffIssueOut;
use crate::state::AppState;

impl From<MoveError> for Error {
    fn from(error: MoveError) -> Self {
        match error {
            MoveError::AlreadyAnswered => Code::AlreadyAnswered.into(),
            MoveError::Closed => Self::refused(Code::InvalidTransition, error.to_string()),
        }
    }
}

pub async fn assign(state: &AppState, me: &Caller<Admin>, id: Uuid, to: Option<Uuid>) -> Result<StaffIssueOut> {
    let txn = state.begin_write().await?;
    let row = lock(&txn, me, id).await?;
    if let Some(to) = to {
        demand_staff(&txn, to, &row).await?;
    }
    let Some(assigned) = row.clone().assign(to, state.clock.now())? else { return shown(&txn, row).await };
    let moved = assigned.update(&txn).await?;
    let change = (json!({ "assigneeId": row.assignee_id }), json!({ "assigneeId": moved.assignee_id }));
    finish(txn, state, Event::new(Kind::IssueAssigned, id).by_staff(me), moved, change).await
}

/// An active member of the staff who is not whom the issue is about.
async fn demand_staff(db: &impl ConnectionTrait, id: Uuid, row: &Model) -> Result<()> {
    let staff = user::Entity::find()
        .filter(user::Column::Id.eq(id))
        .filter(user::Column::Role.ne(user::Role::Regular))
        .filter(user::Column::Status.eq(user::Status::Active));
    if row.reported_id != Some(id) && staff.count(db).await? > 0 {
        return Ok(());
    }
    Err(Error::invalid("/userId", "unknown_user", "an active admin or owner whom the issue is not about"))
}

/// The reporter is informed.
pub async fn answer(state: &AppState, me: &Caller<Admin>, id: Uuid, text: String) -> Result<StaffIssueOut> {
    let txn = state.begin_write().await?;
    let row = lock(&txn, me, id).await?;
    let moved = row.clone().answer(text, state.clock.now())?.update(&txn).await?;
    let event = Event::new(Kind::IssueAnswered, id).by_staff(me).informing([row.reporter_id]);
    let change = statuses(&row, &moved);
    finish(txn, state, event, moved, change).await
}

pub async fn close(state: &AppState, me: &Caller<Admin>, id: Uuid) -> Result<StaffIssueOut> {
    let txn = state.begin_write().await?;
    let row = lock(&txn, me, id).await?;
    let Some(closed) = row.clone().close(state.clock.now()) else { return shown(&txn, row).await };
    let moved = closed.update(&txn).await?;
    let event = Event::new(Kind::IssueClosed, id).by_staff(me).informing([row.reporter_id]);
    let change = statuses(&row, &moved);
    finish(txn, state, event, moved, change).await
}

fn statuses(before: &Model, after: &Model) -> (Value, Value) {
    (json!({ "status": before.status }), json!({ "status": after.status }))
}

async fn lock(txn: &DatabaseTransaction, me: &Caller<Admin>, id: Uuid) -> Result<Model> {
    Ok(handled(me, id).lock(LockType::NoKeyUpdate).one(txn).await?.ok_or(Code::NotFound)?)
}

async fn finish(
    txn: DatabaseTransaction,
    state: &AppState,
    event: Event,
    moved: Model,
    (before, after): (Value, Value),
) -> Result<StaffIssueOut> {
    events::record(&txn, state, event.with(json!({ "before": before, "after": after }))).await?;
    let out = shown(&txn, moved).await?;
    txn.commit().await?;
    Ok(out)
}
