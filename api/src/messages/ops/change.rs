use entity::message::{self, ChangeError, Column, Entity};
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter};
use serde_json::json;
use uuid::Uuid;

use super::thread::{Standing, Thread};
use super::words;
use crate::auth::{Caller, Member};
use crate::error::{Code, Error, Result};
use crate::events::{self, Event, Kind};
use crate::http::idempotency;
use crate::messages::wire::address;
use crate::settings;
use crate::state::AppState;

impl From<ChangeError> for Error {
    fn from(error: ChangeError) -> Self {
        match error {
            ChangeError::NotAuthor => Code::NotAuthor.into(),
            ChangeError::Deleted => Code::MessageDeleted.into(),
            ChangeError::Fixed => Self::refused(Code::MessageFixed, error.to_string()),
        }
    }
}

/// A message in a thread of the caller's; the thread is locked, so that nothing else happens in it.
pub struct Locked {
    pub message: message::Model,
    pub thread: Thread,
    pub standing: Standing,
}

impl Locked {
    pub async fn find(txn: &DatabaseTransaction, me: Uuid, id: Uuid) -> Result<Self> {
        let thread = one(txn, id).await?.as_ref().and_then(Thread::of).ok_or(Code::NotFound)?;
        let standing = thread.lock(txn, me).await?.ok_or(Code::NotFound)?;
        let message = one(txn, id).await?.ok_or(Code::NotFound)?;
        Ok(Self { message, thread, standing })
    }

    /// The same words reach nobody again: neither by the index nor by the answer that is kept for a retry.
    async fn forget_words(&self, txn: &DatabaseTransaction) -> Result<()> {
        words::remove(txn, self.message.id).await?;
        idempotency::forget_at(txn, self.message.sender_id, &address(&self.message)).await
    }

    fn event(&self, me: &Caller<Member>, kind: Kind) -> Event {
        let data = json!({ "messageId": self.message.id, "seq": self.message.seq });
        Event::new(kind, self.thread.id()).by(me).telling([self.standing.other_id]).with(data)
    }
}

async fn one(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<message::Model>> {
    Ok(Entity::find().filter(Column::Id.eq(id)).one(db).await?)
}

/// Edits are contact too: whoever cannot send cannot edit.
pub async fn edit(state: &AppState, me: &Caller<Member>, id: Uuid, content: String) -> Result<message::Model> {
    let txn = state.begin_write().await?;
    let locked = Locked::find(&txn, me.id(), id).await?;
    let policy = settings::ops::current(&txn).await?;
    let Some(edited) = locked.message.clone().edit(me.id(), content, &policy, state.clock.now())? else {
        return Ok(locked.message);
    };
    locked.standing.demand_writable()?;
    let row = edited.update(&txn).await?;
    locked.forget_words(&txn).await?;
    words::store(&txn, &row, [me.id(), locked.standing.other_id]).await?;
    events::record(&txn, state, locked.event(me, locked.thread.edited())).await?;
    txn.commit().await?;
    Ok(row)
}

/// What was said can be taken back also where nothing more can be said.
pub async fn delete(state: &AppState, me: &Caller<Member>, id: Uuid) -> Result<()> {
    let txn = state.begin_write().await?;
    let locked = Locked::find(&txn, me.id(), id).await?;
    let policy = settings::ops::current(&txn).await?;
    let Some(deleted) = locked.message.clone().delete(me.id(), &policy, state.clock.now())? else { return Ok(()) };
    deleted.update(&txn).await?;
    locked.forget_words(&txn).await?;
    events::record(&txn, state, locked.event(me, locked.thread.deleted())).await?;
    Ok(txn.commit().await?)
}
