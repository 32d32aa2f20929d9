//! Progress, cancellation, and the budget of steps.

use std::ops::ControlFlow;
use std::sync::Arc;

use super::error::Error;

/// What the solver is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Reading the scores of all pairs; counted in mentees
    Scoring,
    /// Improving the plan; counted in people
    Solving,
    /// Looking over all pairs for one that would improve it; counted in mentees
    Proving,
}

/// How far a phase is. A phase may begin again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    pub phase: Phase,
    pub done: u64,
    pub total: u64,
}

/// Is told of progress, from any thread, and may cancel by answering [`ControlFlow::Break`].
pub trait Watch: Sync {
    fn progress(&self, progress: Progress) -> ControlFlow<()>;
}

impl<F: Fn(Progress) -> ControlFlow<()> + Sync> Watch for F {
    fn progress(&self, progress: Progress) -> ControlFlow<()> {
        self(progress)
    }
}

/// Watches nothing and never cancels.
pub struct Unwatched;

impl Watch for Unwatched {
    fn progress(&self, _: Progress) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

/// One that a cohort can keep while it is edited.
pub type Watcher = Arc<dyn Watch + Send>;

pub(super) fn watcher(watch: &Option<Watcher>) -> &dyn Watch {
    match watch {
        Some(watch) => &**watch,
        None => &Unwatched,
    }
}

/// Counts steps against the budget and asks the watcher.
pub(super) struct Meter<'a> {
    watch: &'a dyn Watch,
    steps: u64,
    most: u64,
}

impl<'a> Meter<'a> {
    pub fn new(watch: &'a dyn Watch, most: u64) -> Self {
        Self { watch, steps: 0, most }
    }

    pub fn steps(&self) -> u64 {
        self.steps
    }

    pub fn watch(&self) -> &'a dyn Watch {
        self.watch
    }

    pub fn spend(&mut self, steps: usize) -> Result<(), Error> {
        self.steps = self.steps.saturating_add(steps as u64);
        if self.steps > self.most { Err(Error::OutOfSteps) } else { Ok(()) }
    }

    pub fn report(&self, phase: Phase, done: usize, total: usize) -> Result<(), Error> {
        tell(self.watch, phase, done, total)
    }
}

pub(super) fn tell(watch: &dyn Watch, phase: Phase, done: usize, total: usize) -> Result<(), Error> {
    match watch.progress(Progress { phase, done: done as u64, total: total as u64 }) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(Error::Cancelled),
    }
}
