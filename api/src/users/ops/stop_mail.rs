use entity::notification_preferences::{Digest, Group};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, DatabaseTransaction, IntoActiveModel};
use serde_json::json;
use uuid::Uuid;

use super::change::lock;
use crate::error::{Code, Result};
use crate::events::{self, Event, Kind};
use crate::state::AppState;

/// No more mail about things of this group, or about anything.
pub async fn stop_mail(txn: &DatabaseTransaction, state: &AppState, id: Uuid, group: Option<Group>) -> Result<()> {
    let user = match lock(txn, id).await {
        // Nobody's account any more: nothing is mailed there.
        Err(error) if error.code() == Code::Unauthenticated => return Ok(()),
        locked => locked?,
    };
    let mut preferences = user.notification_preferences.clone();
    match group {
        Some(group) => {
            let channels = preferences.channels(group);
            preferences.kinds.entry(group).or_insert(channels).email = false;
        }
        None => preferences.digest = Digest::Off,
    }
    if preferences == user.notification_preferences {
        return Ok(());
    }
    let mut row = user.into_active_model();
    row.notification_preferences = Set(preferences);
    row.updated_at = Set(state.clock.now());
    row.update(txn).await?;
    let data = json!({ "changed": ["notificationPreferences"] });
    let event = Event::new(Kind::UserChanged, id).telling([id]).with(data);
    events::record(txn, state, event).await
}
