//! A suggested pair. Each side answers for itself.

use sea_orm::entity::prelude::*;
use sea_orm::{Condition, FromJsonQueryResult, Set};
use serde::{Deserialize, Serialize};

use crate::component::Component;
use crate::side::Side;
use crate::text_enum::text_enum;

text_enum! {
    /// One side's answer.
    pub enum Response as SuggestionResponse {
        Pending,
        Accepted,
        Declined,
    }
}

text_enum! {
    /// `ACCEPTED` once both accepted, `DECLINED` once you declined, otherwise `PENDING`.
    pub enum Status as SuggestionStatus {
        Pending,
        Accepted,
        Declined,
    }
}

/// What a side may answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    Accepted,
    Declined,
}

/// A term of the taxonomy that both have in common.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shared {
    pub slug: String,
    pub name: String,
}

/// What one component of the score earned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    pub component: Component,
    pub points: u16,
    /// What it can earn under the policy
    pub most: u16,
    /// False where the points are the half that an open question earns
    pub answered: bool,
}

/// Why these two: the terms of the score, and what they share.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
#[serde(rename_all = "camelCase")]
pub struct Reasons {
    /// Skills one offers and the other seeks
    pub skills: Vec<Shared>,
    /// Topics one can help with and the other wants help with
    pub topics: Vec<Shared>,
    pub industries: Vec<Shared>,
    #[serde(default)]
    pub soft_skills: Vec<Shared>,
    /// BCP 47 tags both speak
    pub languages: Vec<String>,
    /// Ranks the mentor is above the mentee, where both are known
    pub seniority_distance: Option<i16>,
    /// Minutes a week in which both have time
    pub shared_minutes: i32,
    /// Both would meet in person
    pub in_person: bool,
    /// None of what was suggested before they were kept
    #[serde(default)]
    pub terms: Vec<Term>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RespondError {
    #[error("not a side of this suggestion")]
    NotParticipant,
    #[error("already answered")]
    AlreadyAnswered,
    #[error("the suggestion has lapsed")]
    Lapsed,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "suggestions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub mentor_id: Uuid,
    pub mentee_id: Uuid,
    pub score: i16,
    /// Of the policy that it was scored by; 0 before there were any
    pub policy_version: i32,
    /// Of the formula
    pub algorithm_version: i32,
    #[sea_orm(column_type = "JsonBinary")]
    pub reasons: Reasons,
    pub mentor_response: Response,
    pub mentee_response: Response,
    pub mentor_responded_at: Option<DateTimeUtc>,
    pub mentee_responded_at: Option<DateTimeUtc>,
    /// The mentor said "not now", and does not want to see it before
    pub mentor_not_before: Option<DateTimeUtc>,
    pub mentee_not_before: Option<DateTimeUtc>,
    pub status: Status,
    /// Unanswered, it lapses then: its status stays as it is
    pub expires_at: DateTimeUtc,
    /// Lapsed, and the pair was suggested anew
    pub replaced_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::user::Entity", from = "Column::MentorId", to = "super::user::Column::Id")]
    Mentor,
    #[sea_orm(belongs_to = "super::user::Entity", from = "Column::MenteeId", to = "super::user::Column::Id")]
    Mentee,
}

impl ActiveModelBehavior for ActiveModel {}

/// Between these two, whoever is the mentor.
pub fn of_pair(a: Uuid, b: Uuid) -> Condition {
    let sides =
        |mentor: Uuid, mentee: Uuid| Condition::all().add(Column::MentorId.eq(mentor)).add(Column::MenteeId.eq(mentee));
    Condition::any().add(sides(a, b)).add(sides(b, a))
}

/// Stands for `me`, a participant, as far as they may know: not lapsed, and not declined by themselves.
pub fn stands_for(me: Uuid, now: DateTimeUtc) -> Condition {
    let mentor = Condition::all().add(Column::MentorId.eq(me)).add(Column::MentorResponse.ne(Response::Declined));
    let mentee = Condition::all().add(Column::MenteeId.eq(me)).add(Column::MenteeResponse.ne(Response::Declined));
    Condition::all().add(Column::ExpiresAt.gt(now)).add(Condition::any().add(mentor).add(mentee))
}

/// Stands for `me` on that side, in SQL over suggestions `s` and the other's `users u`; `me` and `now` are placeholders. Besides
/// [`stands_for`] it asks that members see the other and that these are not among `open`, the query of those with whom `me` has
/// a mentorship open: what no answer could start waits for none.
pub fn standing_sql(side: Side, me: &str, now: &str, open: &str) -> String {
    let (mine, theirs) = side.pick(("mentor", "mentee"), ("mentee", "mentor"));
    format!(
        "(s.{mine}_id = {me} AND s.{mine}_response <> 'DECLINED' AND s.status <> 'ACCEPTED' AND s.expires_at > {now} \
            AND (s.{mine}_not_before IS NULL OR s.{mine}_not_before <= {now}) AND u.status = 'ACTIVE' AND s.{theirs}_id NOT IN ({open}))"
    )
}

impl From<Answer> for Response {
    fn from(answer: Answer) -> Self {
        match answer {
            Answer::Accepted => Self::Accepted,
            Answer::Declined => Self::Declined,
        }
    }
}

impl Status {
    fn of(one: Response, other: Response) -> Self {
        match (one, other) {
            (Response::Declined, _) | (_, Response::Declined) => Self::Declined,
            (Response::Accepted, Response::Accepted) => Self::Accepted,
            _ => Self::Pending,
        }
    }

