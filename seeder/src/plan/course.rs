use chrono::{DateTime, TimeDelta, Utc};
use entity::mentorship::{self, EndReason, Origin, Status};
use uuid::Uuid;

use super::{Line, Member, Thread};
use crate::ids;

/// How long an unanswered request waits, as the settings have it.
const REQUESTS_LAST: TimeDelta = TimeDelta::days(14);

/// How a mentorship went, as far as it has gone.
pub struct Course<'a> {
    pub key: String,
    pub mentor: &'a Member,
    pub mentee: &'a Member,
    pub origin: Origin,
    pub created_at: DateTime<Utc>,
    pub message: Option<&'static str>,
    pub accepted_at: Option<DateTime<Utc>>,
    pub end: Option<End>,
    pub previous_id: Option<Uuid>,
    pub lines: Vec<Line>,
    /// 0 for the mentor, 1 for the mentee
    pub unread_by: Option<usize>,
}

pub struct End {
    pub at: DateTime<Utc>,
    pub completed: bool,
    pub by: Option<Uuid>,
    pub reason: Option<EndReason>,
    pub note: Option<&'static str>,
}

/// A mentorship with the thread of its messages; the mentor is the first of the thread's pair.
pub struct Mentorship {
    pub key: String,
    pub row: mentorship::Model,
    pub thread: Thread,
}

impl<'a> Course<'a> {
    /// Asked for, and begun where `accepted_at` says so; nothing has been said in it.
    pub fn new(
        (mentor, mentee): (&'a Member, &'a Member),
        key: String,
        origin: Origin,
        created_at: DateTime<Utc>,
        accepted_at: Option<DateTime<Utc>>,
    ) -> Self {
        Self {
            key,
            mentor,
            mentee,
            origin,
            created_at,
            message: None,
            accepted_at,
            end: None,
            previous_id: None,
            lines: Vec::new(),
            unread_by: None,
        }
    }

    pub fn finish(self) -> Mentorship {
        let id = ids::id("mentorships", &self.key, self.created_at);
        let status = self.status();
        let pair = [self.mentor.row.id, self.mentee.row.id];
        let thread = Thread::new(id, true, pair, self.lines, self.unread_by);
        let asked = self.origin == Origin::Request;
        let moves = i32::from(asked && self.accepted_at.is_some()) + i32::from(self.end.is_some());
        let end_at = self.end.as_ref().map(|end| end.at);
        let last_move = end_at.or(self.accepted_at).unwrap_or(self.created_at);
        let end = self.end.as_ref();
        let row = mentorship::Model {
            id,
            mentor_id: self.mentor.row.id,
            mentee_id: self.mentee.row.id,
            origin: self.origin,
            status,
            suggestion_id: None,
            previous_id: self.previous_id,
            message: self.message.map(str::to_owned),
            accepted_at: self.accepted_at,
            approved_at: (self.origin == Origin::Admin).then_some(self.created_at),
            expires_at: asked.then(|| self.created_at + REQUESTS_LAST),
            start_date: self.accepted_at,
            end_date: end_at,
            ended_by_id: end.and_then(|end| end.by),
            end_reason: end.and_then(|end| end.reason),
            end_note: end.and_then(|end| end.note).map(str::to_owned),
            last_message_seq: thread.last_seq(),
            mentor_read_seq: thread.read[0],
            mentee_read_seq: thread.read[1],
            last_message_at: thread.last_at(),
            version: 1 + moves,
            created_at: self.created_at,
            updated_at: last_move,
        };
        Mentorship { key: self.key, row, thread }
    }

    fn status(&self) -> Status {
        match &self.end {
            Some(end) if end.completed => Status::Completed,
            Some(_) => Status::Canceled,
            None if self.accepted_at.is_some() => Status::Active,
            None => Status::Pending,
        }
    }
}
