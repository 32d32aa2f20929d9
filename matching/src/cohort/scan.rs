//! Reads the scores of many mentees on all cores. What comes out does not depend on how many there are.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::error::Error;
use super::problem::{FORBIDDEN, Scores};
use super::watch::{Phase, Watch, tell};

/// Rows that a thread takes at a time.
const BLOCK: usize = 64;

pub(super) struct Scan<'a> {
    pub scores: &'a dyn Scores,
    pub mentors: usize,
    pub threads: usize,
    pub phase: Phase,
    pub watch: &'a dyn Watch,
}

impl Scan<'_> {
    /// What `work` makes of the row of each of the `mentees`, in their order.
    pub fn rows<R, W>(&self, mentees: &[usize], work: W) -> Result<Vec<R>, Error>
    where
        R: Send,
        W: Fn(usize, &mut [u16]) -> R + Sync,
    {
        let (next, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
        let worker = || self.blocks(mentees, &next, &stop, &work);
        let blocks = mentees.len().div_ceil(BLOCK);
        let mut done: Vec<(usize, Vec<R>)> = match threads(self.threads).min(blocks) {
            0 | 1 => worker(),
            many => std::thread::scope(|scope| {
                let handles: Vec<_> = (0..many).map(|_| scope.spawn(worker)).collect();
                let parts = handles
                    .into_iter()
                    .map(|handle| handle.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
                parts.flatten().collect()
            }),
        };
        if stop.into_inner() {
            return Err(Error::Cancelled);
        }
        done.sort_unstable_by_key(|(block, _)| *block);
        Ok(done.into_iter().flat_map(|(_, rows)| rows).collect())
    }

    fn blocks<R>(
        &self,
        mentees: &[usize],
        next: &AtomicUsize,
        stop: &AtomicBool,
        work: impl Fn(usize, &mut [u16]) -> R,
    ) -> Vec<(usize, Vec<R>)> {
        let mut row = vec![FORBIDDEN; self.mentors];
        let mut done = Vec::new();
        loop {
            let block = next.fetch_add(1, Ordering::Relaxed);
            let Some(rows) = mentees.chunks(BLOCK).nth(block).filter(|_| !stop.load(Ordering::Relaxed)) else {
                return done;
            };
            if tell(self.watch, self.phase, block * BLOCK, mentees.len()).is_err() {
                stop.store(true, Ordering::Relaxed);
            }
            let results = rows.iter().map(|mentee| {
                self.scores.row(*mentee, &mut row);
                work(*mentee, &mut row)
            });
            done.push((block, results.collect()));
        }
    }
}

fn threads(wanted: usize) -> usize {
    if wanted > 0 { wanted } else { std::thread::available_parallelism().map_or(1, usize::from) }
}
