//! Where runs are solved: a thread below everything else, and the last plan, kept warm for edits.

use std::io;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use entity::match_run::{Model, Phase, State};
use matching::cohort::{self, Progress, Watch};
use uuid::Uuid;

use super::plan::Solved;
use crate::config::Config;
use crate::error::Result;
use crate::low_threads::LowThreads;

/// Runs on one node are solved and edited one after the other; what a solver starts has a thread for each core.
pub struct Solver {
    threads: LowThreads,
    warm: tokio::sync::Mutex<Option<Warm>>,
}

/// The plan of a run as of one version of its row.
pub struct Warm {
    pub run_id: Uuid,
    pub version: i32,
    pub solved: Solved,
}

impl Warm {
    pub fn is_of(&self, run: &Model) -> bool {
        self.run_id == run.id && self.version == run.version
    }
}

impl Solver {
    /// # Errors
    /// Where the machine grants no threads.
    pub fn new(config: &Config) -> io::Result<Self> {
        let threads = LowThreads::new("solver", 1, config.hash_niceness)?;
        Ok(Self { threads, warm: tokio::sync::Mutex::new(None) })
    }

    /// Runs `work` in its turn.
    ///
    /// # Errors
    /// Where it panics.
    pub async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        self.threads.run(work).await
    }

    /// The warm plan, for one caller at a time.
    pub async fn warm(&self) -> tokio::sync::MutexGuard<'_, Option<Warm>> {
        self.warm.lock().await
    }
}

/// What the solver's thread and whoever watches over it tell each other.
pub struct Beat {
    at: Mutex<Phase>,
    done: AtomicU64,
    total: AtomicU64,
    stop: AtomicBool,
}

impl Beat {
    pub fn new() -> Self {
        let at = Mutex::new(Phase::Snapshot);
        Self { at, done: AtomicU64::new(0), total: AtomicU64::new(0), stop: AtomicBool::new(false) }
    }

    /// To be heeded as soon as the solver asks.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    pub fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    pub fn enter(&self, phase: Phase, done: u64, total: u64) {
        *self.at.lock().unwrap_or_else(PoisonError::into_inner) = phase;
        self.done.store(done, Ordering::Relaxed);
        self.total.store(total, Ordering::Relaxed);
    }

    /// The phase, and how much of it is done.
    pub fn now(&self) -> (Phase, i64, i64) {
        let count = |count: &AtomicU64| i64::try_from(count.load(Ordering::Relaxed)).unwrap_or(i64::MAX);
        let phase = *self.at.lock().unwrap_or_else(PoisonError::into_inner);
        (phase, count(&self.done), count(&self.total))
    }
}

impl Watch for Beat {
    fn progress(&self, progress: Progress) -> ControlFlow<()> {
        let phase = match progress.phase {
            cohort::Phase::Scoring => Phase::Scoring,
            cohort::Phase::Solving => Phase::Solving,
            cohort::Phase::Proving => Phase::Pricing,
        };
        self.enter(phase, progress.done, progress.total);
        if self.is_stopped() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

/// In which state a run is that is at this phase.
pub fn state_of(phase: Phase) -> State {
    match phase {
        Phase::Snapshot => State::Snapshot,
        Phase::Scoring => State::Scoring,
        Phase::Solving | Phase::Pricing => State::Solving,
        Phase::Proving => State::Proving,
    }
}
