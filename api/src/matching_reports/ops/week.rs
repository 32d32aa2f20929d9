//! The report of the week that is over: worked out once, by one node.

use chrono::{DateTime, TimeDelta, Utc};
use entity::matching_report::{self, ActiveModel, Column, Entity, Report};
use entity::side::Side;
use matching::Horizon;
use matching::fairness::{self, FEWEST};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, EntityTrait};

use super::people::{self, Counted, Week};
use crate::error::Result;
use crate::fairness::kept;
use crate::jobs::turns::{self, Turn};
use crate::small_groups::hide_overlapping;
use crate::state::AppState;
use crate::taxonomy;

/// A node that has it for longer is taken for dead.
const LEASE: TimeDelta = TimeDelta::minutes(30);
const WEEK: TimeDelta = TimeDelta::days(7);

/// Writes the report of the last whole week where it is due, and nobody else does. Tells whether it did.
pub async fn work(state: &AppState) -> Result<bool> {
    let Some(turn) = turns::take(state, "fairness", LEASE).await? else { return Ok(false) };
    let now = state.clock.now();
    let to = Horizon::new(now).start();
    let week = Week { from: to - WEEK, to };
    let report = report(state, week, now).await?;
    store(state, &turn, week, report, now).await?;
    Ok(true)
}

async fn report(state: &AppState, week: Week, now: DateTime<Utc>) -> Result<Report> {
    let ladder = taxonomy::ops::ladder(state.read()).await?;
    let mentors = people::count(state.read(), Side::Mentor, week, &ladder, now).await?;
    let mentees = people::count(state.read(), Side::Mentee, week, &ladder, now).await?;
    state.solver.run(move || summed_up(mentors, mentees)).await
}

fn summed_up(mentors: Counted, mentees: Counted) -> Report {
    let drawn_from = [mentors.drawn_from, mentees.drawn_from];
    let shown = mentors.shown;
    let report = fairness::report(&[mentors.people, mentees.people].concat(), &shown);
    let offering = shown.iter().filter(|mentor| mentor.seats > 0).count();
    let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let never = hide_overlapping(&[number(report.exposure.never_shown.len())], number(FEWEST), number(offering));
    Report {
        fairness: kept(&report),
        drawn_from,
        waiting: [report.mentors.waiting, report.mentees.waiting].map(|spread| spread.map(spread_of)),
        never_shown: never.into_iter().flatten().next().and_then(|count| u32::try_from(count).ok()),
        declines: report.exposure.declines.map(spread_of),
    }
}

fn spread_of(spread: fairness::Spread) -> matching_report::Spread {
    matching_report::Spread { median: spread.median, ninetieth: spread.ninetieth }
}

async fn store(state: &AppState, turn: &Turn, week: Week, report: Report, now: DateTime<Utc>) -> Result<()> {
    let txn = state.begin_write().await?;
    if !turn.finish(&txn, week.to + WEEK).await? {
        return Ok(());
    }
    let row = ActiveModel {
        id: Set(state.new_id()),
        from_at: Set(week.from),
        to_at: Set(week.to),
        report: Set(report),
        created_at: Set(now),
    };
    let once = OnConflict::column(Column::FromAt).do_nothing().to_owned();
    Entity::insert(row).on_conflict(once).try_insert().exec_without_returning(&txn).await?;
    Ok(txn.commit().await?)
}
