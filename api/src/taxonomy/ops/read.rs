use sea_orm::sea_query::{Expr, ExprTrait, Order};
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use super::{Term, select, with_id, with_slug};
use crate::error::{Code, Result};
use crate::http::page::{Listing, PageRequest};
use crate::state::AppState;
use crate::taxonomy::wire::{Kind, Slug, TermFilter};

type Key = (Option<i16>, Uuid);

pub async fn list(state: &AppState, kind: Kind, filter: &TermFilter, page: &PageRequest) -> Result<Listing<Term>> {
    let mut query = select(kind);
    if !filter.include_retired.unwrap_or_default() {
        query.and_where(Expr::col("retired_at").is_null());
    }
    match page.after::<Key>()? {
        Some((Some(rank), _)) => query.and_where(Expr::col("rank").gt(rank)),
        Some((None, id)) => query.and_where(Expr::col("id").gt(id)),
        None => &mut query,
    };
    query.order_by(if kind.is_ranked() { "rank" } else { "id" }, Order::Asc).limit(page.fetch());
    let db = state.read();
    let rows = Term::find_by_statement(db.get_database_backend().build(&query)).all(db).await?;
    page.listing(rows, |term| (term.rank, term.id))
}

/// The term that `slug` names, or the one that took its place.
pub async fn get(db: &impl ConnectionTrait, kind: Kind, slug: &Slug) -> Result<Term> {
    let backend = db.get_database_backend();
    let term = Term::find_by_statement(backend.build(&with_slug(kind, slug.as_str()))).one(db).await?;
    let term = term.ok_or(Code::NotFound)?;
    let Some(successor) = term.merged_into_id else { return Ok(term) };
    let successor = Term::find_by_statement(backend.build(&with_id(kind, successor))).one(db).await?;
    Ok(successor.ok_or(Code::NotFound)?)
}
