//! The engine for many members: bounds first, scores only for those whose bound says that they may be among the best.

mod attributes;
mod bound;
mod lanes;
mod plane;
mod planes;
mod program;

use std::collections::BTreeSet;

use uuid::Uuid;

pub use attributes::{Attribute, Beside, of as attributes_of, slots};
pub use planes::Planes;

use super::index::{Index, Rows};
use super::record::Faulty;
use super::retriever::{Best, Hit, Query, Retriever};
use super::score::Prepared;
use attributes::UNIT;
use bound::Bounds;
use lanes::{BLOCK, Lanes};
use program::Program;

/// Exactly what [`Scan`](super::Scan) finds, from bit-sliced bounds over blocks of 512 rows.
///
/// The blocks with the highest bounds are looked into first, down to a level at which about two blocks for each place are open.
/// Then all rows are scored whose bound can still beat the last of the best, and the work ends when no block has one.
#[derive(Clone, Copy, Debug)]
pub struct Sliced<'a>(pub &'a Index);

impl Retriever for Sliced<'_> {
    fn top_k(&self, query: &Query<'_>, k: usize, excluded: &BTreeSet<Uuid>) -> Result<Vec<Hit>, Faulty> {
        let prepared = self.0.prepare(query)?;
        let mut best = Best::new(query.profile.user_id, k);
        if prepared.own_rule.is_none() && k > 0 {
            let rows = self.0.rows(query.side.other());
            let skipped = rows.rows_of(excluded.iter().chain([&query.profile.user_id]));
            let blocks = blocks(rows, &prepared, &skipped);
            Walk { index: self.0, rows, query: &prepared, best: &mut best }.walk(blocks, k);
        }
        Ok(best.into_hits())
    }
}

/// The bounds of all blocks in which any row is allowed, those with the highest first.
fn blocks(rows: &Rows, query: &Prepared, skipped: &[u32]) -> Vec<Bounds> {
    let Some(mut bound) = (Program { query, planes: rows.planes() }).bound() else { return Vec::new() };
    let mut skipped = skipped.iter().map(|row| *row as usize).peekable();
    let mut blocks = Vec::with_capacity(rows.records().len().div_ceil(BLOCK));
    for block in 0..rows.records().len().div_ceil(BLOCK) {
        let mut out = Lanes::NONE;
        while let Some(row) = skipped.next_if(|row| *row < (block + 1) * BLOCK) {
            out.mark(row % BLOCK);
        }
        blocks.extend(bound.of(block, out));
    }
    blocks
}

struct Walk<'a> {
    index: &'a Index,
    rows: &'a Rows,
    query: &'a Prepared,
    best: &'a mut Best,
}

impl Walk<'_> {
    fn walk(&mut self, blocks: Vec<Bounds>, k: usize) {
        let mut order: Vec<u32> = (0..blocks.len() as u32).collect();
        let largest = |place: &u32| blocks.get(*place as usize).map_or(0, |block| block.largest);
        order.sort_by_key(|place| std::cmp::Reverse(largest(place)));
        let opened = order.get(k.saturating_mul(2).min(order.len()).saturating_sub(1)).map_or(0, largest);
        let highest_first = || order.iter().filter_map(|place| blocks.get(*place as usize));
        for block in highest_first().take_while(|block| block.largest >= opened) {
            self.score(block, block.numbers.at_least(opened, block.allowed));
        }
        for block in highest_first() {
            let least = self.least();
            if block.largest < least {
                break;
            }
            let open = block.numbers.at_least(least, block.allowed);
            self.score(block, open & !block.numbers.at_least(opened, block.allowed));
        }
    }

    /// The least bound with which a row can still be among the best.
    fn least(&self) -> u16 {
        let bar = i64::from(self.best.bar()) + i64::from(self.query.deduction_of_all());
        u16::try_from(bar.max(0).unsigned_abs().div_ceil(UNIT.into())).unwrap_or(u16::MAX)
    }

    fn score(&mut self, block: &Bounds, lanes: Lanes) {
        for row in lanes.rows() {
            let row = (block.block * BLOCK + row) as u32;
            let Some(record) = self.rows.record(row) else { continue };
            let hours = self.query.hours(self.index.patterns().told(record.pattern));
            let points = self.query.points(record, self.rows.extra(record), hours);
            let key = self.query.key(&points, record);
            if self.query.reaches_floors(&points) {
                self.best.offer(Hit { id: self.rows.id(row), points, key });
            }
        }
    }
}

#[cfg(test)]
mod tests;
