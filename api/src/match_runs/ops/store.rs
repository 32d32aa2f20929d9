//! What a run's tables hold. A snapshot and a plan are written whole; of pairs only what an edit changed.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use entity::match_run::Couple;
use entity::suggestion::Reasons;
use entity::{match_run, match_run_pair, match_run_result, match_run_snapshot, user};
use matching::Fit;
use sea_orm::sea_query::{LockType, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel,
    QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};
use uuid::Uuid;

use crate::error::{Code, Result};
use crate::low_threads::aside;
use crate::match_runs::findings::Findings;
use crate::match_runs::frozen::{self, Frozen};
use crate::sql::lock_word;
use crate::suggestions;

/// Rows that are written in one statement.
const AT_A_TIME: usize = 500;
/// Pairs that one statement names; databases bound how deep its condition is.
const DELETED_AT_A_TIME: usize = 200;
/// How long the input of a run that can still be edited is kept at least.
const KEPT: TimeDelta = TimeDelta::days(30);

/// Whoever stores what tells of people and whoever erases somebody do so one after the other: after the run is locked, before the
/// rows of users are.
pub async fn lock_telling(txn: &DatabaseTransaction) -> Result<()> {
    lock_word(txn, "what match runs tell of people").await
}

/// Who was erased after `since`; nobody more is until the transaction ends.
pub async fn erased_since(txn: &DatabaseTransaction, since: DateTime<Utc>) -> Result<Vec<Uuid>> {
    lock_telling(txn).await?;
    let erased = user::Entity::find().filter(user::Column::ErasedAt.gt(since)).select_only().column(user::Column::Id);
    Ok(erased.into_tuple().all(txn).await?)
}

async fn erased_of(txn: &DatabaseTransaction, fits: &[&Fit]) -> Result<BTreeSet<Uuid>> {
    let people = fits.iter().flat_map(|fit| [fit.mentor_id, fit.mentee_id]);
    let erased =
        user::Entity::find().filter(user::Column::Id.is_in(people)).filter(user::Column::ErasedAt.is_not_null());
    Ok(erased.select_only().column(user::Column::Id).into_tuple::<Uuid>().all(txn).await?.into_iter().collect())
}

/// The run, locked until the transaction ends.
pub async fn lock(txn: &DatabaseTransaction, id: Uuid) -> Result<match_run::Model> {
    let found = match_run::Entity::find().filter(match_run::Column::Id.eq(id)).lock(LockType::NoKeyUpdate);
    Ok(found.one(txn).await?.ok_or(Code::NotFound)?)
}

pub async fn find(db: &impl ConnectionTrait, id: Uuid) -> Result<match_run::Model> {
    let found = match_run::Entity::find().filter(match_run::Column::Id.eq(id)).one(db).await?;
    Ok(found.ok_or(Code::NotFound)?)
}

/// Keeps the input of a run, instead of one that another formula is for. Those of runs that were over long ago are deleted.
pub async fn put_snapshot(txn: &DatabaseTransaction, run_id: Uuid, content: Vec<u8>, now: DateTime<Utc>) -> Result<()> {
    let over = match_run::Entity::find().select_only().column(match_run::Column::Id);
    let over = over.filter(match_run::Column::FinishedAt.lt(now - KEPT)).into_query();
    let of_old = match_run_snapshot::Entity::delete_many().filter(match_run_snapshot::Column::RunId.in_subquery(over));
    of_old.exec(txn).await?;
    drop_snapshots(txn, Some(run_id)).await?;
    let row = match_run_snapshot::Model { run_id, content }.into_active_model();
    match_run_snapshot::Entity::insert(row).exec_without_returning(txn).await?;
    Ok(())
}

/// The input of a run; none where it is not kept, or is one of another release or formula.
pub async fn frozen(db: &impl ConnectionTrait, run_id: Uuid) -> Result<Option<Frozen>> {
    let found = match_run_snapshot::Entity::find().filter(match_run_snapshot::Column::RunId.eq(run_id)).one(db).await?;
    let Some(row) = found else { return Ok(None) };
    let frozen = aside(move || Frozen::unpack(&row.content)).await;
    if let Err(error) = &frozen {
        tracing::warn!(cause = ?error, "the input of a match run cannot be read");
    }
    Ok(frozen.ok().filter(|frozen| frozen.algorithm_version == matching::ALGORITHM_VERSION))
}

