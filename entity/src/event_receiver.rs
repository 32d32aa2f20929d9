//! Who may see an event of the log, in the order in which they see it.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "event_receivers")]
pub struct Model {
    /// Nil: the staff
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    /// PostgreSQL: the transaction of the event; SQLite: its row
    #[sea_orm(primary_key, auto_increment = false)]
    pub at: i64,
    /// PostgreSQL: its place in that transaction
    #[sea_orm(primary_key, auto_increment = false)]
    pub place: i64,
    pub occurred_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
