use entity::note::{self, Visibility};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use crate::http::Instant;
use crate::http::text;

#[derive(Deserialize, IntoParams, Validate)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct NoteFilter {
    /// Only shared notes, or only your own private ones.
    #[param(inline)]
    pub visibility: Option<Visibility>,
}

#[derive(Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({ "visibility": "SHARED", "text": "We agreed to look at one design document a week." }))]
pub struct NewNote {
    pub visibility: Visibility,
    #[schema(min_length = 1, max_length = 10000)]
    #[validate(custom(function = text::not_blank))]
    pub text: String,
}

#[derive(Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({ "text": "We agreed to look at two design documents a week." }))]
pub struct NotePatch {
    /// Only the author can change it.
    #[schema(nullable = false)]
    pub visibility: Option<Visibility>,
    #[schema(nullable = false, min_length = 1, max_length = 10000)]
    #[validate(custom(function = text::not_blank))]
    pub text: Option<String>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NoteOut {
    id: Uuid,
    mentorship_id: Uuid,
    author_id: Uuid,
    visibility: Visibility,
    #[schema(max_length = 10000)]
    text: String,
    /// The `ETag` as a number.
    #[schema(minimum = 1, maximum = 2147483647)]
    version: i32,
    created_at: Instant,
    updated_at: Instant,
}

impl From<note::Model> for NoteOut {
    fn from(row: note::Model) -> Self {
        Self {
            id: row.id,
            mentorship_id: row.mentorship_id,
            author_id: row.author_id,
            visibility: row.visibility,
            text: row.text,
            version: row.version,
            created_at: row.created_at.into(),
            updated_at: row.updated_at.into(),
        }
    }
}
