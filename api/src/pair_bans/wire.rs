use entity::pair_ban;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use crate::http::{Instant, text};

#[derive(Debug, Deserialize, IntoParams, Validate)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct PairBanFilter {
    /// Only those of this member.
    pub user_id: Option<Uuid>,
}

#[derive(Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"oneId": crate::examples::AMARA, "otherId": crate::examples::LUCAS, "note": "They report to each other"}))]
pub struct NewPairBan {
    pub one_id: Uuid,
    pub other_id: Uuid,
    /// Why; for staff only.
    #[schema(min_length = 1, max_length = 1000)]
    #[validate(custom(function = text::not_blank))]
    pub note: String,
}

/// Two whom the staff keep apart.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PairBanOut {
    id: Uuid,
    one_id: Uuid,
    other_id: Uuid,
    #[schema(max_length = 1000)]
    note: String,
    /// Who of the staff did it; null if they are gone.
    #[schema(required)]
    created_by_id: Option<Uuid>,
    created_at: Instant,
}

impl From<pair_ban::Model> for PairBanOut {
    fn from(row: pair_ban::Model) -> Self {
        let pair_ban::Model { id, one_id, other_id, note, created_by_id, created_at } = row;
        Self { id, one_id, other_id, note, created_by_id, created_at: created_at.into() }
    }
}
