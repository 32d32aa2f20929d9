//! Which events become notifications: the rules in one place.

use chrono::{DateTime, Utc};
use entity::notification::{self, Kind as Notification};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};
use uuid::Uuid;

use super::{Event, Kind};
use crate::error::Result;

pub fn notification_of(kind: Kind) -> Option<Notification> {
    Some(match kind {
        Kind::SuggestionMade => Notification::SuggestionNew,
        Kind::SuggestionMatched => Notification::SuggestionMatched,
        Kind::MentorshipRequested => Notification::MentorshipRequested,
        Kind::MentorshipStarted => Notification::MentorshipStarted,
        Kind::MentorshipDeclined => Notification::MentorshipDeclined,
        Kind::MentorshipCompleted => Notification::MentorshipCompleted,
        Kind::MentorshipCanceled => Notification::MentorshipCanceled,
        Kind::GoalAdded => Notification::GoalAdded,
        Kind::GoalAchieved => Notification::GoalAchieved,
        Kind::NoteShared => Notification::NoteShared,
        Kind::MeetingProposed => Notification::MeetingProposed,
        Kind::MeetingConfirmed => Notification::MeetingConfirmed,
        Kind::MeetingMoved => Notification::MeetingMoved,
        Kind::MeetingCanceled => Notification::MeetingCanceled,
        Kind::MentorshipMessageSent | Kind::ConversationMessageSent => Notification::MessageNew,
        Kind::RequestReminded => Notification::RequestWaiting,
        Kind::MeetingReminded => Notification::MeetingReminder,
        Kind::MentorshipSilent => Notification::MentorshipSilent,
        Kind::IssueAnswered => Notification::IssueAnswered,
        Kind::IssueClosed => Notification::IssueClosed,
        Kind::UserApproved => Notification::AccountApproved,
        Kind::UserRoleChanged => Notification::RoleChanged,
        _ => return None,
    })
}

pub fn row(id: Uuid, kind: Notification, user: Uuid, event: &Event, now: DateTime<Utc>) -> notification::ActiveModel {
    notification::ActiveModel {
        id: Set(id),
        user_id: Set(user),
        kind: Set(kind),
        subject_kind: Set(event.kind.stream().to_owned()),
        subject_id: Set(event.subject),
        actor_id: Set(event.actor),
        read_at: Set(None),
        created_at: Set(now),
        planned_at: Set(None),
    }
}

/// A thread has one unread notification a reader, so a second message adds none.
pub async fn insert(txn: &impl ConnectionTrait, rows: Vec<notification::ActiveModel>) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let once = OnConflict::new().do_nothing().to_owned();
    notification::Entity::insert_many(rows).on_conflict(once).try_insert().exec_without_returning(txn).await?;
    Ok(())
}
