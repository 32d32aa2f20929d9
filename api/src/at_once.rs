//! Work that costs much and of which only a few run at once, so that they leave connections to everything else.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::error::{Code, Error, Result};

/// So many places for one kind of work; nobody waits for one.
#[derive(Clone)]
pub struct AtOnce {
    places: Arc<Semaphore>,
    work: &'static str,
}

impl AtOnce {
    /// `work` is what refusals call it, in the plural.
    pub fn new(work: &'static str, count: usize) -> Self {
        Self { places: Arc::new(Semaphore::new(count)), work }
    }

    /// A place, for as long as it is held: 503 where all are taken.
    pub fn begin(&self) -> Result<OwnedSemaphorePermit> {
        let busy = |_| Error::refused(Code::Unavailable, format!("too many {} at once", self.work));
        Arc::clone(&self.places).try_acquire_owned().map_err(busy)
    }
}
