//! Makes the pairs of a plan what an admin asked for, in one transaction: whoever dies at it leaves the plan as it was, and another
//! node goes on.

use chrono::TimeDelta;
use entity::component::shown;
use entity::match_run::{self, Conflict, Conflicts, Couple, Model, Publication, PublishedAs, State};
use entity::match_run_pair;
use sea_orm::sea_query::{LockBehavior, LockType};
use sea_orm::{ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect};
use serde_json::json;
use uuid::Uuid;

use super::ops::{stale, store};
use crate::error::{Code, Result};
use crate::events::{self, Actor, Event, Kind};
use crate::state::AppState;
use crate::suggestions::ops::New;
use crate::{mentorships, settings, suggestions};

/// Conflicts that are kept.
const MOST_KEPT: usize = 1000;

/// Publishes what is asked for and nobody is at.
///
/// # Errors
/// Where the database fails: it is taken up again.
pub async fn publish_asked(state: &AppState) -> Result<()> {
    let asked = match_run::Entity::find().select_only().column(match_run::Column::Id);
    let asked = asked.filter(match_run::Column::Publication.is_not_null());
    for id in asked.into_tuple::<Uuid>().all(state.read()).await? {
        carry_out(state, id).await?;
    }
    Ok(())
}

/// Publishes this run, unless somebody else is at it or it is not asked for any more. What fails by a fault of ours is not asked for
/// any more either.
pub async fn carry_out(state: &AppState, id: Uuid) -> Result<()> {
    let done = attempt(state, id).await;
    if done.as_ref().is_err_and(|error| error.code() != Code::Unavailable) {
        keep(state, id, Vec::new()).await?;
    }
    done
}

async fn attempt(state: &AppState, id: Uuid) -> Result<()> {
    let run = store::find(state.read(), id).await?;
    let Some(asked) = run.publication.clone() else { return Ok(()) };
    if asked.only_fresh && !stale::is_fresh(state, &run).await? {
        return stale::mark(state, id, actor(&asked)).await;
    }
    let obstacles = publish(state, id).await?;
    if obstacles.is_empty() { Ok(()) } else { keep(state, id, obstacles).await }
}

fn actor(asked: &Publication) -> Actor {
    Actor { id: asked.by_id, request_id: asked.request_id }
}

async fn take(txn: &DatabaseTransaction, id: Uuid) -> Result<Option<(Model, Publication)>> {
    let free = match_run::Entity::find().filter(match_run::Column::Id.eq(id));
    let free = free.filter(match_run::Column::Publication.is_not_null());
    let run = free.lock_with_behavior(LockType::NoKeyUpdate, LockBehavior::SkipLocked).one(txn).await?;
    Ok(run.and_then(|run| Some((run.clone(), run.publication?))))
}

/// What stands in the way; nothing where all is done.
async fn publish(state: &AppState, id: Uuid) -> Result<Vec<(Couple, Code)>> {
    let txn = state.begin_write().await?;
    let Some((run, asked)) = take(&txn, id).await? else { return Ok(Vec::new()) };
    let pairs = store::pairs(&txn, id).await?;
    let couples: Vec<_> = pairs.iter().map(couple).collect();
    let obstacles = mentorships::ops::obstacles(&txn, state, &couples).await?;
    if !obstacles.is_empty() {
        return Ok(obstacles);
    }
    match asked.how {
        PublishedAs::Mentorships => mentorships::ops::open_all(&txn, state, actor(&asked), &couples).await?,
        PublishedAs::Suggestions => suggest(&txn, state, &run, pairs).await?,
    }
    let run = run.publish(state.clock.now()).map_err(anyhow::Error::from)?.update(&txn).await?;
    store::drop_snapshots(&txn, Some(id)).await?;
    let told = json!({ "pairs": couples.len(), "before": { "state": State::Ready, "publishedAs": null },
        "after": { "state": run.state, "publishedAs": asked.how } });
    let event = Event::new(Kind::MatchRunPublished, id).by_staff(actor(&asked)).with(told);
    events::record(&txn, state, event).await?;
    txn.commit().await?;
    Ok(Vec::new())
}

fn couple(pair: &match_run_pair::Model) -> Couple {
    Couple { mentor_id: pair.mentor_id, mentee_id: pair.mentee_id }
}

async fn suggest(
    txn: &DatabaseTransaction,
    state: &AppState,
    run: &Model,
    pairs: Vec<match_run_pair::Model>,
) -> Result<()> {
    let settings = settings::ops::current(txn).await?;
    let expires_at = state.clock.now() + TimeDelta::days(settings.suggestion_days.into());
    let new =
        pairs.into_iter().map(|pair| New { couple: couple(&pair), score: shown(pair.points), reasons: pair.reasons });
    let versions = (run.policy_version.unwrap_or_default(), run.algorithm_version.unwrap_or_default());
    suggestions::ops::suggest_all(txn, state, versions, new.collect(), expires_at).await?;
    Ok(())
}

/// Keeps why it was not published, for whoever asked.
async fn keep(state: &AppState, id: Uuid, obstacles: Vec<(Couple, Code)>) -> Result<()> {
    let conflict = |(couple, code): (Couple, Code)| Conflict { couple, code: code.word() };
    let conflicts = Conflicts(obstacles.into_iter().take(MOST_KEPT).map(conflict).collect());
    let txn = state.begin_write().await?;
    let Some((run, _)) = take(&txn, id).await? else { return Ok(()) };
    let told = json!({ "state": run.state, "conflicts": conflicts.0.len() });
    run.meet(conflicts, state.clock.now()).update(&txn).await?;
    events::record(&txn, state, Event::new(Kind::MatchRunChanged, id).with(told)).await?;
    Ok(txn.commit().await?)
}
