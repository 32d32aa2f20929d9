use std::time::Duration;

use entity::match_run::{self, Conflict, Model, MoveError, State};
use sea_orm::ActiveModelTrait;
use tokio::time::{sleep, timeout};
use uuid::Uuid;

use super::{refusal, store};
use crate::auth::{Admin, Caller};
use crate::error::{Code, Error, Fault, Result};
use crate::events;
use crate::http::IfMatch;
use crate::match_runs::publication;
use crate::match_runs::wire::{IfStale, Publication};
use crate::state::AppState;

/// How often it is asked whether another node has done it.
const LOOK: Duration = Duration::from_millis(100);

/// Asks that the pairs of a plan become what they are to be, all of them or none, and waits for that as long as an answer may take.
pub async fn publish(
    state: &AppState,
    me: &Caller<Admin>,
    id: Uuid,
    if_match: &IfMatch,
    body: Publication,
) -> Result<Model> {
    let run = ask(state, me, id, if_match, body).await?;
    if run.publication.is_none() {
        return Ok(run);
    }
    let done = tokio::spawn(see_through(state.clone(), id));
    match timeout(state.config.patience(), done).await {
        Ok(done) => outcome(done.map_err(anyhow::Error::from)??),
        Err(_) => store::find(state.read(), id).await,
    }
}

async fn ask(state: &AppState, me: &Caller<Admin>, id: Uuid, if_match: &IfMatch, body: Publication) -> Result<Model> {
    let asked = match_run::Publication {
        how: body.how,
        only_fresh: body.if_stale == Some(IfStale::Refuse),
        by_id: me.id(),
        request_id: me.request_id(),
    };
    let txn = state.begin_write().await?;
    let run = store::lock(&txn, id).await?;
    if_match.check(run.version)?;
    let Some(moved) = run.clone().ask_for(asked, state.clock.now()).map_err(refusal)? else { return Ok(run) };
    let run = moved.update(&txn).await?;
    txn.commit().await?;
    Ok(run)
}

/// The run once it is published or was found impossible to be, by this node or another. Whoever is in the way for now is waited for.
async fn see_through(state: AppState, id: Uuid) -> Result<Model> {
    loop {
        match events::noted(&state, publication::carry_out(&state, id)).await {
            Err(error) if error.code() != Code::Unavailable => return Err(error),
            _ => {}
        }
        let run = store::find(state.read(), id).await?;
        if run.publication.is_none() || state.lifecycle.is_draining() {
            return Ok(run);
        }
        sleep(LOOK).await;
    }
}

fn outcome(run: Model) -> Result<Model> {
    match (run.state, &run.conflicts) {
        (State::Ready, Some(conflicts)) => Err(refused_all(&conflicts.0)),
        (State::Ready | State::Published, _) => Ok(run),
        (State::Stale, _) => Err(Code::MatchRunStale.into()),
        (from, _) => Err(refusal(MoveError::Transition { from })),
    }
}

/// Each pair with a reason that tells nothing private: what is no longer available may be a person, a preference or a refusal.
fn refused_all(conflicts: &[Conflict]) -> Error {
    let fault = |Conflict { couple, code }: &Conflict| {
        let title = Code::of_word(code).map_or("", Code::title);
        Fault::new(format!("/pairs/{}/{}", couple.mentor_id, couple.mentee_id), code.clone(), title)
    };
    Error::RefusedAll(Code::MatchRunConflicts, conflicts.iter().map(fault).collect())
}
