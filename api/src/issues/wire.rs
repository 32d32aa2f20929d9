use entity::issue::{self, Category, Kind, Status};
use entity::thread_access;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::http::{Instant, text};

mod staff;

pub use staff::{Assignee, IssueAnswer, IssueFilter, IssueMessagesOut, StaffIssueOut};

#[derive(Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"category": "SPAM", "text": "This is an advertisement for a paid course."}))]
pub struct NewIssue {
    pub category: Category,
    /// What it is about, for the admins.
    #[schema(min_length = 1, max_length = 4000)]
    #[validate(custom(function = text::not_blank))]
    pub text: String,
}

/// An issue as its reporter sees it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct IssueOut {
    id: Uuid,
    kind: Kind,
    category: Category,
    status: Status,
    #[schema(required, max_length = 4000)]
    text: Option<String>,
    /// Who was reported, if anybody.
    #[schema(required)]
    reported_id: Option<Uuid>,
    /// The message that was reported, if any.
    #[schema(required)]
    message_id: Option<Uuid>,
    /// What the admins answered.
    #[schema(required, max_length = 4000)]
    answer: Option<String>,
    #[schema(required)]
    answered_at: Option<Instant>,
    #[schema(required)]
    closed_at: Option<Instant>,
    created_at: Instant,
}

impl From<issue::Model> for IssueOut {
    fn from(row: issue::Model) -> Self {
        Self {
            id: row.id,
            kind: row.kind,
            category: row.category,
            status: row.status,
            text: row.text,
            reported_id: row.reported_id,
            message_id: row.message_id,
            answer: row.answer,
            answered_at: row.answered_at.map(Into::into),
            closed_at: row.closed_at.map(Into::into),
            created_at: row.created_at.into(),
        }
    }
}

/// That staff read messages of a thread of yours.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AccessOut {
    id: Uuid,
    /// The mentorship of the thread; null if it is a conversation.
    #[schema(required)]
    mentorship_id: Option<Uuid>,
    /// The conversation; null if it is the thread of a mentorship.
    #[schema(required)]
    conversation_id: Option<Uuid>,
    /// The `seq` of the first message that was read.
    #[schema(minimum = 1, maximum = 9007199254740991i64)]
    first_seq: i64,
    /// The `seq` of the last one.
    #[schema(minimum = 1, maximum = 9007199254740991i64)]
    last_seq: i64,
    accessed_at: Instant,
}

impl From<thread_access::Model> for AccessOut {
    fn from(row: thread_access::Model) -> Self {
        Self {
            id: row.id,
            mentorship_id: row.mentorship_id,
            conversation_id: row.conversation_id,
            first_seq: row.first_seq,
            last_seq: row.last_seq,
            accessed_at: row.accessed_at.into(),
        }
    }
}
