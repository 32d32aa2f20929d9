use chrono::{DateTime, Utc};
use std::collections::HashMap;

use entity::notification::{self, Column, Entity, Kind as Notification};
use entity::{goal, meeting, note};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::json;
use uuid::Uuid;

use super::wire::NotificationFilter;
use crate::auth::{Caller, Member};
use crate::error::{Code, Result};
use crate::events::{self, Event, Kind};
use crate::http::{Listing, PageRequest};
use crate::people::{self, PersonOut};
use crate::state::AppState;

pub(super) async fn list(
    state: &AppState,
    me: &Caller<Member>,
    filter: &NotificationFilter,
    page: &PageRequest,
) -> Result<Listing<Told>> {
    let mut query = Entity::find().filter(notification::of_user(me.id()));
    if let Some(unread) = filter.unread {
        query = query.filter(if unread { Column::ReadAt.is_null() } else { Column::ReadAt.is_not_null() });
    }
    if let Some(after) = page.after::<Uuid>()? {
        query = query.filter(Column::Id.lt(after));
    }
    let rows = query.order_by_desc(Column::Id).limit(page.fetch()).all(state.read()).await?;
    let Listing { items, next_cursor } = page.listing(rows, |row| row.id)?;
    Ok(Listing { items: told(state.read(), items).await?, next_cursor })
}

/// A notification with the card of whose act it was, and where its subject belongs.
pub struct Told {
    pub row: notification::Model,
    pub actor: Option<PersonOut>,
    pub mentorship_id: Option<Uuid>,
}

async fn told(db: &impl ConnectionTrait, rows: Vec<notification::Model>) -> Result<Vec<Told>> {
    let people = people::by_id(db, rows.iter().filter_map(|row| row.actor_id)).await?;
    let parents = parents(db, &rows).await?;
    let told = rows.into_iter().map(|row| Told {
        actor: row.actor_id.and_then(|id| people.get(&id).cloned()),
        mentorship_id: if row.subject_kind == "mentorship" {
            Some(row.subject_id)
        } else {
            parents.get(&row.subject_id).copied()
        },
        row,
    });
    Ok(told.collect())
}

/// The mentorships of the goals, notes and meetings among the subjects.
async fn parents(db: &impl ConnectionTrait, rows: &[notification::Model]) -> Result<HashMap<Uuid, Uuid>> {
    let subjects =
        |kind: &str| rows.iter().filter(|row| row.subject_kind == kind).map(|row| row.subject_id).collect::<Vec<_>>();
    let mut parents = HashMap::new();
    macro_rules! add {
        ($($kind:literal $table:ident)*) => {
            $(let ids = subjects($kind);
            if !ids.is_empty() {
                let found = $table::Entity::find()
                    .select_only()
                    .columns([$table::Column::Id, $table::Column::MentorshipId])
                    .filter($table::Column::Id.is_in(ids))
                    .into_tuple::<(Uuid, Uuid)>();
                parents.extend(found.all(db).await?);
            })*
        };
    }
    add! { "goal" goal "note" note "meeting" meeting }
    Ok(parents)
}

pub(super) async fn read(state: &AppState, me: &Caller<Member>, id: Uuid) -> Result<Told> {
    let txn = state.begin_write().await?;
    let one = notification::of_user(me.id()).add(Column::Id.eq(id));
    if settle(&txn, one.clone(), state.clock.now()).await? > 0 {
        let event = Event::new(Kind::NotificationsRead, me.id()).by(me).with(json!({ "notificationId": id }));
        events::record(&txn, state, event).await?;
    }
    let row = Entity::find().filter(one).one(&txn).await?.ok_or(Code::NotFound)?;
    let told = told(&txn, vec![row]).await?.pop().ok_or(Code::NotFound)?;
    txn.commit().await?;
    Ok(told)
}

/// Answers how many are unread afterwards.
pub(super) async fn read_all(state: &AppState, me: &Caller<Member>) -> Result<u64> {
    let txn = state.begin_write().await?;
    if settle(&txn, notification::of_user(me.id()), state.clock.now()).await? > 0 {
        events::record(&txn, state, Event::new(Kind::NotificationsRead, me.id()).by(me)).await?;
    }
    let unread = count_unread(&txn, me).await?;
    txn.commit().await?;
    Ok(unread)
}

pub(super) async fn count_unread(db: &impl ConnectionTrait, me: &Caller<Member>) -> Result<u64> {
    let unread = Entity::find().filter(notification::of_user(me.id())).filter(Column::ReadAt.is_null());
    Ok(unread.count(db).await?)
}

/// Who has read a thread needs no notification of it any more.
pub async fn settle_thread(txn: &impl ConnectionTrait, user: Uuid, thread: Uuid, now: DateTime<Utc>) -> Result<()> {
    let of_thread =
        notification::of_user(user).add(Column::SubjectId.eq(thread)).add(Column::Kind.eq(Notification::MessageNew));
    settle(txn, of_thread, now).await.map(|_| ())
}

pub async fn delete_all(txn: &impl ConnectionTrait, user: Uuid) -> Result<()> {
    Entity::delete_many().filter(notification::of_user(user)).exec(txn).await?;
    Ok(())
}

async fn settle(txn: &impl ConnectionTrait, which: Condition, now: DateTime<Utc>) -> Result<u64> {
    let update = Entity::update_many().col_expr(Column::ReadAt, Expr::value(now));
    Ok(update.filter(which).filter(Column::ReadAt.is_null()).exec(txn).await?.rows_affected)
}
