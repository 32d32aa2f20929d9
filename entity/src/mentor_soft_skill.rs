//! A soft skill a mentor offers.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mentor_soft_skills")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub soft_skill_id: Uuid,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::user::Entity", from = "Column::UserId", to = "super::user::Column::Id")]
    User,
    #[sea_orm(
        belongs_to = "super::soft_skill::Entity",
        from = "Column::SoftSkillId",
        to = "super::soft_skill::Column::Id"
    )]
    SoftSkill,
}

impl Related<super::user::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::User.def()
    }
}

impl Related<super::soft_skill::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::SoftSkill.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
