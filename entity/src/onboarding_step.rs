//! A step of the survey that a user has saved.

use sea_orm::entity::prelude::*;

use crate::text_enum::text_enum;
use crate::user;

text_enum! {
    /// A step of the onboarding.
    pub enum Step as OnboardingStep {
        General,
        Mentor,
        Mentee,
        Preferences,
    }
}

impl Step {
    pub const ALL: [Self; 4] = [Self::General, Self::Mentor, Self::Mentee, Self::Preferences];

    /// Whether `user` must save it: the two sides ask only those who are on them.
    pub fn is_required(self, user: &user::Model) -> bool {
        match self {
            Self::General | Self::Preferences => true,
            Self::Mentor => user.active_mentor,
            Self::Mentee => user.active_mentee,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "onboarding_steps")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub step: Step,
    pub saved_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::user::Entity", from = "Column::UserId", to = "super::user::Column::Id")]
    User,
}

impl Related<user::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::User.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
