//! What waits follows what its member wishes by now.

use chrono::{DateTime, Utc};
use entity::delivery::{ActiveModel, Channel, Column, Entity, Status, of_user};
use entity::notification::Kind;
use entity::notification_preferences::Digest;
use entity::user;
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect};

use super::plan::{wish, zone_of};
use super::schedule;
use crate::error::Result;

/// Plans anew what was not tried yet, for a member whose preferences or zone have changed; `user` is locked. What is not wished for
/// any more is seen when its time comes.
pub async fn replan(txn: &DatabaseTransaction, user: &user::Model, now: DateTime<Utc>) -> Result<()> {
    let waiting = of_user(user.id).add(Column::Status.eq(Status::Pending)).add(Column::Attempts.eq(0));
    let kinds = Entity::find().select_only().columns([Column::Channel, Column::Kind]).distinct();
    for (channel, kind) in kinds.filter(waiting.clone()).into_tuple::<(Channel, Kind)>().all(txn).await? {
        if let Some(digest) = wish(channel, kind, user) {
            let these = waiting.clone().add(Column::Channel.eq(channel)).add(Column::Kind.eq(kind));
            schedule_anew(txn, these, user, digest, now).await?;
        }
    }
    Ok(())
}

pub(super) async fn schedule_anew(
    txn: &DatabaseTransaction,
    which: Condition,
    user: &user::Model,
    digest: Digest,
    now: DateTime<Utc>,
) -> Result<()> {
    let row = ActiveModel {
        in_digest: Set(digest != Digest::Immediate),
        due_at: Set(schedule::due_at(&user.notification_preferences, digest, zone_of(user), now)),
        ..Default::default()
    };
    Entity::update_many().set(row).filter(which).exec(txn).await?;
    Ok(())
}
