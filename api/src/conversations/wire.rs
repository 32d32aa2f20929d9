use actix_web::HttpResponse;
use actix_web::http::header::LOCATION;
use entity::conversation;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::ops::Opened;
use crate::http::Instant;
use crate::people::PersonOut;

#[derive(Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"userId": crate::examples::AMARA}))]
pub struct OpenConversation {
    /// The person to talk to.
    pub user_id: Uuid,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ConversationOut {
    id: Uuid,
    other: PersonOut,
    /// Null before the first message.
    #[schema(required)]
    last_message_at: Option<Instant>,
    /// The number of messages, which is also the `seq` of the last one.
    #[schema(minimum = 0, maximum = 9007199254740991i64)]
    last_message_seq: i64,
    /// The `seq` of the last message you have read.
    #[schema(minimum = 0, maximum = 9007199254740991i64)]
    read_seq: i64,
    /// The number of messages you have not read.
    #[schema(minimum = 0, maximum = 9007199254740991i64)]
    unread_count: i64,
    created_at: Instant,
}

impl ConversationOut {
    /// The conversation as `me` sees it, with the card of the other.
    pub fn new(row: conversation::Model, me: Uuid, other: PersonOut) -> Self {
        let read_seq = row.read_seq_of(me);
        Self {
            id: row.id,
            other,
            last_message_at: row.last_message_at.map(Into::into),
            last_message_seq: row.last_message_seq,
            read_seq,
            unread_count: row.last_message_seq - read_seq,
            created_at: row.created_at.into(),
        }
    }
}

impl From<Opened> for HttpResponse {
    fn from(opened: Opened) -> Self {
        match opened {
            Opened::Now(out) => {
                Self::Created().insert_header((LOCATION, format!("/api/v1/conversations/{}", out.id))).json(out)
            }
            Opened::Before(out) => Self::Ok().json(out),
        }
    }
}
