use chrono::{DateTime, TimeDelta, Utc};
use entity::reminder::Stage;
use entity::{mentorship, user};
use sea_orm::sea_query::LockType;
use sea_orm::{ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, FromQueryResult, QueryFilter, QuerySelect};
use serde_json::json;
use uuid::Uuid;

use super::{AT_A_TIME, SILENCE, note, present};
use crate::error::Result;
use crate::events::{self, Event, Kind};
use crate::sql::Sql;
use crate::state::AppState;

/// An active mentorship and its last sign of life.
#[derive(FromQueryResult)]
struct Silent {
    id: Uuid,
    mentor_id: Uuid,
    mentee_id: Uuid,
    last_at: DateTime<Utc>,
}

/// Asks the pair, later the staff, whether a mentorship is still alive.
pub(super) async fn remind(state: &AppState) -> Result<()> {
    for (stage, age) in SILENCE {
        let mut some = silent(state.read(), state.clock.now(), (stage, age), Which::After(Uuid::nil())).await?;
        while let Some(last) = some.last().map(|one| one.id) {
            for one in &some {
                remind_of(state, one.id, stage, age).await?;
            }
            some = silent(state.read(), state.clock.now(), (stage, age), Which::After(last)).await?;
        }
    }
    Ok(())
}

enum Which {
    After(Uuid),
    One(Uuid),
}

/// A meeting that is to come is a sign of life too.
async fn silent(
    db: &impl ConnectionTrait,
    now: DateTime<Utc>,
    (stage, age): (Stage, TimeDelta),
    which: Which,
) -> Result<Vec<Silent>> {
    let greatest = if db.get_database_backend() == DbBackend::Postgres { "greatest" } else { "max" };
    let mut sql = Sql::default();
    let (before, stage) = (sql.bind(now - age), sql.bind(stage.to_string()));
    let which = match which {
        Which::After(id) => format!("m.id > {}", sql.bind(id)),
        Which::One(id) => format!("m.id = {}", sql.bind(id)),
    };
    sql.text = format!(
        "WITH lives AS (
            SELECT m.id, m.mentor_id, m.mentee_id, {greatest}(
                coalesce(m.start_date, m.created_at),
                coalesce(m.last_message_at, m.created_at),
                coalesce((SELECT max(goals.updated_at) FROM goals WHERE goals.mentorship_id = m.id), m.created_at),
                coalesce((SELECT max(notes.updated_at) FROM notes WHERE notes.mentorship_id = m.id), m.created_at),
                coalesce((SELECT max(meetings.updated_at) FROM meetings WHERE meetings.mentorship_id = m.id), m.created_at),
                coalesce((SELECT max(meetings.ends_at) FROM meetings WHERE meetings.mentorship_id = m.id
                    AND meetings.status IN ('PROPOSED', 'CONFIRMED', 'HELD')), m.created_at)) AS last_at
            FROM mentorships m
            WHERE m.status = 'ACTIVE' AND {which} AND coalesce(m.last_message_at, m.start_date, m.created_at) <= {before})
        SELECT id, mentor_id, mentee_id, last_at FROM lives
        WHERE last_at <= {before} AND NOT EXISTS (SELECT 1 FROM reminders
            WHERE reminders.subject_id = lives.id AND reminders.stage = {stage} AND reminders.about_at = lives.last_at)
        ORDER BY id LIMIT {AT_A_TIME}"
    );
    sql.all(db).await
}

/// A sign of life locks the mentorship too, so it is asked again once nobody else has it.
async fn remind_of(state: &AppState, id: Uuid, stage: Stage, age: TimeDelta) -> Result<()> {
    let now = state.clock.now();
    let txn = state.begin_write().await?;
    let row = mentorship::Entity::find().filter(mentorship::Column::Id.eq(id));
    row.lock(LockType::NoKeyUpdate).one(&txn).await?;
    let Some(one) = silent(&txn, now, (stage, age), Which::One(id)).await?.pop() else { return Ok(()) };
    if note(&txn, one.id, stage, one.last_at, now).await? {
        let asked = if stage == Stage::SilenceDay28 { staff(&txn).await? } else { vec![one.mentor_id, one.mentee_id] };
        let told = present(&txn, &asked, now).await?;
        let event = Event::new(Kind::MentorshipSilent, one.id).informing(told).with(json!({ "day": age.num_days() }));
        events::record(&txn, state, event).await?;
    }
    Ok(txn.commit().await?)
}

async fn staff(db: &impl ConnectionTrait) -> Result<Vec<Uuid>> {
    let staff = user::Entity::find().select_only().column(user::Column::Id);
    let staff = staff.filter(user::Column::Role.is_in([user::Role::Admin, user::Role::Owner]));
    Ok(staff.into_tuple().all(db).await?)
}
