//! The log of events: every change of state, in order within its stream, never changed itself.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "events")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub stream_kind: String,
    pub stream_id: Uuid,
    pub seq: i64,
    pub kind: String,
    pub actor_id: Option<Uuid>,
    /// An act of staff on somebody: these are the audit log
    pub staff: bool,
    #[sea_orm(column_type = "JsonBinary")]
    pub data: Json,
    pub request_id: Option<String>,
    pub occurred_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
