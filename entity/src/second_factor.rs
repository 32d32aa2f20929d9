//! What a user proves beside the first way of signing in: the codes of an authenticator app (RFC 6238).

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "second_factors")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    /// The key that the app has too, sealed.
    pub secret: String,
    pub created_at: DateTimeUtc,
    /// Since when it is asked for: whoever set it up has shown a code.
    pub confirmed_at: Option<DateTimeUtc>,
    /// The step of time of the code that was taken last, so that none is taken twice.
    pub last_used_step: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::user::Entity", from = "Column::UserId", to = "super::user::Column::Id")]
    User,
}

impl Related<super::user::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::User.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// Whether the code of `step` is new at the step `now`. A last use that lies further ahead than any code reaches is from before
    /// the clock was set back, and says nothing.
    pub fn is_new(&self, step: i64, now: i64) -> bool {
        step > self.last_used_step || self.last_used_step > now + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_taken_once_and_none_before_it() {
        let last_used = |last_used_step| Model {
            user_id: Uuid::nil(),
            secret: String::new(),
            created_at: DateTimeUtc::UNIX_EPOCH,
            confirmed_at: None,
            last_used_step,
        };
        let taken = |last, now: i64| [now - 1, now, now + 1].map(|step| last_used(last).is_new(step, now));
        assert_eq!(taken(0, 100), [true, true, true]);
        assert_eq!(taken(98, 100), [true, true, true]);
        assert_eq!(taken(99, 100), [false, true, true]);
        assert_eq!(taken(100, 100), [false, false, true]);
        assert_eq!(taken(101, 100), [false, false, false]);
        assert_eq!(taken(102, 100), [true, true, true]);
    }
}
