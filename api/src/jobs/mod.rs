//! What runs beside the requests, on every node: each piece of work is claimed in the database, so it is done once.

use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::sleep;

use crate::mail;
use crate::match_runs;
use crate::state::AppState;

const PAUSE: Duration = Duration::from_secs(1);

/// Works until the server stops. A match run takes long, so mail does not wait for it.
pub fn start(state: AppState) -> [JoinHandle<()>; 2] {
    [deliver_mail(state.clone()), match_cohorts(state)]
}

fn match_cohorts(state: AppState) -> JoinHandle<()> {
    tokio::spawn(async move {
        while !state.lifecycle.is_draining() {
            if let Err(error) = match_runs::work(&state).await {
                tracing::warn!(cause = ?error, "a match run waits for the next round");
            }
            sleep(PAUSE).await;
        }
    })
}

fn deliver_mail(state: AppState) -> JoinHandle<()> {
    tokio::spawn(async move {
        while !state.lifecycle.is_draining() {
            if let Err(error) = mail::deliver_due(&state).await {
                tracing::warn!(cause = ?error, "mail waits for the next round");
            }
            sleep(PAUSE).await;
        }
    })
}
