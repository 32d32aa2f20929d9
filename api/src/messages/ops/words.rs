//! The index by which messages are found. It is written in the transaction that writes the message.

use entity::{message, words};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, FromQueryResult, Statement, Value};
use uuid::Uuid;

use super::sql::{CONVERSATION, MENTORSHIP, Names, columns};
use crate::error::Result;
use crate::sql::Sql;
use crate::state::AppState;

/// Messages that are added to the index in one transaction.
const AT_A_TIME: u64 = 200;

pub async fn store(txn: &impl ConnectionTrait, message: &message::Model, pair: [Uuid; 2]) -> Result<()> {
    let backend = txn.get_database_backend();
    let sql = match backend {
        DbBackend::Sqlite => "INSERT INTO message_words (message_id, words) VALUES ($1, $2)",
        _ => "INSERT INTO message_words (message_id, words) VALUES ($1, CAST($2 AS tsvector))",
    };
    let entry = words::entry(backend, message.id, pair, &message.content);
    txn.execute_raw(Statement::from_sql_and_values(backend, sql, [message.id.into(), entry.into()])).await?;
    Ok(())
}

pub async fn remove(txn: &impl ConnectionTrait, message: Uuid) -> Result<()> {
    let backend = txn.get_database_backend();
    let (sql, value): (_, Value) = match backend {
        DbBackend::Sqlite => {
            let of_message = "SELECT rowid FROM message_words WHERE message_words MATCH $1";
            (format!("DELETE FROM message_words WHERE rowid IN ({of_message})"), words::handle(message).into())
        }
        _ => ("DELETE FROM message_words WHERE message_id = $1".to_owned(), message.into()),
    };
    txn.execute_raw(Statement::from_sql_and_values(backend, sql, [value])).await?;
    Ok(())
}

/// The condition for entries in which each of these words begins one of the words of `user`.
pub fn found_by(backend: DbBackend, sql: &mut Sql, user: Uuid, sought: &[words::Word]) -> String {
    let query = sql.bind(words::query(backend, user, sought));
    match backend {
        DbBackend::Sqlite => format!("message_words MATCH {query}"),
        _ => format!("words @@ CAST({query} AS tsquery)"),
    }
}

#[derive(FromQueryResult)]
struct Unsearchable {
    #[sea_orm(nested)]
    message: message::Model,
    one_id: Uuid,
    other_id: Uuid,
}

/// Adds what an older release stored to the index; on every node, each message once.
pub async fn work(state: &AppState) -> Result<()> {
    while add_some(state).await? == AT_A_TIME {}
    Ok(())
}

async fn add_some(state: &AppState) -> Result<u64> {
    if unsearchable(state.read(), 1, "").await?.is_empty() {
        return Ok(0);
    }
    let txn = state.begin_write().await?;
    let locked = lock_some(&txn).await?;
    let mut ids = Sql::default();
    for Unsearchable { message, one_id, other_id } in &locked {
        if message.deleted_at.is_none() {
            store(&txn, message, [*one_id, *other_id]).await?;
        }
    }
    if !locked.is_empty() {
        let these = ids.bind_all(locked.iter().map(|one| one.message.id));
        ids.text = format!("UPDATE messages SET is_searchable = TRUE WHERE id IN ({these})");
        ids.execute(&txn).await?;
    }
    txn.commit().await?;
    Ok(locked.len() as u64)
}

async fn lock_some(txn: &DatabaseTransaction) -> Result<Vec<Unsearchable>> {
    let lock = if txn.get_database_backend() == DbBackend::Sqlite { "" } else { "FOR NO KEY UPDATE OF m SKIP LOCKED" };
    unsearchable(txn, AT_A_TIME, lock).await
}

async fn unsearchable(db: &impl ConnectionTrait, most: u64, lock: &str) -> Result<Vec<Unsearchable>> {
    let side =
        |pick: fn(&Names) -> &'static str| format!("coalesce(p.{}, c.{})", pick(&MENTORSHIP), pick(&CONVERSATION));
    let mut sql = Sql::default();
    sql.text = format!(
        "SELECT {}, {} AS one_id, {} AS other_id FROM messages m \
            LEFT JOIN mentorships p ON p.id = m.mentorship_id LEFT JOIN conversations c ON c.id = m.conversation_id \
         WHERE m.is_searchable = FALSE ORDER BY m.id LIMIT {most} {lock}",
        columns(""),
        side(|names| names.one),
        side(|names| names.other),
    );
    sql.all(db).await
}
