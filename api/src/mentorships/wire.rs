use actix_web::HttpResponse;
use entity::mentorship::{EndReason, Origin, Status};
use entity::side::Side;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::ops::{Seen, Step};
use crate::http::Instant;
use crate::http::{Listing, Versioned, merge_patch, text};
use crate::people::PersonOut;

mod filters;

pub use filters::{AdminFilter, Awaiting, MineFilter};

#[derive(Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"mentorId": crate::examples::PRIYA, "message": "I would like to go on where we stopped in June."}))]
pub struct MentorshipRequest {
    pub mentor_id: Uuid,
    /// What you hope for. Visible to both participants.
    #[schema(min_length = 1, max_length = 2000, nullable = false)]
    #[validate(custom(function = text::not_blank))]
    pub message: Option<String>,
}

#[derive(Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"mentorId": crate::examples::AMARA, "menteeId": crate::examples::LUCAS}))]
pub struct Assignment {
    pub mentor_id: Uuid,
    pub mentee_id: Uuid,
    /// What it is about. Visible to both participants.
    #[schema(min_length = 1, max_length = 2000, nullable = false)]
    #[validate(custom(function = text::not_blank))]
    pub message: Option<String>,
}

#[derive(Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"message": "Six months towards leading a team."}))]
pub struct MentorshipPatch {
    /// What it is about. Visible to both participants.
    #[serde(default, deserialize_with = "merge_patch::nullable")]
    #[schema(min_length = 1, max_length = 2000)]
    #[validate(custom(function = text::not_blank))]
    pub message: Option<Option<String>>,
}

#[derive(Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"reason": "GOALS_REACHED"}))]
pub struct Completion {
    /// Required from staff.
    #[schema(nullable = false)]
    pub reason: Option<ChosenReason>,
    /// Visible only to staff and its author.
    #[schema(min_length = 1, max_length = 2000, nullable = false)]
    #[validate(custom(function = text::not_blank))]
    pub note: Option<String>,
}

#[derive(Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"reason": "NO_TIME", "note": "A new job leaves no evening free."}))]
pub struct Cancellation {
    pub reason: ChosenReason,
    /// Visible only to staff and its author.
    #[schema(min_length = 1, max_length = 2000, nullable = false)]
    #[validate(custom(function = text::not_blank))]
    pub note: Option<String>,
}

/// A reason that can be given; the other end reasons are set automatically.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ChosenReason {
    GoalsReached,
    NotAFit,
    NoTime,
    NoResponse,
    Conduct,
    Other,
}

/// A mentorship, as visible to you.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MentorshipOut {
    id: Uuid,
    mentor: PersonOut,
    mentee: PersonOut,
    /// Your side; null if you are neither.
    #[schema(required)]
    side: Option<Side>,
    origin: Origin,
    status: Status,
    /// What it is about.
    #[schema(max_length = 2000, required)]
    message: Option<String>,
    /// The accepted suggestion it came from.
    #[schema(required)]
    suggestion_id: Option<Uuid>,
    /// The previous mentorship of the same pair.
    #[schema(required)]
    previous_id: Option<Uuid>,
    /// When both sides had accepted.
    #[schema(required)]
    accepted_at: Option<Instant>,
    /// When an admin approved or assigned it.
    #[schema(required)]
    approved_at: Option<Instant>,
    /// Unanswered, the request lapses then; null unless it waits for its answer.
    #[schema(required)]
    expires_at: Option<Instant>,
    #[schema(required)]
    start_date: Option<Instant>,
    #[schema(required)]
    end_date: Option<Instant>,
    #[schema(required)]
    ended_by_id: Option<Uuid>,
    /// Reasons that may concern a person are shown only to staff and whoever gave them.
    #[schema(required)]
    end_reason: Option<EndReason>,
    /// Visible only to staff and its author.
    #[schema(max_length = 2000, required)]
    end_note: Option<String>,
    /// The number of messages, which is the `seq` of the last; null for staff who take no part.
    #[schema(required, minimum = 0, maximum = 9007199254740991_i64)]
    last_message_seq: Option<i64>,
    /// The last message you have read; null for staff who take no part.
    #[schema(required, minimum = 0, maximum = 9007199254740991_i64)]
    read_seq: Option<i64>,
    /// Messages you have not read; null for staff who take no part.
    #[schema(required, minimum = 0, maximum = 9007199254740991_i64)]
    unread_count: Option<i64>,
    created_at: Instant,
    updated_at: Instant,
}

