use actix_web::HttpResponse;
use actix_web::http::header::LOCATION;
use entity::block;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::ops::Added;
use crate::http::Instant;
use crate::people::PersonOut;

#[derive(Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"userId": crate::examples::LUCAS}))]
pub struct NewBlock {
    /// Whom to block.
    pub user_id: Uuid,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BlockOut {
    id: Uuid,
    /// Who is blocked.
    user: PersonOut,
    created_at: Instant,
}

impl BlockOut {
    pub fn new(row: &block::Model, user: PersonOut) -> Self {
        Self { id: row.id, user, created_at: row.created_at.into() }
    }
}

impl From<Added> for HttpResponse {
    fn from(added: Added) -> Self {
        match added {
            Added::Now(out) => {
                Self::Created().insert_header((LOCATION, format!("/api/v1/me/blocks/{}", out.id))).json(out)
            }
            Added::Before(out) => Self::Ok().json(out),
        }
    }
}
