use super::ops::Told;
use crate::http::Instant;
use crate::people::PersonOut;
use entity::notification;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

#[derive(Debug, Deserialize, IntoParams, Validate)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct NotificationFilter {
    /// `true`: only unread ones. `false`: only read ones.
    #[param(example = true)]
    pub unread: Option<bool>,
}

/// Something that happened, and to what; fetch the subject for its content.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NotificationOut {
    id: Uuid,
    kind: notification::Kind,
    /// What `subjectId` refers to: `suggestion`, `mentorship`, `goal`, `note`, `meeting`, `conversation`, `issue` or `user`.
    #[schema(max_length = 40, example = "mentorship")]
    subject_kind: String,
    subject_id: Uuid,
    /// The mentorship that the subject is or belongs to, if any.
    #[schema(required)]
    mentorship_id: Option<Uuid>,
    /// Who caused it; null if automatic.
    #[schema(required)]
    actor: Option<PersonOut>,
    #[schema(required)]
    read_at: Option<Instant>,
    created_at: Instant,
}

impl From<Told> for NotificationOut {
    fn from(Told { row, actor, mentorship_id }: Told) -> Self {
        Self {
            id: row.id,
            kind: row.kind,
            subject_kind: row.subject_kind,
            subject_id: row.subject_id,
            actor,
            mentorship_id,
            read_at: row.read_at.map(Into::into),
            created_at: row.created_at.into(),
        }
    }
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UnreadOut {
    #[schema(minimum = 0, maximum = 9007199254740991i64)]
    pub unread_count: u64,
}
