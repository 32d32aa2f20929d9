//! A number that a member gave: proved to be theirs by a code that was sent to it. The last one proved counts.

use chrono::TimeDelta;
use sea_orm::Condition;
use sea_orm::entity::prelude::*;

/// For how long a code is good.
pub const CODE_LIFETIME: TimeDelta = TimeDelta::minutes(10);
/// How many times a code may be guessed.
pub const MOST_TRIES: i32 = 5;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "phone_numbers")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Nobody where they are gone
    pub user_id: Option<Uuid>,
    /// None once it was taken back
    pub number: Option<String>,
    /// A keyed digest of the number, under which codes are counted
    pub number_key: String,
    /// When the code is sent; nothing once it was
    pub code_due_at: Option<DateTimeUtc>,
    pub code_attempts: i32,
    /// How many times it was guessed
    pub code_tries: i32,
    pub expires_at: DateTimeUtc,
    pub verified_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::user::Entity", from = "Column::UserId", to = "super::user::Column::Id")]
    User,
}

impl ActiveModelBehavior for ActiveModel {}

pub fn of_user(user_id: Uuid) -> Condition {
    Condition::all().add(Column::UserId.eq(user_id))
}

impl Model {
    /// Whether its code may still be given.
    pub fn awaits_code(&self, now: DateTimeUtc) -> bool {
        self.verified_at.is_none() && now < self.expires_at && self.code_tries < MOST_TRIES
    }
}