/// One of your mentorships, in brief.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MyMentorshipOut {
    id: Uuid,
    /// Your side.
    side: Side,
    /// The other participant.
    person: PersonOut,
    origin: Origin,
    status: Status,
    #[schema(required)]
    accepted_at: Option<Instant>,
    #[schema(required)]
    start_date: Option<Instant>,
    #[schema(required)]
    end_date: Option<Instant>,
    /// The number of messages, which is the `seq` of the last.
    #[schema(minimum = 0, maximum = 9007199254740991_i64)]
    last_message_seq: i64,
    /// The last message you have read.
    #[schema(minimum = 0, maximum = 9007199254740991_i64)]
    read_seq: i64,
    /// Messages you have not read.
    #[schema(minimum = 0, maximum = 9007199254740991_i64)]
    unread_count: i64,
    #[schema(required)]
    last_message_at: Option<Instant>,
    created_at: Instant,
}

impl From<Seen> for MentorshipOut {
    fn from(seen: Seen) -> Self {
        let row = seen.row;
        let read_seq = seen.side.map(|side| row.read_seq_of(side));
        let unread_count = seen.side.map(|side| row.unread_of(side));
        let expires_at = row.waits_until().map(Into::into);
        Self {
            id: row.id,
            mentor: seen.mentor,
            mentee: seen.mentee,
            side: seen.side,
            origin: row.origin,
            status: row.status,
            message: row.message,
            suggestion_id: row.suggestion_id,
            previous_id: row.previous_id,
            expires_at,
            accepted_at: row.accepted_at.map(Into::into),
            approved_at: row.approved_at.map(Into::into),
            start_date: row.start_date.map(Into::into),
            end_date: row.end_date.map(Into::into),
            ended_by_id: row.ended_by_id,
            end_reason: row.end_reason.filter(|_| seen.sees_reason),
            end_note: row.end_note.filter(|_| seen.sees_note),
            last_message_seq: seen.side.map(|_| row.last_message_seq),
            read_seq,
            unread_count,
            created_at: row.created_at.into(),
            updated_at: row.updated_at.into(),
        }
    }
}

impl MyMentorshipOut {
    /// As the participant sees them.
    pub fn listing(page: Listing<Seen>) -> Listing<Self> {
        let mine = page.items.into_iter().filter_map(|seen| Some((seen.side?, seen)));
        Listing { items: mine.map(|(side, seen)| Self::of(seen, side)).collect(), next_cursor: page.next_cursor }
    }

    fn of(seen: Seen, side: Side) -> Self {
        let row = seen.row;
        Self {
            id: row.id,
            side,
            person: side.other().pick(seen.mentor, seen.mentee),
            origin: row.origin,
            status: row.status,
            accepted_at: row.accepted_at.map(Into::into),
            start_date: row.start_date.map(Into::into),
            end_date: row.end_date.map(Into::into),
            last_message_seq: row.last_message_seq,
            read_seq: row.read_seq_of(side),
            unread_count: row.unread_of(side),
            last_message_at: row.last_message_at.map(Into::into),
            created_at: row.created_at.into(),
        }
    }
}

impl MentorshipOut {
    pub fn versioned(seen: Seen) -> Versioned<Self> {
        let version = seen.row.version;
        Versioned(seen.into(), version)
    }

    pub fn created(seen: Seen) -> HttpResponse {
        let location = format!("/api/v1/mentorships/{}", seen.row.id);
        Self::versioned(seen).created(location)
    }
}

impl From<Completion> for Step {
    fn from(body: Completion) -> Self {
        Self::Complete { reason: body.reason.map(EndReason::from), note: body.note }
    }
}

impl Cancellation {
    pub fn cancel(self) -> Step {
        Step::Cancel { reason: self.reason.into(), note: self.note }
    }

    pub fn end(self) -> Step {
        Step::End { reason: self.reason.into(), note: self.note }
    }
}

impl From<ChosenReason> for EndReason {
    fn from(reason: ChosenReason) -> Self {
        match reason {
            ChosenReason::GoalsReached => Self::GoalsReached,
            ChosenReason::NotAFit => Self::NotAFit,
            ChosenReason::NoTime => Self::NoTime,
            ChosenReason::NoResponse => Self::NoResponse,
            ChosenReason::Conduct => Self::Conduct,
            ChosenReason::Other => Self::Other,
        }
    }
}
