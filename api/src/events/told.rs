//! The log as those read it who are told of it: in its order, all of it or what one user may see.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult};
use serde_json::Value;
use uuid::Uuid;

use super::Kind;
use super::log::Position;
use crate::error::Result;
use crate::sql::Sql;

/// An event with those who may see it.
#[derive(Clone, Debug)]
pub struct Told {
    pub position: Position,
    pub kind: Kind,
    pub subject: Uuid,
    pub seq: i64,
    pub actor: Option<Uuid>,
    pub data: Value,
    pub occurred_at: DateTime<Utc>,
    pub receivers: Vec<Uuid>,
}

/// What came after a position.
pub struct Part {
    pub events: Vec<Told>,
    /// Up to here nothing is missing.
    pub until: Position,
    /// Whether the next part can be read at once.
    pub more: bool,
    /// Whether something is committed that comes later in the order, after a transaction that is still under way.
    pub held: bool,
}

#[derive(FromQueryResult)]
struct Present {
    at: i64,
    held: bool,
}

#[derive(FromQueryResult)]
struct Row {
    at: i64,
    place: i64,
    kind: String,
    stream_id: Uuid,
    seq: i64,
    actor_id: Option<Uuid>,
    data: Value,
    occurred_at: DateTime<Utc>,
    receivers: Option<Value>,
}

impl Row {
    fn position(&self) -> Position {
        Position { at: self.at, place: self.place }
    }

    /// None where it is of a kind that a newer version writes.
    fn told(self) -> Option<Told> {
        let receivers = self.receivers.as_ref().and_then(Value::as_array).into_iter().flatten();
        Some(Told {
            position: self.position(),
            kind: Kind::of_word(&self.kind)?,
            subject: self.stream_id,
            seq: self.seq,
            actor: self.actor_id,
            occurred_at: self.occurred_at,
            receivers: receivers.filter_map(|id| id.as_str()?.parse().ok()).collect(),
            data: self.data,
        })
    }
}

const ON_POSTGRES: &str = "e.transaction_id::text::bigint AS at, e.place AS place";
const ON_SQLITE: &str = "e.rowid AS at, 0 AS place";
const COLUMNS: &str = "e.kind, e.stream_id, e.seq, e.actor_id, e.data, e.occurred_at, e.receivers";

/// Up to where the log is final, and whether something committed comes after that.
async fn present(db: &impl ConnectionTrait) -> Result<Present> {
    let mut sql = Sql::default();
    sql.text = match db.get_database_backend() {
        DbBackend::Postgres => "SELECT x.xmin::text::bigint AS at,
            EXISTS (SELECT 1 FROM events WHERE transaction_id >= x.xmin) AS held
            FROM (SELECT pg_snapshot_xmin(pg_current_snapshot()) AS xmin) x"
            .to_owned(),
        _ => "SELECT coalesce(max(rowid), 0) AS at, FALSE AS held FROM events".to_owned(),
    };
    let found = sql.all(db).await?.pop();
    Ok(found.ok_or_else(|| anyhow::anyhow!("the log has no end"))?)
}

/// At most `most` events after `position`.
pub async fn after(db: &impl ConnectionTrait, position: Position, most: usize) -> Result<Part> {
    let present = present(db).await?;
    let mut sql = Sql::default();
    let (at, end) = (sql.bind(position.at), sql.bind(present.at));
    sql.text = match db.get_database_backend() {
        DbBackend::Postgres => {
            let place = sql.bind(position.place);
            format!(
                "SELECT {ON_POSTGRES}, {COLUMNS} FROM events e
                WHERE (e.transaction_id, e.place) > ({at}::bigint::text::xid8, {place})
                    AND e.transaction_id < {end}::bigint::text::xid8
                ORDER BY e.transaction_id, e.place LIMIT {most}"
            )
        }
        _ => format!(
            "SELECT {ON_SQLITE}, {COLUMNS} FROM events e WHERE e.rowid > {at} AND e.rowid <= {end}
            ORDER BY e.rowid LIMIT {most}"
        ),
    };
    let rows: Vec<Row> = sql.all(db).await?;
    let more = rows.len() >= most;
    let last = rows.last().map(Row::position).filter(|_| more);
    let until = last.unwrap_or(Position { at: present.at, place: 0 }).max(position);
    Ok(Part { events: rows.into_iter().filter_map(Row::told).collect(), until, more, held: present.held })
}

/// At most `most` events that `receivers` may see, after a position and up to another, with the position of the last.
pub async fn between(
    db: &impl ConnectionTrait,
    receivers: &[Uuid],
    (after, until): (Position, Position),
    most: usize,
) -> Result<(Vec<Told>, Option<Position>)> {
    let mut sql = Sql::default();
    let these = sql.bind_all(receivers.iter().copied());
    let from = [sql.bind(after.at), sql.bind(after.place)].join(", ");
    let to = [sql.bind(until.at), sql.bind(until.place)].join(", ");
    let (order, same) = match db.get_database_backend() {
        DbBackend::Postgres => (ON_POSTGRES, "e.transaction_id = r.at::text::xid8 AND e.place = r.place"),
        _ => (ON_SQLITE, "e.rowid = r.at"),
    };
    sql.text = format!(
        "SELECT {order}, {COLUMNS} FROM event_receivers r JOIN events e ON {same}
        WHERE r.user_id IN ({these}) AND (r.at, r.place) > ({from}) AND (r.at, r.place) <= ({to})
        ORDER BY r.at, r.place LIMIT {most}"
    );
    let mut rows: Vec<Row> = sql.all(db).await?;
    let last = rows.last().map(Row::position).filter(|_| rows.len() >= most);
    // Staff sees once what it is told twice: as staff, and by name.
    rows.dedup_by_key(|row| row.position());
    Ok((rows.into_iter().filter_map(Row::told).collect(), last))
}
