use chrono::{DateTime, Utc};
use entity::notification::{self, Column, Entity, Kind as Notification};
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
use crate::state::AppState;

pub(super) async fn list(
    state: &AppState,
    me: &Caller<Member>,
    filter: &NotificationFilter,
    page: &PageRequest,
) -> Result<Listing<notification::Model>> {
    let mut query = Entity::find().filter(notification::of_user(me.id()));
    if let Some(unread) = filter.unread {
        query = query.filter(if unread { Column::ReadAt.is_null() } else { Column::ReadAt.is_not_null() });
    }
    if let Some(after) = page.after::<Uuid>()? {
        query = query.filter(Column::Id.lt(after));
    }
    let rows = query.order_by_desc(Column::Id).limit(page.fetch()).all(state.read()).await?;
    page.listing(rows, |row| row.id)
}

pub(super) async fn read(state: &AppState, me: &Caller<Member>, id: Uuid) -> Result<notification::Model> {
    let txn = state.begin_write().await?;
    let one = notification::of_user(me.id()).add(Column::Id.eq(id));
    if settle(&txn, one.clone(), state.clock.now()).await? > 0 {
        let event = Event::new(Kind::NotificationsRead, me.id()).by(me).with(json!({ "notificationId": id }));
        events::record(&txn, state, event).await?;
    }
    let row = Entity::find().filter(one).one(&txn).await?.ok_or(Code::NotFound)?;
    txn.commit().await?;
    Ok(row)
}

/// Answers how many are unread afterwards.
pub(super) async fn read_all(state: &AppState, me: &Caller<Member>) -> Result<u64> {
    let txn = state.begin_write().await?;
    if settle(&txn, notification::of_user(me.id()), state.clock.now()).await? > 0 {
        events::record(&txn, state, Event::new(Kind::NotificationsRead, me.id()).by(me)).await?;
    }
    let unread = Entity::find().filter(notification::of_user(me.id())).filter(Column::ReadAt.is_null());
    let unread = unread.count(&txn).await?;
    txn.commit().await?;
    Ok(unread)
}

/// Who has read a thread needs no notification of it any more.
pub async fn settle_thread(txn: &impl ConnectionTrait, user: Uuid, thread: Uuid, now: DateTime<Utc>) -> Result<()> {
    let of_thread =
        notification::of_user(user).add(Column::SubjectId.eq(thread)).add(Column::Kind.eq(Notification::MessageNew));
    settle(txn, of_thread, now).await.map(|_| ())
}

async fn settle(txn: &impl ConnectionTrait, which: Condition, now: DateTime<Utc>) -> Result<u64> {
    let update = Entity::update_many().col_expr(Column::ReadAt, Expr::value(now));
    Ok(update.filter(which).filter(Column::ReadAt.is_null()).exec(txn).await?.rows_affected)
}
