//! Whether what a notification is about still stands when it goes out.

use chrono::{DateTime, Utc};
use entity::notification::{Kind, Model};
use entity::{meeting, mentorship};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter};

use crate::error::Result;
use crate::messages::ops::{Thread, is_any_unread};

pub(super) async fn is_outdated(db: &impl ConnectionTrait, one: &Model, now: DateTime<Utc>) -> Result<bool> {
    let standing = match one.kind {
        Kind::MeetingReminder => {
            let ahead = meeting::Entity::find()
                .filter(meeting::Column::Id.eq(one.subject_id))
                .filter(meeting::Column::Status.eq(meeting::Status::Confirmed))
                .filter(meeting::Column::ScheduledAt.gt(now));
            ahead.count(db).await?
        }
        Kind::RequestWaiting => {
            let waiting = mentorship::Entity::find().filter(mentorship::Column::Id.eq(one.subject_id));
            waiting.filter(mentorship::awaits_answer(now)).count(db).await?
        }
        Kind::MentorshipSilent => {
            let active = mentorship::Entity::find().filter(mentorship::Column::Id.eq(one.subject_id));
            active.filter(mentorship::Column::Status.eq(mentorship::Status::Active)).count(db).await?
        }
        Kind::MessageNew => {
            let thread = match one.subject_kind.as_str() {
                "mentorship" => Thread::Mentorship(one.subject_id),
                _ => Thread::Conversation(one.subject_id),
            };
            return Ok(!is_any_unread(db, thread, one.user_id).await?);
        }
        _ => return Ok(false),
    };
    Ok(standing == 0)
}
