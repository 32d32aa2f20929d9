use std::cell::Cell;

const KNOWN: u32 = 1 << 31;

/// What a query has already worked out, by the number of what it was about: up to 31 bits each.
#[derive(Clone, Debug)]
pub struct Memo(Vec<Cell<u32>>);

impl Memo {
    /// For numbers below `end`.
    pub fn new(end: usize) -> Self {
        Self(vec![Cell::new(0); end])
    }

    #[inline]
    pub fn get(&self, number: u32, work_out: impl FnOnce() -> u32) -> u32 {
        let Some(cell) = self.0.get(number as usize) else { return work_out() };
        if cell.get() & KNOWN == 0 {
            cell.set(work_out() | KNOWN);
        }
        cell.get() & !KNOWN
    }
}
