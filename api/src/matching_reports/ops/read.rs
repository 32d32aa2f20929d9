use entity::matching_report::{Column, Entity, Model};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::error::{Code, Result};
use crate::fairness::Labels;
use crate::http::{Listing, PageRequest};
use crate::state::AppState;

/// Newest first.
pub async fn list(state: &AppState, page: &PageRequest) -> Result<Listing<Model>> {
    let after = Condition::all().add_option(page.after::<Uuid>()?.map(|id| Column::Id.lt(id)));
    let newest = Entity::find().filter(after).order_by_desc(Column::Id).limit(page.fetch());
    page.listing(newest.all(state.read()).await?, |row| row.id)
}

/// A report with the terms that its groups go by.
pub async fn get(state: &AppState, id: Uuid) -> Result<(Model, Labels)> {
    let row = Entity::find().filter(Column::Id.eq(id)).one(state.read()).await?.ok_or(Code::NotFound)?;
    let labels = Labels::load(state.read(), &row.report.fairness).await?;
    Ok((row, labels))
}
