use chrono::TimeDelta;
use entity::delivery::{self, Column, Entity, Model};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::wire::{DeliveryFilter, MyDeliveryFilter};
use crate::auth::{Caller, Member};
use crate::error::Result;
use crate::http::{Listing, PageRequest};
use crate::jobs::turns;
use crate::state::AppState;

/// For so long the record is kept, and for so long a node may take to clear it.
const KEPT: TimeDelta = TimeDelta::days(90);
const LEASE: TimeDelta = TimeDelta::minutes(10);

pub(super) async fn mine(
    state: &AppState,
    me: &Caller<Member>,
    filter: &MyDeliveryFilter,
    page: &PageRequest,
) -> Result<Listing<Model>> {
    let of_one = filter.notification_id.map(|id| Column::NotificationId.eq(id));
    newest(state, delivery::of_user(me.id()).add_option(of_one), page).await
}

pub(super) async fn list(state: &AppState, filter: &DeliveryFilter, page: &PageRequest) -> Result<Listing<Model>> {
    let wanted = Condition::all()
        .add_option(filter.user_id.map(|id| Column::UserId.eq(id)))
        .add_option(filter.status.map(|status| Column::Status.eq(status)))
        .add_option(filter.channel.map(|channel| Column::Channel.eq(channel)));
    newest(state, wanted, page).await
}

async fn newest(state: &AppState, wanted: Condition, page: &PageRequest) -> Result<Listing<Model>> {
    let after = page.after::<Uuid>()?.map(|id| Column::Id.lt(id));
    let rows = Entity::find().filter(wanted.add_option(after)).order_by_desc(Column::Id).limit(page.fetch());
    page.listing(rows.all(state.read()).await?, |row| row.id)
}

/// Deletes what is older than the record is kept, once a day on one node.
pub async fn prune(state: &AppState) -> Result<()> {
    let Some(turn) = turns::take(state, "old deliveries", LEASE).await? else { return Ok(()) };
    let now = state.clock.now();
    let txn = state.begin_write().await?;
    if turn.finish(&txn, now + TimeDelta::days(1)).await? {
        Entity::delete_many().filter(Column::CreatedAt.lt(now - KEPT)).exec(&txn).await?;
        txn.commit().await?;
    }
    Ok(())
}
