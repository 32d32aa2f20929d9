//! The event log: every change of state writes what happened in the same transaction. Who must follow reads it afterwards.

mod adopt;
mod difference;
mod inbox;
mod kinds;
pub mod log;
mod own;
mod receivers;
pub mod told;

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, Statement, Value};
use serde_json::Value as Json;
use uuid::Uuid;

pub use adopt::adopt;
pub use difference::difference;
pub use kinds::Kind;
pub use own::{follow as follow_own, noted};
pub use receivers::{STAFF, is_live};

use crate::auth::Caller;
use crate::error::Result;
use crate::state::AppState;

/// Something that happened to the row `subject`, whose table the kind names.
#[derive(Debug)]
pub struct Event {
    kind: Kind,
    subject: Uuid,
    actor: Option<Uuid>,
    request_id: Option<Uuid>,
    staff: bool,
    data: Json,
    inform: Vec<Uuid>,
    tell: Vec<Uuid>,
}

/// Who did it, also where it is done after their request was answered.
#[derive(Clone, Copy, Debug)]
pub struct Actor {
    pub id: Uuid,
    pub request_id: Option<Uuid>,
}

impl<R> From<&Caller<R>> for Actor {
    fn from(caller: &Caller<R>) -> Self {
        Self { id: caller.id(), request_id: caller.request_id() }
    }
}

impl Event {
    pub fn new(kind: Kind, subject: Uuid) -> Self {
        Self {
            kind,
            subject,
            actor: None,
            request_id: None,
            staff: false,
            data: Json::Null,
            inform: Vec::new(),
            tell: Vec::new(),
        }
    }

    pub fn by(mut self, actor: impl Into<Actor>) -> Self {
        let Actor { id, request_id } = actor.into();
        (self.actor, self.request_id) = (Some(id), request_id);
        self
    }

    /// An act of the staff on somebody: the audit log shows it.
    pub fn by_staff(mut self, actor: impl Into<Actor>) -> Self {
        self.staff = true;
        self.by(actor)
    }

    /// An act of whoever runs the server, at its command line.
    pub fn by_operator(mut self) -> Self {
        self.staff = true;
        self
    }

    /// Ids, codes and states only: never texts, private notes, unrevealed answers or addresses.
    pub fn with(mut self, data: Json) -> Self {
        self.data = data;
        self
    }

    /// Who finds it in their notifications; the actor never does.
    pub fn informing(mut self, users: impl IntoIterator<Item = Uuid>) -> Self {
        self.inform.extend(users);
        self
    }

    /// Who besides those informed and the actor sees it live.
    pub fn telling(mut self, users: impl IntoIterator<Item = Uuid>) -> Self {
        self.tell.extend(users);
        self
    }
}

/// Events that are written in one statement.
const AT_A_TIME: usize = 400;

/// The database numbers the entry in its stream, and writes down who may see it.
const APPEND: &str = "INSERT INTO event_entries \
    (id, stream_kind, stream_id, kind, actor_id, staff, data, request_id, occurred_at, receivers) VALUES ";
const COLUMNS: usize = 10;

/// Writes `event` with the next number of its stream, and the notifications that follow from it.
///
/// The stream stays locked until the transaction ends, so numbers become visible in order and without holes.
pub async fn record(txn: &impl ConnectionTrait, state: &AppState, event: Event) -> Result<()> {
    record_all(txn, state, vec![event]).await
}

/// The same for many, in their order.
pub async fn record_all(txn: &impl ConnectionTrait, state: &AppState, events: Vec<Event>) -> Result<()> {
    let now = state.clock.now();
    for part in events.chunks(AT_A_TIME) {
        append(txn, state, part, now).await?;
        let rows: Vec<_> = part.iter().flat_map(|event| notifications(state, event, now)).collect();
        inbox::insert(txn, rows).await?;
    }
    Ok(())
}

async fn append(txn: &impl ConnectionTrait, state: &AppState, part: &[Event], now: DateTime<Utc>) -> Result<()> {
    let values: Vec<Value> = part.iter().flat_map(|event| row(state, event, now)).collect();
    let places = (0..part.len()).map(|row| {
        let places: Vec<_> = (1..=COLUMNS).map(|place| format!("${}", row * COLUMNS + place)).collect();
        format!("({})", places.join(", "))
    });
    let sql = format!("{APPEND}{}", places.collect::<Vec<_>>().join(", "));
    txn.execute_raw(Statement::from_sql_and_values(txn.get_database_backend(), sql, values)).await?;
    part.iter().for_each(|event| own::note(log::Entry { kind: event.kind, subject: event.subject }));
    Ok(())
}

fn row(state: &AppState, event: &Event, now: DateTime<Utc>) -> [Value; COLUMNS] {
    [
        state.new_id().into(),
        event.kind.stream().into(),
        event.subject.into(),
        event.kind.word().into(),
        event.actor.into(),
        event.staff.into(),
        event.data.clone().into(),
        event.request_id.map(|id| id.to_string()).into(),
        now.into(),
        receivers::written(event).into(),
    ]
}

fn notifications(
    state: &AppState,
    event: &Event,
    now: DateTime<Utc>,
) -> impl Iterator<Item = entity::notification::ActiveModel> {
    let kind = inbox::notification_of(event.kind);
    let informed = event.inform.iter().copied().filter(|user| Some(*user) != event.actor);
    kind.into_iter()
        .flat_map(move |kind| informed.clone().map(move |user| inbox::row(state.new_id(), kind, user, event, now)))
}
