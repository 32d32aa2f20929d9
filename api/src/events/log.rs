//! Reading on in the log, in the order of commits: an entry that was committed late comes late, and is never skipped. The entries
//! of a stream come in the order of their numbers.
//!
//! PostgreSQL knows transactions of the whole server, so one that is long under way in another database holds entries back too.

use std::fmt;

use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult};
use uuid::Uuid;

use super::Kind;
use crate::error::{Error, Result};
use crate::sql::Sql;

/// Up to which entry the log was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Position {
    /// PostgreSQL: the transaction; SQLite: the row
    pub at: i64,
    /// PostgreSQL: the place in it, from 1 on; SQLite: 0
    pub place: i64,
}

impl Position {
    /// Whether it is not after `other`.
    pub fn is_before(self, other: Self) -> bool {
        self.at <= other.at
    }

    /// One as it displays; none where the text is none.
    pub fn parse(text: &str) -> Option<Self> {
        let (at, place) = text.split_once(' ')?;
        Some(Self { at: at.parse().ok()?, place: place.parse().ok()? })
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.at, self.place)
    }
}

/// An entry of the log: what happened to which row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    pub kind: Kind,
    pub subject: Uuid,
}

#[derive(FromQueryResult)]
struct PlaceRow {
    at: i64,
}

#[derive(FromQueryResult)]
struct Row {
    at: i64,
    place: i64,
    kind: String,
    stream_id: Uuid,
}

/// The place before which every entry is committed: what comes after it is not seen by a query made before this one.
pub async fn present(db: &impl ConnectionTrait) -> Result<Position> {
    place(db, "pg_snapshot_xmin(pg_current_snapshot())").await
}

/// The place after everything that was committed before this call.
pub async fn end(db: &impl ConnectionTrait) -> Result<Position> {
    place(db, "pg_snapshot_xmax(pg_current_snapshot())").await
}

async fn place(db: &impl ConnectionTrait, on_postgres: &str) -> Result<Position> {
    let mut sql = Sql::default();
    sql.text = match db.get_database_backend() {
        DbBackend::Postgres => format!("SELECT {on_postgres}::text::bigint AS at"),
        _ => "SELECT coalesce(max(rowid), 0) AS at FROM events".to_owned(),
    };
    let row = sql.all::<PlaceRow>(db).await?.pop().ok_or_else(|| Error::from(anyhow::anyhow!("the log has no end")))?;
    Ok(Position { at: row.at, place: 0 })
}

/// At most `most` entries after `position`, which moves past them.
pub async fn read_on(db: &impl ConnectionTrait, position: &mut Position, most: u32) -> Result<Vec<Entry>> {
    let mut sql = Sql::default();
    sql.text = match db.get_database_backend() {
        DbBackend::Postgres => {
            let (at, place) = (sql.bind(position.at.to_string()), sql.bind(position.place));
            format!(
                "SELECT transaction_id::text::bigint AS at, place, kind, stream_id FROM events
                WHERE (transaction_id, place) > ({at}::text::xid8, {place})
                    AND transaction_id < pg_snapshot_xmin(pg_current_snapshot())
                ORDER BY transaction_id, place LIMIT {most}"
            )
        }
        _ => format!(
            "SELECT rowid AS at, 0 AS place, kind, stream_id FROM events WHERE rowid > {} ORDER BY rowid LIMIT {most}",
            sql.bind(position.at)
        ),
    };
    let rows: Vec<Row> = sql.all(db).await?;
    if let Some(last) = rows.last() {
        *position = Position { at: last.at, place: last.place };
    }
    let entry = |row: Row| Some(Entry { kind: Kind::of_word(&row.kind)?, subject: row.stream_id });
    Ok(rows.into_iter().filter_map(entry).collect())
}
