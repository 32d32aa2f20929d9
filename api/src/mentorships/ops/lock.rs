use entity::mentorship;
use sea_orm::sea_query::LockType;
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect, Select};
use uuid::Uuid;

use crate::auth::Caller;
use crate::error::{Code, Error, Result};

/// The mentorship as `me`, a participant, may see it; anybody else's is as absent as none.
pub async fn visible(db: &impl ConnectionTrait, me: Uuid, id: Uuid) -> Result<mentorship::Model> {
    let found = mentorship::Entity::find()
        .filter(mentorship::Column::Id.eq(id))
        .filter(mentorship::of_participant(me))
        .one(db)
        .await?;
    Ok(found.ok_or(Code::NotFound)?)
}

/// The same, locked until the transaction ends and in whatever state.
pub async fn lock(txn: &DatabaseTransaction, me: Uuid, id: Uuid) -> Result<mentorship::Model> {
    let found = mentorship::Entity::find()
        .filter(mentorship::Column::Id.eq(id))
        .filter(mentorship::of_participant(me))
        .lock(LockType::NoKeyUpdate)
        .one(txn)
        .await?;
    Ok(found.ok_or(Code::NotFound)?)
}

/// The same, locked and active: what belongs to a mentorship changes only while that runs.
pub async fn lock_open(txn: &DatabaseTransaction, me: Uuid, id: Uuid) -> Result<mentorship::Model> {
    let row = lock(txn, me, id).await?;
    if row.status == mentorship::Status::Active {
        return Ok(row);
    }
    Err(Error::refused(Code::MentorshipClosed, format!("the mentorship is {}", row.status)))
}

/// The mentorship for a participant or for staff, who see every one.
pub async fn seen<R>(db: &impl ConnectionTrait, me: &Caller<R>, id: Uuid) -> Result<mentorship::Model> {
    Ok(seen_by(me, id).one(db).await?.ok_or(Code::NotFound)?)
}

/// The same, locked until the transaction ends.
pub(super) async fn lock_seen<R>(txn: &DatabaseTransaction, me: &Caller<R>, id: Uuid) -> Result<mentorship::Model> {
    Ok(seen_by(me, id).lock(LockType::NoKeyUpdate).one(txn).await?.ok_or(Code::NotFound)?)
}

fn seen_by<R>(me: &Caller<R>, id: Uuid) -> Select<mentorship::Entity> {
    let seen = mentorship::seen_by(me.id(), me.is_staff());
    mentorship::Entity::find().filter(mentorship::Column::Id.eq(id)).filter(seen)
}
