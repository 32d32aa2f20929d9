use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use entity::side::Side;
use matching::Index;
use sea_orm::{ConnectionTrait, DatabaseConnection, FromQueryResult};
use tokio::time::{sleep, timeout};
use uuid::Uuid;

use super::check::{compare, compare_some};
use super::load;
use super::node::{AT_ONCE, Asked, Candidates, Report};
use super::profiles::Who;
use super::snapshot::{self, Stamp};
use crate::error::Result;
use crate::events::log;
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
        let mut asked = alive.asked();
        if let Err(error) = round(&alive, &db, &clock, &mut follower, &mut asked).await {
            tracing::warn!(cause = ?error, "the matching index is behind until the next round");
            alive.ask_again(&asked);
            if let Some(follower) = &mut follower {
                follower.in_doubt = true;
            }
        }
        // Elapsed or woken, it goes on.
        let _ = timeout(PAUSE, alive.woken()).await;
    }
}

/// Keeps the index true up to its stamp.
struct Follower {
    stamp: Stamp,
    /// The last round failed: the database may be back as it was before that stamp
    in_doubt: bool,
}

async fn round(
    candidates: &Candidates,
    db: &DatabaseConnection,
    clock: &Clock,
    follower: &mut Option<Follower>,
    asked: &mut Asked,
) -> Result<()> {
    let now = clock.now();
    let follower = match follower {
        Some(follower) if !asked.load && follower.is_in_time(db).await? => follower,
        Some(_) => follower.insert(Follower::load(candidates, db, now).await?),
        None => follower.insert(Follower::start(candidates, db, now).await?),
    };
    asked.load = false;
    follower.take_in(candidates, db, now).await?;
    asked.add(&candidates.asked());
    if asked.load {
        *follower = Follower::load(candidates, db, now).await?;
        asked.load = false;
    }
    if asked.check || now - follower.stamp.read_at > BETWEEN_CHECKS {
        follower.check(candidates, db, now).await?;
        asked.check = false;
    }
    Ok(())
}

impl Follower {
    async fn load(candidates: &Candidates, db: &DatabaseConnection, now: DateTime<Utc>) -> Result<Self> {
        let position = log::present(db).await?;
        candidates.begin_load();
        candidates.put(load::everybody(db, matching_policies::ops::current(db).await?, now).await?).await;
        let stamp = Stamp { position, at: now, read_at: now };
        candidates.begin(&stamp, now);
        Ok(Self::new(stamp))
    }

    fn new(stamp: Stamp) -> Self {
        Self { stamp, in_doubt: false }
    }

    /// Whether the log still goes on from where it was read up to.
    async fn is_in_time(&self, db: &DatabaseConnection) -> Result<bool> {
        Ok(!self.in_doubt || self.stamp.position.is_before(log::present(db).await?))
    }

    /// From the snapshot, or else of everybody.
    async fn start(candidates: &Candidates, db: &DatabaseConnection, now: DateTime<Utc>) -> Result<Self> {
        match Self::resume(candidates, db, now).await {
            Ok(Some(follower)) => return Ok(follower),
            Ok(None) => {}
            Err(error) => tracing::warn!(cause = ?error, "the snapshot of the matching index cannot be read"),
        }
        Self::load(candidates, db, now).await
    }

    /// The snapshot, with what came after it; none where there is none, or a sample of it differs from the database.
    async fn resume(candidates: &Candidates, db: &DatabaseConnection, now: DateTime<Utc>) -> Result<Option<Self>> {
        let policy = matching_policies::ops::current(db).await?;
        let Some((index, stamp)) = snapshot::read(db, policy, now).await? else { return Ok(None) };
        candidates.put(index).await;
        let mut follower = Self::new(stamp);
        let differing = follower.differing(candidates, db, sample(candidates), now).await?;
        if !follower.differing(candidates, db, differing, now).await?.is_empty() {
            tracing::warn!("the snapshot of the matching index differs from the database");
            return Ok(None);
        }
        candidates.begin(&follower.stamp, now);
        Ok(Some(follower))
    }

    async fn take_in(&mut self, candidates: &Candidates, db: &DatabaseConnection, now: DateTime<Utc>) -> Result<()> {
        while candidates.read_on(db, &mut self.stamp.position, now).await? {}
        candidates.catch_up(db, now).await?;
        pass_time(candidates, db, self.stamp.at, now).await?;
        self.stamp.at = now;
        self.in_doubt = false;
        candidates.set_stamp(&self.stamp);
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

    /// Who of `users` differs from the database after all that is new was taken in.
    async fn differing(
        &mut self,
        candidates: &Candidates,
        db: &DatabaseConnection,
        users: BTreeSet<Uuid>,
        now: DateTime<Utc>,
    ) -> Result<BTreeSet<Uuid>> {
        self.settle(candidates, db, now).await?;
        let (users, mut differing) = (Vec::from_iter(users), BTreeSet::new());
        for some in users.chunks(AT_ONCE) {
            differing.extend(compare_some(candidates, db, Who::These(some), now).await?.1);
        }
        Ok(differing)
    }

    /// Compares everybody with the database. Whoever differs may just have changed, and is compared once more after that was
    /// taken in; where one differs even then, everybody is loaded anew.
    async fn check(&mut self, candidates: &Candidates, db: &DatabaseConnection, now: DateTime<Utc>) -> Result<()> {
        let (compared, mut differing) = compare(candidates, db, now).await?;
        if !differing.is_empty() && !differing.contains(&Uuid::nil()) {
            differing = self.differing(candidates, db, differing, now).await?;
        }
        self.stamp.read_at = now;
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

/// Some of those who have rows, from all over the index.
fn sample(candidates: &Candidates) -> BTreeSet<Uuid> {
    const OF_A_SIDE: usize = 250;
    let of_side = |index: &Index, side: Side| -> Vec<Uuid> {
        let rows = index.rows(side);
        let step = rows.records().len().div_ceil(OF_A_SIDE).max(1);
        (0..rows.records().len() as u32).step_by(step).map(|row| rows.id(row)).collect()
    };
    let some = candidates.read(|index| [Side::Mentor, Side::Mentee].map(|side| of_side(index, side)));
    some.into_iter().flatten().flatten().collect()
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
