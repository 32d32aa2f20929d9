use chrono::{DateTime, Utc};
use entity::{conversation, mentorship, suggestion, user};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter,
    Statement, TryInsertResult,
};
use serde_json::json;
use uuid::Uuid;

use super::wire::ConversationOut;
use crate::auth::{Caller, Member};
use crate::blocks;
use crate::error::{Code, Error, Result};
use crate::events::{self, Event, Kind};
use crate::http::{Listing, PageRequest};
use crate::people;
use crate::state::AppState;

/// A conversation, and whether this call or an earlier one opened it.
pub enum Opened {
    Now(ConversationOut),
    Before(ConversationOut),
}

/// One index for each side of the pair, so that a page costs a page.
const LATEST: &str = "\
    SELECT * FROM (SELECT * FROM conversations WHERE user_a_id = $1 AND (updated_at, id) < ($2, $3) \
        ORDER BY updated_at DESC, id DESC LIMIT $4) AS a \
    UNION ALL \
    SELECT * FROM (SELECT * FROM conversations WHERE user_b_id = $1 AND (updated_at, id) < ($2, $3) \
        ORDER BY updated_at DESC, id DESC LIMIT $4) AS b \
    ORDER BY updated_at DESC, id DESC LIMIT $4";

pub(super) async fn list(
    state: &AppState,
    me: &Caller<Member>,
    page: &PageRequest,
) -> Result<Listing<ConversationOut>> {
    let (before, id) = page.after::<(DateTime<Utc>, Uuid)>()?.unwrap_or((end_of_time(), Uuid::max()));
    let values = [me.id().into(), before.into(), id.into(), page.fetch().into()];
    let statement = Statement::from_sql_and_values(state.read().get_database_backend(), LATEST, values);
    let rows = conversation::Model::find_by_statement(statement).all(state.read()).await?;
    let page = page.listing(rows, |row| (row.updated_at, row.id))?;
    let mut cards = people::by_id(state.read(), page.items.iter().filter_map(|row| row.other_of(me.id()))).await?;
    let items = page.items.into_iter().filter_map(|row| {
        let card = cards.remove(&row.other_of(me.id())?)?;
        Some(ConversationOut::new(row, me.id(), card))
    });
    Ok(Listing { items: items.collect(), next_cursor: page.next_cursor })
}

/// Later than any conversation, and in years that both databases write with four digits.
fn end_of_time() -> DateTime<Utc> {
    DateTime::from_timestamp(253_402_300_799, 0).unwrap_or_default()
}

pub(super) async fn get(state: &AppState, me: &Caller<Member>, id: Uuid) -> Result<ConversationOut> {
    let found = conversation::Entity::find()
        .filter(conversation::Column::Id.eq(id))
        .filter(conversation::of_participant(me.id()))
        .one(state.read())
        .await?;
    shown(state.read(), me, found.ok_or(Code::NotFound)?).await
}

async fn shown(db: &impl ConnectionTrait, me: &Caller<Member>, row: conversation::Model) -> Result<ConversationOut> {
    let other = row.other_of(me.id()).ok_or(Code::NotFound)?;
    let card = people::by_id(db, [other]).await?.remove(&other).ok_or(Code::NotFound)?;
    Ok(ConversationOut::new(row, me.id(), card))
}

/// The insert waits for whoever opens the same conversation at this moment, and then finds theirs.
pub(super) async fn open(state: &AppState, me: &Caller<Member>, other: Uuid) -> Result<Opened> {
    if other == me.id() {
        return Err(Error::invalid("/userId", "oneself", "somebody else is needed to talk to"));
    }
    let txn = state.begin_write().await?;
    let other = active(&txn, other).await?;
    if let Some(row) = of_pair(&txn, me.id(), other.id).await? {
        return Ok(Opened::Before(shown(&txn, me, row).await?));
    }
    let may_talk = me.is_staff() || are_connected(&txn, me.id(), other.id, state.clock.now()).await?;
    if !may_talk || blocks::ops::are_apart(&txn, me.id(), other.id).await? {
        // A draft is as absent as nobody.
        return Err(if other.is_public() { Code::ConversationNotAllowed } else { Code::NotFound }.into());
    }
    let is_new = insert_once(&txn, state, me.id(), other.id).await?;
    let row = of_pair(&txn, me.id(), other.id).await?;
    let row = row.ok_or_else(|| Error::from(anyhow::anyhow!("the conversation of the pair is not there")))?;
    if is_new {
        let event = Event::new(Kind::ConversationOpened, row.id).by(me).telling(row.other_of(me.id()));
        events::record(&txn, state, event.with(json!({ "userIds": [row.user_a_id, row.user_b_id] }))).await?;
    }
    let out = shown(&txn, me, row).await?;
    txn.commit().await?;
    Ok(if is_new { Opened::Now(out) } else { Opened::Before(out) })
}

async fn active(db: &impl ConnectionTrait, id: Uuid) -> Result<user::Model> {
    let active = user::Entity::find()
        .filter(user::Column::Id.eq(id))
        .filter(user::Column::Status.eq(user::Status::Active))
        .one(db)
        .await?;
    Ok(active.ok_or(Code::NotFound)?)
}

async fn of_pair(db: &impl ConnectionTrait, me: Uuid, other: Uuid) -> Result<Option<conversation::Model>> {
    Ok(conversation::Entity::find().filter(conversation::of_pair(me, other)).one(db).await?)
}

async fn insert_once(txn: &impl ConnectionTrait, state: &AppState, me: Uuid, other: Uuid) -> Result<bool> {
    let (a, b) = conversation::ordered(me, other);
    let now = state.clock.now();
    let row = conversation::ActiveModel {
        id: Set(state.new_id()),
        user_a_id: Set(a),
        user_b_id: Set(b),
        created_at: Set(now),
        updated_at: Set(now),
        ..Default::default()
    };
    let once =
        OnConflict::columns([conversation::Column::UserAId, conversation::Column::UserBId]).do_nothing().to_owned();
    let insert = conversation::Entity::insert(row).on_conflict(once).try_insert();
    Ok(matches!(insert.exec_without_returning(txn).await?, TryInsertResult::Inserted(1..)))
}

/// Whether the two ever had a mentorship, or the other is among the suggestions of `me`. What the other answered there
/// makes no difference, so that it shows nowhere.
async fn are_connected(db: &impl ConnectionTrait, me: Uuid, other: Uuid, now: DateTime<Utc>) -> Result<bool> {
    let mentorships = mentorship::Entity::find().filter(mentorship::of_pair(me, other)).count(db).await?;
    if mentorships > 0 {
        return Ok(true);
    }
    let suggested = suggestion::Entity::find().filter(suggestion::of_pair(me, other));
    Ok(suggested.filter(suggestion::stands_for(me, now)).count(db).await? > 0)
}
