use entity::notification_preferences::NotificationPreferences;
use entity::user;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, TryInsert};

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
    let settings = settings::ops::current(txn).await?;
    let now = state.clock.now();
    let status = if settings.member_approval { user::Status::PendingApproval } else { user::Status::Active };
    let id = state.new_id();
    let row = user::ActiveModel {
        id: Set(id),
        name: Set(name),
        email: Set(email),
        role: Set(user::Role::Regular),
        status: Set(status),
        notification_preferences: Set(NotificationPreferences::default()),
        created_at: Set(now),
        updated_at: Set(now),
        ..Default::default()
    };
    let once = OnConflict::column(user::Column::EmailKey).do_nothing().to_owned();
    let inserted = TryInsert::one(row).on_conflict(once).exec_without_returning(txn).await?;
    if inserted == 0 {
        return Ok(None);
    }
    events::record(txn, state, Event::new(Kind::UserSignedUp, id)).await?;
    Ok(user::Entity::find().filter(user::Column::Id.eq(id)).one(txn).await?)
}
