//! Rows of what a mentorship holds, from what is said of them.

use chrono::{DateTime, NaiveDate, Utc};
use entity::goal::{self, Kind, Status};
use entity::meeting::{self, Status as MeetingStatus};
use entity::milestone;
use entity::note::{self, Visibility};
use uuid::Uuid;

use super::{Goal, Mentorship};
use crate::ids;

pub struct Aim {
    pub key: &'static str,
    pub by: Uuid,
    pub kind: Kind,
    pub title: &'static str,
    pub description: Option<&'static str>,
    pub due: Option<NaiveDate>,
    pub progress: i16,
    pub status: Status,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    /// In their order, with when it was done; an open goal is as far as they are
    pub milestones: Vec<(&'static str, Option<DateTime<Utc>>)>,
}

impl Aim {
    pub fn of(self, mentorship: &Mentorship) -> Goal {
        let name = format!("{}/{}", mentorship.key, self.key);
        let steps = self.milestones.len();
        let done = self.milestones.iter().filter(|(_, done_at)| done_at.is_some()).count();
        let open = self.status == Status::Open;
        // Without milestones somebody said how far it is; whether it was achieved or dropped somebody always says.
        let changed = self.updated_at > self.created_at && (steps == 0 || !open);
        let row = goal::Model {
            id: ids::id("goals", &name, self.created_at),
            mentorship_id: mentorship.row.id,
            created_by_id: self.by,
            kind: self.kind,
            title: self.title.to_owned(),
            description: self.description.map(str::to_owned),
            due_date: self.due,
            progress: if open && steps > 0 { (done * 100 / steps) as i16 } else { self.progress },
            status: self.status,
            version: 1 + (steps + done) as i32 + i32::from(changed),
            created_at: self.created_at,
            updated_at: self.updated_at,
        };
        let milestones = self.milestones.into_iter().enumerate().map(|(position, (title, done_at))| milestone::Model {
            id: ids::id("milestones", &format!("{name}/{position}"), row.created_at),
            goal_id: row.id,
            title: title.to_owned(),
            position: position as i16,
            due_date: None,
            done_at,
            created_at: row.created_at,
            updated_at: done_at.unwrap_or(row.created_at),
        });
        Goal { milestones: milestones.collect(), row }
    }
}

pub fn note(
    mentorship: &Mentorship,
    key: &str,
    author_id: Uuid,
    visibility: Visibility,
    created_at: DateTime<Utc>,
    text: &str,
) -> note::Model {
    note::Model {
        id: ids::id("notes", &format!("{}/{key}", mentorship.key), created_at),
        mentorship_id: mentorship.row.id,
        author_id,
        visibility,
        text: text.to_owned(),
        version: 1,
        created_at,
        updated_at: created_at,
    }
}

/// A meeting as it was asked for, and what became of it.
pub struct Appointment {
    pub key: &'static str,
    pub by: Uuid,
    pub created_at: DateTime<Utc>,
    pub at: DateTime<Utc>,
    pub minutes: i16,
    pub time_zone: String,
    pub link: Option<&'static str>,
    pub location: Option<&'static str>,
    pub agenda: Option<&'static str>,
    pub notes: Option<&'static str>,
    pub status: MeetingStatus,
    pub updated_at: DateTime<Utc>,
}

impl Appointment {
    pub fn of(self, mentorship: &Mentorship) -> meeting::Model {
        let version = match self.status {
            MeetingStatus::Proposed => 1,
            MeetingStatus::Confirmed | MeetingStatus::Canceled => 2,
            MeetingStatus::Held | MeetingStatus::NoShow => 3,
        };
        meeting::Model {
            id: ids::id("meetings", &format!("{}/{}", mentorship.key, self.key), self.created_at),
            mentorship_id: mentorship.row.id,
            proposed_by_id: self.by,
            scheduled_at: self.at,
            duration_minutes: self.minutes,
            ends_at: meeting::end_of(self.at, self.minutes),
            time_zone: self.time_zone,
            location: self.location.map(str::to_owned),
            link: self.link.map(str::to_owned),
            agenda: self.agenda.map(str::to_owned),
            notes: self.notes.map(str::to_owned),
            status: self.status,
            sequence: i32::from(self.status == MeetingStatus::Canceled),
            version,
            created_at: self.created_at,
            updated_at: self.updated_at,
        }
    }
}
