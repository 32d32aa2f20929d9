//! Work that comes round on the clock: when it is due, and who is at it.

use sea_orm::Condition;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "job_turns")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    pub due_at: DateTimeUtc,
    pub holder: Option<Uuid>,
    /// The holder is taken for dead after this
    pub lease_until: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Due, and nobody alive is at it.
pub fn is_free(name: &str, now: DateTimeUtc) -> Condition {
    let left = Condition::any().add(Column::LeaseUntil.is_null()).add(Column::LeaseUntil.lte(now));
    Condition::all().add(Column::Name.eq(name)).add(Column::DueAt.lte(now)).add(left)
}
