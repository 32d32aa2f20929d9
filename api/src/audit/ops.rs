use std::collections::HashMap;

use entity::event::{self, Column, Entity};
use entity::{issue, mentorship, user};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use uuid::Uuid;

use super::wire::{AuditFilter, Entry};
use crate::auth::{Admin, Caller};
use crate::error::Result;
use crate::events::Kind;
use crate::http::{Listing, PageRequest};
use crate::state::AppState;

/// Newest first.
pub(super) async fn list(
    state: &AppState,
    me: &Caller<Admin>,
    filter: AuditFilter,
    page: PageRequest,
) -> Result<Listing<Entry>> {
    let after = page.after::<Uuid>()?;
    let subjects = match filter.subject {
        Some(id) => Some(with_mentorships(state, id).await?),
        None => None,
    };
    // The bare column, not a comparison with a parameter: only so the partial indexes serve.
    let wanted = Condition::all()
        .add(Expr::col((Entity, Column::Staff)))
        .add(not_of_issues_about(me.id()))
        .add_option(filter.actor.map(|id| Column::ActorId.eq(id)))
        .add_option(subjects.map(|ids| Column::StreamId.is_in(ids)))
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

/// Nobody handles an issue about themselves, or learns of it here.
fn not_of_issues_about(user: Uuid) -> Condition {
    let ids = issue::Entity::find().select_only().column(issue::Column::Id).filter(issue::about(user));
    Condition::any()
        .add(Column::StreamKind.ne(Kind::IssueOpened.stream()))
        .add(Column::StreamId.not_in_subquery(ids.into_query()))
}

/// The subject, and what the staff acts on where that is a member: their mentorships.
async fn with_mentorships(state: &AppState, subject: Uuid) -> Result<Vec<Uuid>> {
    let mut ids: Vec<Uuid> = mentorship::Entity::find()
        .select_only()
        .column(mentorship::Column::Id)
        .filter(mentorship::of_participant(subject))
        .into_tuple()
        .all(state.read())
        .await?;
    ids.push(subject);
    Ok(ids)
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
