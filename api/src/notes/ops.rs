use entity::mentorship;
use entity::note::{self, Visibility};
use sea_orm::sea_query::LockType;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, ModelTrait,
    QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::wire::{NewNote, NoteFilter, NotePatch};
use crate::auth::{Caller, Member};
use crate::error::{Code, Result};
use crate::events::{self, Event, Kind};
use crate::http::{IfMatch, Listing, PageRequest};
use crate::mentorships;
use crate::state::AppState;

pub(super) async fn list(
    state: &AppState,
    me: &Caller<Member>,
    mentorship_id: Uuid,
    filter: NoteFilter,
    page: PageRequest,
) -> Result<Listing<note::Model>> {
    let db = state.read();
    mentorships::ops::visible(db, me.id(), mentorship_id).await?;
    let rows = note::Entity::find()
        .filter(note::Column::MentorshipId.eq(mentorship_id))
        .filter(note::visible_to(me.id()))
        .apply_if(filter.visibility, |query, visibility| query.filter(note::Column::Visibility.eq(visibility)))
        .apply_if(page.after::<Uuid>()?, |query, id| query.filter(note::Column::Id.gt(id)))
        .order_by_asc(note::Column::Id)
        .limit(page.fetch())
        .all(db)
        .await?;
    page.listing(rows, |row| row.id)
}

pub(super) async fn get(state: &AppState, me: &Caller<Member>, id: Uuid) -> Result<note::Model> {
    visible(state.read(), me, id).await
}

async fn visible(db: &impl ConnectionTrait, me: &Caller<Member>, id: Uuid) -> Result<note::Model> {
    let found = note::Entity::find()
        .inner_join(mentorship::Entity)
        .filter(note::Column::Id.eq(id))
        .filter(mentorship::of_participant(me.id()))
        .filter(note::visible_to(me.id()))
        .one(db)
        .await?;
    Ok(found.ok_or(Code::NotFound)?)
}

pub(super) async fn create(
    state: &AppState,
    me: &Caller<Member>,
    mentorship_id: Uuid,
    body: NewNote,
) -> Result<note::Model> {
    let txn = state.begin_write().await?;
    let pair = mentorships::ops::lock_open(&txn, me.id(), mentorship_id).await?;
    let now = state.clock.now();
    let row = note::Model {
        id: state.new_id(),
        mentorship_id,
        author_id: me.id(),
        visibility: body.visibility,
        text: body.text,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    let row = row.into_active_model().reset_all().insert(&txn).await?;
    events::record(&txn, state, event(Kind::NoteAdded, me, &row)).await?;
    if row.visibility == Visibility::Shared {
        share(&txn, state, me, &pair, &row).await?;
    }
    txn.commit().await?;
    Ok(row)
}

pub(super) async fn update(
    state: &AppState,
    me: &Caller<Member>,
    if_match: &IfMatch,
    id: Uuid,
    patch: NotePatch,
) -> Result<note::Model> {
    let txn = state.begin_write().await?;
    let (pair, before) = lock(&txn, me, id).await?;
    if_match.demand(before.version)?;
    let mut after = before.clone();
    after.visibility = patch.visibility.unwrap_or(before.visibility);
    after.text = patch.text.unwrap_or(after.text);
    if after == before {
        return Ok(before);
    }
    if after.visibility != before.visibility {
        demand_author(me, &before)?;
    }
    after.version += 1;
    after.updated_at = state.clock.now();
    let row = after.into_active_model().reset_all().update(&txn).await?;
    let changed = match before.visibility {
        Visibility::Shared => told(Kind::NoteChanged, me, &pair, &row),
        Visibility::Private => event(Kind::NoteChanged, me, &row),
    };
    events::record(&txn, state, changed).await?;
    if row.visibility == Visibility::Shared && before.visibility == Visibility::Private {
        share(&txn, state, me, &pair, &row).await?;
    }
    txn.commit().await?;
    Ok(row)
}

pub(super) async fn delete(state: &AppState, me: &Caller<Member>, if_match: &IfMatch, id: Uuid) -> Result<()> {
    let txn = state.begin_write().await?;
    let (pair, row) = lock(&txn, me, id).await?;
    demand_author(me, &row)?;
    if_match.demand(row.version)?;
    row.clone().delete(&txn).await?;
    let deleted = match row.visibility {
        Visibility::Shared => told(Kind::NoteDeleted, me, &pair, &row),
        Visibility::Private => event(Kind::NoteDeleted, me, &row),
    };
    events::record(&txn, state, deleted).await?;
    Ok(txn.commit().await?)
}

/// What nobody but the author ever saw goes with them.
pub async fn delete_private(txn: &impl ConnectionTrait, author: Uuid) -> Result<()> {
    note::Entity::delete_many()
        .filter(note::Column::AuthorId.eq(author))
        .filter(note::Column::Visibility.eq(Visibility::Private))
        .exec(txn)
        .await?;
    Ok(())
}

fn demand_author(me: &Caller<Member>, row: &note::Model) -> Result<()> {
    if row.author_id == me.id() { Ok(()) } else { Err(Code::NotAuthor.into()) }
}

/// The note, locked to be changed, after the mentorship that it belongs to.
async fn lock(txn: &DatabaseTransaction, me: &Caller<Member>, id: Uuid) -> Result<(mentorship::Model, note::Model)> {
    let mentorship_id = visible(txn, me, id).await?.mentorship_id;
    let pair = mentorships::ops::lock_open(txn, me.id(), mentorship_id).await?;
    let row = note::Entity::find()
        .filter(note::Column::Id.eq(id))
        .filter(note::visible_to(me.id()))
        .lock(LockType::NoKeyUpdate)
        .one(txn)
        .await?;
    Ok((pair, row.ok_or(Code::NotFound)?))
}

async fn share(
    txn: &DatabaseTransaction,
    state: &AppState,
    me: &Caller<Member>,
    pair: &mentorship::Model,
    row: &note::Model,
) -> Result<()> {
    let shared = event(Kind::NoteShared, me, row).informing(pair.other_of(me.id()));
    events::record(txn, state, shared).await
}

/// What the other has seen until now, they are told of.
fn told(kind: Kind, me: &Caller<Member>, pair: &mentorship::Model, row: &note::Model) -> Event {
    let data = json!({ "mentorshipId": row.mentorship_id, "visibility": row.visibility });
    Event::new(kind, row.id).by(me).with(data).telling(pair.other_of(me.id()))
}

/// Of a private note the log does not even say where it was written.
fn event(kind: Kind, me: &Caller<Member>, row: &note::Model) -> Event {
    let data = match row.visibility {
        Visibility::Shared => json!({ "mentorshipId": row.mentorship_id, "visibility": row.visibility }),
        Visibility::Private => Value::Null,
    };
    Event::new(kind, row.id).by(me).with(data)
}
