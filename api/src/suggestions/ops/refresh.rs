use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use entity::side::Side;
use entity::suggestion::{self, Response, Shared, Status};
use entity::{mentorship, setting, user};
use matching::{ALGORITHM_VERSION, Fit, Index, Policy, Profile, Query, Retriever, Scan};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, DatabaseTransaction, EntityTrait, FromQueryResult, QueryFilter, TryInsert,
};
use serde_json::json;
use uuid::Uuid;

use super::find;
use crate::candidates::profiles::{self, Who};
use crate::error::Result;
use crate::events::{self, Event, Kind};
use crate::sql::Sql;
use crate::state::AppState;
use crate::{mentorships, settings, users};

/// How many suggestions somebody has before them on one side, unless others' arrival brings more.
const AT_ONCE: u64 = 10;

/// Suggests `user_id` to others and others to them, on each side they are active on, up to [`AT_ONCE`].
pub async fn refresh(txn: &DatabaseTransaction, state: &AppState, user_id: Uuid) -> Result<()> {
    let me = users::ops::lock(txn, user_id).await?;
    let settings = settings::ops::current(txn).await?;
    let now = state.clock.now();
    let mut fits = Vec::new();
    for side in [Side::Mentor, Side::Mentee] {
        if me.is_available_as(side, now) && has_place(txn, &me, side).await? {
            fits.extend(search(txn, &me, side, &settings, now).await?);
        }
    }
    insert(txn, state, fits, now + TimeDelta::days(settings.suggestion_days.into())).await
}

async fn has_place(txn: &DatabaseTransaction, me: &user::Model, side: Side) -> Result<bool> {
    Ok(side == Side::Mentee || mentorships::ops::has_place(txn, me).await?)
}

async fn search(
    txn: &DatabaseTransaction,
    me: &user::Model,
    side: Side,
    settings: &setting::Model,
    now: DateTime<Utc>,
) -> Result<Vec<Fit>> {
    let count = AT_ONCE.saturating_sub(before_me(txn, me.id, side, now).await?);
    let mine = profiles::load(txn, side, Who::These(&[me.id]), now).await?;
    let Some(profile) = mine.get(&me.id).filter(|_| count > 0) else { return Ok(Vec::new()) };
    let ids = find::candidates(txn, me, profile, side, settings, now).await?;
    let candidates = profiles::load(txn, side.other(), Who::These(&ids), now).await?;
    best(&Query { profile, side }, &candidates, usize::try_from(count).unwrap_or_default(), now)
}

/// The best of the `candidates`, who all keep the hard rules, with the reasons.
fn best(query: &Query<'_>, candidates: &HashMap<Uuid, Profile>, count: usize, now: DateTime<Utc>) -> Result<Vec<Fit>> {
    let everybody = candidates.values().map(|candidate| (query.side.other(), candidate));
    let index = Index::build(Policy::default(), now, everybody).map_err(anyhow::Error::from)?;
    let hits = Scan(&index).top_k(query, count, &BTreeSet::new()).map_err(anyhow::Error::from)?;
    let pairs = hits.iter().filter_map(|hit| Some((candidates.get(&hit.id)?, hit.points)));
    let fits = pairs.map(|(candidate, points)| {
        let (mentor, mentee) = query.side.pick((query.profile, candidate), (candidate, query.profile));
        Fit::new(index.policy(), mentor, mentee, points, &index.horizon())
    });
    Ok(fits.collect())
}

#[derive(FromQueryResult)]
struct Count {
    suggestions: i64,
}

/// How many look pending to `me`; one that the other declined is among them, or a freed place would tell.
async fn before_me(txn: &DatabaseTransaction, me: Uuid, side: Side, now: DateTime<Utc>) -> Result<u64> {
    let mut sql = Sql::default();
    let (me, now) = (sql.bind(me), sql.bind(now));
    let open = mentorship::open_with_sql(&me, &now);
    let (standing, theirs) = (suggestion::standing_sql(side, &me, &now, &open), side.pick("mentee", "mentor"));
    sql.text = format!(
        "SELECT count(*) AS suggestions FROM suggestions s JOIN users u ON u.id = s.{theirs}_id WHERE {standing}"
    );
    let counts: Vec<Count> = sql.all(txn).await?;
    Ok(counts.first().map_or(0, |count| count.suggestions.unsigned_abs()))
}

/// Stores the pairs in one order, so that two who are suggested to each other at the same time do not wait in a circle.
async fn insert(
    txn: &DatabaseTransaction,
    state: &AppState,
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
        let row = row(state, &fit, &terms, expires_at);
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

fn row(state: &AppState, fit: &Fit, terms: &Terms, expires_at: DateTime<Utc>) -> suggestion::ActiveModel {
    let now = state.clock.now();
    suggestion::ActiveModel {
        id: Set(state.new_id()),
        mentor_id: Set(fit.mentor_id),
        mentee_id: Set(fit.mentee_id),
        score: Set(fit.score().into()),
        policy_version: Set(Policy::default().version),
        algorithm_version: Set(ALGORITHM_VERSION),
        reasons: Set(fit.reasons.record(|id| terms.0.get(&id).cloned())),
        mentor_response: Set(Response::Pending),
        mentee_response: Set(Response::Pending),
        mentor_responded_at: Set(None),
        mentee_responded_at: Set(None),
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
