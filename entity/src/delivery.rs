//! What goes out of a notification by one channel: when, and what came of it.

use sea_orm::entity::prelude::*;
use sea_orm::{Condition, FromJsonQueryResult};
use serde::{Deserialize, Serialize};

use crate::notification::Kind;
use crate::text_enum::text_enum;

text_enum! {
    /// How a notification goes out.
    pub enum Channel as DeliveryChannel {
        Email,
        Sms,
        Push,
    }
}

text_enum! {
    pub enum Status as DeliveryStatus {
        /// Waits for its time
        Pending,
        Sent,
        /// Not sent, for a reason that lies with the notification or the member
        Skipped,
        /// Not taken by the other side; tried again
        Failed,
        /// Given up
        Dead,
    }
}

text_enum! {
    /// Why a delivery was not sent.
    pub enum Reason as DeliveryReason {
        /// The notification was read before
        Read,
        /// The member wants none by this channel any more
        Unsubscribed,
        /// The account is suspended, not approved, or gone
        Inactive,
        /// There is no verified address, number or device
        NoAddress,
        /// What it reminds of is over
        Outdated,
        /// The other side refused it for good
        Refused,
        /// The other side did not answer, or failed
        Unreachable,
    }
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "deliveries")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub notification_id: Uuid,
    pub user_id: Uuid,
    pub kind: Kind,
    pub channel: Channel,
    pub in_digest: bool,
    pub status: Status,
    pub reason: Option<Reason>,
    pub attempts: i32,
    /// When it is sent at the earliest; while somebody sends it, when another may try
    pub due_at: DateTimeUtc,
    /// Deliveries that go out as one have this in common
    pub parcel_id: Option<Uuid>,
    pub created_at: DateTimeUtc,
    pub sent_at: Option<DateTimeUtc>,
    /// The browsers that are done with it while others are yet to take it
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub taken_by: Option<Browsers>,
}

/// Push subscriptions by their ids.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct Browsers(pub Vec<Uuid>);

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::notification::Entity",
        from = "Column::NotificationId",
        to = "super::notification::Column::Id"
    )]
    Notification,
    #[sea_orm(belongs_to = "super::user::Entity", from = "Column::UserId", to = "super::user::Column::Id")]
    User,
}

impl Related<super::user::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::User.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}

pub fn of_user(user_id: Uuid) -> Condition {
    Condition::all().add(Column::UserId.eq(user_id))
}

/// Those of a channel whose time has come. The text of the states is that of the index `ix_deliveries_channel_due_at`.
pub fn due(channel: Channel, now: DateTimeUtc) -> Condition {
    Condition::all()
        .add(Column::Channel.eq(channel))
        .add(Column::DueAt.lte(now))
        .add(Expr::cust("deliveries.status IN ('PENDING', 'FAILED')"))
}

impl Channel {
    pub const ALL: [Self; 3] = [Self::Email, Self::Sms, Self::Push];
}
