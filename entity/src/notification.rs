//! Something told to a user in the app.

use sea_orm::Condition;
use sea_orm::entity::prelude::*;

use crate::notification_preferences::Group;
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
        /// A request that you have not answered yet
        RequestWaiting,
        /// A meeting within a day, or within an hour
        MeetingReminder,
        /// Three weeks without a sign of life in a mentorship; for staff, four
        MentorshipSilent,
        /// The admins answered an issue of yours
        IssueAnswered,
        /// They closed it
        IssueClosed,
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
    /// When it was decided by which channels it goes out
    pub planned_at: Option<DateTimeUtc>,
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

impl Kind {
    /// Whose preferences hold for it; what concerns the account itself or was asked of the admins is always mailed.
    pub fn group(self) -> Option<Group> {
        Some(match self {
            Self::SuggestionNew | Self::SuggestionMatched => Group::Suggestions,
            Self::MentorshipRequested
            | Self::MentorshipStarted
            | Self::MentorshipDeclined
            | Self::MentorshipCompleted
            | Self::MentorshipCanceled
            | Self::RequestWaiting
            | Self::MentorshipSilent
            | Self::NoteShared => Group::Mentorships,
            Self::GoalAdded | Self::GoalAchieved => Group::Goals,
            Self::MeetingProposed
            | Self::MeetingConfirmed
            | Self::MeetingMoved
            | Self::MeetingCanceled
            | Self::MeetingReminder => Group::Meetings,
            Self::MessageNew => Group::Messages,
            Self::AccountApproved | Self::RoleChanged | Self::IssueAnswered | Self::IssueClosed => return None,
        })
    }

    /// Whether it would come too late with a digest.
    pub fn is_urgent(self) -> bool {
        self == Self::MeetingReminder
    }
}
