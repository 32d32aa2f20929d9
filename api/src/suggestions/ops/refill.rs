//! Lists are filled up when they are read: what lapsed, or was answered by others, leaves places.

use std::sync::Arc;
use std::time::Duration;

use entity::side::Side;
use moka::sync::Cache;
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep};
use uuid::Uuid;

use super::refresh::{Outlook, outlook, refresh};
use crate::error::Result;
use crate::state::AppState;

/// For how long nobody's short list is looked at again: who comes in meanwhile is suggested to them on their own arrival.
const REST: Duration = Duration::from_secs(600);
const REMEMBERED: u64 = 100_000;
/// For how many times as long as it took to fill one the next short list waits, so that requests have the processor for themselves.
const PAUSES: u32 = 9;

/// Short lists are filled one at a time, beside the requests.
#[derive(Clone)]
pub struct Refills {
    one: Arc<Semaphore>,
    recent: Cache<Uuid, ()>,
}

impl Default for Refills {
    fn default() -> Self {
        let recent = Cache::builder().max_capacity(REMEMBERED).time_to_live(REST).build();
        Self { one: Arc::new(Semaphore::new(1)), recent }
    }
}

/// Fills the lists of `user`, which showed nobody. Tells whether there is somebody now, whoever filled them: another may have done
/// so since they were read. A failure is no reason not to show what there is.
pub async fn fill_empty(state: &AppState, user: Uuid) -> bool {
    match fill(state, user).await {
        Ok(filled) => filled,
        Err(error) => {
            tracing::warn!(cause = ?error, "a list of suggestions stays as short as it is");
            false
        }
    }
}

/// Whether `user` has a list, of those of which so many are shown as open, that may have room for more. Where a page ends before a
/// list does, it may.
pub fn may_be_short(state: &AppState, user: Uuid, shown: &[(Side, usize)]) -> bool {
    let short = state.candidates.read(|index| {
        let length = usize::from(index.policy().list_length);
        shown.iter().any(|(side, open)| *open < length && index.is_open(*side, user))
    });
    short.unwrap_or_default()
}

/// Fills the lists of `user` after the answer, unless another's are being filled or theirs were a short while ago.
pub fn fill_short(state: &AppState, user: Uuid) {
    if !state.config.refill_lists {
        return;
    }
    let Ok(permit) = Arc::clone(&state.refills.one).try_acquire_owned() else { return };
    if state.refills.recent.contains_key(&user) {
        return;
    }
    state.refills.recent.insert(user, ());
    let state = state.clone();
    tokio::spawn(async move {
        let _permit = permit;
        let began = Instant::now();
        fill_empty(&state, user).await;
        sleep(began.elapsed() * PAUSES).await;
    });
}

async fn fill(state: &AppState, user: Uuid) -> Result<bool> {
    let outlook = outlook(state, user).await?;
    if outlook == Outlook::Due {
        let txn = state.begin_write().await?;
        refresh(&txn, state, user).await?;
        txn.commit().await?;
    }
    Ok(outlook != Outlook::Empty)
}
