//! Mail: queued in the transaction of what it tells of, written and sent afterwards.

mod delivery;
mod erase;
mod letter;
mod transport;

use chrono::{DateTime, Utc};
use entity::mail::{ActiveModel, Entity, Kind, Status};
use entity::user;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};
use serde_json::Value;
use uuid::Uuid;

pub use delivery::deliver_due;
pub use erase::forget;
pub use letter::{Letter, News};
pub use transport::{Mailer, is_refused};

use crate::error::Result;
use crate::state::AppState;

/// Whom a mail is for. An address that somebody typed is looked up when the mail is sent, and the mail goes to the address that
/// is stored: so it takes the same time whether anybody has it.
pub enum To {
    User(Uuid),
    WhoeverHas(String),
    /// The address that a token is bound to.
    HolderOf(Uuid),
}

/// A mail that goes out once `txn` is committed.
pub async fn queue(txn: &impl ConnectionTrait, state: &AppState, kind: Kind, to: To) -> Result<()> {
    let now = state.clock.now();
    let (user_id, token_id, email_key) = match to {
        To::User(id) => (Some(id), None, String::new()),
        To::WhoeverHas(email) => (None, None, user::email_key(&email)),
        To::HolderOf(token) => (None, Some(token), String::new()),
    };
    let row = ActiveModel {
        id: Set(state.new_id()),
        kind: Set(kind),
        user_id: Set(user_id),
        token_id: Set(token_id),
        email_key: Set(email_key),
        status: Set(Status::Queued),
        attempts: Set(0),
        due_at: Set(now),
        content: Set(None),
        created_at: Set(now),
        sent_at: Set(None),
    };
    Entity::insert(row).exec_without_returning(txn).await?;
    Ok(())
}

/// Keeps a notification as it was mailed, for testers to read; one that was kept already stays.
pub async fn keep(
    txn: &impl ConnectionTrait,
    id: Uuid,
    in_digest: bool,
    user: &user::Model,
    content: Value,
    now: DateTime<Utc>,
) -> Result<()> {
    let row = ActiveModel {
        id: Set(id),
        kind: Set(if in_digest { Kind::NotificationDigest } else { Kind::Notification }),
        user_id: Set(Some(user.id)),
        token_id: Set(None),
        email_key: Set(user::email_key(&user.email)),
        status: Set(Status::Sent),
        attempts: Set(1),
        due_at: Set(now),
        content: Set(Some(content)),
        created_at: Set(now),
        sent_at: Set(Some(now)),
    };
    let once = OnConflict::new().do_nothing().to_owned();
    Entity::insert(row).on_conflict(once).try_insert().exec_without_returning(txn).await?;
    Ok(())
}
