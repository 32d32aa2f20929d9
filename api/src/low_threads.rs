//! Threads for work that keeps a core busy for long, below everything else: a flood of sign-ins takes what others leave.

use std::io;

use tokio::runtime::{Builder, Runtime};
use tokio::task::{JoinSet, spawn_blocking};

use crate::error::Result;

/// A fixed number of threads and a queue, both of a runtime that does nothing else.
pub struct LowThreads(Option<Runtime>);

impl LowThreads {
    /// `niceness`, from 0 to 19, is how far they are below the threads that answer requests; what they start is as far below.
    ///
    /// # Errors
    /// Where the machine grants no threads.
    pub fn new(name: &str, count: usize, niceness: u8) -> io::Result<Self> {
        let runtime = Builder::new_current_thread()
            .max_blocking_threads(count)
            .thread_name(name)
            .on_thread_start(move || yield_to_others(niceness))
            .build()?;
        Ok(Self(Some(runtime)))
    }

    /// Runs `work` in its turn, and not at all where whoever asked has gone before that.
    pub async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let gone = || anyhow::anyhow!("the threads for long work have ended");
        let runtime = self.0.as_ref().ok_or_else(gone)?;
        let mut task = JoinSet::new();
        task.spawn_blocking_on(work, runtime.handle());
        let done = task.join_next().await.ok_or_else(gone)?;
        Ok(done.map_err(anyhow::Error::from)?)
    }
}

/// A runtime may not wait for its threads where requests are served.
impl Drop for LowThreads {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

/// On Linux niceness is a thread's own (sched(7)). Where it cannot be set, the work is done all the same.
fn yield_to_others(niceness: u8) {
    if cfg!(target_os = "linux") {
        let _ = rustix::process::nice(niceness.into());
    }
}

/// Runs what takes long where it stands in the way of no request.
///
/// # Errors
/// Where it panics, or its own.
pub async fn aside<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    spawn_blocking(work).await.map_err(anyhow::Error::from)?
}
