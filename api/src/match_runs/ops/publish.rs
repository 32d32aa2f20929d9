use chrono::TimeDelta;
use entity::component::shown;
use entity::match_run::{Couple, Model, PublishedAs};
use entity::match_run_pair;
use sea_orm::{ActiveModelTrait, DatabaseTransaction};
use serde_json::json;
use uuid::Uuid;

use super::{refusal, stale, store};
use crate::auth::{Admin, Caller};
use crate::error::{Code, Error, Fault, Result};
use crate::events::{self, Event, Kind};
use crate::http::IfMatch;
use crate::match_runs::wire::{IfStale, Publication};
use crate::state::AppState;
use crate::suggestions::ops::New;
use crate::{mentorships, settings, suggestions};

/// Makes the pairs of a plan what they are to be, all of them in one transaction, or none where a rule has come in the way of one.
pub async fn publish(
    state: &AppState,
    me: &Caller<Admin>,
    id: Uuid,
    if_match: &IfMatch,
    body: Publication,
) -> Result<Model> {
    let run = store::find(state.read(), id).await?;
    if_match.check(run.version)?;
    if body.if_stale == Some(IfStale::Refuse) && run.published_at.is_none() {
        stale::demand_fresh(state, me, &run).await?;
    }
    let txn = state.begin_write().await?;
    let run = store::lock(&txn, id).await?;
    if_match.check(run.version)?;
    let versions = (run.policy_version.unwrap_or_default(), run.algorithm_version.unwrap_or_default());
    let Some(moved) = run.clone().publish(body.how, state.clock.now()).map_err(refusal)? else { return Ok(run) };
    let before = run.state;
    let pairs = store::pairs(&txn, id).await?;
    let couples: Vec<_> = pairs.iter().map(couple).collect();
    let obstacles = mentorships::ops::obstacles(&txn, state, &couples).await?;
    if !obstacles.is_empty() {
        return Err(conflicts(obstacles));
    }
    let count = couples.len();
    match body.how {
        PublishedAs::Mentorships => mentorships::ops::open_all(&txn, state, me, &couples).await?,
        PublishedAs::Suggestions => suggest(&txn, state, versions, pairs).await?,
    }
    let run = moved.update(&txn).await?;
    store::drop_snapshots(&txn, Some(id)).await?;
    let told = json!({ "pairs": count, "before": { "state": before, "publishedAs": null },
        "after": { "state": run.state, "publishedAs": body.how } });
    events::record(&txn, state, Event::new(Kind::MatchRunPublished, id).by_staff(me).with(told)).await?;
    txn.commit().await?;
    Ok(run)
}

fn couple(pair: &match_run_pair::Model) -> Couple {
    Couple { mentor_id: pair.mentor_id, mentee_id: pair.mentee_id }
}

async fn suggest(
    txn: &DatabaseTransaction,
    state: &AppState,
    versions: (i32, i32),
    pairs: Vec<match_run_pair::Model>,
) -> Result<()> {
    let settings = settings::ops::current(txn).await?;
    let expires_at = state.clock.now() + TimeDelta::days(settings.suggestion_days.into());
    let new =
        pairs.into_iter().map(|pair| New { couple: couple(&pair), score: shown(pair.points), reasons: pair.reasons });
    suggestions::ops::suggest_all(txn, state, versions, new.collect(), expires_at).await?;
    Ok(())
}

/// Each pair with a reason that tells nothing private: what is no longer available may be a person, a preference or a refusal.
fn conflicts(obstacles: Vec<(Couple, Code)>) -> Error {
    let fault = |(couple, code): (Couple, Code)| {
        Fault::new(format!("/pairs/{}/{}", couple.mentor_id, couple.mentee_id), code.word(), code.title())
    };
    Error::RefusedAll(Code::MatchRunConflicts, obstacles.into_iter().map(fault).collect())
}
