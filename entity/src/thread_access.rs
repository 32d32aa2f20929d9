//! That staff read messages of a thread which were frozen with an issue, for one of its participants to see.

use sea_orm::Condition;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "thread_accesses")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub user_id: Uuid,
    pub mentorship_id: Option<Uuid>,
    pub conversation_id: Option<Uuid>,
    pub first_seq: i64,
    pub last_seq: i64,
    pub accessed_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub fn of_user(user_id: Uuid) -> Condition {
    Condition::all().add(Column::UserId.eq(user_id))
}
