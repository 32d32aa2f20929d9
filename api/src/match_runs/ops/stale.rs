use entity::match_run::{Model, State};
use sea_orm::ActiveModelTrait;
use serde_json::json;
use uuid::Uuid;

use super::{population, refusal, store};
use crate::error::Result;
use crate::events::{self, Actor, Event, Kind};
use crate::low_threads::aside;
use crate::state::AppState;

/// Whether a plan would be made of the same today: the same people, answers, seats and refusals, the same policy, and the same weeks.
pub async fn is_fresh(state: &AppState, run: &Model) -> Result<bool> {
    let Some(today) = population::freeze(state.read(), run, state.clock.now()).await? else { return Ok(false) };
    let of = state.clone();
    let (_, hash) = aside(move || today.pack(&of.auth)).await?;
    Ok(Some(hash) == run.snapshot_hash)
}

/// The run is stale for good, unless another has published or ended it meanwhile.
pub async fn mark(state: &AppState, id: Uuid, by: Actor) -> Result<()> {
    let txn = state.begin_write().await?;
    let run = store::lock(&txn, id).await?;
    let before = run.state;
    if before != State::Ready {
        return Ok(());
    }
    let run = run.go_stale(state.clock.now()).map_err(refusal)?.update(&txn).await?;
    store::drop_snapshots(&txn, Some(id)).await?;
    let told = json!({ "before": { "state": before }, "after": { "state": run.state } });
    events::record(&txn, state, Event::new(Kind::MatchRunChanged, run.id).by_staff(by).with(told)).await?;
    Ok(txn.commit().await?)
}
