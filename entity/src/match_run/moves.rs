//! The moves of a run: QUEUED to SNAPSHOT, SCORING, SOLVING, PROVING and READY by whoever holds its lease; from READY on by an admin.

use chrono::TimeDelta;
use sea_orm::Set;
use sea_orm::entity::prelude::*;

use super::{ActiveModel, Conflicts, Edits, Failure, Model, Phase, Publication, State, Summary};

/// For how long a holder keeps a run without a sign of life.
pub const LEASE: TimeDelta = TimeDelta::seconds(10);

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoveError {
    #[error("the match run is {from}")]
    Transition { from: State },
    #[error("somebody else works on the match run")]
    LeaseLost,
    #[error("the match run is being published")]
    BeingPublished,
}

type Moved<T = ActiveModel> = Result<T, MoveError>;

impl Model {
    /// Whether somebody may take it up: it is under way, and nobody shows to be working on it.
    pub fn is_free(&self, now: DateTimeUtc) -> bool {
        self.state.is_under_way() && self.lease_until.is_none_or(|until| until <= now)
    }

    /// Taken up by `holder`. What was done before is kept: with a snapshot it goes on from there.
    pub fn take_up(self, holder: Uuid, now: DateTimeUtc) -> Moved {
        if !self.is_free(now) {
            return Err(self.refused());
        }
        let started_at = self.started_at.unwrap_or(now);
        let state = if self.snapshot_hash.is_some() { State::Scoring } else { State::Snapshot };
        let mut row = self.touched(now);
        row.state = Set(state);
        row.lease_holder = Set(Some(holder));
        row.lease_until = Set(Some(now + LEASE));
        row.started_at = Set(Some(started_at));
        Ok(row)
    }

    /// The holder works on: with this state, which never goes back, and this phase.
    pub fn go_on(self, holder: Uuid, state: State, phase: (Phase, i64, i64), now: DateTimeUtc) -> Moved {
        self.demand_holder(holder)?;
        let state = state.max(self.state);
        let mut row = if state == self.state { ActiveModel::from(self) } else { self.touched(now) };
        row.state = Set(state);
        row.lease_until = Set(Some(now + LEASE));
        (row.progress_phase, row.progress_done, row.progress_total) = (Set(Some(phase.0)), Set(phase.1), Set(phase.2));
        Ok(row)
    }

    /// The input is frozen.
    pub fn freeze(self, holder: Uuid, versions: (i32, i32), hash: String, now: DateTimeUtc) -> Moved {
        self.demand_holder(holder)?;
        let mut row = self.touched(now);
        row.state = Set(State::Scoring);
        row.policy_version = Set(Some(versions.0));
        row.algorithm_version = Set(Some(versions.1));
        row.snapshot_hash = Set(Some(hash));
        row.lease_until = Set(Some(now + LEASE));
        Ok(row)
    }

    /// There is a plan, and its proof was checked.
    pub fn finish(self, holder: Uuid, summary: Summary, now: DateTimeUtc) -> Moved {
        self.demand_holder(holder)?;
        let mut row = self.ended(State::Ready, now);
        row.summary = Set(Some(summary));
        Ok(row)
    }

    /// There is no plan, also for these pairs where they are what is demanded in vain.
    pub fn fail(self, holder: Uuid, failure: Failure, conflicts: Option<Conflicts>, now: DateTimeUtc) -> Moved {
        self.demand_holder(holder)?;
        let mut row = self.ended(State::Failed, now);
        row.failure = Set(Some(failure));
        row.conflicts = Set(conflicts);
        Ok(row)
    }

    /// The holder gives it back, as at a stop of the server: the next may go on at once.
    pub fn give_back(self, holder: Uuid, now: DateTimeUtc) -> Moved {
        self.demand_holder(holder)?;
        let mut row = self.touched(now);
        (row.lease_holder, row.lease_until) = (Set(None), Set(None));
        Ok(row)
    }

