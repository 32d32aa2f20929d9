mod preview;
mod terms;

use entity::matching_policy::Model;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

pub use preview::{PreviewOut, PreviewPolicy};
use terms::example;
pub use terms::{MatchingTerms, weight_name};

use crate::http::{Instant, text};

/// A version of the matching policy.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MatchingPolicyOut {
    /// Rises by one with every change; stored with each score.
    #[schema(minimum = 1, maximum = 1_000_000)]
    version: i32,
    terms: MatchingTerms,
    /// What the change was for.
    #[schema(required, max_length = 500)]
    note: Option<String>,
    /// The owner who wrote it; null for the first version.
    #[schema(required)]
    created_by_id: Option<Uuid>,
    /// Of the first version, when it came with the software.
    created_at: Instant,
}

impl From<Model> for MatchingPolicyOut {
    fn from(row: Model) -> Self {
        Self {
            version: row.version,
            terms: row.terms.into(),
            note: row.note,
            created_by_id: row.created_by_id,
            created_at: row.created_at.into(),
        }
    }
}

/// The next version of the matching policy.
#[derive(Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"terms": example(), "note": "Shared hours weigh more than industries."}))]
pub struct NewMatchingPolicy {
    pub terms: MatchingTerms,
    /// What the change is for.
    #[schema(min_length = 1, max_length = 500)]
    #[validate(custom(function = text::not_blank))]
    pub note: Option<String>,
}
