use actix_web::HttpResponse;
use actix_web::http::header::LOCATION;
use entity::message;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::{Validate, ValidationError};

use super::ops::{Place, Sent};
use crate::http::Instant;
use crate::http::text;

mod search;
mod threads;

pub use search::{HitOut, SearchFilter};
pub use threads::{ThreadFilter, ThreadOut};

const MAX_BYTES: usize = 16_384;

#[derive(Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"clientId": "0192a5f0-6c1e-7d7e-9b3a-5c1f0a9d2e41", "content": "Shall we go through your résumé on Thursday?"}))]
pub struct SendMessage {
    /// Client-generated id; retries with it create no duplicate.
    pub client_id: Uuid,
    /// At most 16,384 bytes of UTF-8.
    #[schema(min_length = 1, max_length = 5000)]
    #[validate(custom(function = content))]
    pub content: String,
}

#[derive(Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"content": "Shall we go through your résumé on Friday?"}))]
pub struct MessagePatch {
    /// At most 16,384 bytes of UTF-8.
    #[schema(min_length = 1, max_length = 5000)]
    #[validate(custom(function = content))]
    pub content: String,
}

fn content(words: &str) -> Result<(), ValidationError> {
    if words.len() > MAX_BYTES {
        return Err(text::fault("too_many_bytes", "at most 16,384 bytes of UTF-8"));
    }
    text::not_blank(words)
}

#[derive(Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"seq": 1}))]
pub struct ReadMarker {
    /// The `seq` of the last message you have read.
    #[schema(minimum = 0, maximum = 9007199254740991i64)]
    pub seq: i64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MessageOrder {
    Asc,
    #[default]
    Desc,
}

#[derive(Debug, Deserialize, IntoParams, Validate)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct MessageFilter {
    /// `DESC` (the default): newest first. `ASC`: oldest first.
    #[param(inline)]
    pub order: Option<MessageOrder>,
    /// Only messages after this `seq`, for catching up.
    #[param(minimum = 0, maximum = 9007199254740991i64, example = 0)]
    pub after_seq: Option<i64>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MessageOut {
    id: Uuid,
    /// Its position in the thread: 1, 2, 3, … without gaps.
    #[schema(minimum = 1, maximum = 9007199254740991i64)]
    seq: i64,
    sender_id: Uuid,
    /// Null if the message was deleted.
    #[schema(max_length = 5000, required)]
    content: Option<String>,
    client_id: Uuid,
    sent_at: Instant,
    #[schema(required)]
    edited_at: Option<Instant>,
    #[schema(required)]
    deleted_at: Option<Instant>,
}

impl From<message::Model> for MessageOut {
    fn from(row: message::Model) -> Self {
        Self {
            id: row.id,
            seq: row.seq,
            sender_id: row.sender_id,
            content: row.deleted_at.is_none().then_some(row.content),
            client_id: row.client_id,
            sent_at: row.sent_at.into(),
            edited_at: row.edited_at.map(Into::into),
            deleted_at: row.deleted_at.map(Into::into),
        }
    }
}

impl From<Sent> for HttpResponse {
    fn from(sent: Sent) -> Self {
        match sent {
            Sent::Now(row) => Self::Created().insert_header((LOCATION, address(&row))).json(MessageOut::from(row)),
            Sent::Before(row) => Self::Ok().json(MessageOut::from(row)),
        }
    }
}

/// The list of the thread, cut to this message.
pub fn address(row: &message::Model) -> String {
    let (threads, id) = match row.mentorship_id {
        Some(id) => ("mentorships", id),
        None => ("conversations", row.conversation_id.unwrap_or_default()),
    };
    format!("/api/v1/{threads}/{id}/messages?order=ASC&afterSeq={}&limit=1", row.seq - 1)
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReadMarkerOut {
    /// The `seq` of the last message you have read.
    #[schema(minimum = 0, maximum = 9007199254740991i64)]
    read_seq: i64,
    /// The number of messages after it.
    #[schema(minimum = 0, maximum = 9007199254740991i64)]
    unread_count: i64,
}

impl From<Place> for ReadMarkerOut {
    fn from(place: Place) -> Self {
        Self { read_seq: place.read_seq, unread_count: place.unread() }
    }
}
