//! How many strangers somebody may write to first (promise K6).

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ConnectionTrait, DatabaseTransaction, FromQueryResult};
use uuid::Uuid;

use crate::auth::{Caller, Member};
use crate::error::{Code, Error, Result};
use crate::settings;
use crate::sql::Sql;
use crate::state::AppState;

const DAY: TimeDelta = TimeDelta::hours(24);

#[derive(FromQueryResult)]
struct First {
    sent_at: DateTime<Utc>,
}

/// Whoever had a mentorship with somebody is no stranger to them; staff writes to whom it must.
pub async fn demand_few(txn: &DatabaseTransaction, state: &AppState, me: &Caller<Member>, other: Uuid) -> Result<()> {
    if me.is_staff() || had_mentorship(txn, me.id(), other).await? {
        return Ok(());
    }
    state.lock_word(txn, &format!("first messages of {}", me.id())).await?;
    let most = settings::ops::current(txn).await?.first_messages_per_day;
    let now = state.clock.now();
    let sent = to_strangers(txn, me.id(), now - DAY).await?;
    match sent.len().checked_sub(usize::try_from(most).unwrap_or(0)) {
        // The next is allowed once so many of these are a day old that one fewer than allowed is left.
        Some(over) => Err(Error::later(Code::TooManyFirstMessages, sent[over].sent_at + DAY - now)),
        None => Ok(()),
    }
}

async fn had_mentorship(db: &impl ConnectionTrait, me: Uuid, other: Uuid) -> Result<bool> {
    let mut sql = Sql::default();
    let (me, other) = (sql.bind(me), sql.bind(other));
    sql.text = format!("SELECT start_date AS sent_at FROM mentorships p WHERE {} LIMIT 1", started(&me, &other));
    Ok(!sql.all::<First>(db).await?.is_empty())
}

async fn to_strangers(db: &impl ConnectionTrait, me: Uuid, since: DateTime<Utc>) -> Result<Vec<First>> {
    let mut sql = Sql::default();
    let (me, since) = (sql.bind(me), sql.bind(since));
    sql.text = format!(
        "SELECT m.sent_at FROM messages m JOIN conversations c ON c.id = m.conversation_id \
         WHERE m.sender_id = {me} AND m.sent_at > {since} AND m.conversation_id IS NOT NULL AND m.seq = 1 \
            AND NOT EXISTS (SELECT 1 FROM mentorships p WHERE {}) ORDER BY m.sent_at",
        started("c.user_a_id", "c.user_b_id")
    );
    sql.all(db).await
}

fn started(one: &str, other: &str) -> String {
    format!(
        "((p.mentor_id = {one} AND p.mentee_id = {other}) OR (p.mentor_id = {other} AND p.mentee_id = {one})) \
            AND p.start_date IS NOT NULL"
    )
}
