use entity::session::{Column, Entity, Model, live};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::auth::{Caller, Registered};
use crate::error::Result;
use crate::http::{Listing, PageRequest};
use crate::state::AppState;

/// The live ones, newest first.
pub async fn list(state: &AppState, me: &Caller<Registered>, page: PageRequest) -> Result<Listing<Model>> {
    let after = page.after::<Uuid>()?;
    let mine = live(state.clock.now()).add(Column::UserId.eq(me.id())).add_option(after.map(|id| Column::Id.lt(id)));
    let newest = Entity::find().filter(mine).order_by_desc(Column::Id).limit(page.fetch());
    page.listing(newest.all(state.read()).await?, |session| session.id)
}
