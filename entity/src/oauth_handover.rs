//! A sign-in that a provider has finished, until the application takes it; the row stays until its state could not be used again.

use sea_orm::Condition;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "oauth_handovers")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub state_hash: String,
    pub code_hash: Option<String>,
    pub code_challenge: Option<String>,
    pub code_expires_at: Option<DateTimeUtc>,
    /// Who signed in, sealed
    pub identity: Option<String>,
    pub created_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The one with that code, unless it was taken or is too old.
pub fn with_code(code_hash: String, now: DateTimeUtc) -> Condition {
    Condition::all().add(Column::CodeHash.eq(code_hash)).add(Column::CodeExpiresAt.gt(now))
}
