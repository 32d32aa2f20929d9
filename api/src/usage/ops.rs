use chrono::{DateTime, TimeDelta, Utc};
use entity::mentorship;
use entity::side::Side;
use entity::user::{self, Gender, Status};
use sea_orm::{FromQueryResult, Iterable, Statement, Value};
use uuid::Uuid;

use super::wire::{GenderGroupOut, GroupsOut, RecentCounts, SuggestionCounts, TermGroupOut, UsageOut};
use crate::error::{Error, Result};
use crate::small_groups::hide;
use crate::state::AppState;
use crate::taxonomy::wire::TermOut;

const RECENT: TimeDelta = TimeDelta::days(30);
/// Groups of fewer are not shown.
const LEAST: i64 = 5;

const USERS: &str = "SELECT COUNT(*) AS total,
    COUNT(*) FILTER (WHERE status = 'PENDING_APPROVAL') AS pending_approval,
    COUNT(*) FILTER (WHERE status = 'ACTIVE') AS active,
    COUNT(*) FILTER (WHERE status = 'SUSPENDED') AS suspended,
    COUNT(*) FILTER (WHERE role = 'REGULAR') AS regular,
    COUNT(*) FILTER (WHERE role = 'ADMIN') AS admins,
    COUNT(*) FILTER (WHERE role = 'OWNER') AS owners,
    COUNT(*) FILTER (WHERE status = 'ACTIVE' AND active_mentor) AS active_mentors,
    COUNT(*) FILTER (WHERE status = 'ACTIVE' AND active_mentee) AS active_mentees
    FROM users";

/// `$1` is the time.
fn places() -> String {
    let (held, available) = (mentorship::HOLDS_PLACE, user::available_sql(Side::Mentor, "$1"));
    format!(
        "SELECT CAST(COALESCE(SUM(mentor_capacity), 0) AS bigint) AS offered,
        CAST(COALESCE(SUM(CASE WHEN mentor_capacity > taken THEN mentor_capacity - taken ELSE 0 END), 0) AS bigint) AS free
        FROM (SELECT mentor_capacity, COALESCE(held.places, 0) AS taken FROM users
            LEFT JOIN (SELECT mentor_id, COUNT(*) AS places FROM mentorships WHERE {held} GROUP BY mentor_id) AS held
            ON held.mentor_id = users.id WHERE {available}) AS mentors"
    )
}

/// A request that lapsed at `$1` or before is canceled, whatever its row still says.
fn mentorships() -> String {
    let lapsed = mentorship::lapsed_sql("$1");
    format!(
        "SELECT
        COUNT(*) FILTER (WHERE status = 'PENDING' AND NOT {lapsed}) AS pending,
        COUNT(*) FILTER (WHERE status = 'ACTIVE') AS active,
        COUNT(*) FILTER (WHERE status = 'COMPLETED') AS completed,
        COUNT(*) FILTER (WHERE status = 'CANCELED' OR {lapsed}) AS canceled
        FROM mentorships"
    )
}

const MESSAGES: &str = "SELECT COUNT(*) AS members FROM messages WHERE sent_at > $1";

const MEETINGS: &str = "SELECT COUNT(*) AS scheduled,
    COUNT(*) FILTER (WHERE status = 'HELD') AS held,
    COUNT(*) FILTER (WHERE status = 'NO_SHOW') AS no_show,
    COUNT(*) FILTER (WHERE status = 'CANCELED') AS canceled
    FROM meetings WHERE scheduled_at > $1 AND scheduled_at <= $2";

/// Between `$1` and `$2`. What lapsed then was made long before.
const SUGGESTIONS: &str = "SELECT COUNT(*) AS made,
    COUNT(*) FILTER (WHERE mentor_response <> 'PENDING' OR mentee_response <> 'PENDING') AS answered,
    COUNT(*) FILTER (WHERE status = 'ACCEPTED') AS accepted,
    COUNT(*) FILTER (WHERE status = 'DECLINED') AS declined,
    (SELECT COUNT(*) FROM suggestions WHERE status = 'PENDING' AND expires_at > $1 AND expires_at <= $2) AS lapsed
    FROM suggestions WHERE created_at > $1";

const BY_GENDER: &str = "SELECT gender, COUNT(*) AS members FROM users WHERE status = $1 GROUP BY gender";

const BY_SENIORITY: &str = "SELECT t.id, t.slug, t.name, COUNT(*) AS members
    FROM users AS u LEFT JOIN seniority_levels AS t ON t.id = u.seniority_level_id
    WHERE u.status = $1 GROUP BY t.id, t.slug, t.name, t.rank ORDER BY t.rank IS NULL, t.rank LIMIT 100";

