//! What runs beside the requests, on every node: each piece of work is claimed in the database, so it is done once.

pub mod turns;

use std::time::Duration;

use entity::delivery::Channel;
use tokio::task::JoinHandle;
use tokio::time::sleep;

use crate::candidates::snapshot;
use crate::error::Result;
use crate::state::AppState;
use crate::{deliveries, live, mail, match_runs, matching_reports, messages, phone_numbers, reminders, seat_prices};

const PAUSE: Duration = Duration::from_secs(1);

/// Works until the server stops. What takes long has a task of its own, so that nothing else waits for it.
pub fn start(state: AppState) -> Vec<JoinHandle<()>> {
    vec![
        repeat(state.clone(), "mail", |state| async move { mail::deliver_due(&state).await.map(drop) }),
        repeat(state.clone(), "new notifications", |state| async move { deliveries::plan_new(&state).await.map(drop) }),
        repeat(state.clone(), "notifications by mail", |state| async move { deliver(&state, Channel::Email).await }),
        repeat(state.clone(), "notifications by SMS", |state| async move { deliver(&state, Channel::Sms).await }),
        repeat(state.clone(), "push messages", |state| async move { deliver(&state, Channel::Push).await }),
        repeat(state.clone(), "codes by SMS", |state| async move { phone_numbers::send_due(&state).await.map(drop) }),
        repeat(state.clone(), "reminders", |state| async move { reminders::work(&state).await }),
        repeat(state.clone(), "old deliveries", |state| async move { deliveries::prune(&state).await }),
        repeat(state.clone(), "a match run", |state| async move { match_runs::work(&state).await.map(drop) }),
        repeat(state.clone(), "publishing a plan", |state| async move { match_runs::publish_asked(&state).await }),
        repeat(state.clone(), "a snapshot", |state| async move { snapshot::work(&state).await.map(drop) }),
        repeat(state.clone(), "prices of seats", |state| async move { seat_prices::work(&state).await.map(drop) }),
        repeat(state.clone(), "old receivers", |state| async move { live::prune(&state).await.map(drop) }),
        repeat(state.clone(), "the index of messages", |state| async move { messages::ops::index(&state).await }),
        repeat(state, "a report of the week", |state| async move { matching_reports::work(&state).await.map(drop) }),
    ]
}

async fn deliver(state: &AppState, channel: Channel) -> Result<()> {
    deliveries::deliver_due(state, channel).await.map(drop)
}

fn repeat<Work, Round>(state: AppState, what: &'static str, work: Work) -> JoinHandle<()>
where
    Work: Fn(AppState) -> Round + Send + 'static,
    Round: Future<Output = Result<()>> + Send,
{
    tokio::spawn(async move {
        while !state.lifecycle.is_draining() {
            if let Err(error) = work(state.clone()).await {
                tracing::warn!(cause = ?error, "{what} must wait for the next round");
            }
            sleep(PAUSE).await;
        }
    })
}
