//! The matching index as a node had it a short while ago, in parts. It is derived, and decides nothing.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "index_snapshots")]
pub struct Model {
    /// From 0 on; one after the other they are the whole
    #[sea_orm(primary_key, auto_increment = false)]
    pub part: i16,
    /// What the log had before this is in it
    pub log_position: String,
    /// So is what had passed with time alone until then
    pub true_at: DateTimeUtc,
    /// When everybody was last read from the database or compared with it
    pub read_at: DateTimeUtc,
    #[sea_orm(column_type = "Blob")]
    pub bytes: Vec<u8>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
