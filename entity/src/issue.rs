//! Something that a member brings before the admins: a message, a user, or anything else.

use sea_orm::entity::prelude::*;
use sea_orm::{Condition, Set};

use crate::text_enum::text_enum;

text_enum! {
    /// What an issue is about.
    pub enum Kind as IssueKind {
        Message,
        User,
        Other,
    }
}

text_enum! {
    pub enum Category as IssueCategory {
        Spam,
        Harassment,
        Inappropriate,
        Safety,
        Technical,
        Other,
    }
}

text_enum! {
    pub enum Status as IssueStatus {
        Open,
        Answered,
        Closed,
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoveError {
    #[error("the issue was answered before")]
    AlreadyAnswered,
    #[error("the issue is closed")]
    Closed,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "issues")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub kind: Kind,
    pub category: Category,
    pub status: Status,
    pub reporter_id: Uuid,
    /// Whom it is about; of a message its sender, or the partner of a reporter who sent it
    pub reported_id: Option<Uuid>,
    pub message_id: Option<Uuid>,
    /// The thread of the message
    pub mentorship_id: Option<Uuid>,
    pub conversation_id: Option<Uuid>,
    /// None once its author was erased
    pub text: Option<String>,
    pub assignee_id: Option<Uuid>,
    pub answer: Option<String>,
    pub answered_at: Option<DateTimeUtc>,
    pub closed_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub fn of_reporter(user_id: Uuid) -> Condition {
    Condition::all().add(Column::ReporterId.eq(user_id))
}

/// Nobody handles an issue about themselves.
pub fn handled_by(staff_id: Uuid) -> Condition {
    Condition::any().add(Column::ReportedId.is_null()).add(Column::ReportedId.ne(staff_id))
}

/// Those about a user.
pub fn about(user_id: Uuid) -> Condition {
    Condition::all().add(Column::ReportedId.eq(user_id))
}

impl Model {
    /// `None`: it is theirs already.
    pub fn assign(self, to: Option<Uuid>, now: DateTimeUtc) -> Result<Option<ActiveModel>, MoveError> {
        self.demand_not_closed()?;
        if self.assignee_id == to {
            return Ok(None);
        }
        let mut row = ActiveModel::from(self);
        (row.assignee_id, row.updated_at) = (Set(to), Set(now));
        Ok(Some(row))
    }

    pub fn answer(self, answer: String, now: DateTimeUtc) -> Result<ActiveModel, MoveError> {
        self.demand_not_closed()?;
        if self.status == Status::Answered {
            return Err(MoveError::AlreadyAnswered);
        }
        let mut row = ActiveModel::from(self);
        (row.status, row.answer) = (Set(Status::Answered), Set(Some(answer)));
        (row.answered_at, row.updated_at) = (Set(Some(now)), Set(now));
        Ok(row)
    }

    /// `None`: it was closed before.
    pub fn close(self, now: DateTimeUtc) -> Option<ActiveModel> {
        if self.status == Status::Closed {
            return None;
        }
        let mut row = ActiveModel::from(self);
        (row.status, row.closed_at, row.updated_at) = (Set(Status::Closed), Set(Some(now)), Set(now));
        Some(row)
    }

    fn demand_not_closed(&self) -> Result<(), MoveError> {
        if self.status == Status::Closed { Err(MoveError::Closed) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn issue(status: Status) -> Model {
        let now = chrono::Utc::now();
        Model {
            id: Uuid::from_u128(1),
            kind: Kind::Other,
            category: Category::Technical,
            status,
            reporter_id: Uuid::from_u128(2),
            reported_id: None,
            message_id: None,
            mentorship_id: None,
            conversation_id: None,
            text: Some("It does not work".to_owned()),
            assignee_id: None,
            answer: None,
            answered_at: None,
            closed_at: None,
            created_at: now,
            updated_at: now,
        }
    }

    #[test]
    fn an_issue_is_answered_once_and_closed_for_good() {
        let (now, admin) = (chrono::Utc::now(), Some(Uuid::from_u128(9)));
        let again = |status| issue(status).answer("Done".to_owned(), now).map(|row| row.status.unwrap());
        assert_eq!(again(Status::Open), Ok(Status::Answered));
        assert_eq!(again(Status::Answered), Err(MoveError::AlreadyAnswered));
        assert_eq!(again(Status::Closed), Err(MoveError::Closed));
        for open in [Status::Open, Status::Answered] {
            assert_eq!(issue(open).close(now).unwrap().closed_at.unwrap(), Some(now));
            assert_eq!(issue(open).assign(admin, now).unwrap().unwrap().assignee_id.unwrap(), admin);
            assert_eq!(issue(open).assign(None, now), Ok(None));
        }
        assert_eq!(issue(Status::Closed).close(now), None);
        assert_eq!(issue(Status::Closed).assign(admin, now), Err(MoveError::Closed));
    }
}
