//! A goal of a mentorship.

use sea_orm::Set;
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
    /// Sets how far an open goal has come. Being at 100 does not achieve it: that is somebody's to say.
    pub fn advance(self, progress: i16, now: DateTimeUtc) -> Result<Option<ActiveModel>, GoalError> {
        if !(0..=100).contains(&progress) {
            return Err(GoalError::OutOfRange);
        }
        if self.progress == progress {
            return Ok(None);
        }
        self.only_from(Status::Open)?;
        let mut row = self.touched(now);
        row.progress = Set(progress);
        Ok(Some(row))
    }

    pub fn achieve(self, now: DateTimeUtc) -> Result<Option<ActiveModel>, GoalError> {
        if self.status == Status::Achieved {
            return Ok(None);
        }
        self.only_from(Status::Open)?;
        let mut row = self.touched(now);
        row.status = Set(Status::Achieved);
        row.progress = Set(100);
        Ok(Some(row))
    }

    pub fn give_up(self, now: DateTimeUtc) -> Result<Option<ActiveModel>, GoalError> {
        if self.status == Status::Dropped {
            return Ok(None);
        }
        self.only_from(Status::Open)?;
        let mut row = self.touched(now);
        row.status = Set(Status::Dropped);
        Ok(Some(row))
    }

    pub fn reopen(self, now: DateTimeUtc) -> Option<ActiveModel> {
        if self.status == Status::Open {
            return None;
        }
        let mut row = self.touched(now);
        row.status = Set(Status::Open);
        Some(row)
    }

    fn only_from(&self, status: Status) -> Result<(), GoalError> {
        if self.status == status { Ok(()) } else { Err(GoalError::Transition { from: self.status }) }
    }

    fn touched(self, now: DateTimeUtc) -> ActiveModel {
        let version = self.version + 1;
        ActiveModel { version: Set(version), updated_at: Set(now), ..self.into() }
    }
}

#[cfg(test)]
mod tests {
    use chrono::Utc;
    use sea_orm::TryIntoModel;

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

    fn done(outcome: Result<Option<ActiveModel>, GoalError>) -> Model {
        outcome.unwrap().unwrap().try_into_model().unwrap()
    }

    #[test]
    fn progress_stays_between_0_and_100() {
        for progress in [-1, 101] {
            assert_eq!(goal(Status::Open, 0).advance(progress, Utc::now()), Err(GoalError::OutOfRange));
        }
        let row = done(goal(Status::Open, 0).advance(100, Utc::now()));
        assert_eq!((row.progress, row.status, row.version), (100, Status::Open, 2));
    }

    #[test]
    fn achieving_a_goal_completes_it_and_happens_once() {
        let row = done(goal(Status::Open, 40).achieve(Utc::now()));
        assert_eq!((row.status, row.progress), (Status::Achieved, 100));
        assert_eq!(row.achieve(Utc::now()), Ok(None));
    }

    #[test]
    fn only_an_open_goal_moves() {
        let refused = |from| Err(GoalError::Transition { from });
        assert_eq!(goal(Status::Achieved, 100).advance(50, Utc::now()), refused(Status::Achieved));
        assert_eq!(goal(Status::Dropped, 0).achieve(Utc::now()), refused(Status::Dropped));
        assert_eq!(goal(Status::Achieved, 100).give_up(Utc::now()), refused(Status::Achieved));
    }

    #[test]
    fn a_goal_can_be_taken_up_again() {
        let row = goal(Status::Dropped, 30).reopen(Utc::now()).unwrap().try_into_model().unwrap();
        assert_eq!((row.status, row.progress), (Status::Open, 30));
        assert_eq!(row.reopen(Utc::now()), None);
    }
}
