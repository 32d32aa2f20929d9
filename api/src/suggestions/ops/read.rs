use chrono::{DateTime, Utc};
use entity::mentorship;
use entity::side::Side;
use entity::suggestion::{self, Reasons, Response, Status};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::lookup::Found;
use super::refill;
use crate::auth::{Caller, Member};
use crate::error::{Code, Result};
use crate::http::{Listing, PageRequest};
use crate::people::{self, Person, PersonOut, SENIORITY};
use crate::sql::Sql;
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
    /// Before when the caller does not want to see it.
    pub not_before: Option<DateTime<Utc>>,
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
    score: i16,
    reasons: Reasons,
    response: Response,
    not_before: Option<DateTime<Utc>>,
    status: Status,
    expires_at: DateTime<Utc>,
    created_at: DateTime<Utc>,
    mentorship_id: Option<Uuid>,
    #[sea_orm(nested(prefix = "other_"))]
    other: Person,
}

/// The caller's suggestions on both sides or one, newest first; an empty list is filled first, and a short one soon.
pub async fn list(
    state: &AppState,
    me: &Caller<Member>,
    filter: &SuggestionFilter,
    page: &PageRequest,
) -> Result<Listing<Seen>> {
    let listed = listed(state, me, filter, page).await?;
    let is_first = page.after::<Uuid>()?.is_none() && matches!(filter.status, None | Some(Status::Pending));
    if !is_first {
        return Ok(listed);
    }
    let open = listed.items.iter().filter(|seen| seen.status == Status::Pending);
    let open_on = |side: Side| open.clone().filter(|seen| seen.side == Some(side)).count();
    let shown: Vec<_> = sides(filter).map(|side| (side, open_on(side))).collect();
    if listed.next_cursor.is_none() && shown.iter().all(|(_, open)| *open == 0) {
        if refill::fill_empty(state, me.id()).await {
            return self::listed(state, me, filter, page).await;
        }
    } else if refill::may_be_short(state, me.id(), &shown) {
        refill::fill_short(state, me.id());
    }
    Ok(listed)
}

/// Those that are asked for.
fn sides(filter: &SuggestionFilter) -> impl Iterator<Item = Side> {
    let only = filter.side;
    [Side::Mentor, Side::Mentee].into_iter().filter(move |side| only.is_none_or(|only| only == *side))
}

/// In one statement. What lapsed is not among them, nor whom members do not see at present or who has an open mentorship with
/// the caller.
async fn listed(
    state: &AppState,
    me: &Caller<Member>,
    filter: &SuggestionFilter,
    page: &PageRequest,
) -> Result<Listing<Seen>> {
    let mut sql = Sql::default();
    let (caller, now) = (sql.bind(me.id()), sql.bind(state.clock.now()));
    let after = page.after::<Uuid>()?.map(|id| format!("AND s.id < {}", sql.bind(id))).unwrap_or_default();
    let (limit, person) = (page.fetch(), people::columns("other_"));
    let each = sides(filter).map(|side| {
        let (mine, theirs, as_mentor) = side.pick(("mentor", "mentee", "TRUE"), ("mentee", "mentor", "FALSE"));
        let shown = shown(filter.status, side, &caller, &now);
        format!(
            "SELECT * FROM (SELECT s.id, {as_mentor} AS as_mentor, s.score, s.reasons,
                s.{mine}_response AS response, s.{mine}_not_before AS not_before, s.status, s.expires_at, s.created_at,
                CASE WHEN s.status = 'ACCEPTED' THEN (SELECT id FROM mentorships WHERE suggestion_id = s.id) END
                AS mentorship_id, {person}
                FROM suggestions s JOIN users u ON u.id = s.{theirs}_id {SENIORITY}
                WHERE s.{mine}_id = {caller} {after} AND {shown}
                ORDER BY s.id DESC LIMIT {limit}) as_{mine}"
        )
    });
    let each = each.collect::<Vec<_>>().join(" UNION ALL ");
    let open = mentorship::open_with_sql(&caller, &now);
    sql.text = format!("WITH open AS ({open}) SELECT * FROM ({each}) mine ORDER BY id DESC LIMIT {limit}");
    let rows: Vec<Row> = sql.all(state.read()).await?;
    Ok(page.listing(rows, |row| row.id)?.map(|row| row.seen_by(me.id())))
}

/// What the caller on `side` may see in this status: the same rule as `Status::shown_to_one_who_said`, and what does not stand
/// any more left out. `open` has those with whom the caller has a mentorship open.
fn shown(status: Option<Status>, side: Side, caller: &str, now: &str) -> String {
    let standing = || suggestion::standing_sql(side, caller, now, "SELECT other_id FROM open");
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
        Seen {
            id: self.id,
            side: Some(side),
            mentor_id: side.pick(me, self.other.id),
            mentee_id: side.pick(self.other.id, me),
            person: Some(self.other.into()),
            score: self.score,
            reasons: self.reasons,
            response: Some(self.response),
            not_before: self.not_before,
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
    let found = Found::read(db, me.id(), id).await?.ok_or(Code::NotFound)?;
    let person = found.person_shown_to(me)?;
    if person.is_none() && !me.is_staff() {
        return Err(Code::NotFound.into());
    }
    let mentorship_id = mentorship_of(db, &found.row).await?;
    Ok(Seen::of(found.row, me.id(), person, mentorship_id))
}

/// The record of a suggestion of the caller's: what it was scored by when it was made.
pub async fn why(state: &AppState, me: &Caller<Member>, id: Uuid) -> Result<suggestion::Model> {
    let found = Found::read(state.read(), me.id(), id).await?.ok_or(Code::NotFound)?;
    found.person_shown_to(me)?.ok_or(Code::NotFound)?;
    Ok(found.row)
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
            not_before: row.side_of(me).and_then(|side| row.not_before_of(side)),
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
