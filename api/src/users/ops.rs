use entity::notification_preferences::NotificationPreferences;
use entity::user;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter,
};

use crate::error::Result;
use crate::events::{self, Event, Kind};
use crate::settings;
use crate::state::AppState;

/// A new user, or `None` where the address is taken.
pub async fn create(
    txn: &impl ConnectionTrait,
    state: &AppState,
    name: String,
    email: String,
) -> Result<Option<user::Model>> {
    let taken = user::Entity::find().filter(user::Column::EmailKey.eq(user::email_key(&email))).count(txn).await?;
    if taken > 0 {
        return Ok(None);
    }
    let settings = settings::ops::current(txn).await?;
    let now = state.clock.now();
    let status = if settings.member_approval { user::Status::PendingApproval } else { user::Status::Active };
    let user = user::ActiveModel {
        id: Set(state.new_id()),
        name: Set(name),
        email: Set(email),
        role: Set(user::Role::Regular),
        status: Set(status),
        notification_preferences: Set(NotificationPreferences::default()),
        created_at: Set(now),
        updated_at: Set(now),
        ..Default::default()
    };
    let user = user.insert(txn).await?;
    events::record(txn, state, Event::new(Kind::UserSignedUp, user.id)).await?;
    Ok(Some(user))
}
