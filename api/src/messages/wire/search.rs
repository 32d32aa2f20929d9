use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use crate::http::Instant;
use crate::messages::excerpt::Piece;
use crate::messages::ops::Hit;

#[derive(Debug, Deserialize, IntoParams, Validate)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct SearchFilter {
    /// Words to look for. A message is found if each of them begins a word in it; case and accents do not matter.
    #[param(min_length = 1, max_length = 200, example = "thursday")]
    pub q: String,
    /// Only messages of this mentorship.
    pub mentorship_id: Option<Uuid>,
    /// Only messages of this conversation.
    pub conversation_id: Option<Uuid>,
}

/// A message that was found.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct HitOut {
    id: Uuid,
    /// The mentorship in which it was sent; null if it was sent in a conversation.
    #[schema(required)]
    mentorship_id: Option<Uuid>,
    /// The conversation in which it was sent; null if it was sent in a mentorship.
    #[schema(required)]
    conversation_id: Option<Uuid>,
    /// Its position in the thread.
    #[schema(minimum = 1, maximum = 9007199254740991i64)]
    seq: i64,
    sender_id: Uuid,
    sent_at: Instant,
    /// The part of the text around the first match, in pieces. Plain text, not HTML.
    #[schema(max_items = 600)]
    excerpt: Vec<PieceOut>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PieceOut {
    #[schema(max_length = 300)]
    text: String,
    /// Whether this is one of the words looked for.
    is_match: bool,
}

impl From<Hit> for HitOut {
    fn from(Hit { message, excerpt }: Hit) -> Self {
        let piece = |Piece { text, is_match }| PieceOut { text, is_match };
        Self {
            id: message.id,
            mentorship_id: message.mentorship_id,
            conversation_id: message.conversation_id,
            seq: message.seq,
            sender_id: message.sender_id,
            sent_at: message.sent_at.into(),
            excerpt: excerpt.into_iter().map(piece).collect(),
        }
    }
}
