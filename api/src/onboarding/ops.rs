use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::onboarding_step::{self, Step};
use entity::user;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::auth::{Caller, Registered};
use crate::error::{Code, Error, Result};
use crate::events::{self, Event, Kind};
use crate::state::AppState;
use crate::suggestions;
use crate::users::ops::{self, Changes, Loaded};

/// The answers so far, and when which step was saved.
pub(super) struct Survey {
    pub answers: Loaded,
    saved: HashMap<Step, DateTime<Utc>>,
}

impl Survey {
    pub fn requires(&self, step: Step) -> bool {
        step.is_required(&self.answers.user)
    }

    pub fn saved_at(&self, step: Step) -> Option<DateTime<Utc>> {
        self.saved.get(&step).copied()
    }
}

pub(super) async fn survey(state: &AppState, me: &Caller<Registered>) -> Result<Survey> {
    Ok(Survey { answers: ops::mine(state, me).await?, saved: saved(state.read(), me.id()).await? })
}

async fn saved(db: &impl ConnectionTrait, user: Uuid) -> Result<HashMap<Step, DateTime<Utc>>> {
    let rows = onboarding_step::Entity::find().filter(onboarding_step::Column::UserId.eq(user)).all(db).await?;
    Ok(rows.into_iter().map(|row| (row.step, row.saved_at)).collect())
}

pub(super) async fn save(state: &AppState, me: &Caller<Registered>, step: Step, answers: Changes) -> Result<Survey> {
    let txn = state.begin_write().await?;
    ops::apply(&txn, state, me, answers).await?;
    let row = onboarding_step::ActiveModel { user_id: Set(me.id()), step: Set(step), saved_at: Set(state.clock.now()) };
    let again = OnConflict::columns([onboarding_step::Column::UserId, onboarding_step::Column::Step])
        .update_column(onboarding_step::Column::SavedAt)
        .to_owned();
    onboarding_step::Entity::insert(row).on_conflict(again).exec_without_returning(&txn).await?;
    txn.commit().await?;
    survey(state, me).await
}

/// Lets the caller be seen and matched, with first suggestions; a second time it changes nothing.
pub(super) async fn complete(state: &AppState, me: &Caller<Registered>) -> Result<Survey> {
    let txn = state.begin_write().await?;
    let user = ops::lock(&txn, me.id()).await?;
    if user.onboarding_completed_at.is_none() {
        demand_steps(&user, &saved(&txn, user.id).await?)?;
        ops::onboard(&txn, state, user).await?;
        events::record(&txn, state, Event::new(Kind::UserOnboarded, me.id()).by(me)).await?;
        suggestions::ops::refresh(&txn, state, me.id()).await?;
    }
    txn.commit().await?;
    survey(state, me).await
}

pub async fn delete_all(txn: &impl ConnectionTrait, user: Uuid) -> Result<()> {
    onboarding_step::Entity::delete_many().filter(onboarding_step::Column::UserId.eq(user)).exec(txn).await?;
    Ok(())
}

fn demand_steps(user: &user::Model, saved: &HashMap<Step, DateTime<Utc>>) -> Result<()> {
    let is_missing = |step: &Step| step.is_required(user) && !saved.contains_key(step);
    let missing: Vec<_> = Step::ALL.into_iter().filter(is_missing).map(|step| step.to_string()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(Error::refused(Code::OnboardingIncomplete, format!("steps left: {}", missing.join(", "))))
}
