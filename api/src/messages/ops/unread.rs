use entity::{block, message};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::Thread;
use crate::error::Result;

/// Whether a thread holds something for `user` to read: not taken back, and not by somebody with whom they have no contact.
pub async fn is_any_unread(db: &impl ConnectionTrait, thread: Thread, user: Uuid) -> Result<bool> {
    let Some(place) = thread.place(db, user).await? else { return Ok(false) };
    let unread = message::Entity::find()
        .select_only()
        .column(message::Column::Id)
        .filter(thread.holds())
        .filter(message::Column::Seq.gt(place.read_seq))
        .filter(message::Column::DeletedAt.is_null());
    if unread.into_tuple::<Uuid>().one(db).await?.is_none() {
        return Ok(false);
    }
    Ok(block::Entity::find().filter(block::between(user, place.other_id)).count(db).await? == 0)
}
