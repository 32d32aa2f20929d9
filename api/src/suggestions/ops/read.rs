use chrono::{DateTime, Utc};
use entity::side::Side;
use entity::suggestion::{self, Reasons, Response, Status};
use entity::{mentorship, user};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::sql::Sql;
use crate::auth::{Caller, Member};
use crate::error::{Code, Result};
use crate::http::{Listing, PageRequest};
use crate::people::{self, Person, PersonOut};
use crate::state::AppState;
use crate::suggestions::wire::SuggestionFilter;

/// A suggestion as one person may see it: `side`, `person` and `response` are of a participant only.
pub struct Seen {
    pub id: Uuid,
    pub side: Option<Side>,
    pub mentor_id: Uuid,
    pub mentee_id: Uuid,
    pub person: Option<PersonOut>,
    pub score: i16,
    pub reasons: Reasons,
    pub response: Option<Response>,
    pub status: Status,
    pub expires_at: DateTime<Utc>,
    pub created_at: DateTime<Utc>,
    /// What started once both accepted.
    pub mentorship_id: Option<Uuid>,
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    as_mentor: bool,
    person_id: Uuid,
    score: i16,
    reasons: Reasons,
    response: Response,
    status: Status,
    expires_at: DateTime<Utc>,
    created_at: DateTime<Utc>,
    mentorship_id: Option<Uuid>,
    name: String,
    title: Option<String>,
    image: Option<String>,
    seniority_id: Option<Uuid>,
    seniority_slug: Option<String>,
    seniority_name: Option<String>,
}

/// The caller's suggestions on both sides or one, newest first, in one statement. What lapsed is not among them, nor whom
/// members do not see at present or who has an open mentorship with the caller.
pub async fn list(
    state: &AppState,
    me: &Caller<Member>,
    filter: &SuggestionFilter,
    page: &PageRequest,
) -> Result<Listing<Seen>> {
    let mut sql = Sql::default();
    let sides = [Side::Mentor, Side::Mentee].into_iter().filter(|side| filter.side.is_none_or(|only| only == *side));
    let (caller, now) = (sql.bind(me.id()), sql.bind(state.clock.now()));
    let after = page.after::<Uuid>()?.map(|id| format!("AND s.id < {}", sql.bind(id))).unwrap_or_default();
    let limit = page.fetch();
    let each = sides.map(|side| {
        let (mine, theirs, as_mentor) = side.pick(("mentor", "mentee", "TRUE"), ("mentee", "mentor", "FALSE"));
        let shown = shown(filter.status, side, &caller, &now);
        format!(
            "SELECT * FROM (SELECT s.id, {as_mentor} AS as_mentor, s.{theirs}_id AS person_id, s.score, s.reasons,
                s.{mine}_response AS response, s.status, s.expires_at, s.created_at,
                CASE WHEN s.status = 'ACCEPTED' THEN (SELECT id FROM mentorships WHERE suggestion_id = s.id) END
                AS mentorship_id, u.name, u.title, u.image,
                l.id AS seniority_id, l.slug AS seniority_slug, l.name AS seniority_name
                FROM suggestions s JOIN users u ON u.id = s.{theirs}_id
                LEFT JOIN seniority_levels l ON l.id = u.seniority_level_id
                WHERE s.{mine}_id = {caller} {after} AND {shown}
                ORDER BY s.id DESC LIMIT {limit}) as_{mine}"
        )
    });
    let each = each.collect::<Vec<_>>().join(" UNION ALL ");
    sql.text = format!("SELECT * FROM ({each}) mine ORDER BY id DESC LIMIT {limit}");
    let rows: Vec<Row> = sql.all(state.read()).await?;
    Ok(page.listing(rows, |row| row.id)?.map(|row| row.seen_by(me.id())))
}

/// What the caller on `side` may see in this status: the same rule as `Status::shown_to_one_who_said`, and what does not stand
/// any more left out.
fn shown(status: Option<Status>, side: Side, caller: &str, now: &str) -> String {
    let standing = || suggestion::standing_sql(side, caller, now);
    let declined = format!("(s.{}_response = 'DECLINED' AND u.status = 'ACTIVE')", side.pick("mentor", "mentee"));
    match status {
        None => format!("({} OR s.status = 'ACCEPTED' OR {declined})", standing()),
        Some(Status::Pending) => standing(),
        Some(Status::Accepted) => "s.status = 'ACCEPTED'".to_owned(),
        Some(Status::Declined) => declined,
    }
}

impl Row {
    fn seen_by(self, me: Uuid) -> Seen {
        let side = if self.as_mentor { Side::Mentor } else { Side::Mentee };
        let person = Person {
            id: self.person_id,
            name: self.name,
            title: self.title,
            image: self.image,
            seniority_id: self.seniority_id,
            seniority_slug: self.seniority_slug,
            seniority_name: self.seniority_name,
        };
        Seen {
            id: self.id,
            side: Some(side),
            mentor_id: side.pick(me, self.person_id),
            mentee_id: side.pick(self.person_id, me),
            person: Some(person.into()),
            score: self.score,
            reasons: self.reasons,
            response: Some(self.response),
            status: self.status.shown_to_one_who_said(self.response),
            expires_at: self.expires_at,
            created_at: self.created_at,
            mentorship_id: self.mentorship_id,
        }
    }
}

/// One suggestion, for its two sides and for the staff, who read no answers.
pub async fn get(state: &AppState, me: &Caller<Member>, id: Uuid) -> Result<Seen> {
    let db = state.read();
    let found = suggestion::Entity::find().filter(suggestion::Column::Id.eq(id)).one(db).await?;
    let row = found.filter(|row| me.is_staff() || row.side_of(me.id()).is_some()).ok_or(Code::NotFound)?;
    let person = other_person(db, me, &row).await?;
    let mentorship_id = mentorship_of(db, &row).await?;
    Ok(Seen::of(row, me.id(), person, mentorship_id))
}

/// Whom the suggestion shows to `me`; nobody where they are no side of it. Somebody suspended is not there for members, until
/// they are back.
pub async fn other_person(
    db: &impl ConnectionTrait,
    me: &Caller<Member>,
    row: &suggestion::Model,
) -> Result<Option<PersonOut>> {
    let Some(other) = row.other_of(me.id()) else { return Ok(None) };
    let mut seen = Condition::all().add(user::Column::Id.eq(other));
    if row.status != Status::Accepted && !me.is_staff() {
        seen = seen.add(user::Column::Status.eq(user::Status::Active));
    }
    Ok(Some(people::cards(db, seen).await?.pop().ok_or(Code::NotFound)?))
}

impl Seen {
    pub fn of(row: suggestion::Model, me: Uuid, person: Option<PersonOut>, mentorship_id: Option<Uuid>) -> Self {
        Self {
            id: row.id,
            side: row.side_of(me),
            mentor_id: row.mentor_id,
            mentee_id: row.mentee_id,
            person,
            score: row.score,
            response: row.response_of(me),
            status: row.status_for(me),
            expires_at: row.expires_at,
            created_at: row.created_at,
            mentorship_id,
            reasons: row.reasons,
        }
    }
}

/// The mentorship that it became.
pub async fn mentorship_of(db: &impl ConnectionTrait, row: &suggestion::Model) -> Result<Option<Uuid>> {
    if row.status != Status::Accepted {
        return Ok(None);
    }
    let started = mentorship::Entity::find().select_only().column(mentorship::Column::Id);
    Ok(started.filter(mentorship::Column::SuggestionId.eq(row.id)).into_tuple().one(db).await?)
}
