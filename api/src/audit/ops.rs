use std::collections::HashMap;

use entity::event::{self, Column, Entity};
use entity::user;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::wire::{AuditFilter, Entry};
use crate::error::Result;
use crate::http::{Listing, PageRequest};
use crate::state::AppState;

/// Newest first.
pub(super) async fn list(state: &AppState, filter: AuditFilter, page: PageRequest) -> Result<Listing<Entry>> {
    let after = page.after::<Uuid>()?;
    // The bare column, not a comparison with a parameter: only so the partial indexes serve.
    let wanted = Condition::all()
        .add(Expr::col((Entity, Column::Staff)))
        .add_option(filter.actor.map(|id| Column::ActorId.eq(id)))
        .add_option(filter.subject.map(|id| Column::StreamId.eq(id)))
        .add_option(filter.kind.map(|kind| Column::Kind.eq(kind)))
        .add_option(after.map(|id| Column::Id.lt(id)));
    let newest = Entity::find().filter(wanted).order_by_desc(Column::Id).limit(page.fetch()).all(state.read()).await?;
    let page = page.listing(newest, |event| event.id)?;
    let names = names(state, &page.items).await?;
    Ok(page.map(|event| Entry {
        actor_name: event.actor_id.and_then(|id| names.get(&id).cloned()),
        subject_name: names.get(&event.stream_id).cloned(),
        event,
    }))
}

async fn names(state: &AppState, events: &[event::Model]) -> Result<HashMap<Uuid, String>> {
    let ids = events.iter().flat_map(|event| [Some(event.stream_id), event.actor_id]).flatten();
    let rows: Vec<(Uuid, String)> = user::Entity::find()
        .select_only()
        .columns([user::Column::Id, user::Column::Name])
        .filter(user::Column::Id.is_in(ids))
        .into_tuple()
        .all(state.read())
        .await?;
    Ok(rows.into_iter().collect())
}
