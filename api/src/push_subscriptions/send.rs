use entity::delivery::Browsers;
use entity::push_subscription::{Column, Entity, Model};
use futures_util::future::join_all;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::deliveries::Outcome;
use crate::error::Result;
use crate::push::{Message, Pushed};
use crate::state::AppState;

/// Sends to each of these browsers that is not done with it; those that take none any more are forgotten.
pub async fn push_to_all(state: &AppState, browsers: &[Model], done: &Browsers, message: &Message) -> Result<Outcome> {
    let Some(pusher) = &state.channels.push else { return Ok(Outcome::Failed) };
    let now = state.clock.now();
    let left: Vec<_> = browsers.iter().filter(|browser| !done.0.contains(&browser.id)).collect();
    let pushed = join_all(left.iter().map(|browser| pusher.push(browser, message, now))).await;
    let which = |what: Pushed| {
        let these = left.iter().zip(&pushed).filter(move |(_, pushed)| **pushed == what);
        these.map(|(browser, _)| browser.id).collect::<Vec<_>>()
    };
    forget(state, which(Pushed::Gone)).await?;
    let taken = [done.0.clone(), which(Pushed::Taken)].concat();
    Ok(match (taken.is_empty(), pushed.contains(&Pushed::Failed)) {
        (false, false) => Outcome::Sent(None),
        (false, true) => Outcome::Partly(Browsers([taken, which(Pushed::Refused)].concat())),
        (true, true) => Outcome::Failed,
        (true, false) => Outcome::Refused,
    })
}

async fn forget(state: &AppState, gone: Vec<Uuid>) -> Result<()> {
    if gone.is_empty() {
        return Ok(());
    }
    let txn = state.begin_write().await?;
    Entity::delete_many().filter(Column::Id.is_in(gone)).exec(&txn).await?;
    Ok(txn.commit().await?)
}
