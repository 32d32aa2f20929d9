use entity::event;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::{Validate, ValidationError};

use crate::events::Kind;
use crate::http::Instant;
use crate::http::text;

#[derive(Deserialize, IntoParams, Validate)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct AuditFilter {
    /// Only actions by this user.
    pub actor: Option<Uuid>,
    /// Only actions on this user or resource; for a member, also on their mentorships.
    pub subject: Option<Uuid>,
    /// Only actions of this kind.
    #[param(min_length = 1, max_length = 60, example = "user.suspended")]
    #[validate(custom(function = known_kind))]
    pub kind: Option<String>,
}

fn known_kind(word: &str) -> Result<(), ValidationError> {
    if Kind::ALL.iter().any(|kind| kind.word() == word) {
        Ok(())
    } else {
        Err(text::fault("unknown_value", "no kind of event has this name"))
    }
}

/// An entry with the names of those it tells of.
pub struct Entry {
    pub event: event::Model,
    pub actor_name: Option<String>,
    pub subject_name: Option<String>,
}

/// An action by staff.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AuditEntryOut {
    id: Uuid,
    /// What was done.
    #[schema(max_length = 60, example = "user.suspended")]
    kind: String,
    /// Who did it; null for the operator at the command line.
    #[schema(required)]
    actor: Option<ActorOut>,
    subject: SubjectOut,
    /// The changed fields, before the change.
    #[schema(value_type = Object)]
    before: Map<String, Value>,
    /// The changed fields, after the change.
    #[schema(value_type = Object)]
    after: Map<String, Value>,
    /// Further details.
    #[schema(value_type = Object)]
    details: Map<String, Value>,
    /// The `X-Request-Id` of the request.
    #[schema(required, max_length = 64)]
    request_id: Option<String>,
    occurred_at: Instant,
}

#[derive(Serialize, ToSchema)]
pub struct ActorOut {
    id: Uuid,
    /// Null if the account no longer exists.
    #[schema(required, max_length = 80)]
    name: Option<String>,
}

/// The user or resource acted on.
#[derive(Serialize, ToSchema)]
pub struct SubjectOut {
    /// Its type, such as `user` or `mentorship`.
    #[schema(max_length = 40, example = "user")]
    kind: String,
    id: Uuid,
    /// The name of a user; null for anything else, or if the account no longer exists.
    #[schema(required, max_length = 80)]
    name: Option<String>,
}

impl From<Entry> for AuditEntryOut {
    fn from(Entry { event, actor_name, subject_name }: Entry) -> Self {
        let mut details = match event.data {
            Value::Object(fields) => fields,
            _ => Map::new(),
        };
        Self {
            id: event.id,
            kind: event.kind,
            actor: event.actor_id.map(|id| ActorOut { id, name: actor_name }),
            subject: SubjectOut { kind: event.stream_kind, id: event.stream_id, name: subject_name },
            before: take(&mut details, "before"),
            after: take(&mut details, "after"),
            details,
            request_id: event.request_id,
            occurred_at: event.occurred_at.into(),
        }
    }
}

fn take(fields: &mut Map<String, Value>, name: &str) -> Map<String, Value> {
    match fields.remove(name) {
        Some(Value::Object(inner)) => inner,
        _ => Map::new(),
    }
}
