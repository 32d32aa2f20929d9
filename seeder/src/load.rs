//! Writing many rows at once, all of them in one transaction: COPY on PostgreSQL, inserts of many rows on SQLite.

use std::collections::BTreeMap;
use std::fmt::Write;

use anyhow::{Result, bail};
use entity::{message, words};
use sea_orm::sqlx::{self, Postgres};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, EntityName, EntityTrait, IdenStatic, Iterable,
    ModelTrait, SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait, Value,
};
use uuid::Uuid;

/// Any number will do: two who load at once wait for each other.
const POSTGRES_LOCK: i64 = 0x7365_6564;
/// SQLite takes 32,766 values in a statement.
const SQLITE_VALUES: usize = 16_000;
/// The database writes it itself.
const GENERATED: &str = "email_key";

pub struct Load {
    target: Target,
    /// Whether events and notifications are left out.
    pub bare: bool,
    pub counts: BTreeMap<&'static str, u64>,
}

enum Target {
    Postgres(sqlx::Transaction<'static, Postgres>),
    Sqlite(DatabaseTransaction),
}

impl Load {
    pub async fn begin(db: &DatabaseConnection, bare: bool) -> Result<Self> {
        let target = match db.get_database_backend() {
            DbBackend::Postgres => Target::Postgres(begin_on_postgres(db).await?),
            _ => Target::Sqlite(begin_on_sqlite(db).await?),
        };
        Ok(Self { target, bare, counts: BTreeMap::new() })
    }

    pub async fn commit(self) -> Result<BTreeMap<&'static str, u64>> {
        match self.target {
            Target::Postgres(txn) => txn.commit().await?,
            Target::Sqlite(txn) => txn.commit().await?,
        }
        Ok(self.counts)
    }

    pub async fn insert<M: ModelTrait>(&mut self, rows: &[M]) -> Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        let table = M::Entity::default().table_name();
        let columns: Vec<_> =
            <M::Entity as EntityTrait>::Column::iter().filter(|column| column.as_str() != GENERATED).collect();
        let names = columns.iter().map(|column| format!("\"{}\"", column.as_str())).collect::<Vec<_>>().join(", ");
        match &mut self.target {
            Target::Postgres(txn) => {
                let text = copy_text(rows, &columns)?;
                let mut copy = txn.copy_in_raw(&format!("COPY {table} ({names}) FROM STDIN")).await?;
                copy.send(text.into_bytes()).await?;
                copy.finish().await?;
            }
            Target::Sqlite(txn) => {
                for rows in rows.chunks(SQLITE_VALUES / columns.len()) {
                    txn.execute_raw(insertion(table, &names, rows, &columns)).await?;
                }
            }
        }
        *self.counts.entry(table).or_default() += rows.len() as u64;
        Ok(())
    }

    /// Adds messages to the index that they are searched by, each for the two of its thread.
    pub async fn insert_words(&mut self, rows: &[message::Model], pairs: &[[Uuid; 2]]) -> Result<()> {
        let entry = |backend| {
            let rows = rows.iter().zip(pairs);
            rows.map(move |(row, pair)| (row.id, words::entry(backend, row.id, *pair, &row.content)))
        };
        match &mut self.target {
            Target::Postgres(txn) => {
                let lines = entry(DbBackend::Postgres).map(|(id, words)| format!("{id}\t{words}\n"));
                let mut copy = txn.copy_in_raw("COPY message_words (message_id, words) FROM STDIN").await?;
                copy.send(lines.collect::<String>().into_bytes()).await?;
                copy.finish().await?;
            }
            Target::Sqlite(txn) => {
                let sql = "INSERT INTO message_words (message_id, words) VALUES (?, ?)";
                for (id, words) in entry(DbBackend::Sqlite) {
                    let values = [id.into(), words.into()];
                    txn.execute_raw(Statement::from_sql_and_values(DbBackend::Sqlite, sql, values)).await?;
                }
            }
        }
        Ok(())
    }

    pub async fn execute(&mut self, sql: &'static str) -> Result<()> {
        match &mut self.target {
            Target::Postgres(txn) => sqlx::raw_sql(sql).execute(&mut **txn).await.map(|_| ())?,
            Target::Sqlite(txn) => txn.execute_unprepared(sql).await.map(|_| ())?,
        }
        Ok(())
    }

    /// Changes the few rows that are there before anything is loaded.
    pub async fn update(&mut self, update: sea_orm::sea_query::UpdateStatement) -> Result<()> {
        match &mut self.target {
            Target::Postgres(txn) => {
                let sql = update.to_string(sea_orm::sea_query::PostgresQueryBuilder);
                sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut **txn).await.map(|_| ())?;
            }
            Target::Sqlite(txn) => txn.execute(&update).await.map(|_| ())?,
        }
        Ok(())
    }

    pub async fn has_user(&mut self, id: Uuid) -> Result<bool> {
        let sql = "SELECT id FROM users WHERE id = $1";
        Ok(match &mut self.target {
            Target::Postgres(txn) => sqlx::query(sql).bind(id).fetch_optional(&mut **txn).await?.is_some(),
            Target::Sqlite(txn) => {
                let find = Statement::from_sql_and_values(DbBackend::Sqlite, sql, [id.into()]);
                txn.query_one_raw(find).await?.is_some()
            }
        })
    }

    /// How many rows `sql`, a `SELECT count(*) AS n …`, counts.
    pub async fn count(&mut self, sql: &'static str) -> Result<i64> {
        Ok(match &mut self.target {
            Target::Postgres(txn) => sqlx::query_scalar(sql).fetch_one(&mut **txn).await?,
            Target::Sqlite(txn) => {
                let row = txn.query_one_raw(Statement::from_string(DbBackend::Sqlite, sql)).await?;
                row.map_or(Ok(0), |row| row.try_get("", "n"))?
            }
        })
    }
}

