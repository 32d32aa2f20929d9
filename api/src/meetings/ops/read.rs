use chrono::{DateTime, TimeDelta, Utc};
use entity::meeting::{self, Status};
use entity::mentorship;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
};
use uuid::Uuid;

use crate::auth::{Caller, Member};
use crate::error::{Code, Result};
use crate::http::{Listing, PageRequest};
use crate::meetings::wire::MeetingFilter;
use crate::mentorships;
use crate::state::AppState;

/// Those that may still take place.
const PENDING: [Status; 2] = [Status::Proposed, Status::Confirmed];

/// The longest that a meeting may last.
const LONGEST: TimeDelta = TimeDelta::minutes(480);

pub fn still_ahead(now: DateTime<Utc>) -> Condition {
    Condition::all().add(meeting::Column::Status.is_in(PENDING)).add(meeting::Column::ScheduledAt.gt(now))
}

/// The mentorship whose meetings the caller may read.
pub async fn pair(db: &impl ConnectionTrait, me: &Caller<Member>, id: Uuid) -> Result<mentorship::Model> {
    mentorships::ops::seen(db, me, id).await
}

/// A meeting that the caller may read, with its mentorship.
pub async fn visible(
    db: &impl ConnectionTrait,
    me: &Caller<Member>,
    id: Uuid,
) -> Result<(meeting::Model, mentorship::Model)> {
    let found = meeting::Entity::find()
        .find_also_related(mentorship::Entity)
        .filter(meeting::Column::Id.eq(id))
        .filter(mentorship::seen_by(me.id(), me.is_staff()))
        .one(db)
        .await?;
    let (row, pair) = found.ok_or(Code::NotFound)?;
    Ok((row, pair.ok_or(Code::NotFound)?))
}

pub async fn get(state: &AppState, me: &Caller<Member>, id: Uuid) -> Result<meeting::Model> {
    Ok(visible(state.read(), me, id).await?.0)
}

pub async fn list(
    state: &AppState,
    me: &Caller<Member>,
    mentorship_id: Uuid,
    filter: MeetingFilter,
    page: PageRequest,
) -> Result<Listing<meeting::Model>> {
    let db = state.read();
    pair(db, me, mentorship_id).await?;
    let query = meeting::Entity::find()
        .filter(meeting::Column::MentorshipId.eq(mentorship_id))
        .apply_if(filter.status, |query, status| query.filter(meeting::Column::Status.eq(status)));
    let rows = between(query, filter.from, filter.to, page.after()?).limit(page.fetch()).all(db).await?;
    page.listing(rows, |row| (row.scheduled_at, row.id))
}

pub async fn list_mine(
    state: &AppState,
    me: &Caller<Member>,
    filter: MeetingFilter,
    page: PageRequest,
) -> Result<Listing<meeting::Model>> {
    let query = match filter.status {
        Some(status) => of_member(me.id(), None).filter(meeting::Column::Status.eq(status)),
        None => upcoming_of(me.id()),
    };
    let query = if filter.from.is_some() { query } else { query.filter(not_over(state.clock.now())) };
    let rows = between(query, filter.from, filter.to, page.after()?).limit(page.fetch()).all(state.read()).await?;
    page.listing(rows, |row| (row.scheduled_at, row.id))
}

/// The `most` next meetings in SQL, the soonest first, in the mentorships that the query `active` gives; `now` and [`earliest`]
/// are placeholders.
pub fn upcoming_sql(active: &str, now: &str, earliest: &str, most: u64) -> String {
    let [one, other] = PENDING;
    format!(
        "SELECT * FROM meetings WHERE mentorship_id IN ({active}) AND status IN ('{one}', '{other}') \
            AND scheduled_at > {earliest} AND ends_at > {now} ORDER BY scheduled_at, id LIMIT {most}"
    )
}

/// A meeting that began before is over.
pub fn earliest(now: DateTime<Utc>) -> DateTime<Utc> {
    now - LONGEST
}

/// Still to begin or under way. The beginning, which is indexed, bounds the end.
fn not_over(now: DateTime<Utc>) -> Condition {
    use meeting::Column::{EndsAt, ScheduledAt};

    Condition::all().add(ScheduledAt.gt(earliest(now))).add(EndsAt.gt(now))
}

fn upcoming_of(member: Uuid) -> Select<meeting::Entity> {
    of_member(member, Some(mentorship::Status::Active)).filter(meeting::Column::Status.is_in(PENDING))
}

fn of_member(member: Uuid, status: Option<mentorship::Status>) -> Select<meeting::Entity> {
    let pairs = mentorship::Entity::find()
        .select_only()
        .column(mentorship::Column::Id)
        .filter(mentorship::of_participant(member))
        .apply_if(status, |query, status| query.filter(mentorship::Column::Status.eq(status)));
    meeting::Entity::find().filter(meeting::Column::MentorshipId.in_subquery(pairs.into_query()))
}

/// Those that begin from `from` on and before `to`, in the order of their beginning, after the one with this key.
fn between(
    query: Select<meeting::Entity>,
    from: Option<DateTime<Utc>>,
    to: Option<DateTime<Utc>>,
    after: Option<(DateTime<Utc>, Uuid)>,
) -> Select<meeting::Entity> {
    use meeting::Column::{Id, ScheduledAt};

    query
        .apply_if(from, |query, from| query.filter(ScheduledAt.gte(from)))
        .apply_if(to, |query, to| query.filter(ScheduledAt.lt(to)))
        .apply_if(after, |query, (at, id)| {
            let tie = Condition::all().add(ScheduledAt.eq(at)).add(Id.gt(id));
            query.filter(Condition::any().add(ScheduledAt.gt(at)).add(tie))
        })
        .order_by_asc(ScheduledAt)
        .order_by_asc(Id)
}
