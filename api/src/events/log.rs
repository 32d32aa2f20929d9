//! Reading on in the log, in the order of commits: an entry that was committed late comes late, and is never skipped.

use std::fmt;
use std::str::FromStr;

use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult};
use uuid::Uuid;

use super::Kind;
use crate::error::{Error, Result};
use crate::sql::Sql;

/// Up to which entry the log was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// PostgreSQL: the transaction; SQLite: the row
    at: String,
    id: Uuid,
}

impl Position {
    /// Whether it is not after `other`.
    pub fn is_before(&self, other: &Self) -> bool {
        let number = |position: &Self| position.at.parse::<u64>().ok();
        matches!((number(self), number(other)), (Some(this), Some(other)) if this <= other)
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.at, self.id)
    }
}

impl FromStr for Position {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (at, id) = text.split_once(' ').unwrap_or((text, ""));
        Ok(Self { at: at.to_owned(), id: id.parse()? })
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
    at: String,
}

#[derive(FromQueryResult)]
struct Row {
    at: String,
    id: Uuid,
    kind: String,
    stream_id: Uuid,
}

/// The place before which every entry is committed: what comes after it is not seen by a query made before this one.
pub async fn present(db: &impl ConnectionTrait) -> Result<Position> {
    let text = match db.get_database_backend() {
        DbBackend::Postgres => "SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS at",
        _ => "SELECT CAST(coalesce(max(rowid), 0) AS text) AS at FROM events",
    };
    let mut sql = Sql::default();
    text.clone_into(&mut sql.text);
    let row = sql.all::<PlaceRow>(db).await?.pop().ok_or_else(|| Error::from(anyhow::anyhow!("the log has no end")))?;
    Ok(Position { at: row.at, id: Uuid::nil() })
}

/// At most `most` entries after `position`, which moves past them.
pub async fn read_on(db: &impl ConnectionTrait, position: &mut Position, most: u32) -> Result<Vec<Entry>> {
    let mut sql = Sql::default();
    let at = sql.bind(position.at.as_str());
    sql.text = match db.get_database_backend() {
        DbBackend::Postgres => {
            let id = sql.bind(position.id);
            format!(
                "SELECT transaction_id::text AS at, id, kind, stream_id FROM events
                WHERE (transaction_id, id) > ({at}::text::xid8, {id})
                    AND transaction_id < pg_snapshot_xmin(pg_current_snapshot())
                ORDER BY transaction_id, id LIMIT {most}"
            )
        }
        _ => format!(
            "SELECT CAST(rowid AS text) AS at, id, kind, stream_id FROM events
            WHERE rowid > CAST({at} AS integer) ORDER BY rowid LIMIT {most}"
        ),
    };
    let rows: Vec<Row> = sql.all(db).await?;
    if let Some(last) = rows.last() {
        *position = Position { at: last.at.clone(), id: last.id };
    }
    let entry = |row: Row| Some(Entry { kind: Kind::of_word(&row.kind)?, subject: row.stream_id });
    Ok(rows.into_iter().filter_map(entry).collect())
}
