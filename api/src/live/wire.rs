use entity::stream_ticket;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use super::cursor::Cursor;
use crate::auth::Auth;
use crate::events::told::Told;
use crate::http::Instant;
use crate::messages::MessageOut;

/// Something that happened, to what, and by whom. Fetch the subject for its content; a message comes along as it stands.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StreamEvent {
    /// What to resume after.
    #[schema(max_length = 100)]
    id: String,
    /// What happened, such as `mentorship.message_sent`.
    #[schema(max_length = 60, example = "mentorship.message_sent")]
    kind: &'static str,
    /// What `subjectId` refers to: `mentorship`, `conversation`, `suggestion`, `goal`, `note`, `meeting`, `user`, `inbox`,
    /// `match_run` or `issue`.
    #[schema(max_length = 40, example = "mentorship")]
    subject_kind: &'static str,
    subject_id: Uuid,
    /// The number of this event among those of its subject: 1, 2, 3, … Some may not be visible to you.
    #[schema(minimum = 1, maximum = 9007199254740991i64)]
    seq: i64,
    /// Who caused it; null if automatic.
    #[schema(required)]
    actor_id: Option<Uuid>,
    occurred_at: Instant,
    /// The mentorship that the subject belongs to, if any.
    #[serde(skip_serializing_if = "Option::is_none")]
    mentorship_id: Option<Uuid>,
    /// The message that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<MessageOut>,
    /// Of a read marker: up to which message you have read.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 9007199254740991i64)]
    read_seq: Option<i64>,
    /// The state that the subject is in since then.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 40, example = "ACTIVE")]
    status: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    milestone_id: Option<Uuid>,
    /// Of a read notification; without it all were read.
    #[serde(skip_serializing_if = "Option::is_none")]
    notification_id: Option<Uuid>,
}

impl StreamEvent {
    pub fn new(auth: &Auth, told: &Told, message: Option<MessageOut>) -> Self {
        let id = |name: &str| told.data[name].as_str().and_then(|text| text.parse().ok());
        let is_marker = told.data.get("messageId").is_none();
        Self {
            id: Cursor { position: told.position, at: told.occurred_at }.seal(auth),
            kind: told.kind.word(),
            subject_kind: told.kind.stream(),
            subject_id: told.subject,
            seq: told.seq,
            actor_id: told.actor,
            occurred_at: told.occurred_at.into(),
            mentorship_id: id("mentorshipId"),
            message,
            read_seq: told.data["seq"].as_i64().filter(|_| is_marker),
            status: status_in(&told.data),
            milestone_id: id("milestoneId"),
            notification_id: id("notificationId"),
        }
    }

    pub fn id(&self) -> &str {
        &self.id
    }
}

/// Each resource tells its state in the words of its audit.
fn status_in(data: &Value) -> Option<String> {
    let words = [&data["to"], &data["status"], &data["state"], &data["after"]["status"]];
    words.into_iter().find_map(|word| word.as_str().map(str::to_owned))
}

#[derive(Debug, Deserialize, IntoParams, Validate)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct StreamQuery {
    /// Resume after the event with this id, as the header `Last-Event-ID` does.
    #[param(min_length = 1, max_length = 100)]
    pub after: Option<String>,
    /// A ticket in place of an access token, for browsers.
    #[param(min_length = 1, max_length = 100)]
    pub ticket: Option<String>,
}

/// Opens one stream.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TicketOut {
    /// Pass it as `ticket`; good once, for 30 seconds, while the session lasts.
    #[schema(max_length = 100)]
    ticket: String,
    expires_at: Instant,
}

impl TicketOut {
    pub fn new(ticket: String, row: &stream_ticket::Model) -> Self {
        Self { ticket, expires_at: row.expires_at.into() }
    }
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CursorOut {
    /// Pass it as `after`.
    #[schema(max_length = 100)]
    pub cursor: String,
}
