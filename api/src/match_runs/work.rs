//! Sees runs through, on every node: a run is claimed in the database by a lease, so one node works on it at a time, and another
//! goes on from the stored snapshot where that node is gone.

use std::sync::Arc;
use std::time::Duration;

use entity::match_run::{self, Conflict, Conflicts, Failure, LEASE, Model, Phase, State, UNDER_WAY};
use sea_orm::sea_query::{LockBehavior, LockType};
use sea_orm::{ActiveModelTrait, ColumnTrait, Condition, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect};
use serde_json::json;
use tokio::time::sleep;
use uuid::Uuid;

use super::frozen::{self, Frozen};
use super::ops::{population, store};
use super::plan::{self, NoPlan, Plan, Solved};
use super::solver::{Beat, Warm, state_of};
use crate::error::Result;
use crate::events::{self, Event, Kind};
use crate::low_threads::aside;
use crate::matching_policies;
use crate::state::AppState;
use crate::taxonomy;

/// How often a holder shows that it lives, tells how far it is, and looks whether it is to stop.
const BEAT: Duration = Duration::from_millis(300);
/// After so many beats it is told as an event how far it is.
const TELLING: u32 = 3;

/// A run that this node works on.
struct Held {
    run: Model,
    holder: Uuid,
}

/// How the work on a run ended, where nobody else took it over.
enum End {
    Solved(Box<Solved>, Box<Plan>, Vec<u8>),
    Failed(Failure, Option<Conflict>),
    Stopped,
}

/// Takes up the run that waits, if there is one, and sees it through; whether there was one.
///
/// # Errors
/// Where the database fails: the run is taken up again once the lease has run out.
pub async fn work(state: &AppState) -> Result<bool> {
    if !is_any_free(state).await? {
        return Ok(false);
    }
    let Some(held) = claim(state).await? else { return Ok(false) };
    let beat = Arc::new(Beat::new());
    let end = tokio::select! {
        end = produce(state, &held, &beat) => end?,
        () = keep(state, &held, &beat) => {
            beat.stop();
            return Ok(true);
        }
    };
    conclude(state, &held, end).await?;
    Ok(true)
}

fn free(state: &AppState) -> Condition {
    let until = match_run::Column::LeaseUntil;
    let idle = Condition::any().add(until.is_null()).add(until.lte(state.clock.now()));
    Condition::all().add(match_run::Column::State.is_in(UNDER_WAY)).add(idle)
}

async fn is_any_free(state: &AppState) -> Result<bool> {
    let first = match_run::Entity::find().select_only().column(match_run::Column::Id).filter(free(state)).limit(1);
    Ok(first.into_tuple::<Uuid>().one(state.read()).await?.is_some())
}

async fn claim(state: &AppState) -> Result<Option<Held>> {
    let (now, holder) = (state.clock.now(), state.new_id());
    let txn = state.begin_write().await?;
    let next = match_run::Entity::find().filter(free(state));
    let Some(run) = next.lock_with_behavior(LockType::NoKeyUpdate, LockBehavior::SkipLocked).one(&txn).await? else {
        return Ok(None);
    };
    if run.cancel_requested {
        cancel_at_once(&txn, state, run).await?;
        txn.commit().await?;
        return Ok(None);
    }
    let moved = run.take_up(holder, now).map_err(anyhow::Error::from)?;
    let run = moved.update(&txn).await?;
    tell(&txn, state, &run).await?;
    txn.commit().await?;
    Ok(Some(Held { run, holder }))
}

/// Whoever was to heed it is gone.
async fn cancel_at_once(txn: &DatabaseTransaction, state: &AppState, run: Model) -> Result<()> {
    let moved = run.cancel(state.clock.now()).map_err(anyhow::Error::from)?;
    let Some(moved) = moved else { return Ok(()) };
    let run = moved.update(txn).await?;
    store::drop_snapshots(txn, Some(run.id)).await?;
    tell(txn, state, &run).await
}

/// The state, and how far its phase is where there is one.
async fn tell(txn: &DatabaseTransaction, state: &AppState, run: &Model) -> Result<()> {
    let (done, total) = (run.progress_done, run.progress_total);
    let progress = run.progress_phase.map(|phase| json!({ "phase": phase, "done": done, "total": total }));
    let told = json!({ "state": run.state, "progress": progress });
    events::record(txn, state, Event::new(Kind::MatchRunChanged, run.id).with(told)).await
}

