use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use super::MessageOut;
use crate::http::Instant;
use crate::messages::ops::Summary;
use crate::people::PersonOut;

#[derive(Debug, Deserialize, IntoParams, Validate)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct ThreadFilter {
    /// `true`: only threads with messages you have not read. `false`: only those without.
    pub unread: Option<bool>,
}

/// The thread of a mentorship or of a conversation.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ThreadOut {
    /// The mentorship whose thread this is; null if it is that of a conversation.
    #[schema(required)]
    mentorship_id: Option<Uuid>,
    /// The conversation whose thread this is; null if it is that of a mentorship.
    #[schema(required)]
    conversation_id: Option<Uuid>,
    other: PersonOut,
    /// Null before the first message.
    #[schema(required)]
    last_message: Option<MessageOut>,
    /// The `seq` of the last message.
    #[schema(minimum = 0, maximum = 9007199254740991i64)]
    last_message_seq: i64,
    /// The `seq` of the last message you have read.
    #[schema(minimum = 0, maximum = 9007199254740991i64)]
    read_seq: i64,
    /// The number of messages you have not read.
    #[schema(minimum = 0, maximum = 9007199254740991i64)]
    unread_count: i64,
    /// Whether messages can be sent.
    can_write: bool,
    /// When the last message was sent; before the first, when the mentorship started or the conversation was opened.
    active_at: Instant,
}

impl From<Summary> for ThreadOut {
    fn from(row: Summary) -> Self {
        Self {
            mentorship_id: row.is_mentorship.then_some(row.id),
            conversation_id: (!row.is_mentorship).then_some(row.id),
            other: row.other.into(),
            last_message: row.last.map(Into::into),
            last_message_seq: row.last_seq,
            read_seq: row.read_seq,
            unread_count: row.last_seq - row.read_seq,
            can_write: row.can_write,
            active_at: row.active_at.into(),
        }
    }
}
