use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ConnectionTrait, DatabaseConnection, FromQueryResult};
use tokio::time::{sleep, timeout};
use uuid::Uuid;

use super::check::{compare, compare_some};
use super::node::{AT_ONCE, Candidates, Report};
use super::profiles::Who;
use crate::error::Result;
use crate::events::log::{self, Position};
use crate::matching_policies;
use crate::sql::Sql;
use crate::state::{AppState, Clock};

/// How long a change on another node stays unseen at most, besides the work itself.
const PAUSE: Duration = Duration::from_millis(500);
/// How often it is asked whether the log tells all, in as long.
const SETTLING: u32 = 20;
const BETWEEN_CHECKS: TimeDelta = TimeDelta::hours(24);

#[derive(FromQueryResult)]
struct Found {
    user_id: Uuid,
}

/// Loads the index of this node and keeps it true, for as long as anybody uses it.
pub async fn follow(state: AppState) {
    let (candidates, db, clock) = (Arc::downgrade(&state.candidates), state.read().clone(), state.clock.clone());
    drop(state);
    let mut follower = None;
    while let Some(alive) = candidates.upgrade() {
        if let Err(error) = round(&alive, &db, &clock, &mut follower).await {
            tracing::warn!(cause = ?error, "the matching index is loaded anew in the next round");
            follower = None;
        }
        // Elapsed or woken, it goes on.
        let _ = timeout(PAUSE, alive.woken()).await;
    }
}

/// Up to where the index is true.
struct Follower {
    position: Position,
    /// What passes with time alone was taken in up to then
    at: DateTime<Utc>,
}

async fn round(
    candidates: &Candidates,
    db: &DatabaseConnection,
    clock: &Clock,
    follower: &mut Option<Follower>,
) -> Result<()> {
    let (now, asked) = (clock.now(), candidates.asked());
    let follower = match follower {
        Some(follower) if !asked.load => follower,
        _ => follower.insert(Follower::load(candidates, db, now).await?),
    };
    follower.take_in(candidates, db, now).await?;
    let since = candidates.asked();
    if since.load {
        *follower = Follower::load(candidates, db, now).await?;
    }
    let report = candidates.report();
    let last = report.checked_at.max(report.loaded_at);
    if asked.check || since.check || last.is_some_and(|last| now - last > BETWEEN_CHECKS) {
        follower.check(candidates, db, now).await?;
    }
    Ok(())
}

impl Follower {
    async fn load(candidates: &Candidates, db: &DatabaseConnection, now: DateTime<Utc>) -> Result<Self> {
        let position = log::present(db).await?;
        candidates.load(db, matching_policies::ops::current(db).await?, now).await?;
        Ok(Self { position, at: now })
    }

    async fn take_in(&mut self, candidates: &Candidates, db: &DatabaseConnection, now: DateTime<Utc>) -> Result<()> {
        while candidates.read_on(db, &mut self.position, now).await? {}
        candidates.catch_up(db, now).await?;
        pass_time(candidates, db, self.at, now).await?;
        self.at = now;
        Ok(())
    }

    /// Takes in all that was committed until now, unless that is held back for too long.
    async fn settle(&mut self, candidates: &Candidates, db: &DatabaseConnection, now: DateTime<Utc>) -> Result<()> {
        let end = log::end(db).await?;
        for _ in 0..SETTLING {
            if log::present(db).await? >= end {
                break;
            }
            sleep(PAUSE / SETTLING).await;
        }
        self.take_in(candidates, db, now).await
    }

    /// Compares everybody with the database. Whoever differs may just have changed, and is compared once more after that was
    /// taken in; where one differs even then, everybody is loaded anew.
    async fn check(&mut self, candidates: &Candidates, db: &DatabaseConnection, now: DateTime<Utc>) -> Result<()> {
        let (compared, mut differing) = compare(candidates, db, now).await?;
        if !differing.is_empty() && !differing.contains(&Uuid::nil()) {
            self.settle(candidates, db, now).await?;
            let again: Vec<_> = std::mem::take(&mut differing).into_iter().collect();
            for some in again.chunks(AT_ONCE) {
                differing.extend(compare_some(candidates, db, Who::These(some), now).await?.1);
            }
        }
        if !differing.is_empty() {
            tracing::warn!(rows = differing.len(), "the matching index differs from the database");
            *self = Self::load(candidates, db, now).await?;
        }
        candidates.change_report(|report| {
            let (checked_at, checks, differed) = (Some(now), report.checks + 1, differing.len() as u64);
            *report = Report { checked_at, checks, compared, differed, ..*report };
        });
        Ok(())
    }
}

/// Pauses that ended and suggestions that lapsed since the last round: nothing in the log tells of these.
async fn pass_time(
    candidates: &Candidates,
    db: &impl ConnectionTrait,
    since: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<()> {
    candidates.change(|index| index.set_now(now));
    let mut sql = Sql::default();
    let (last, present) = (sql.bind(since), sql.bind(now));
    sql.text = format!(
        "SELECT id AS user_id FROM users WHERE paused_until > {last} AND paused_until <= {present}
        UNION SELECT mentor_id FROM suggestions WHERE expires_at > {last} AND expires_at <= {present}"
    );
    let users: Vec<_> = sql.all::<Found>(db).await?.into_iter().map(|found| found.user_id).collect();
    for some in users.chunks(AT_ONCE) {
        candidates.read_again(db, some, now).await?;
    }
    Ok(())
}
