use entity::mail::{Column, Entity, Model};
use entity::user;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::wire::MailFilter;
use crate::error::{Code, Result};
use crate::http::{Listing, PageRequest};
use crate::mail::Mailer;
use crate::state::AppState;

pub(super) async fn list(state: &AppState, filter: MailFilter, page: PageRequest) -> Result<Listing<Model>> {
    if state.config.is_production() || !matches!(*state.mailer, Mailer::Kept) {
        return Err(Code::NotFound.into());
    }
    let after = page.after::<Uuid>()?;
    let wanted = Condition::all()
        .add(Column::Content.is_not_null())
        .add_option(filter.to.map(|to| Column::EmailKey.eq(user::email_key(&to))))
        .add_option(filter.kind.map(|kind| Column::Kind.eq(kind)))
        .add_option(after.map(|id| Column::Id.lt(id)));
    let newest = Entity::find().filter(wanted).order_by_desc(Column::Id).limit(page.fetch());
    page.listing(newest.all(state.read()).await?, |mail| mail.id)
}
