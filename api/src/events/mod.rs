//! The event log: every change of state writes what happened in the same transaction. Who must follow reads it afterwards.

mod inbox;
mod kinds;

use chrono::{DateTime, Utc};
use entity::event;
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, FromQueryResult, Statement};
use serde_json::Value;
use uuid::Uuid;

pub use kinds::Kind;

use crate::auth::Caller;
use crate::error::{Error, Result};
use crate::state::AppState;

/// Something that happened to the row `subject`, whose table the kind names.
#[derive(Debug)]
pub struct Event {
    kind: Kind,
    subject: Uuid,
    actor: Option<Uuid>,
    request_id: Option<Uuid>,
    staff: bool,
    data: Value,
    inform: Vec<Uuid>,
}

impl Event {
    pub fn new(kind: Kind, subject: Uuid) -> Self {
        Self { kind, subject, actor: None, request_id: None, staff: false, data: Value::Null, inform: Vec::new() }
    }

    pub fn by<R>(mut self, caller: &Caller<R>) -> Self {
        self.actor = Some(caller.id());
        self.request_id = caller.request_id();
        self
    }

    /// An act of the staff on somebody: the audit log shows it.
    pub fn by_staff<R>(mut self, caller: &Caller<R>) -> Self {
        self.staff = true;
        self.by(caller)
    }

    /// An act of whoever runs the server, at its command line.
    pub fn by_operator(mut self) -> Self {
        self.staff = true;
        self
    }

    /// Ids, codes and states only: never texts, private notes, unrevealed answers or addresses.
    pub fn with(mut self, data: Value) -> Self {
        self.data = data;
        self
    }

    /// Who finds it in their notifications; the actor never does.
    pub fn informing(mut self, users: impl IntoIterator<Item = Uuid>) -> Self {
        self.inform.extend(users);
        self
    }
}

#[derive(FromQueryResult)]
struct Counter {
    last_seq: i64,
}

/// Writes `event` with the next number of its stream, and the notifications that follow from it.
///
/// The stream's row stays locked until the transaction ends, so numbers become visible in order and without holes.
pub async fn record(txn: &impl ConnectionTrait, state: &AppState, event: Event) -> Result<()> {
    let now = state.clock.now();
    let seq = next_seq(txn, event.kind.stream(), event.subject).await?;
    let row = event::ActiveModel {
        id: Set(state.new_id()),
        stream_kind: Set(event.kind.stream().to_owned()),
        stream_id: Set(event.subject),
        seq: Set(seq),
        kind: Set(event.kind.word().to_owned()),
        actor_id: Set(event.actor),
        staff: Set(event.staff),
        data: Set(event.data.clone()),
        request_id: Set(event.request_id.map(|id| id.to_string())),
        occurred_at: Set(now),
    };
    event::Entity::insert(row).exec_without_returning(txn).await?;
    notify(txn, state, &event, now).await
}

async fn next_seq(txn: &impl ConnectionTrait, stream: &str, subject: Uuid) -> Result<i64> {
    let statement = Statement::from_sql_and_values(
        txn.get_database_backend(),
        "INSERT INTO event_streams (kind, id, last_seq) VALUES ($1, $2, 1) \
         ON CONFLICT (kind, id) DO UPDATE SET last_seq = event_streams.last_seq + 1 RETURNING last_seq",
        [stream.into(), subject.into()],
    );
    let counter = Counter::find_by_statement(statement).one(txn).await?;
    Ok(counter.ok_or_else(|| Error::from(anyhow::anyhow!("the stream counter answered no row")))?.last_seq)
}

async fn notify(txn: &impl ConnectionTrait, state: &AppState, event: &Event, now: DateTime<Utc>) -> Result<()> {
    let Some(kind) = inbox::notification_of(event.kind) else { return Ok(()) };
    let informed = event.inform.iter().copied().filter(|user| Some(*user) != event.actor);
    let rows: Vec<_> = informed.map(|user| inbox::row(state.new_id(), kind, user, event, now)).collect();
    inbox::insert(txn, rows).await
}
