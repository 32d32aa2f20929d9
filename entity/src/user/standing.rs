//! What staff changes of an account: approval, suspension, role.
//!
//! Each takes the row and gives it changed, or `None` where it already is so.

use sea_orm::Set;
use sea_orm::entity::prelude::*;

use super::{ActiveModel, Model, Role, Status};

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the account is {from}")]
pub struct StandingError {
    pub from: Status,
}

type Changed = Result<Option<ActiveModel>, StandingError>;

impl Model {
    pub fn approve(self, now: DateTimeUtc) -> Changed {
        match self.status {
            Status::Active => Ok(None),
            Status::PendingApproval => Ok(Some(self.with_status(Status::Active, None, now))),
            from @ Status::Suspended => Err(StandingError { from }),
        }
    }

    pub fn suspend(self, note: String, now: DateTimeUtc) -> Option<ActiveModel> {
        (self.status != Status::Suspended).then(|| self.with_status(Status::Suspended, Some(note), now))
    }

    pub fn reactivate(self, now: DateTimeUtc) -> Changed {
        match self.status {
            Status::Active => Ok(None),
            Status::Suspended => Ok(Some(self.with_status(Status::Active, None, now))),
            from @ Status::PendingApproval => Err(StandingError { from }),
        }
    }

    pub fn change_role(self, role: Role, now: DateTimeUtc) -> Option<ActiveModel> {
        if self.role == role {
            return None;
        }
        let mut row = ActiveModel::from(self);
        row.role = Set(role);
        row.updated_at = Set(now);
        Some(row)
    }

    /// Can run the programme now.
    pub fn is_active_owner(&self) -> bool {
        self.role == Role::Owner && self.status == Status::Active
    }

    fn with_status(self, status: Status, note: Option<String>, now: DateTimeUtc) -> ActiveModel {
        let mut row = ActiveModel::from(self);
        row.status = Set(status);
        row.suspension_note = Set(note);
        row.updated_at = Set(now);
        row
    }
}
