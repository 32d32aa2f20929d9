//! A mentorship: a mentor and a mentee, from the request to the end. How it moves is in [`moves`].

use sea_orm::Condition;
use sea_orm::entity::prelude::*;

use crate::side::Side;
use crate::text_enum::text_enum;

mod moves;

pub use moves::{Actor, MoveError};

text_enum! {
    /// How a mentorship came about.
    pub enum Origin as MentorshipOrigin {
        Suggestion,
        Request,
        Admin,
        MatchRun,
    }
}

text_enum! {
    pub enum Status as MentorshipStatus {
        Pending,
        Active,
        Completed,
        Canceled,
    }
}

text_enum! {
    /// Why a mentorship ended.
    pub enum EndReason as MentorshipEndReason {
        GoalsReached,
        NotAFit,
        NoTime,
        NoResponse,
        Declined,
        Withdrawn,
        Expired,
        Conduct,
        Other,
    }
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mentorships")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub mentor_id: Uuid,
    pub mentee_id: Uuid,
    pub origin: Origin,
    pub status: Status,
    pub suggestion_id: Option<Uuid>,
    pub previous_id: Option<Uuid>,
    pub message: Option<String>,
    pub accepted_at: Option<DateTimeUtc>,
    pub approved_at: Option<DateTimeUtc>,
    /// Of a request alone: unanswered, it lapses then, whatever the settings have become
    pub expires_at: Option<DateTimeUtc>,
    pub start_date: Option<DateTimeUtc>,
    pub end_date: Option<DateTimeUtc>,
    pub ended_by_id: Option<Uuid>,
    pub end_reason: Option<EndReason>,
    /// For staff only
    pub end_note: Option<String>,
    pub last_message_seq: i64,
    pub mentor_read_seq: i64,
    pub mentee_read_seq: i64,
    pub last_message_at: Option<DateTimeUtc>,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::user::Entity", from = "Column::MentorId", to = "super::user::Column::Id")]
    Mentor,
    #[sea_orm(belongs_to = "super::user::Entity", from = "Column::MenteeId", to = "super::user::Column::Id")]
    Mentee,
    #[sea_orm(
        belongs_to = "super::suggestion::Entity",
        from = "Column::SuggestionId",
        to = "super::suggestion::Column::Id"
    )]
    Suggestion,
}

impl Related<super::suggestion::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Suggestion.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}

pub fn of_participant(user_id: Uuid) -> Condition {
    Condition::any().add(Column::MentorId.eq(user_id)).add(Column::MenteeId.eq(user_id))
}

/// Those that `user_id` may see: staff see every one.
pub fn seen_by(user_id: Uuid, is_staff: bool) -> Condition {
    if is_staff { Condition::all() } else { of_participant(user_id) }
}

/// Between these two, whoever is the mentor.
pub fn of_pair(a: Uuid, b: Uuid) -> Condition {
    let sides =
        |mentor: Uuid, mentee: Uuid| Condition::all().add(Column::MentorId.eq(mentor)).add(Column::MenteeId.eq(mentee));
    Condition::any().add(sides(a, b)).add(sides(b, a))
}

/// Neither completed nor canceled: a pair has one such at most.
pub fn open() -> Condition {
    Condition::all().add(Column::Status.is_in([Status::Pending, Status::Active]))
}

/// Takes one of the mentor's places: active, or accepted and waiting for approval.
pub const HOLDS_PLACE: &str = "(mentorships.status = 'ACTIVE' \
    OR (mentorships.status = 'PENDING' AND mentorships.accepted_at IS NOT NULL))";

pub fn holds_place() -> Condition {
    Condition::all().add(Expr::cust(HOLDS_PLACE))
}

/// Both sides agreed, and an admin is still to approve.
pub fn awaits_approval() -> Condition {
    Condition::all().add(Column::Status.eq(Status::Pending)).add(Column::AcceptedAt.is_not_null())
}

/// Requests that wait for their answer.
pub fn awaits_answer(now: DateTimeUtc) -> Condition {
    let waiting = Condition::all().add(Column::Status.eq(Status::Pending)).add(Column::AcceptedAt.is_null());
    waiting.add(Column::ExpiresAt.gt(now))
}

/// Requests that nobody answered in time.
pub fn lapsed(now: DateTimeUtc) -> Condition {
    Condition::all()
        .add(Column::Status.eq(Status::Pending))
        .add(Column::Origin.eq(Origin::Request))
        .add(Column::AcceptedAt.is_null())
        .add(Column::ExpiresAt.lte(now))
}

/// The same in SQL, where `now` is the placeholder of the time.
pub fn lapsed_sql(now: &str) -> String {
    format!(
        "(mentorships.status = 'PENDING' AND mentorships.origin = 'REQUEST' AND mentorships.accepted_at IS NULL \
            AND mentorships.expires_at <= {now})"
    )
}

/// Open and not lapsed, in SQL.
pub fn standing_sql(now: &str) -> String {
    format!("(mentorships.status IN ('PENDING', 'ACTIVE') AND NOT {})", lapsed_sql(now))
}

/// Those with whom `me`, a placeholder too, has one open that has not lapsed.
pub fn open_with_sql(me: &str, now: &str) -> String {
    let standing = standing_sql(now);
    format!(
        "SELECT mentee_id AS other_id FROM mentorships WHERE mentor_id = {me} AND {standing} \
         UNION ALL SELECT mentor_id FROM mentorships WHERE mentee_id = {me} AND {standing}"
    )
}

impl EndReason {
    /// Whether it only says what happened, so that both may read it. The others may be about a person.
    pub fn is_plain(self) -> bool {
        matches!(self, Self::GoalsReached | Self::Declined | Self::Withdrawn | Self::Expired)
    }
}

impl Model {
    pub fn side_of(&self, me: Uuid) -> Option<Side> {
        Side::of(me, self.mentor_id, self.mentee_id)
    }

    pub fn other_of(&self, me: Uuid) -> Option<Uuid> {
        self.side_of(me).map(|side| side.other().pick(self.mentor_id, self.mentee_id))
    }

    pub fn is_open(&self) -> bool {
        matches!(self.status, Status::Pending | Status::Active)
    }

    /// Until when a request that nobody answered waits.
    pub fn waits_until(&self) -> Option<DateTimeUtc> {
        self.expires_at.filter(|_| self.status == Status::Pending && self.accepted_at.is_none())
    }

    /// Whether this is a request that nobody answered in time: the same as [`lapsed`].
    pub fn has_lapsed(&self, now: DateTimeUtc) -> bool {
        self.waits_until().is_some_and(|end| end <= now)
    }

    /// Up to which message this side has read.
    pub fn read_seq_of(&self, side: Side) -> i64 {
        side.pick(self.mentor_read_seq, self.mentee_read_seq)
    }

    /// Messages that this side has not read.
    pub fn unread_of(&self, side: Side) -> i64 {
        self.last_message_seq - self.read_seq_of(side)
    }
}
