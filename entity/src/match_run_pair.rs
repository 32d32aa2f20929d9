//! A pair of the plan of a match run.

use sea_orm::entity::prelude::*;

use crate::suggestion::Reasons;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "match_run_pairs")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub run_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub mentee_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub mentor_id: Uuid,
    /// 0 to 1000
    pub points: i16,
    #[sea_orm(column_type = "JsonBinary")]
    pub reasons: Reasons,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
