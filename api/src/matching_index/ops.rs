use serde_json::json;
use tokio::time::timeout;
use uuid::Uuid;

use crate::auth::{Caller, Owner};
use crate::candidates::Report;
use crate::error::{Code, Error, Result};
use crate::events::{self, Event, Kind};
use crate::state::AppState;

/// The stream of what happens to the indexes, which have no id.
const STREAM: Uuid = Uuid::nil();

pub(super) async fn check(state: &AppState, me: &Caller<Owner>) -> Result<()> {
    let goes_on = |_| Error::refused(Code::Unavailable, "the check goes on");
    let told = |report: &Report| json!({ "checks": report.checks, "differed": report.differed });
    let before = told(&state.candidates.report());
    let after = timeout(state.config.patience(), state.candidates.check()).await.map_err(goes_on)?;
    let data = json!({ "before": before, "after": told(&after) });
    let txn = state.begin_write().await?;
    events::record(&txn, state, Event::new(Kind::MatchingIndexChecked, STREAM).by_staff(me).with(data)).await?;
    Ok(txn.commit().await?)
}
