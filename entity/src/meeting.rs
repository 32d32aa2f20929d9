//! A meeting of a mentorship.

use chrono::TimeDelta;
use sea_orm::Set;
use sea_orm::entity::prelude::*;

use crate::text_enum::text_enum;

text_enum! {
    pub enum Status as MeetingStatus {
        Proposed,
        Confirmed,
        Held,
        NoShow,
        Canceled,
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MeetingError {
    #[error("the meeting is {from}")]
    Transition { from: Status },
    #[error("the other side confirms a time you proposed")]
    OwnProposal,
    #[error("the meeting has not begun yet")]
    TooEarly,
    #[error("the time is in the past")]
    InPast,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "meetings")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub mentorship_id: Uuid,
    /// Who proposed the time as it stands: the other side confirms it
    pub proposed_by_id: Uuid,
    pub scheduled_at: DateTimeUtc,
    pub duration_minutes: i16,
    /// Follows from the two before
    pub ends_at: DateTimeUtc,
    pub time_zone: String,
    pub location: Option<String>,
    pub link: Option<String>,
    pub agenda: Option<String>,
    pub notes: Option<String>,
    pub status: Status,
    /// iCalendar's SEQUENCE: counts what invitations must follow
    pub sequence: i32,
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
    #[sea_orm(belongs_to = "super::user::Entity", from = "Column::ProposedById", to = "super::user::Column::Id")]
    ProposedBy,
}

impl Related<super::mentorship::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Mentorship.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}

/// When a meeting that begins then is over.
pub fn end_of(scheduled_at: DateTimeUtc, duration_minutes: i16) -> DateTimeUtc {
    scheduled_at + TimeDelta::minutes(duration_minutes.into())
}

type Moved = Result<Option<ActiveModel>, MeetingError>;

impl Model {
    /// Proposes another time; the other side confirms anew.
    pub fn move_to(self, by: Uuid, scheduled_at: DateTimeUtc, duration_minutes: i16, now: DateTimeUtc) -> Moved {
        self.only_from(&[Status::Proposed, Status::Confirmed])?;
        if self.scheduled_at == scheduled_at && self.duration_minutes == duration_minutes {
            return Ok(None);
        }
        if scheduled_at <= now {
            return Err(MeetingError::InPast);
        }
        let mut row = self.resent(Status::Proposed, now);
        row.proposed_by_id = Set(by);
        row.scheduled_at = Set(scheduled_at);
        row.duration_minutes = Set(duration_minutes);
        row.ends_at = Set(end_of(scheduled_at, duration_minutes));
        Ok(Some(row))
    }

    pub fn confirm(self, by: Uuid, now: DateTimeUtc) -> Moved {
        if by == self.proposed_by_id {
            return Err(MeetingError::OwnProposal);
        }
        self.become_once(Status::Confirmed, &[Status::Proposed], now)
    }

    pub fn cancel(self, now: DateTimeUtc) -> Moved {
        if self.status == Status::Canceled {
            return Ok(None);
        }
        self.only_from(&[Status::Proposed, Status::Confirmed])?;
        Ok(Some(self.resent(Status::Canceled, now)))
    }

    pub fn hold(self, now: DateTimeUtc) -> Moved {
        self.only_after_start(now)?.become_once(Status::Held, &[Status::Confirmed], now)
    }

    pub fn no_show(self, now: DateTimeUtc) -> Moved {
        self.only_after_start(now)?.become_once(Status::NoShow, &[Status::Confirmed], now)
    }

    fn become_once(self, status: Status, from: &[Status], now: DateTimeUtc) -> Moved {
        if self.status == status {
            return Ok(None);
        }
        self.only_from(from)?;
        Ok(Some(self.touched(status, now)))
    }

    fn only_from(&self, allowed: &[Status]) -> Result<(), MeetingError> {
        if allowed.contains(&self.status) { Ok(()) } else { Err(MeetingError::Transition { from: self.status }) }
    }

