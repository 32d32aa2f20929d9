//! A note of a mentorship: shared, or its author's alone.

use sea_orm::Condition;
use sea_orm::entity::prelude::*;

use crate::text_enum::text_enum;

text_enum! {
    /// Who can read a note: both participants, or only its author.
    pub enum Visibility as NoteVisibility {
        Shared,
        Private,
    }
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "notes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub mentorship_id: Uuid,
    pub author_id: Uuid,
    pub visibility: Visibility,
    pub text: String,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::mentorship::Entity",
        from = "Column::MentorshipId",
        to = "super::mentorship::Column::Id"
    )]
    Mentorship,
}

impl Related<super::mentorship::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Mentorship.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}

/// Among the notes of a mentorship the user takes part in: those that are shared, and those that are private and theirs.
pub fn visible_to(user_id: Uuid) -> Condition {
    Condition::any().add(Column::Visibility.eq(Visibility::Shared)).add(Column::AuthorId.eq(user_id))
}