async fn produce(state: &AppState, held: &Held, beat: &Arc<Beat>) -> Result<End> {
    let Some(frozen) = frozen(state, held).await? else { return Ok(End::Failed(Failure::TooLarge, None)) };
    let policy = matching_policies::ops::of_version(state.read(), frozen.policy_version).await?;
    let ladder = taxonomy::ops::ladder(state.read()).await?;
    let (run, watch) = (held.run.clone(), Arc::clone(beat));
    beat.enter(Phase::Scoring, 0, frozen.size().0 as u64);
    let work = move || -> Result<_> {
        let roster = frozen.roster(policy)?;
        let solved = match plan::solve(roster, &run, &*watch) {
            Ok(solved) => solved,
            Err(why) => return Ok(Err(why)),
        };
        watch.enter(Phase::Proving, 0, 1);
        let plan = match plan::prove(&solved, &run.edits, &ladder) {
            Ok(plan) => plan,
            Err(why) => return Ok(Err(why)),
        };
        let findings = frozen::pack(&plan.findings)?;
        Ok(Ok((solved, plan, findings)))
    };
    match state.solver.run(work).await.and_then(|done| done) {
        Ok(Ok((solved, plan, findings))) => Ok(End::Solved(Box::new(solved), Box::new(plan), findings)),
        Ok(Err(NoPlan::Cancelled)) => Ok(End::Stopped),
        Ok(Err(NoPlan::TooLarge)) => Ok(End::Failed(Failure::TooLarge, None)),
        Ok(Err(NoPlan::Pin(couple, code))) => {
            Ok(End::Failed(Failure::PinRefused, Some(Conflict { couple, code: code.to_owned() })))
        }
        Ok(Err(NoPlan::Broken(cause))) => {
            tracing::error!(cause, "a match run cannot be solved");
            Ok(End::Failed(Failure::Internal, None))
        }
        Err(error) => {
            tracing::error!(cause = ?error, "a match run cannot be solved");
            Ok(End::Failed(Failure::Internal, None))
        }
    }
}

/// The input: the stored one, or one that is frozen and stored now. `None` where it is too large.
async fn frozen(state: &AppState, held: &Held) -> Result<Option<Frozen>> {
    if let Some(frozen) = store::frozen(state.read(), held.run.id).await? {
        return Ok(Some(frozen));
    }
    let now = state.clock.now();
    let Some(frozen) = population::freeze(state.read(), &held.run, now).await? else { return Ok(None) };
    let of = state.clone();
    let (frozen, (bytes, hash)) = aside(move || frozen.pack(&of.auth).map(|packed| (frozen, packed))).await?;
    let txn = state.begin_write().await?;
    let run = store::lock(&txn, held.run.id).await?;
    if frozen.is_about_any(&store::erased_since(&txn, now - LEASE).await?) {
        return Err(anyhow::anyhow!("somebody of the match run was erased while it was frozen").into());
    }
    let versions = (frozen.policy_version, frozen.algorithm_version);
    let moved = run.freeze(held.holder, versions, hash, now).map_err(anyhow::Error::from)?;
    let run = moved.update(&txn).await?;
    store::put_snapshot(&txn, run.id, bytes, now).await?;
    tell(&txn, state, &run).await?;
    txn.commit().await?;
    Ok(Some(frozen))
}

/// Shows that the holder lives and tells how far it is, until the lease is lost. Where the run is to be cancelled, or the server to
/// stop, the solver is told.
async fn keep(state: &AppState, held: &Held, beat: &Beat) {
    for beats in 1.. {
        sleep(BEAT).await;
        match show_life(state, held, beat, beats % TELLING == 0).await {
            Ok(true) => {}
            Ok(false) => return,
            // The lease lasts for many beats.
            Err(error) => tracing::warn!(cause = ?error, "a match run shows no life for now"),
        }
    }
}

/// Whether the lease is still held.
async fn show_life(state: &AppState, held: &Held, beat: &Beat, tells: bool) -> Result<bool> {
    let txn = state.begin_write().await?;
    let run = store::lock(&txn, held.run.id).await?;
    let (before, cancel) = (run.state, run.cancel_requested);
    let at = beat.now();
    let Ok(moved) = run.go_on(held.holder, state_of(at.0), at, state.clock.now()) else { return Ok(false) };
    let run = moved.update(&txn).await?;
    if tells || run.state != before {
        tell(&txn, state, &run).await?;
    }
    txn.commit().await?;
    if cancel || state.lifecycle.is_draining() {
        beat.stop();
    }
    Ok(true)
}

async fn conclude(state: &AppState, held: &Held, end: End) -> Result<()> {
    let now = state.clock.now();
    let txn = state.begin_write().await?;
    let run = store::lock(&txn, held.run.id).await?;
    if run.lease_holder != Some(held.holder) || !run.state.is_under_way() {
        return Ok(());
    }
    let cancelled = run.cancel_requested;
    let (moved, warm) = match end {
        _ if cancelled => (run.heed_cancel(held.holder, now), None),
        End::Stopped => (run.give_back(held.holder, now), None),
        End::Failed(failure, pin) => {
            let conflicts = pin.map(|pin| Conflicts(vec![pin]));
            (run.fail(held.holder, failure, conflicts, now), None)
        }
        End::Solved(solved, plan, findings) => {
            store::put_pairs(&txn, run.id, &plan.pairs).await?;
            store::put_findings(&txn, run.id, findings).await?;
            (run.finish(held.holder, plan.summary, now), Some(solved))
        }
    };
    let run = moved.map_err(anyhow::Error::from)?.update(&txn).await?;
    if matches!(run.state, State::Cancelled | State::Failed) {
        store::drop_snapshots(&txn, Some(run.id)).await?;
    }
    tell(&txn, state, &run).await?;
    txn.commit().await?;
    if let Some(solved) = warm {
        *state.solver.warm().await = Some(Warm { run_id: run.id, version: run.version, solved: *solved });
    }
    Ok(())
}
