use entity::push_subscription::{Column, Entity, Model};
use futures_util::future::join_all;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::deliveries::Outcome;
use crate::error::Result;
use crate::push::{Message, Pushed};
use crate::state::AppState;

/// Sends to each of these browsers; it counts as sent once one took it. Those that take none any more are forgotten.
pub async fn push_to_all(state: &AppState, browsers: &[Model], message: &Message) -> Result<Outcome> {
    let Some(pusher) = &state.channels.push else { return Ok(Outcome::Failed) };
    let now = state.clock.now();
    let pushed = join_all(browsers.iter().map(|browser| pusher.push(browser, message, now))).await;
    let gone = browsers.iter().zip(&pushed).filter(|(_, pushed)| **pushed == Pushed::Gone);
    forget(state, gone.map(|(browser, _)| browser.id).collect()).await?;
    Ok(if pushed.contains(&Pushed::Taken) {
        Outcome::Sent(None)
    } else if pushed.contains(&Pushed::Failed) {
        Outcome::Failed
    } else {
        Outcome::Refused
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
