//! Something told to a user in the app.

use sea_orm::Condition;
use sea_orm::entity::prelude::*;

use crate::text_enum::text_enum;

text_enum! {
    /// What a notification is about.
    pub enum Kind as NotificationKind {
        SuggestionNew,
        SuggestionMatched,
        MentorshipRequested,
        MentorshipStarted,
        MentorshipDeclined,
        MentorshipCompleted,
        MentorshipCanceled,
        GoalAdded,
        GoalAchieved,
        NoteShared,
        MeetingProposed,
        MeetingConfirmed,
        MeetingMoved,
        MeetingCanceled,
        MessageNew,
        AccountApproved,
        RoleChanged,
    }
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "notifications")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub user_id: Uuid,
    pub kind: Kind,
    pub subject_kind: String,
    pub subject_id: Uuid,
    pub actor_id: Option<Uuid>,
    pub read_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::user::Entity", from = "Column::UserId", to = "super::user::Column::Id")]
    User,
    #[sea_orm(belongs_to = "super::user::Entity", from = "Column::ActorId", to = "super::user::Column::Id")]
    Actor,
}

impl ActiveModelBehavior for ActiveModel {}

pub fn of_user(user_id: Uuid) -> Condition {
    Condition::all().add(Column::UserId.eq(user_id))
}
