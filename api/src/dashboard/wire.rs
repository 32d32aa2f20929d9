use entity::mentorship::{Origin, Status};
use entity::side::Side;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::ops::{Counts, MentorshipRow};
use crate::http::Instant;
use crate::meetings::wire::MeetingOut;
use crate::people::PersonOut;

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DashboardOut {
    /// Suggestions awaiting your answer.
    #[schema(minimum = 0, maximum = 9007199254740991i64)]
    open_suggestions: i64,
    /// Unread messages across all your threads.
    #[schema(minimum = 0, maximum = 9007199254740991i64)]
    unread_messages: i64,
    #[schema(minimum = 0, maximum = 9007199254740991i64)]
    unread_notifications: i64,
    #[schema(max_items = 20)]
    mentorships: Vec<DashboardMentorship>,
    #[schema(max_items = 5)]
    next_meetings: Vec<MeetingOut>,
}

impl DashboardOut {
    pub fn new(counts: Counts, mentorships: Vec<DashboardMentorship>, next_meetings: Vec<MeetingOut>) -> Self {
        Self {
            open_suggestions: counts.open_suggestions,
            unread_messages: counts.unread_messages,
            unread_notifications: counts.unread_notifications,
            mentorships,
            next_meetings,
        }
    }
}

/// One of your open mentorships.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DashboardMentorship {
    id: Uuid,
    /// Your side.
    side: Side,
    origin: Origin,
    status: Status,
    /// When both sides had agreed.
    #[schema(required)]
    accepted_at: Option<Instant>,
    other: PersonOut,
    #[schema(minimum = 0, maximum = 9007199254740991i64)]
    unread_count: i64,
    #[schema(required)]
    last_message_at: Option<Instant>,
    #[schema(minimum = 0, maximum = 9007199254740991i64)]
    goals_open: i64,
    #[schema(minimum = 0, maximum = 9007199254740991i64)]
    goals_achieved: i64,
}

impl From<MentorshipRow> for DashboardMentorship {
    fn from(row: MentorshipRow) -> Self {
        Self {
            id: row.id,
            side: if row.as_mentor { Side::Mentor } else { Side::Mentee },
            origin: row.origin,
            status: row.status,
            accepted_at: row.accepted_at.map(Into::into),
            other: row.other.into(),
            unread_count: row.unread_count,
            last_message_at: row.last_message_at.map(Into::into),
            goals_open: row.goals_open,
            goals_achieved: row.goals_achieved,
        }
    }
}
