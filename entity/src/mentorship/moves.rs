//! The moves of a mentorship: PENDING to ACTIVE to COMPLETED, and from PENDING or ACTIVE to CANCELED.
//!
//! Each takes the row and gives it changed, or `None` where the same actor made this very move before.

use sea_orm::Set;
use sea_orm::entity::prelude::*;

use super::{ActiveModel, EndReason, Model, Origin, Status};
use crate::side::Side;

/// Who ends a mentorship: one of the two, or staff.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    Participant(Uuid),
    Staff(Uuid),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoveError {
    #[error("the mentorship is {from}")]
    Transition { from: Status },
    #[error("not a participant of this mentorship")]
    NotYours,
    #[error("only the side that was asked may do this")]
    NotReceiver,
    #[error("only the side that asked may do this")]
    NotRequester,
    #[error("accepted: it can only be canceled")]
    AlreadyAccepted,
}

type Moved = Result<Option<ActiveModel>, MoveError>;

impl Actor {
    fn id(self) -> Uuid {
        match self {
            Self::Participant(id) | Self::Staff(id) => id,
        }
    }
}

impl Model {
    /// The side that answers. What came from a suggestion, an admin or a match run was not asked of one of the two.
    pub fn receiver(&self) -> Option<Side> {
        (self.origin == Origin::Request).then_some(Side::Mentor)
    }

    /// The receiving side says yes. It is active at once, unless an admin is still to approve.
    pub fn accept(self, by: Uuid, approval_required: bool, now: DateTimeUtc) -> Moved {
        self.only_receiver(by)?;
        match self.status {
            Status::Active => return Ok(None),
            Status::Pending => {}
            from => return Err(MoveError::Transition { from }),
        }
        let start = !approval_required || self.approved_at.is_some();
        if self.accepted_at.is_some() && !start {
            return Ok(None);
        }
        let accepted_at = self.accepted_at.unwrap_or(now);
        let mut row = self.touched(now);
        row.accepted_at = Set(Some(accepted_at));
        Ok(Some(if start { started(row, now) } else { row }))
    }

    /// An admin approves. It is active at once, unless the receiving side is still to accept.
    pub fn approve(self, now: DateTimeUtc) -> Moved {
        if self.is_open() && self.approved_at.is_some() {
            return Ok(None);
        }
        self.only_from(&[Status::Pending])?;
        let start = self.accepted_at.is_some();
        let mut row = self.touched(now);
        row.approved_at = Set(Some(now));
        Ok(Some(if start { started(row, now) } else { row }))
    }

    /// The receiving side says no.
    pub fn decline(self, by: Uuid, now: DateTimeUtc) -> Moved {
        self.only_receiver(by)?;
        self.end_unanswered(Some(by), EndReason::Declined, now)
    }

    /// The side that asked takes the request back.
    pub fn withdraw(self, by: Uuid, now: DateTimeUtc) -> Moved {
        let side = self.side_of(by).ok_or(MoveError::NotYours)?;
        if self.receiver().map(Side::other) != Some(side) {
            return Err(MoveError::NotRequester);
        }
        self.end_unanswered(Some(by), EndReason::Withdrawn, now)
    }

    /// Nobody answered in time. One that was accepted and waits for approval does not expire.
    pub fn expire(self, now: DateTimeUtc) -> Moved {
        self.end_unanswered(None, EndReason::Expired, now)
    }

    /// Either participant or staff says that it is done.
    pub fn complete(self, by: Actor, reason: Option<EndReason>, note: Option<String>, now: DateTimeUtc) -> Moved {
        self.only_entitled(by)?;
        if self.status == Status::Completed && self.ended_by_id == Some(by.id()) {
            return Ok(None);
        }
        self.only_from(&[Status::Active])?;
        Ok(Some(self.ended(Status::Completed, Some(by.id()), reason, note, now)))
    }

    /// Either participant or staff breaks it off.
    pub fn cancel(self, by: Actor, reason: EndReason, note: Option<String>, now: DateTimeUtc) -> Moved {
        self.only_entitled(by)?;
        if self.was_canceled(Some(by.id()), reason) {
            return Ok(None);
        }
        self.only_from(&[Status::Pending, Status::Active])?;
        Ok(Some(self.ended(Status::Canceled, Some(by.id()), Some(reason), note, now)))
    }

    fn end_unanswered(self, by: Option<Uuid>, reason: EndReason, now: DateTimeUtc) -> Moved {
        if self.was_canceled(by, reason) {
            return Ok(None);
        }
        self.only_from(&[Status::Pending])?;
        if self.accepted_at.is_some() {
            return Err(MoveError::AlreadyAccepted);
        }
        Ok(Some(self.ended(Status::Canceled, by, Some(reason), None, now)))
    }

    fn was_canceled(&self, by: Option<Uuid>, reason: EndReason) -> bool {
        self.status == Status::Canceled && self.ended_by_id == by && self.end_reason == Some(reason)
    }

    fn only_from(&self, allowed: &[Status]) -> Result<(), MoveError> {
        if allowed.contains(&self.status) { Ok(()) } else { Err(MoveError::Transition { from: self.status }) }
    }

    fn only_receiver(&self, by: Uuid) -> Result<(), MoveError> {
        let side = self.side_of(by).ok_or(MoveError::NotYours)?;
        if self.receiver() == Some(side) { Ok(()) } else { Err(MoveError::NotReceiver) }
    }

    fn only_entitled(&self, by: Actor) -> Result<(), MoveError> {
        match by {
            Actor::Participant(id) if self.side_of(id).is_none() => Err(MoveError::NotYours),
            Actor::Participant(_) | Actor::Staff(_) => Ok(()),
        }
    }

    fn ended(
        self,
        status: Status,
        by: Option<Uuid>,
        reason: Option<EndReason>,
        note: Option<String>,
        now: DateTimeUtc,
    ) -> ActiveModel {
        // A clock that went back must not end it before it began.
        let end = self.start_date.map_or(now, |start| start.max(now));
        let mut row = self.touched(now);
        row.status = Set(status);
        row.end_date = Set(Some(end));
        row.ended_by_id = Set(by);
        row.end_reason = Set(reason);
        row.end_note = Set(note);
        row
    }

    fn touched(self, now: DateTimeUtc) -> ActiveModel {
        let version = self.version + 1;
        ActiveModel { version: Set(version), updated_at: Set(now), ..self.into() }
    }
}

fn started(row: ActiveModel, now: DateTimeUtc) -> ActiveModel {
    ActiveModel { status: Set(Status::Active), start_date: Set(Some(now)), ..row }
}

#[cfg(test)]
mod tests;
