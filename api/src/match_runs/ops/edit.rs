use std::sync::Arc;

use entity::match_run::{Couple, Edits, Model, State, Totals};
use sea_orm::ActiveModelTrait;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{refusal, stale, store};
use crate::auth::{Admin, Caller};
use crate::error::{Code, Error, Result};
use crate::events::{self, Event, Kind};
use crate::http::IfMatch;
use crate::match_runs::frozen::{self, Frozen, sorted};
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
    if patch.if_stale == Some(IfStale::Refuse) {
        stale::demand_fresh(state, me, &run).await?;
    }
    warm_up(state, &run).await?;
    let mut warm = state.solver.warm().await;
    let present = warm.take().filter(|warm| warm.is_of(&run));
    let solved = present.ok_or(Code::PreconditionFailed)?.solved;
    let target = target(&run, patch);
    let (wanted, ladder) = (target.clone(), taxonomy::ops::ladder(state.read()).await?);
    let work = move || {
        let mut solved = solved;
        let done = plan::edit(&mut solved, &wanted).and_then(|()| plan::prove(&solved, &wanted, &ladder));
        let packed = done.map(|plan| frozen::pack(&plan.findings).map(|findings| (plan, findings)));
        (solved, packed)
    };
    let (solved, done) = state.solver.run(work).await?;
    let (plan, findings) = match done {
        Ok(packed) => packed?,
        Err(why) => {
            let kept = matches!(why, NoPlan::Pin(..));
            *warm = kept.then_some(Warm { run_id: id, version: run.version, solved });
            return Err(refused(&target, why));
        }
    };
    let edited = store_edit(state, me, &run, (target, plan, findings)).await?;
    *warm = Some(Warm { run_id: id, version: edited.run.version, solved });
    Ok(edited)
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

/// Has the plan of `run` in memory. It goes on where the caller does not wait for it, so that a retry finds it.
async fn warm_up(state: &AppState, run: &Model) -> Result<()> {
    let (state, run) = (state.clone(), run.clone());
    let work = tokio::spawn(async move {
        let mut warm = state.solver.warm().await;
        if !warm.as_ref().is_some_and(|warm| warm.is_of(&run)) {
            let solved = solve_again(&state, &run).await?;
            *warm = Some(Warm { run_id: run.id, version: run.version, solved });
        }
        Ok(())
    });
    work.await.map_err(anyhow::Error::from)?
}

/// The plan as it is stored, from the frozen input.
async fn solve_again(state: &AppState, run: &Model) -> Result<Solved> {
    let bytes = store::snapshot(state.read(), run.id).await?;
    let frozen = Frozen::unpack(&bytes.ok_or(Code::MatchRunStale)?)?;
    let policy = matching_policies::ops::of_version(state.read(), frozen.policy_version).await?;
    let (run, watch) = (run.clone(), Arc::new(Beat::new()));
    let work = move || frozen.roster(policy).map(|roster| plan::solve(roster, &run, &*watch));
    let solved = state.solver.run(work).await??;
    solved.map_err(|why| Error::from(anyhow::anyhow!("a stored run cannot be solved again: {why:?}")))
}

async fn store_edit(
    state: &AppState,
    me: &Caller<Admin>,
    before: &Model,
    (edits, plan, findings): (Edits, Plan, Vec<u8>),
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
    events::record(&txn, state, Event::new(Kind::MatchRunEdited, run.id).by_staff(me).with(told)).await?;
    txn.commit().await?;
    Ok(Edited { run, before: totals, added, removed })
}

/// How much is demanded of the plan: whom it is about stands in the run.
fn demanded(run: &Model) -> Value {
    let Edits { pins, bans, seats } = &run.edits;
    json!({ "version": run.version, "pins": pins.len(), "bans": bans.len(), "seats": seats.len() })
}

fn refused(target: &Edits, why: NoPlan) -> Error {
    match why {
        NoPlan::Pin(couple, word) => {
            let at = target.pins.iter().position(|pin| *pin == couple).unwrap_or_default();
            Error::invalid(format!("/pins/{at}"), word, "the pair cannot be in any plan beside the others")
        }
        why => anyhow::anyhow!("a match run cannot be edited: {why:?}").into(),
    }
}