    fn only_after_start(self, now: DateTimeUtc) -> Result<Self, MeetingError> {
        if now < self.scheduled_at { Err(MeetingError::TooEarly) } else { Ok(self) }
    }

    fn resent(self, status: Status, now: DateTimeUtc) -> ActiveModel {
        let sequence = self.sequence + 1;
        ActiveModel { sequence: Set(sequence), ..self.touched(status, now) }
    }

    fn touched(self, status: Status, now: DateTimeUtc) -> ActiveModel {
        let version = self.version + 1;
        ActiveModel { status: Set(status), version: Set(version), updated_at: Set(now), ..self.into() }
    }
}

#[cfg(test)]
mod tests {
    use chrono::Utc;
    use sea_orm::TryIntoModel;

    use super::*;

    const PROPOSER: Uuid = Uuid::from_u128(1);
    const OTHER: Uuid = Uuid::from_u128(2);

    fn meeting(status: Status, scheduled_at: DateTimeUtc) -> Model {
        Model {
            id: Uuid::from_u128(3),
            mentorship_id: Uuid::from_u128(4),
            proposed_by_id: PROPOSER,
            scheduled_at,
            duration_minutes: 60,
            ends_at: end_of(scheduled_at, 60),
            time_zone: "Europe/Berlin".to_owned(),
            location: None,
            link: None,
            agenda: None,
            notes: None,
            status,
            sequence: 0,
            version: 1,
            created_at: scheduled_at,
            updated_at: scheduled_at,
        }
    }

    fn done(outcome: Moved) -> Model {
        outcome.unwrap().unwrap().try_into_model().unwrap()
    }

    #[test]
    fn the_side_that_did_not_propose_confirms() {
        let now = Utc::now();
        let row = meeting(Status::Proposed, now + TimeDelta::days(1));
        assert_eq!(row.clone().confirm(PROPOSER, now), Err(MeetingError::OwnProposal));
        let row = done(row.confirm(OTHER, now));
        assert_eq!((row.status, row.sequence, row.version), (Status::Confirmed, 0, 2));
        assert_eq!(row.confirm(OTHER, now), Ok(None));
    }

    #[test]
    fn moving_asks_the_other_side_anew() {
        let now = Utc::now();
        let day = now + TimeDelta::days(1);
        let row = done(meeting(Status::Confirmed, day).move_to(OTHER, day + TimeDelta::hours(1), 30, now));
        assert_eq!((row.status, row.proposed_by_id, row.sequence), (Status::Proposed, OTHER, 1));
        assert_eq!(row.ends_at, day + TimeDelta::minutes(90));
        assert_eq!(row.clone().confirm(OTHER, now), Err(MeetingError::OwnProposal));
        assert_eq!(row.clone().move_to(PROPOSER, row.scheduled_at, 30, now), Ok(None));
        assert_eq!(row.move_to(OTHER, now, 30, now), Err(MeetingError::InPast));
    }

    #[test]
    fn only_a_confirmed_meeting_that_began_is_held_or_missed() {
        let start = Utc::now();
        let early = start - TimeDelta::milliseconds(1);
        let row = meeting(Status::Confirmed, start);
        assert_eq!(row.clone().hold(early), Err(MeetingError::TooEarly));
        assert_eq!(row.clone().no_show(early), Err(MeetingError::TooEarly));
        assert_eq!(done(row.clone().hold(start)).status, Status::Held);
        assert_eq!(done(row.no_show(start)).status, Status::NoShow);
        let refused = Err(MeetingError::Transition { from: Status::Proposed });
        assert_eq!(meeting(Status::Proposed, start).hold(start), refused);
    }

    #[test]
    fn canceling_is_sent_once() {
        let now = Utc::now();
        let row = done(meeting(Status::Proposed, now).cancel(now));
        assert_eq!((row.status, row.sequence), (Status::Canceled, 1));
        assert_eq!(row.cancel(now), Ok(None));
        assert_eq!(meeting(Status::Held, now).cancel(now), Err(MeetingError::Transition { from: Status::Held }));
    }
}
