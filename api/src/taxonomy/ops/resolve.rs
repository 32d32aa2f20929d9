use std::collections::{HashMap, HashSet};

use sea_orm::sea_query::{Expr, ExprTrait, LockType, SelectStatement};
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use super::{Term, select};
use crate::error::{Fault, Result};
use crate::taxonomy::wire::{Kind, Slug};

/// A slug in a body, with the pointer to it.
pub struct Choice<'a> {
    pub slug: &'a Slug,
    pub pointer: String,
}

/// The ids of the terms that are chosen, in their order; a merged slug stands for its successor, a retired term may stay where it is `held`.
///
/// In a transaction the terms stay as they are until its end, so that a merge either waits for the links or was seen here.
/// Lock terms before users.
pub async fn resolve(
    txn: &impl ConnectionTrait,
    kind: Kind,
    choices: &[Choice<'_>],
    held: &[Uuid],
    faults: &mut Vec<Fault>,
) -> Result<Vec<Uuid>> {
    if choices.is_empty() {
        return Ok(Vec::new());
    }
    let slugs: HashSet<_> = choices.iter().map(|choice| choice.slug.as_str()).collect();
    let named = fetch(txn, select(kind).and_where(Expr::col("slug").is_in(slugs)).take()).await?;
    let successors: HashSet<_> = named.iter().filter_map(|term| term.merged_into_id).collect();
    let successors = match successors.is_empty() {
        true => Vec::new(),
        false => fetch(txn, select(kind).and_where(Expr::col("id").is_in(successors)).take()).await?,
    };
    let by_id: HashMap<_, _> = successors.iter().chain(&named).map(|term| (term.id, term)).collect();
    let by_slug: HashMap<_, _> = named.iter().map(|term| (term.slug.as_str(), term)).collect();
    let mut ids = Vec::new();
    for choice in choices {
        let named = by_slug.get(choice.slug.as_str()).copied();
        let term = named.and_then(|term| by_id.get(&term.merged_into_id.unwrap_or(term.id)).copied());
        match term {
            None => faults.push(Fault::new(&*choice.pointer, "unknown_term", "there is no such term")),
            Some(term) if term.retired_at.is_some() && !held.contains(&term.id) => {
                faults.push(Fault::new(&*choice.pointer, "retired_term", "it cannot be chosen any more"));
            }
            Some(term) if ids.contains(&term.id) => {
                faults.push(Fault::new(&*choice.pointer, "repeated_item", "each item may stand once"));
            }
            Some(term) => ids.push(term.id),
        }
    }
    Ok(ids)
}

async fn fetch(txn: &impl ConnectionTrait, mut query: SelectStatement) -> Result<Vec<Term>> {
    query.lock(LockType::KeyShare);
    Ok(Term::find_by_statement(txn.get_database_backend().build(&query)).all(txn).await?)
}
