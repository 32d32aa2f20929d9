use entity::match_run::Model;
use sea_orm::ActiveModelTrait;
use serde_json::json;

use super::{population, refusal, store};
use crate::auth::{Admin, Caller};
use crate::error::{Code, Result};
use crate::events::{self, Event, Kind};
use crate::state::AppState;

/// Refuses where a plan would be made of something else today: other people, answers, seats or refusals, another policy, or
/// other weeks. The run is then stale for good.
pub async fn demand_fresh(state: &AppState, me: &Caller<Admin>, run: &Model) -> Result<()> {
    let today = population::freeze(state.read(), run, state.clock.now()).await?;
    let hash = today.map(|today| today.pack(&state.auth)).transpose()?.map(|(_, hash)| hash);
    if hash == run.snapshot_hash {
        return Ok(());
    }
    let txn = state.begin_write().await?;
    let run = store::lock(&txn, run.id).await?;
    let before = run.state;
    let run = run.go_stale(state.clock.now()).map_err(refusal)?.update(&txn).await?;
    let told = json!({ "before": { "state": before }, "after": { "state": run.state } });
    events::record(&txn, state, Event::new(Kind::MatchRunChanged, run.id).by_staff(me).with(told)).await?;
    txn.commit().await?;
    Err(Code::MatchRunStale.into())
}