async fn begin_on_postgres(db: &DatabaseConnection) -> Result<sqlx::Transaction<'static, Postgres>> {
    let mut txn = db.get_postgres_connection_pool().begin().await?;
    // The pool's time-outs are for requests, not for a load. Foreign keys are checked with plans that are made while the tables are
    // still empty: a scan chosen then would cost each row more than the one before.
    let alone = format!(
        "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0; SET LOCAL enable_seqscan = off; \
         SELECT pg_advisory_xact_lock({POSTGRES_LOCK})"
    );
    sqlx::raw_sql(sqlx::AssertSqlSafe(alone)).execute(&mut *txn).await?;
    Ok(txn)
}

async fn begin_on_sqlite(db: &DatabaseConnection) -> Result<DatabaseTransaction> {
    let immediate = Some(SqliteTransactionMode::Immediate);
    Ok(db.begin_with_options(TransactionOptions { sqlite_transaction_mode: immediate, ..Default::default() }).await?)
}

fn insertion<M: ModelTrait>(
    table: &str,
    names: &str,
    rows: &[M],
    columns: &[<M::Entity as EntityTrait>::Column],
) -> Statement {
    let one = format!("({})", vec!["?"; columns.len()].join(", "));
    let sql = format!("INSERT INTO {table} ({names}) VALUES {}", vec![one; rows.len()].join(", "));
    let values = rows.iter().flat_map(|row| columns.iter().map(|column| row.get(*column)));
    Statement::from_sql_and_values(DbBackend::Sqlite, sql, values)
}

/// The rows in the text format of COPY (PostgreSQL's manual, "COPY", section "File Formats").
fn copy_text<M: ModelTrait>(rows: &[M], columns: &[<M::Entity as EntityTrait>::Column]) -> Result<String> {
    let mut text = String::with_capacity(rows.len() * columns.len() * 24);
    for row in rows {
        for (index, column) in columns.iter().enumerate() {
            if index > 0 {
                text.push('\t');
            }
            field(&mut text, row.get(*column))?;
        }
        text.push('\n');
    }
    Ok(text)
}

fn field(text: &mut String, value: Value) -> Result<()> {
    match value {
        Value::Bool(Some(value)) => text.push(if value { 't' } else { 'f' }),
        Value::SmallInt(Some(value)) => write!(text, "{value}")?,
        Value::Int(Some(value)) => write!(text, "{value}")?,
        Value::BigInt(Some(value)) => write!(text, "{value}")?,
        Value::String(Some(value)) => escape(text, &value),
        Value::Json(Some(value)) => escape(text, &value.to_string()),
        Value::Uuid(Some(value)) => write!(text, "{value}")?,
        Value::ChronoDate(Some(value)) => write!(text, "{value}")?,
        Value::ChronoDateTimeUtc(Some(value)) => write!(text, "{}", value.format("%Y-%m-%dT%H:%M:%S%.3fZ"))?,
        other if other == other.as_null() => text.push_str("\\N"),
        other => bail!("no text for {other:?}"),
    }
    Ok(())
}

fn escape(text: &mut String, value: &str) {
    for letter in value.chars() {
        match letter {
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            letter => text.push(letter),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: Value) -> String {
        let mut text = String::new();
        field(&mut text, value).unwrap();
        text
    }

    #[test]
    fn what_copy_reads_specially_is_escaped() {
        assert_eq!(text("a\tb\nc\\.\r".into()), "a\\tb\\nc\\\\.\\r");
        assert_eq!(text(Value::String(None)), "\\N");
        assert_eq!(text(crate::NOW.into()), "2026-11-02T09:00:00.000Z");
        assert_eq!(text(true.into()), "t");
    }
}
