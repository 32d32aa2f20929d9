//! What a measurement costs: processor time of all threads, and memory.

use anyhow::{Context, Result};
use rustix::time::{ClockId, clock_gettime};

/// Processor time of this program so far, in nanoseconds.
pub fn processor_ns() -> i64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec * 1_000_000_000 + time.tv_nsec
}

/// What `work` makes, and its processor time in nanoseconds.
pub fn timed<T>(work: impl FnOnce() -> T) -> (T, i64) {
    let start = processor_ns();
    let made = work();
    (made, processor_ns() - start)
}

/// The value in the middle, the higher one of two.
pub fn median(mut values: Vec<i64>) -> i64 {
    values.sort_unstable();
    values.get(values.len() / 2).copied().unwrap_or_default()
}

/// The value under which 99 of a hundred lie.
pub fn p99(mut values: Vec<i64>) -> i64 {
    values.sort_unstable();
    values.get((values.len() * 99).div_ceil(100).saturating_sub(1)).copied().unwrap_or_default()
}

/// A line of what Linux says of this program's memory, in KiB: `VmRSS` is what it has, `VmHWM` the most that it had.
pub fn memory_kib(line: &str) -> Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status").context("memory is read as on Linux")?;
    let found = status.lines().find_map(|text| text.strip_prefix(line)?.strip_prefix(':')?.split_whitespace().next());
    Ok(found.context("no such line")?.parse()?)
}
