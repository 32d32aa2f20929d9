use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use entity::suggestion::{self, Response, Shared, Status};
use matching::{ALGORITHM_VERSION, Fit};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, DatabaseTransaction, EntityTrait, FromQueryResult, QueryFilter, TryInsert,
};
use serde_json::json;
use uuid::Uuid;

use crate::error::Result;
use crate::events::{self, Event, Kind};
use crate::sql::Sql;
use crate::state::AppState;

/// Stores the pairs in one order, so that two who are suggested to each other at the same time do not wait in a circle.
pub async fn insert(
    txn: &DatabaseTransaction,
    state: &AppState,
    policy_version: i32,
    mut fits: Vec<Fit>,
    expires_at: DateTime<Utc>,
) -> Result<()> {
    if fits.is_empty() {
        return Ok(());
    }
    let terms = Terms::load(txn, &fits).await?;
    fits.sort_by_key(|fit| (fit.mentor_id, fit.mentee_id));
    replace_lapsed(txn, &fits, state.clock.now()).await?;
    for fit in fits {
        let row = row(state, &fit, policy_version, &terms, expires_at);
        let once = OnConflict::new().do_nothing().to_owned();
        let id = row.id.clone().unwrap();
        if TryInsert::one(row).on_conflict(once).exec_without_returning(txn).await? > 0 {
            let event = Event::new(Kind::SuggestionMade, id)
                .informing([fit.mentor_id, fit.mentee_id])
                .with(json!({ "mentorId": fit.mentor_id, "menteeId": fit.mentee_id }));
            events::record(txn, state, event).await?;
        }
    }
    Ok(())
}

fn row(
    state: &AppState,
    fit: &Fit,
    policy_version: i32,
    terms: &Terms,
    expires_at: DateTime<Utc>,
) -> suggestion::ActiveModel {
    let now = state.clock.now();
    suggestion::ActiveModel {
        id: Set(state.new_id()),
        mentor_id: Set(fit.mentor_id),
        mentee_id: Set(fit.mentee_id),
        score: Set(fit.score().into()),
        policy_version: Set(policy_version),
        algorithm_version: Set(ALGORITHM_VERSION),
        reasons: Set(fit.reasons.record(|id| terms.0.get(&id).cloned())),
        mentor_response: Set(Response::Pending),
        mentee_response: Set(Response::Pending),
        mentor_responded_at: Set(None),
        mentee_responded_at: Set(None),
        mentor_not_before: Set(None),
        mentee_not_before: Set(None),
        status: Set(Status::Pending),
        expires_at: Set(expires_at),
        replaced_at: Set(None),
        created_at: Set(now),
        updated_at: Set(now),
    }
}

/// A pair has one pending suggestion at most: a new one takes the place of what lapsed, which stays where others refer to it.
async fn replace_lapsed(txn: &DatabaseTransaction, fits: &[Fit], now: DateTime<Utc>) -> Result<()> {
    use suggestion::Column;

    let pairs = fits.iter().fold(Condition::any(), |pairs, fit| {
        pairs.add(Condition::all().add(Column::MentorId.eq(fit.mentor_id)).add(Column::MenteeId.eq(fit.mentee_id)))
    });
    let lapsed = Condition::all().add(Column::Status.eq(Status::Pending)).add(Column::ExpiresAt.lte(now)).add(pairs);
    let replaced = suggestion::Entity::update_many().col_expr(Column::ReplacedAt, Expr::value(now));
    replaced.filter(lapsed).filter(Column::ReplacedAt.is_null()).exec(txn).await?;
    Ok(())
}

#[derive(FromQueryResult)]
struct Term {
    id: Uuid,
    slug: String,
    name: String,
}

/// The names of what the pairs share.
struct Terms(BTreeMap<Uuid, Shared>);

impl Terms {
    async fn load(txn: &DatabaseTransaction, fits: &[Fit]) -> Result<Self> {
        let ids: BTreeSet<Uuid> = fits.iter().flat_map(|fit| fit.reasons.taxonomy()).collect();
        if ids.is_empty() {
            return Ok(Self(BTreeMap::new()));
        }
        let mut sql = Sql::default();
        let ids = sql.bind_all(ids);
        let tables = ["skills", "topics", "industries", "soft_skills"];
        sql.text =
            tables.map(|table| format!("SELECT id, slug, name FROM {table} WHERE id IN ({ids})")).join(" UNION ALL ");
        let rows: Vec<Term> = sql.all(txn).await?;
        Ok(Self(rows.into_iter().map(|term| (term.id, Shared { slug: term.slug, name: term.name })).collect()))
    }
}
