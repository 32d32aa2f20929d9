use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A term of the taxonomy.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TermOut {
    pub id: Uuid,
    /// Its stable name in bodies and filters
    #[schema(max_length = 80, example = "devops")]
    pub slug: String,
    #[schema(max_length = 80, example = "DevOps")]
    pub name: String,
}
