use entity::delivery::{Channel, Model, Reason, Status};
use entity::notification::Kind;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use crate::http::Instant;

#[derive(Deserialize, IntoParams, Validate)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct MyDeliveryFilter {
    /// Only those of this notification.
    pub notification_id: Option<Uuid>,
}

#[derive(Deserialize, IntoParams, Validate)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct DeliveryFilter {
    /// Only deliveries to this member.
    pub user_id: Option<Uuid>,
    /// Only those with this status.
    #[param(inline)]
    pub status: Option<Status>,
    /// Only those by this channel.
    #[param(inline)]
    pub channel: Option<Channel>,
}

/// How a notification went out besides the app, or was not.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeliveryOut {
    id: Uuid,
    /// Whose it is.
    user_id: Uuid,
    notification_id: Uuid,
    kind: Kind,
    channel: Channel,
    /// Whether it goes out with a digest.
    in_digest: bool,
    status: Status,
    /// Why it was not sent, or not yet.
    #[schema(required)]
    reason: Option<Reason>,
    #[schema(minimum = 0, maximum = 2147483647)]
    attempts: i32,
    /// When it is sent, or tried again, at the earliest; null once nothing more is tried.
    #[schema(required)]
    due_at: Option<Instant>,
    #[schema(required)]
    sent_at: Option<Instant>,
    created_at: Instant,
}

impl From<Model> for DeliveryOut {
    fn from(row: Model) -> Self {
        let waits = matches!(row.status, Status::Pending | Status::Failed);
        Self {
            id: row.id,
            user_id: row.user_id,
            notification_id: row.notification_id,
            kind: row.kind,
            channel: row.channel,
            in_digest: row.in_digest,
            status: row.status,
            reason: row.reason,
            attempts: row.attempts,
            due_at: waits.then(|| row.due_at.into()),
            sent_at: row.sent_at.map(Into::into),
            created_at: row.created_at.into(),
        }
    }
}
