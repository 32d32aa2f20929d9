//! A suggested pair. Each side answers for itself.

use sea_orm::entity::prelude::*;
use sea_orm::{Condition, FromJsonQueryResult, Set};
use serde::{Deserialize, Serialize};

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

/// Why these two: the terms of the score.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
#[serde(rename_all = "camelCase")]
pub struct Reasons {
    /// Skills one offers and the other seeks
    pub skills: Vec<Shared>,
    /// Topics one can help with and the other wants help with
    pub topics: Vec<Shared>,
    pub industries: Vec<Shared>,
    /// BCP 47 tags both speak
    pub languages: Vec<String>,
    /// Ranks the mentor is above the mentee, where both are known
    pub seniority_distance: Option<i16>,
    /// Minutes a week in which both have time
    pub shared_minutes: i32,
    /// Both would meet in person
    pub in_person: bool,
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
    #[sea_orm(column_type = "JsonBinary")]
    pub reasons: Reasons,
    pub mentor_response: Response,
    pub mentee_response: Response,
    pub mentor_responded_at: Option<DateTimeUtc>,
    pub mentee_responded_at: Option<DateTimeUtc>,
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
            AND u.status = 'ACTIVE' AND s.{theirs}_id NOT IN ({open}))"
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
        if mine != Response::Pending {
            return Err(RespondError::AlreadyAnswered);
        }
        if self.expires_at <= now {
            return Err(RespondError::Lapsed);
        }
        let mut row = ActiveModel::from(self);
        match side {
            Side::Mentor => (row.mentor_response, row.mentor_responded_at) = (Set(answer), Set(Some(now))),
            Side::Mentee => (row.mentee_response, row.mentee_responded_at) = (Set(answer), Set(Some(now))),
        }
        row.status = Set(Status::of(answer, theirs));
        row.updated_at = Set(now);
        Ok(Some(row))
    }
}

#[cfg(test)]
mod tests {
    use chrono::{TimeDelta, Utc};
    use sea_orm::TryIntoModel;

    use super::*;

    const MENTOR: Uuid = Uuid::from_u128(1);
    const MENTEE: Uuid = Uuid::from_u128(2);

    fn pending(now: DateTimeUtc) -> Model {
        Model {
            id: Uuid::from_u128(3),
            mentor_id: MENTOR,
            mentee_id: MENTEE,
            score: 80,
            reasons: Reasons::default(),
            mentor_response: Response::Pending,
            mentee_response: Response::Pending,
            mentor_responded_at: None,
            mentee_responded_at: None,
            status: Status::Pending,
            replaced_at: None,
            expires_at: now + TimeDelta::days(30),
            created_at: now,
            updated_at: now,
        }
    }

    fn answered(row: Model, me: Uuid, answer: Answer, now: DateTimeUtc) -> Model {
        row.respond(me, answer, now).unwrap().unwrap().try_into_model().unwrap()
    }

    #[test]
    fn it_is_accepted_once_both_accepted() {
        let now = Utc::now();
        let one = answered(pending(now), MENTEE, Answer::Accepted, now);
        assert_eq!((one.status, one.mentee_responded_at), (Status::Pending, Some(now)));
        assert_eq!(one.mentor_responded_at, None);
        let both = answered(one, MENTOR, Answer::Accepted, now);
        assert_eq!(both.status, Status::Accepted);
        assert_eq!(both.response_of(MENTOR), Some(Response::Accepted));
    }

    #[test]
    fn it_is_declined_once_either_declined() {
        let now = Utc::now();
        let one = answered(pending(now), MENTOR, Answer::Declined, now);
        assert_eq!(one.status, Status::Declined);
        assert_eq!(one.status_for(MENTOR), Status::Declined);
    }

    #[test]
    fn a_no_of_the_other_shows_nowhere() {
        let now = Utc::now();
        for theirs in [None, Some(Answer::Accepted), Some(Answer::Declined)] {
            let row = match theirs {
                Some(theirs) => answered(pending(now), MENTOR, theirs, now),
                None => pending(now),
            };
            assert_eq!(row.status_for(MENTEE), Status::Pending);
            assert_eq!(row.clone().respond(MENTEE, Answer::Accepted, row.expires_at), Err(RespondError::Lapsed));
            let answered = answered(row, MENTEE, Answer::Declined, now);
            assert_eq!(answered.status_for(MENTEE), Status::Declined);
            assert_eq!(answered.respond(MENTEE, Answer::Accepted, now), Err(RespondError::AlreadyAnswered));
        }
    }

    #[test]
    fn a_late_yes_to_a_no_is_kept_and_still_looks_pending() {
        let now = Utc::now();
        let row = answered(answered(pending(now), MENTOR, Answer::Declined, now), MENTEE, Answer::Accepted, now);
        assert_eq!((row.status, row.mentee_response), (Status::Declined, Response::Accepted));
        assert_eq!(row.status_for(MENTEE), Status::Pending);
        assert_eq!(row.status_for(MENTOR), Status::Declined);
    }

    #[test]
    fn saying_the_same_again_changes_nothing_and_another_answer_is_refused() {
        let now = Utc::now();
        let one = answered(pending(now), MENTOR, Answer::Accepted, now);
        let later = now + TimeDelta::days(60);
        assert_eq!(one.clone().respond(MENTOR, Answer::Accepted, later), Ok(None));
        assert_eq!(one.respond(MENTOR, Answer::Declined, now), Err(RespondError::AlreadyAnswered));
    }

    #[test]
    fn it_lapses_at_its_expiry() {
        let now = Utc::now();
        let row = pending(now);
        let end = row.expires_at;
        assert!(row.clone().respond(MENTOR, Answer::Accepted, end - TimeDelta::milliseconds(1)).is_ok());
        assert_eq!(row.respond(MENTOR, Answer::Accepted, end), Err(RespondError::Lapsed));
    }

    #[test]
    fn strangers_have_no_side() {
        let now = Utc::now();
        let stranger = Uuid::from_u128(9);
        assert_eq!(pending(now).side_of(stranger), None);
        assert_eq!(pending(now).other_of(MENTOR), Some(MENTEE));
        assert_eq!(pending(now).respond(stranger, Answer::Accepted, now), Err(RespondError::NotParticipant));
    }
}
