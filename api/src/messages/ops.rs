mod change;
mod first;
mod search;
mod sql;
mod thread;
mod threads;
mod unread;
mod words;

use std::collections::HashMap;

use entity::message;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde_json::json;
use uuid::Uuid;

pub use change::{Locked, delete, edit};
pub use search::{Hit, search};
pub use thread::{Place, Thread};
pub use threads::{Summary, list as list_threads};
pub use unread::is_any_unread;
pub use words::work as index;

use super::wire::{MessageFilter, MessageOrder, SendMessage};
use crate::auth::{Caller, Member};
use crate::error::{Code, Error, Result};
use crate::events::{self, Event};
use crate::http::{Listing, PageRequest};
use crate::notifications;
use crate::state::AppState;

/// A message, and whether this call or an earlier one stored it.
pub enum Sent {
    Now(message::Model),
    Before(message::Model),
}

/// The thread's row stays locked from its counter to the commit, so numbers become visible in order and without holes.
pub async fn send(state: &AppState, me: &Caller<Member>, thread: Thread, body: SendMessage) -> Result<Sent> {
    let now = state.clock.now();
    let txn = state.begin_write().await?;
    let Some(place) = thread.take_place(&txn, me.id(), now).await? else {
        txn.rollback().await?;
        return sent_before(state, me, thread, body).await;
    };
    if place.last_seq == 1 && matches!(thread, Thread::Conversation(_)) {
        first::demand_few(&txn, state, me, place.other_id).await?;
    }
    let (mentorship_id, conversation_id) = thread.keys();
    let row = message::Model {
        id: state.new_id(),
        mentorship_id,
        conversation_id,
        sender_id: me.id(),
        seq: place.last_seq,
        content: body.content.clone(),
        client_id: body.client_id,
        sent_at: now,
        edited_at: None,
        deleted_at: None,
        is_searchable: true,
    };
    let Some(notified) = thread.store(&txn, &row).await? else {
        txn.rollback().await?;
        return sent_before(state, me, thread, body).await;
    };
    words::store(&txn, &row, [me.id(), place.other_id]).await?;
    if notified {
        notifications::ops::settle_thread(&txn, me.id(), thread.id(), now).await?;
    }
    let event = Event::new(thread.sent(), thread.id()).by(me).informing([place.other_id]);
    events::record(&txn, state, event.with(json!({ "messageId": row.id, "seq": row.seq }))).await?;
    txn.commit().await?;
    Ok(Sent::Now(row))
}

/// Nothing could be added: a repeated message, a thread that takes none, or no thread of theirs.
async fn sent_before(state: &AppState, me: &Caller<Member>, thread: Thread, body: SendMessage) -> Result<Sent> {
    let standing = thread.standing(state.read(), me.id()).await?.ok_or(Code::NotFound)?;
    let first = message::Entity::find()
        .filter(thread.holds())
        .filter(message::Column::SenderId.eq(me.id()))
        .filter(message::Column::ClientId.eq(body.client_id))
        .one(state.read())
        .await?;
    match first {
        Some(row) if row.is_repeated_by(&body.content) => Ok(Sent::Before(row)),
        Some(_) => Err(Code::ClientIdReused.into()),
        None => {
            standing.demand_writable()?;
            // It takes messages again since the refusal: the client may try once more.
            Err(Code::Unavailable.into())
        }
    }
}

/// Messages as they stand, for whoever may see them.
pub async fn by_ids(db: &impl ConnectionTrait, ids: Vec<Uuid>) -> Result<HashMap<Uuid, message::Model>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = message::Entity::find().filter(message::Column::Id.is_in(ids)).all(db).await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

async fn demand_place(state: &AppState, me: &Caller<Member>, thread: Thread) -> Result<Place> {
    Ok(thread.place(state.read(), me.id()).await?.ok_or(Code::NotFound)?)
}

pub(super) async fn list(
    state: &AppState,
    me: &Caller<Member>,
    thread: Thread,
    filter: &MessageFilter,
    page: &PageRequest,
) -> Result<Listing<message::Model>> {
    let order = filter.order.unwrap_or_default();
    let (mut after, mut before) = (filter.after_seq.unwrap_or(0), i64::MAX);
    match (order, page.after::<i64>()?) {
        (_, None) => {}
        (MessageOrder::Asc, Some(seq)) => after = after.max(seq),
        (MessageOrder::Desc, Some(seq)) => before = seq,
    }
    let ascending = order == MessageOrder::Asc;
    let rows = thread.messages(state.read(), me.id(), ascending, (after, before), page.fetch()).await?;
    if rows.is_empty() {
        demand_place(state, me, thread).await?;
    }
    page.listing(rows, |row| row.seq)
}

pub(super) async fn mark_read(state: &AppState, me: &Caller<Member>, thread: Thread, seq: i64) -> Result<Place> {
    let txn = state.begin_write().await?;
    let Some(place) = thread.move_marker(&txn, me.id(), seq).await? else {
        txn.rollback().await?;
        return marker_before(state, me, thread, seq).await;
    };
    if place.unread() == 0 {
        notifications::ops::settle_thread(&txn, me.id(), thread.id(), state.clock.now()).await?;
    }
    let event = Event::new(thread.read(), thread.id()).by(me).with(json!({ "seq": seq }));
    events::record(&txn, state, event).await?;
    txn.commit().await?;
    Ok(place)
}

/// The marker did not move: it stands there or further, or there is no such message.
async fn marker_before(state: &AppState, me: &Caller<Member>, thread: Thread, seq: i64) -> Result<Place> {
    let place = demand_place(state, me, thread).await?;
    if seq > place.last_seq {
        return Err(Error::invalid("/seq", "too_large", format!("at most {}", place.last_seq)));
    }
    Ok(place)
}