/// Deletes the snapshots of `run_id`, or all: they hold what people told of themselves.
pub async fn drop_snapshots(txn: &DatabaseTransaction, run_id: Option<Uuid>) -> Result<()> {
    let which = Condition::all().add_option(run_id.map(|id| match_run_snapshot::Column::RunId.eq(id)));
    match_run_snapshot::Entity::delete_many().filter(which).exec(txn).await?;
    Ok(())
}

pub async fn put_findings(txn: &DatabaseTransaction, run_id: Uuid, content: Vec<u8>) -> Result<()> {
    use match_run_result::{Column, Entity, Model};

    let newest = OnConflict::column(Column::RunId).update_column(Column::Content).to_owned();
    let row = Model { run_id, content }.into_active_model();
    Entity::insert(row).on_conflict(newest).exec_without_returning(txn).await?;
    Ok(())
}

/// # Errors
/// 409 where the run has no plan.
pub async fn findings(db: &impl ConnectionTrait, run_id: Uuid) -> Result<Findings> {
    let found = match_run_result::Entity::find().filter(match_run_result::Column::RunId.eq(run_id)).one(db).await?;
    let content = found.ok_or(Code::InvalidTransition)?.content;
    aside(move || frozen::unpack(&content)).await
}

/// Makes the rows those of `fits`, and tells which pairs came and which went, each in order. Why somebody fitted who was erased
/// meanwhile is not told.
pub async fn put_pairs(txn: &DatabaseTransaction, run_id: Uuid, fits: &[Fit]) -> Result<(Vec<Couple>, Vec<Couple>)> {
    let before: BTreeSet<_> = couples(txn, run_id).await?.into_keys().collect();
    let now: BTreeSet<_> = fits.iter().map(couple).collect();
    let (added, removed): (Vec<_>, Vec<_>) =
        (now.difference(&before).copied().collect(), before.difference(&now).copied().collect());
    for part in removed.chunks(DELETED_AT_A_TIME) {
        let gone = part.iter().fold(Condition::any(), |gone, pair| {
            let mentor = match_run_pair::Column::MentorId.eq(pair.mentor_id);
            gone.add(Condition::all().add(mentor).add(match_run_pair::Column::MenteeId.eq(pair.mentee_id)))
        });
        let of_run = match_run_pair::Entity::delete_many().filter(match_run_pair::Column::RunId.eq(run_id));
        of_run.filter(gone).exec(txn).await?;
    }
    let new: Vec<_> = fits.iter().filter(|fit| !before.contains(&couple(fit))).collect();
    let names = suggestions::ops::Names::load(txn, new.iter().copied()).await?;
    lock_telling(txn).await?;
    for part in new.chunks(AT_A_TIME) {
        let erased = erased_of(txn, part).await?;
        let told = |fit: &Fit| !erased.contains(&fit.mentor_id) && !erased.contains(&fit.mentee_id);
        let rows = part.iter().map(|fit| match_run_pair::ActiveModel {
            run_id: Set(run_id),
            mentee_id: Set(fit.mentee_id),
            mentor_id: Set(fit.mentor_id),
            points: Set(i16::try_from(fit.points.total()).unwrap_or(i16::MAX)),
            reasons: Set(if told(fit) { names.record(&fit.reasons) } else { Reasons::default() }),
        });
        match_run_pair::Entity::insert_many(rows).exec_without_returning(txn).await?;
    }
    Ok((added, removed))
}

/// The pairs of a run and their points.
pub async fn couples(db: &impl ConnectionTrait, run_id: Uuid) -> Result<BTreeMap<Couple, i16>> {
    use match_run_pair::{Column, Entity};

    let of_run = Entity::find().select_only().columns([Column::MentorId, Column::MenteeId, Column::Points]);
    let rows: Vec<(Uuid, Uuid, i16)> = of_run.filter(Column::RunId.eq(run_id)).into_tuple().all(db).await?;
    let pair = |(mentor_id, mentee_id, points)| (Couple { mentor_id, mentee_id }, points);
    Ok(rows.into_iter().map(pair).collect())
}

/// All pairs of a run, by mentor, then mentee.
pub async fn pairs(db: &impl ConnectionTrait, run_id: Uuid) -> Result<Vec<match_run_pair::Model>> {
    use match_run_pair::{Column, Entity};

    let of_run = Entity::find().filter(Column::RunId.eq(run_id));
    Ok(of_run.order_by_asc(Column::MentorId).order_by_asc(Column::MenteeId).all(db).await?)
}

fn couple(fit: &Fit) -> Couple {
    Couple { mentor_id: fit.mentor_id, mentee_id: fit.mentee_id }
}
