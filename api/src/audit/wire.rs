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
    /// Who did it.
    pub actor: Option<Uuid>,
    /// Whom or what it was done to; with a member, their mentorships.
    pub subject: Option<Uuid>,
    /// What was done.
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

/// Something that staff did.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AuditEntryOut {
    id: Uuid,
    /// What was done.
    #[schema(max_length = 60, example = "user.suspended")]
    kind: String,
    /// Who did it; null: whoever runs the server, at its command line.
    #[schema(required)]
    actor: Option<ActorOut>,
    subject: SubjectOut,
    /// The fields that changed, as they were.
    #[schema(value_type = Object)]
    before: Map<String, Value>,
    /// The fields that changed, as they became.
    #[schema(value_type = Object)]
    after: Map<String, Value>,
    /// What else belongs to it.
    #[schema(value_type = Object)]
    details: Map<String, Value>,
    /// The `X-Request-Id` of the request that did it.
    #[schema(required, max_length = 64)]
    request_id: Option<String>,
    occurred_at: Instant,
}

#[derive(Serialize, ToSchema)]
pub struct ActorOut {
    id: Uuid,
    /// Null where the account is gone.
    #[schema(required, max_length = 80)]
    name: Option<String>,
}

/// Whom or what it was done to.
#[derive(Serialize, ToSchema)]
pub struct SubjectOut {
    /// What it is, such as `user` or `mentorship`.
    #[schema(max_length = 40, example = "user")]
    kind: String,
    id: Uuid,
    /// Of a user, if the account is still there.
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
