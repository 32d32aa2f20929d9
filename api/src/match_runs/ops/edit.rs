use std::sync::Arc;

use entity::match_run::{Couple, Edits, Model, State, Totals};
use sea_orm::ActiveModelTrait;
use serde_json::{Value, json};
use tokio::time::timeout;
use uuid::Uuid;

use super::{refusal, stale, store};
use crate::auth::{Admin, Caller};
use crate::error::{Code, Error, Result};
use crate::events::{self, Actor, Event, Kind};
use crate::http::IfMatch;
use crate::match_runs::frozen::{self, sorted};
use crate::match_runs::plan::{self, NoPlan, Plan, Solved};
use crate::match_runs::solver::{Beat, Warm};
use crate::match_runs::wire::{IfStale, MatchRunPatch};
use crate::matching_policies;
use crate::state::AppState;
use crate::taxonomy;

/// What an edit did to the plan.
pub struct Edited {
    pub run: Model,
    pub before: Totals,
    pub added: Vec<Couple>,
    pub removed: Vec<Couple>,
}

/// Changes what is demanded of a plan that is ready: the best plan under it, proven anew, takes the place of the one before.
pub async fn edit(
    state: &AppState,
    me: &Caller<Admin>,
    id: Uuid,
    if_match: &IfMatch,
    patch: MatchRunPatch,
) -> Result<Edited> {
    let run = store::find(state.read(), id).await?;
    if_match.demand(run.version)?;
    if run.state != State::Ready {
        return Err(Error::refused(Code::InvalidTransition, format!("the match run is {}", run.state)));
    }
    let work = edit_ready(state.clone(), me.into(), run, patch);
    let goes_on = |_| Error::refused(Code::Unavailable, "the plan is still being worked on");
    timeout(state.config.patience(), tokio::spawn(work)).await.map_err(goes_on)?.map_err(anyhow::Error::from)?
}

/// Goes on where the caller waits no longer, so that a plan that had to be solved again is there for the next edit.
async fn edit_ready(state: AppState, by: Actor, run: Model, patch: MatchRunPatch) -> Result<Edited> {
    if patch.if_stale == Some(IfStale::Refuse) {
        demand_fresh(&state, by, &run).await?;
    }
    let mut warm = state.solver.warm().await;
    let solved = match warm.take().filter(|warm| warm.is_of(&run)) {
        Some(present) => present.solved,
        None => solve_again(&state, &run).await?,
    };
    let target = target(&run, patch);
    let (solved, done) = replan(&state, solved, target.clone()).await?;
    let (edited, is_as_stored) = match done {
        Ok(planned) => {
            let edited = store_edit(&state, by, &run, (target, planned)).await;
            let is_stored = edited.is_ok();
            (edited, is_stored)
        }
        Err(why) => (Err(refused(&target, &why)), matches!(why, NoPlan::Pin(..))),
    };
    let version = edited.as_ref().map_or(run.version, |edited| edited.run.version);
    *warm = is_as_stored.then_some(Warm { run_id: run.id, version, solved });
    edited
}

/// What `solved` becomes under `target`, proven and ready to be stored.
async fn replan(state: &AppState, solved: Solved, target: Edits) -> Result<(Solved, Result<Planned, NoPlan>)> {
    let ladder = taxonomy::ops::ladder(state.read()).await?;
    let work = move || {
        let mut solved = solved;
        let plan = match plan::edit(&mut solved, &target).and_then(|()| plan::prove(&solved, &target, &ladder)) {
            Ok(plan) => plan,
            Err(why) => return Ok((solved, Err(why))),
        };
        let findings = frozen::pack(&plan.findings)?;
        Ok((solved, Ok((plan, findings))))
    };
    state.solver.run(work).await?
}

/// A plan with what it says, as bytes.
type Planned = (Plan, Vec<u8>);

async fn demand_fresh(state: &AppState, by: Actor, run: &Model) -> Result<()> {
    if stale::is_fresh(state, run).await? {
        return Ok(());
    }
    stale::mark(state, run.id, by).await?;
    Err(Code::MatchRunStale.into())
}

/// Whole lists: those that are there take the place of what was.
fn target(run: &Model, patch: MatchRunPatch) -> Edits {
    let Edits { pins, bans, seats } = run.edits.clone();
    sorted(Edits {
        pins: patch.pins.map_or(pins, |list| list.into_iter().map(Into::into).collect()),
        bans: patch.bans.map_or(bans, |list| list.into_iter().map(Into::into).collect()),
        seats: patch.seats.map_or(seats, |list| list.into_iter().map(Into::into).collect()),
    })
}

/// The plan as it is stored, from the frozen input.
async fn solve_again(state: &AppState, run: &Model) -> Result<Solved> {
    let frozen = store::frozen(state.read(), run.id).await?.ok_or(Code::MatchRunStale)?;
    let policy = matching_policies::ops::of_version(state.read(), frozen.policy_version).await?;
    let (run, watch) = (run.clone(), Arc::new(Beat::new()));
    let work = move || frozen.roster(policy).map(|roster| plan::solve(roster, &run, &*watch));
    let solved = state.solver.run(work).await??;
    solved.map_err(|why| Error::from(anyhow::anyhow!("a stored run cannot be solved again: {why:?}")))
}

async fn store_edit(
    state: &AppState,
    by: Actor,
    before: &Model,
    (edits, (plan, findings)): (Edits, Planned),
) -> Result<Edited> {
    let txn = state.begin_write().await?;
    let run = store::lock(&txn, before.id).await?;
    if run.version != before.version {
        return Err(Code::PreconditionFailed.into());
    }
    let demanded_before = demanded(&run);
    let totals = run.summary.map(|summary| summary.totals).unwrap_or_default();
    let moved = run.edit(edits, plan.summary, state.clock.now()).map_err(refusal)?;
    let run = moved.update(&txn).await?;
    let (added, removed) = store::put_pairs(&txn, run.id, &plan.pairs).await?;
    store::put_findings(&txn, run.id, findings).await?;
    let told =
        json!({ "before": demanded_before, "after": demanded(&run), "added": added.len(), "removed": removed.len() });
    events::record(&txn, state, Event::new(Kind::MatchRunEdited, run.id).by_staff(by).with(told)).await?;
    txn.commit().await?;
    Ok(Edited { run, before: totals, added, removed })
}

/// How much is demanded of the plan: whom it is about stands in the run.
fn demanded(run: &Model) -> Value {
    let Edits { pins, bans, seats } = &run.edits;
    json!({ "version": run.version, "pins": pins.len(), "bans": bans.len(), "seats": seats.len() })
}

fn refused(target: &Edits, why: &NoPlan) -> Error {
    match why {
        NoPlan::Pin(couple, word) => {
            let at = target.pins.iter().position(|pin| pin == couple).unwrap_or_default();
            Error::invalid(format!("/pins/{at}"), *word, "the pair cannot be in any plan beside the others")
        }
        why => anyhow::anyhow!("a match run cannot be edited: {why:?}").into(),
    }
}
