use entity::{mentorship, user};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter};
use uuid::Uuid;

use crate::error::{Code, Error, Result};

/// How many of a mentor's places are taken. Only with the mentor's row locked does it stay true.
pub async fn places_in_use(db: &impl ConnectionTrait, mentor: Uuid) -> Result<u64> {
    let taken = mentorship::Entity::find()
        .filter(mentorship::Column::MentorId.eq(mentor))
        .filter(mentorship::holds_place())
        .count(db)
        .await?;
    Ok(taken)
}

/// Refuses to leave `locked` fewer places than are taken.
pub(super) async fn demand_places(db: &impl ConnectionTrait, locked: &user::Model, capacity: i16) -> Result<()> {
    if capacity >= locked.mentor_capacity {
        return Ok(());
    }
    let taken = places_in_use(db, locked.id).await?;
    if taken <= capacity.max(0) as u64 {
        return Ok(());
    }
    Err(Error::refused(Code::CapacityInUse, format!("{taken} places are taken")))
}
