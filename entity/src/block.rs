//! Somebody wants no contact with somebody else, who does not learn of it.

use sea_orm::Condition;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "blocks")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub blocker_id: Uuid,
    pub blocked_id: Uuid,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Those that `user_id` made.
pub fn made_by(user_id: Uuid) -> Condition {
    Condition::all().add(Column::BlockerId.eq(user_id))
}

/// Between these two, whoever made it.
pub fn between(one: Uuid, other: Uuid) -> Condition {
    let by = |blocker: Uuid, blocked: Uuid| made_by(blocker).add(Column::BlockedId.eq(blocked));
    Condition::any().add(by(one, other)).add(by(other, one))
}

/// That there is none between these two, in SQL.
pub fn none_between_sql(one: &str, other: &str) -> String {
    format!(
        "NOT EXISTS (SELECT 1 FROM blocks b WHERE (b.blocker_id = {one} AND b.blocked_id = {other}) \
            OR (b.blocker_id = {other} AND b.blocked_id = {one}))"
    )
}
