use sea_orm::sea_query::{Expr, ExprTrait, LockType, Order, Query, UpdateStatement};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, FromQueryResult, SqlErr};
use serde_json::json;
use uuid::Uuid;

use super::{Term, select, with_id};
use crate::auth::{Admin, Caller};
use crate::error::{Code, Error, Result};
use crate::events::{self, Event};
use crate::state::AppState;
use crate::taxonomy::wire::{AddTerm, Kind, Slug, UpdateTerm};
use crate::users;

pub async fn add(state: &AppState, me: &Caller<Admin>, kind: Kind, body: AddTerm) -> Result<Term> {
    check_rank(kind, body.rank, kind.is_ranked())?;
    let slug = body.slug.or_else(|| Slug::of_name(&body.name));
    let slug = slug.ok_or_else(|| Error::invalid("/slug", "missing", "none can be made of this name"))?;
    let (id, now) = (state.new_id(), state.clock.now());
    let mut insert = Query::insert();
    insert.into_table(kind.table()).columns(["id", "name", "slug", "created_at", "updated_at"]);
    let mut values = vec![id.into(), body.name.into(), slug.as_str().into(), now.into(), now.into()];
    if let Some(rank) = body.rank {
        insert.columns(["id", "name", "slug", "created_at", "updated_at", "rank"]);
        values.push(rank.into());
    }
    insert.values(values).map_err(|error| anyhow::anyhow!(error))?;
    let txn = state.begin_write().await?;
    txn.execute(&insert).await.map_err(taken)?;
    let event = Event::new(events::Kind::TermAdded, id).by_staff(me);
    events::record(
        &txn,
        state,
        event.with(json!({ "kind": kind.path(), "before": {}, "after": { "slug": slug.as_str() } })),
    )
    .await?;
    let term = fetch(&txn, kind, id).await?;
    txn.commit().await?;
    Ok(term)
}

pub async fn update(state: &AppState, me: &Caller<Admin>, kind: Kind, slug: &Slug, body: UpdateTerm) -> Result<Term> {
    check_rank(kind, body.rank, false)?;
    let txn = state.begin_write().await?;
    let term = lock(&txn, kind, &[slug]).await?.pop().ok_or(Code::NotFound)?;
    if term.merged_into_id.is_some() {
        return Err(Error::refused(Code::InvalidTransition, "it was merged into another term"));
    }
    let now = state.clock.now();
    let mut change = touch(state, kind, term.id);
    if let Some(name) = body.name {
        change.value("name", name);
    }
    if let Some(retired) = body.retired {
        change.value("retired_at", retired.then(|| term.retired_at.unwrap_or(now)));
    }
    if let Some(rank) = body.rank {
        change.value("rank", rank);
    }
    txn.execute(&change).await.map_err(taken)?;
    let after = fetch(&txn, kind, term.id).await?;
    let data = json!({ "kind": kind.path(), "slug": after.slug,
        "before": { "name": term.name, "rank": term.rank, "retired": term.retired_at.is_some() },
        "after": { "name": after.name, "rank": after.rank, "retired": after.retired_at.is_some() } });
    events::record(&txn, state, Event::new(events::Kind::TermChanged, term.id).by_staff(me).with(data)).await?;
    txn.commit().await?;
    Ok(after)
}

/// Moves the links of `slug` to `into`, and leaves its slug as another word for `into`.
pub async fn merge(state: &AppState, me: &Caller<Admin>, kind: Kind, slug: &Slug, into: &Slug) -> Result<Term> {
    let txn = state.begin_write().await?;
    let locked = lock(&txn, kind, &[slug, into]).await?;
    let named = |slug: &Slug| locked.iter().find(|term| term.slug == slug.as_str()).cloned();
    let term = named(slug).ok_or(Code::NotFound)?;
    let into = named(into).ok_or_else(|| Error::invalid("/into", "unknown_term", "there is no such term"))?;
    if term.id == into.id {
        return Err(Error::invalid("/into", "same_term", "a term is not merged into itself"));
    }
    match term.merged_into_id {
        Some(successor) if successor == into.id => return Ok(into),
        Some(_) => return Err(Error::refused(Code::InvalidTransition, "it was merged into another term before")),
        None => {}
    }
    if into.retired_at.is_some() {
        return Err(Error::invalid("/into", "retired_term", "it cannot be chosen any more"));
    }
    users::ops::move_links(&txn, kind, term.id, into.id).await?;
    redirect(&txn, state, kind, &term, &into).await?;
    let data = json!({ "kind": kind.path(), "slug": term.slug,
        "before": { "mergedInto": null }, "after": { "mergedInto": into.id } });
    events::record(&txn, state, Event::new(events::Kind::TermChanged, term.id).by_staff(me).with(data)).await?;
    txn.commit().await?;
    Ok(into)
}

async fn redirect(txn: &DatabaseTransaction, state: &AppState, kind: Kind, term: &Term, into: &Term) -> Result<()> {
    let now = state.clock.now();
    let mut retire = touch(state, kind, term.id);
    retire.value("merged_into_id", into.id).value("retired_at", term.retired_at.unwrap_or(now));
    txn.execute(&retire).await?;
    let mut follow = Query::update();
    follow.table(kind.table()).value("merged_into_id", into.id).and_where(Expr::col("merged_into_id").eq(term.id));
    txn.execute(&follow).await?;
    Ok(())
}

fn check_rank(kind: Kind, rank: Option<i16>, needed: bool) -> Result<()> {
    match rank {
        Some(_) if !kind.is_ranked() => {
            Err(Error::invalid("/rank", "unknown_field", "only seniority levels are ranked"))
        }
        None if needed => Err(Error::invalid("/rank", "missing", "this field is needed")),
        _ => Ok(()),
    }
}

fn touch(state: &AppState, kind: Kind, id: Uuid) -> UpdateStatement {
    let mut update = Query::update();
    update.table(kind.table()).value("updated_at", state.clock.now()).and_where(Expr::col("id").eq(id));
    update
}

/// Waits for who is choosing one of these terms now, and makes who comes later wait.
async fn lock(txn: &DatabaseTransaction, kind: Kind, slugs: &[&Slug]) -> Result<Vec<Term>> {
    let mut query = select(kind);
    query.and_where(Expr::col("slug").is_in(slugs.iter().map(|slug| slug.as_str())));
    query.order_by("id", Order::Asc).lock(LockType::Update);
    Ok(Term::find_by_statement(txn.get_database_backend().build(&query)).all(txn).await?)
}

async fn fetch(txn: &DatabaseTransaction, kind: Kind, id: Uuid) -> Result<Term> {
    let term = Term::find_by_statement(txn.get_database_backend().build(&with_id(kind, id))).one(txn).await?;
    Ok(term.ok_or(Code::NotFound)?)
}

fn taken(cause: DbErr) -> Error {
    match cause.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => Code::AlreadyExists.into(),
        _ => cause.into(),
    }
}