const BY_INDUSTRY: &str = "SELECT t.id, t.slug, t.name, COUNT(*) AS members
    FROM industries AS t JOIN user_industries AS l ON l.industry_id = t.id JOIN users AS u ON u.id = l.user_id
    WHERE u.status = $1 GROUP BY t.id, t.slug, t.name ORDER BY COUNT(*) DESC, t.id LIMIT 100";

#[derive(FromQueryResult)]
struct GenderCount {
    gender: Option<Gender>,
    members: i64,
}

#[derive(FromQueryResult)]
struct TermCount {
    id: Option<Uuid>,
    slug: Option<String>,
    name: Option<String>,
    members: i64,
}

#[derive(FromQueryResult)]
struct Count {
    members: i64,
}

#[derive(FromQueryResult)]
struct SuggestionRow {
    made: i64,
    answered: i64,
    accepted: i64,
    declined: i64,
    lapsed: i64,
}

impl SuggestionRow {
    /// Without the answers of fewer than five, nor what would tell them by a difference: a no, and a yes that was not
    /// returned, are nobody else's business.
    fn shown(self) -> SuggestionCounts {
        let alone = self.answered - self.accepted - self.declined;
        let parts = hide(&[self.declined, alone], LEAST, true);
        let answered = parts.iter().zip([self.declined, alone]).all(|(part, count)| part.is_some() || count == 0);
        SuggestionCounts {
            made: self.made,
            answered: (answered && self.answered > 0).then_some(self.answered),
            accepted: self.accepted,
            declined: parts[0],
            lapsed: self.lapsed,
        }
    }
}

pub(super) async fn usage(state: &AppState) -> Result<UsageOut> {
    let now = state.clock.now();
    Ok(UsageOut {
        users: one(state, USERS, []).await?,
        places: one(state, &places(), [now.into()]).await?,
        mentorships: one(state, &mentorships(), [now.into()]).await?,
        last30_days: recent(state, now).await?,
        active_members: groups(state).await?,
        counted_at: now.into(),
    })
}

async fn recent(state: &AppState, now: DateTime<Utc>) -> Result<RecentCounts> {
    let since = now - RECENT;
    Ok(RecentCounts {
        messages: one::<Count>(state, MESSAGES, [since.into()]).await?.members,
        meetings: one(state, MEETINGS, [since.into(), now.into()]).await?,
        suggestions: one::<SuggestionRow>(state, SUGGESTIONS, [since.into(), now.into()]).await?.shown(),
    })
}

async fn groups(state: &AppState) -> Result<GroupsOut> {
    Ok(GroupsOut {
        by_gender: by_gender(&all(state, BY_GENDER).await?),
        by_seniority: by_term(all(state, BY_SENIORITY).await?, true),
        by_industry: by_term(by_slug(all(state, BY_INDUSTRY).await?), false),
    })
}

/// Every gender is there, so that its absence tells nothing.
fn by_gender(counts: &[GenderCount]) -> Vec<GenderGroupOut> {
    let genders: Vec<_> = Gender::iter().map(Some).chain([None]).collect();
    let members = |gender| counts.iter().find(|count| count.gender == gender).map_or(0, |count| count.members);
    let counts: Vec<_> = genders.iter().map(|gender| members(*gender)).collect();
    let shown = hide(&counts, LEAST, true);
    genders.into_iter().zip(shown).map(|(gender, members)| GenderGroupOut { gender, members }).collect()
}

/// Not by the database, whose order of texts depends on where it was set up.
fn by_slug(mut counts: Vec<TermCount>) -> Vec<TermCount> {
    counts.sort_by(|a, b| a.slug.cmp(&b.slug));
    counts
}

fn by_term(counts: Vec<TermCount>, parts: bool) -> Vec<TermGroupOut> {
    let members: Vec<_> = counts.iter().map(|count| count.members).collect();
    let term = |count: TermCount| TermOut::of(count.id, count.slug, count.name);
    let shown = hide(&members, LEAST, parts);
    counts.into_iter().zip(shown).map(|(count, members)| TermGroupOut { term: term(count), members }).collect()
}

async fn one<T: FromQueryResult>(state: &AppState, sql: &str, values: impl IntoIterator<Item = Value>) -> Result<T> {
    let row = T::find_by_statement(statement(state, sql, values)).one(state.read()).await?;
    row.ok_or_else(|| Error::from(anyhow::anyhow!("a count answered no row")))
}

async fn all<T: FromQueryResult>(state: &AppState, sql: &str) -> Result<Vec<T>> {
    let active = [Status::Active.to_string().into()];
    Ok(T::find_by_statement(statement(state, sql, active)).all(state.read()).await?)
}

fn statement(state: &AppState, sql: &str, values: impl IntoIterator<Item = Value>) -> Statement {
    Statement::from_sql_and_values(state.read().get_database_backend(), sql, values)
}
