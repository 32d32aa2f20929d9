use chrono::TimeDelta;
use entity::oauth_handover::{ActiveModel, Column, Entity};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, TryInsert};
use uuid::Uuid;

use super::{CODE_LIFETIME, Proven, hash};
use crate::error::{Code, Result};
use crate::oauth::flow::{self, Flow, random};
use crate::oauth::outcome::{Outcome, Redirect};
use crate::oauth::provider::{Failure, Identity, Provider};
use crate::oauth::wire::CallbackParams;
use crate::state::AppState;

/// Ends the sign-in that this browser began: asks the provider who it was, and hands that to the application.
pub async fn finish(
    state: &AppState,
    provider: &Provider,
    flow: Option<Flow>,
    told: CallbackParams,
) -> Result<Redirect> {
    let given = told.state.as_deref().unwrap_or_default();
    let flow = flow.filter(|flow| flow.awaits(&provider.id, given, state.clock.now()));
    let flow = flow.ok_or(Code::InvalidOauthState)?;
    let id = claim(state, &flow).await?;
    if told.error.as_deref() == Some("access_denied") {
        return Redirect::back(&flow, &Outcome::DENIED);
    }
    let outcome = match identify(state, provider, &flow, &told).await {
        Ok(identity) => Outcome::Code(hand_over(state, id, &flow, Proven::new(provider, identity)).await?),
        Err(failure) => Outcome::of_failure(provider, failure),
    };
    Redirect::back(&flow, &outcome)
}

/// Takes the state, once and for all: of two callbacks one goes on. Committed before the provider is asked.
async fn claim(state: &AppState, flow: &Flow) -> Result<Uuid> {
    let (id, now) = (state.new_id(), state.clock.now());
    let row = ActiveModel {
        id: Set(id),
        state_hash: Set(hash(&flow.state)),
        created_at: Set(now),
        // A little longer than the browser's side can last.
        expires_at: Set(now + flow::LIFETIME + TimeDelta::minutes(2)),
        ..Default::default()
    };
    let once = OnConflict::column(Column::StateHash).do_nothing().to_owned();
    let txn = state.begin_write().await?;
    Entity::delete_many().filter(Column::ExpiresAt.lt(now)).exec(&txn).await?;
    let inserted = TryInsert::one(row).on_conflict(once).exec_without_returning(&txn).await?;
    if inserted == 0 {
        return Err(Code::InvalidOauthState.into());
    }
    txn.commit().await?;
    Ok(id)
}

async fn identify(
    state: &AppState,
    provider: &Provider,
    flow: &Flow,
    told: &CallbackParams,
) -> Result<Identity, Failure> {
    let code = match (&told.error, &told.code) {
        (None, Some(code)) => code,
        (Some(_), _) => return Err(Failure::Invalid("the provider reports an error")),
        (None, None) => return Err(Failure::Invalid("the callback has no code")),
    };
    state.providers.identify(provider, code, told.iss.as_deref(), flow, state.clock.now()).await
}

/// Keeps who it was for whoever has the code, which this answers, and the application's verifier.
async fn hand_over(state: &AppState, id: Uuid, flow: &Flow, proven: Proven) -> Result<String> {
    let code = random();
    let row = ActiveModel {
        id: Set(id),
        code_hash: Set(Some(hash(&code))),
        code_challenge: Set(Some(flow.code_challenge.clone())),
        code_expires_at: Set(Some(state.clock.now() + CODE_LIFETIME)),
        identity: Set(Some(proven.seal(&state.auth)?)),
        ..Default::default()
    };
    let txn = state.begin_write().await?;
    row.update(&txn).await?;
    txn.commit().await?;
    Ok(code)
}
