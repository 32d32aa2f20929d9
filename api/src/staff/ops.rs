use chrono::{DateTime, Utc};
use entity::{account, session, user};
use sea_orm::sea_query::{Expr, ExprTrait, Func, SimpleExpr};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::wire::{Account, AccountFilter, Viewer};
use crate::auth::{Admin, Caller, Owner};
use crate::error::{Code, Result};
use crate::http::{Listing, PageRequest};
use crate::state::AppState;
use crate::users::ops::staff;

/// As many ways of signing in as an account shows.
const MAX_PROVIDERS: u64 = 20;

/// Newest first.
pub(super) async fn list(
    state: &AppState,
    viewer: Viewer,
    filter: AccountFilter,
    page: PageRequest,
) -> Result<Listing<user::Model>> {
    let after = page.after::<Uuid>()?;
    let wanted = Condition::all()
        .add_option(filter.q.map(|text| begins_with(&text, viewer)))
        .add_option(filter.status.map(|status| user::Column::Status.eq(status)))
        .add_option(filter.role.map(|role| user::Column::Role.eq(role)))
        .add_option(after.map(|id| user::Column::Id.lt(id)));
    let newest = user::Entity::find().filter(wanted).order_by_desc(user::Column::Id).limit(page.fetch());
    page.listing(newest.all(state.read()).await?, |user| user.id)
}

/// Addresses that the viewer is not shown are not searched either.
fn begins_with(text: &str, viewer: Viewer) -> Condition {
    let text = text.to_ascii_lowercase();
    let name = Func::lower(Expr::col((user::Entity, user::Column::Name))).into();
    let email = Expr::col((user::Entity, user::Column::EmailKey));
    let shown = (!viewer.is_owner()).then(|| user::Column::Role.eq(user::Role::Regular));
    let by_email = in_range(email, &text).add_option(shown).add(user::Column::ErasedAt.is_null());
    Condition::any().add(in_range(name, &text)).add(by_email)
}

/// A range instead of LIKE: an index serves it on both databases, and no character of `prefix` means anything else.
fn in_range(text: SimpleExpr, prefix: &str) -> Condition {
    Condition::all().add(text.clone().gte(prefix)).add(text.lt(format!("{prefix}{}", char::MAX)))
}

pub(super) async fn get(state: &AppState, id: Uuid) -> Result<Account> {
    let user = user::Entity::find().filter(user::Column::Id.eq(id)).one(state.read()).await?;
    describe(state, user.ok_or(Code::NotFound)?).await
}

pub(super) async fn approve(state: &AppState, me: &Caller<Admin>, id: Uuid) -> Result<Account> {
    describe(state, staff::approve(state, me, id).await?).await
}

pub(super) async fn suspend(state: &AppState, me: &Caller<Admin>, id: Uuid, note: String) -> Result<Account> {
    describe(state, staff::suspend(state, me, id, note).await?).await
}

pub(super) async fn reactivate(state: &AppState, me: &Caller<Admin>, id: Uuid) -> Result<Account> {
    describe(state, staff::reactivate(state, me, id).await?).await
}

pub(super) async fn change_role(state: &AppState, me: &Caller<Owner>, id: Uuid, role: user::Role) -> Result<Account> {
    me.demand_recent(state.clock.now())?;
    describe(state, staff::change_role(state, me, id, role).await?).await
}

async fn describe(state: &AppState, user: user::Model) -> Result<Account> {
    let last_seen_at = session::Entity::find()
        .select_only()
        .column(session::Column::LastSeenAt)
        .filter(session::Column::UserId.eq(user.id))
        .order_by_desc(session::Column::LastSeenAt)
        .into_tuple::<DateTime<Utc>>()
        .one(state.read())
        .await?;
    let providers = account::Entity::find()
        .select_only()
        .column(account::Column::Provider)
        .filter(account::Column::UserId.eq(user.id))
        .order_by_asc(account::Column::Provider)
        .limit(MAX_PROVIDERS)
        .into_tuple()
        .all(state.read())
        .await?;
    Ok(Account { user, last_seen_at, providers })
}