    /// The holder heeds that it is to be cancelled.
    pub fn heed_cancel(self, holder: Uuid, now: DateTimeUtc) -> Moved {
        self.demand_holder(holder)?;
        Ok(self.ended(State::Cancelled, now))
    }

    /// An admin cancels: at once where nobody works on it, else its holder is told. `None` where that was done before.
    pub fn cancel(self, now: DateTimeUtc) -> Moved<Option<ActiveModel>> {
        match self.state {
            State::Cancelled => Ok(None),
            State::Ready | State::Stale => Ok(Some(self.ended(State::Cancelled, now))),
            state if !state.is_under_way() => Err(self.refused()),
            _ if self.is_free(now) => Ok(Some(self.ended(State::Cancelled, now))),
            _ if self.cancel_requested => Ok(None),
            _ => {
                let mut row = self.touched(now);
                row.cancel_requested = Set(true);
                Ok(Some(row))
            }
        }
    }

    /// The plan as edited.
    pub fn edit(self, edits: Edits, summary: Summary, now: DateTimeUtc) -> Moved {
        self.only_ready()?;
        let mut row = self.touched(now);
        row.edits = Set(edits);
        row.summary = Set(Some(summary));
        Ok(row)
    }

    /// What the plan was made of is no longer so.
    pub fn go_stale(self, now: DateTimeUtc) -> Moved {
        if self.state != State::Ready {
            return Err(self.refused());
        }
        let mut row = self.touched(now);
        row.state = Set(State::Stale);
        row.publication = Set(None);
        Ok(row)
    }

    /// To be published. `None` where that was asked for or done before.
    pub fn ask_for(self, publication: Publication, now: DateTimeUtc) -> Moved<Option<ActiveModel>> {
        let asked = self.publication.as_ref().map(|asked| asked.how);
        if asked.or(self.published_as) == Some(publication.how) {
            return Ok(None);
        }
        self.only_ready()?;
        let mut row = self.touched(now);
        row.publication = Set(Some(publication));
        row.conflicts = Set(None);
        Ok(Some(row))
    }

    /// Published as it was asked for.
    pub fn publish(self, now: DateTimeUtc) -> Moved {
        let Some(asked) = &self.publication else { return Err(self.refused()) };
        let how = asked.how;
        let mut row = self.touched(now);
        row.state = Set(State::Published);
        row.publication = Set(None);
        row.published_as = Set(Some(how));
        row.published_at = Set(Some(now));
        Ok(row)
    }

    /// Not published, since these pairs cannot be made.
    pub fn meet(self, conflicts: Conflicts, now: DateTimeUtc) -> ActiveModel {
        let mut row = self.touched(now);
        row.publication = Set(None);
        row.conflicts = Set(Some(conflicts));
        row
    }

    fn only_ready(&self) -> Moved<()> {
        match self.state {
            State::Ready if self.publication.is_some() => Err(MoveError::BeingPublished),
            State::Ready => Ok(()),
            _ => Err(self.refused()),
        }
    }

    fn demand_holder(&self, holder: Uuid) -> Moved<()> {
        let held = self.state.is_under_way() && self.lease_holder == Some(holder);
        if held { Ok(()) } else { Err(MoveError::LeaseLost) }
    }

    fn refused(&self) -> MoveError {
        MoveError::Transition { from: self.state }
    }

    fn ended(self, state: State, now: DateTimeUtc) -> ActiveModel {
        let finished_at = self.finished_at.unwrap_or(now);
        let mut row = self.touched(now);
        row.state = Set(state);
        row.finished_at = Set(Some(finished_at));
        (row.lease_holder, row.lease_until) = (Set(None), Set(None));
        (row.progress_phase, row.publication) = (Set(None), Set(None));
        row
    }

    fn touched(self, now: DateTimeUtc) -> ActiveModel {
        let version = self.version + 1;
        let mut row = ActiveModel::from(self);
        row.version = Set(version);
        row.updated_at = Set(now);
        row
    }
}

#[cfg(test)]
mod tests;
