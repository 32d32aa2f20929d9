//! A goal of a mentorship.

use sea_orm::entity::prelude::*;

use crate::text_enum::text_enum;

text_enum! {
    pub enum Kind as GoalKind {
        ShortTerm,
        LongTerm,
    }
}

text_enum! {
    pub enum Status as GoalStatus {
        Open,
        Achieved,
        Dropped,
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GoalError {
    #[error("the goal is {from}")]
    Transition { from: Status },
    #[error("progress goes from 0 to 100")]
    OutOfRange,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "goals")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub mentorship_id: Uuid,
    pub created_by_id: Uuid,
    pub kind: Kind,
    pub title: String,
    pub description: Option<String>,
    pub due_date: Option<Date>,
    pub progress: i16,
    pub status: Status,
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
    #[sea_orm(belongs_to = "super::user::Entity", from = "Column::CreatedById", to = "super::user::Column::Id")]
    CreatedBy,
}

impl Related<super::mentorship::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Mentorship.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// How far an open goal has come. Being at 100 does not achieve it: that is somebody's to say.
    pub fn advance(self, progress: i16) -> Result<Self, GoalError> {
        if !(0..=100).contains(&progress) {
            return Err(GoalError::OutOfRange);
        }
        if self.progress == progress {
            return Ok(self);
        }
        self.demand_open()?;
        Ok(Self { progress, ..self })
    }

    pub fn achieve(self) -> Result<Self, GoalError> {
        if self.status == Status::Achieved {
            return Ok(self);
        }
        self.demand_open()?;
        Ok(Self { status: Status::Achieved, progress: 100, ..self })
    }

    pub fn give_up(self) -> Result<Self, GoalError> {
        if self.status == Status::Dropped {
            return Ok(self);
        }
        self.demand_open()?;
        Ok(Self { status: Status::Dropped, ..self })
    }

    pub fn reopen(self) -> Self {
        Self { status: Status::Open, ..self }
    }

    pub fn demand_open(&self) -> Result<(), GoalError> {
        if self.status == Status::Open { Ok(()) } else { Err(GoalError::Transition { from: self.status }) }
    }

    /// The next version of the row.
    pub fn touched(self, now: DateTimeUtc) -> Self {
        Self { version: self.version + 1, updated_at: now, ..self }
    }
}

#[cfg(test)]
mod tests {
    use chrono::{TimeDelta, Utc};

    use super::*;

    fn goal(status: Status, progress: i16) -> Model {
        Model {
            id: Uuid::from_u128(1),
            mentorship_id: Uuid::from_u128(2),
            created_by_id: Uuid::from_u128(3),
            kind: Kind::ShortTerm,
            title: "Write a talk".to_owned(),
            description: None,
            due_date: None,
            progress,
            status,
            version: 1,
            created_at: Utc::now(),
            updated_at: Utc::now(),
        }
    }

    #[test]
    fn progress_stays_between_0_and_100() {
        for progress in [-1, 101] {
            assert_eq!(goal(Status::Open, 0).advance(progress), Err(GoalError::OutOfRange));
        }
        let row = goal(Status::Open, 0).advance(100).unwrap();
        assert_eq!((row.progress, row.status), (100, Status::Open));
    }

    #[test]
    fn achieving_a_goal_completes_it_and_happens_once() {
        let row = goal(Status::Open, 40).achieve().unwrap();
        assert_eq!((row.status, row.progress), (Status::Achieved, 100));
        assert_eq!(row.clone().achieve(), Ok(row));
    }

    #[test]
    fn only_an_open_goal_moves() {
        let refused = |from| Err(GoalError::Transition { from });
        assert_eq!(goal(Status::Achieved, 100).advance(50), refused(Status::Achieved));
        assert_eq!(goal(Status::Dropped, 0).achieve(), refused(Status::Dropped));
        assert_eq!(goal(Status::Achieved, 100).give_up(), refused(Status::Achieved));
    }

    #[test]
    fn a_goal_can_be_taken_up_again() {
        let row = goal(Status::Dropped, 30).reopen();
        assert_eq!((row.status, row.progress), (Status::Open, 30));
        assert_eq!(row.clone().reopen(), row);
    }

    #[test]
    fn each_change_is_a_version() {
        let row = goal(Status::Open, 0);
        let later = row.updated_at + TimeDelta::seconds(1);
        let row = row.touched(later);
        assert_eq!((row.version, row.updated_at), (2, later));
    }
}