    /// What a side may see: what the other said stays untold until both accepted.
    pub fn shown_to_one_who_said(self, response: Response) -> Self {
        match (self, response) {
            (Self::Accepted, _) => Self::Accepted,
            (_, Response::Declined) => Self::Declined,
            _ => Self::Pending,
        }
    }
}

impl Model {
    pub fn side_of(&self, me: Uuid) -> Option<Side> {
        Side::of(me, self.mentor_id, self.mentee_id)
    }

    pub fn other_of(&self, me: Uuid) -> Option<Uuid> {
        self.side_of(me).map(|side| side.other().pick(self.mentor_id, self.mentee_id))
    }

    pub fn response_of(&self, me: Uuid) -> Option<Response> {
        self.side_of(me).map(|side| side.pick(self.mentor_response, self.mentee_response))
    }

    /// The status as `me` may see it; who is no side of it sees only whether both accepted.
    pub fn status_for(&self, me: Uuid) -> Status {
        self.status.shown_to_one_who_said(self.response_of(me).unwrap_or(Response::Pending))
    }

    /// Answers for one side. `None`: they said the same before, and there is nothing to do.
    ///
    /// A late answer to what the other declined is kept like any other, or the refusal would tell their no.
    pub fn respond(self, me: Uuid, answer: Answer, now: DateTimeUtc) -> Result<Option<ActiveModel>, RespondError> {
        let side = self.side_of(me).ok_or(RespondError::NotParticipant)?;
        let (mine, theirs) = match side {
            Side::Mentor => (self.mentor_response, self.mentee_response),
            Side::Mentee => (self.mentee_response, self.mentor_response),
        };
        let answer = Response::from(answer);
        if mine == answer {
            return Ok(None);
        }
        self.demand_open(mine, now)?;
        let mut row = ActiveModel::from(self);
        match side {
            Side::Mentor => (row.mentor_response, row.mentor_responded_at) = (Set(answer), Set(Some(now))),
            Side::Mentee => (row.mentee_response, row.mentee_responded_at) = (Set(answer), Set(Some(now))),
        }
        row.status = Set(Status::of(answer, theirs));
        row.updated_at = Set(now);
        Ok(Some(row))
    }

    /// One side does not want to see it before `until`; the other sees no difference. `None`: they said so before.
    pub fn put_off(self, me: Uuid, until: DateTimeUtc, now: DateTimeUtc) -> Result<Option<ActiveModel>, RespondError> {
        let side = self.side_of(me).ok_or(RespondError::NotParticipant)?;
        self.demand_open(side.pick(self.mentor_response, self.mentee_response), now)?;
        if self.not_before_of(side).is_some_and(|present| present > now) {
            return Ok(None);
        }
        let mut row = ActiveModel::from(self);
        match side {
            Side::Mentor => row.mentor_not_before = Set(Some(until)),
            Side::Mentee => row.mentee_not_before = Set(Some(until)),
        }
        row.updated_at = Set(now);
        Ok(Some(row))
    }

    /// Before when this side does not want to see it.
    pub fn not_before_of(&self, side: Side) -> Option<DateTimeUtc> {
        side.pick(self.mentor_not_before, self.mentee_not_before)
    }

    fn demand_open(&self, mine: Response, now: DateTimeUtc) -> Result<(), RespondError> {
        if mine != Response::Pending {
            return Err(RespondError::AlreadyAnswered);
        }
        if self.expires_at <= now { Err(RespondError::Lapsed) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests;
