use chrono::{DateTime, Utc};
use entity::side::Side;
use entity::{mentorship, user};
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter};
use uuid::Uuid;

use crate::error::{Code, Error, Result};
use crate::users;

/// How many of a mentor's places are taken. To rely on it, lock the mentor's row first: every new place does.
pub async fn places_taken(db: &impl ConnectionTrait, mentor: Uuid) -> Result<u64> {
    let taken =
        mentorship::Entity::find().filter(mentorship::Column::MentorId.eq(mentor)).filter(mentorship::holds_place());
    Ok(taken.count(db).await?)
}

pub async fn has_place(db: &impl ConnectionTrait, mentor: &user::Model) -> Result<bool> {
    Ok(places_taken(db, mentor.id).await? < mentor.places())
}

/// A mentor and a mentee whose rows are locked until the transaction ends.
pub(super) struct Pair {
    pub mentor: user::Model,
    pub mentee: user::Model,
}

impl Pair {
    /// `None` where one of the two does not exist.
    pub async fn lock(txn: &DatabaseTransaction, mentor: Uuid, mentee: Uuid) -> Result<Option<Self>> {
        let rows = users::ops::lock_both(txn, mentor, mentee).await?;
        let (mentors, others): (Vec<_>, Vec<_>) = rows.into_iter().partition(|user| user.id == mentor);
        let pair = mentors.into_iter().next().zip(others.into_iter().next());
        Ok(pair.map(|(mentor, mentee)| Self { mentor, mentee }))
    }

    pub fn demand_available(&self, now: DateTime<Utc>) -> Result<()> {
        let available =
            self.mentor.is_available_as(Side::Mentor, now) && self.mentee.is_available_as(Side::Mentee, now);
        if available { Ok(()) } else { Err(Code::NotSuggestable.into()) }
    }

    /// The refusal is that of the others, or it would tell a gender.
    pub fn demand_wanted(&self) -> Result<()> {
        let wanted = self.mentee.preferred_mentor_gender.admits(self.mentor.gender);
        if wanted { Ok(()) } else { Err(Code::NotSuggestable.into()) }
    }

    /// For what the two agreed on: a pause since then does not matter, a suspension does.
    pub fn demand_members(&self) -> Result<()> {
        let members = [&self.mentor, &self.mentee].iter().all(|user| user.status == user::Status::Active);
        if members { Ok(()) } else { Err(Code::NotSuggestable.into()) }
    }

    pub async fn demand_place(&self, txn: &DatabaseTransaction) -> Result<()> {
        if has_place(txn, &self.mentor).await? {
            return Ok(());
        }
        Err(Error::refused(Code::MentorAtCapacity, format!("all {} places are taken", self.mentor.places())))
    }
}

/// Neither may have an open mentorship with the other, on either side.
pub(super) async fn demand_none_open(db: &impl ConnectionTrait, one: Uuid, other: Uuid) -> Result<()> {
    let open =
        mentorship::Entity::find().filter(mentorship::of_pair(one, other)).filter(mentorship::open()).count(db).await?;
    if open == 0 { Ok(()) } else { Err(Code::MentorshipExists.into()) }
}
