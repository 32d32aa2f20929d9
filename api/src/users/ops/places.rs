use entity::user;
use sea_orm::ConnectionTrait;

use crate::error::{Code, Error, Result};
use crate::mentorships::ops::places_taken;

/// Refuses to leave `locked` fewer places than are taken.
pub(super) async fn demand_places(db: &impl ConnectionTrait, locked: &user::Model, capacity: i16) -> Result<()> {
    if capacity >= locked.mentor_capacity {
        return Ok(());
    }
    let taken = places_taken(db, locked.id).await?;
    if taken <= u64::try_from(capacity).unwrap_or(0) {
        return Ok(());
    }
    Err(Error::refused(Code::CapacityInUse, format!("{taken} places are taken")))
}
