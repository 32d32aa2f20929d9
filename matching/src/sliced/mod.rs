//! The engine for many members: bounds first, scores only for those whose bound says that they may be among the best.

mod attributes;
mod bound;
mod lanes;
mod plane;
mod planes;
mod program;

use std::collections::BTreeSet;

use fearless_simd::{Level, dispatch};
use uuid::Uuid;

pub use attributes::{Attribute, of as attributes_of, slots};
pub use planes::Planes;

use super::index::{Index, Rows};
use super::record::Faulty;
use super::retriever::{Hit, Query, Retriever};
use super::score::Prepared;
use super::search::{Search, top_k};
use attributes::UNIT;
use bound::{Bound, Bounds};
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
        top_k(self.0, query, k, excluded, |search| {
            let blocks = blocks(search.rows, &search.query, &search.skipped);
            walk(search, blocks, k);
        })
    }
}

/// The bounds of all blocks in which any row is allowed, those with the highest first.
fn blocks(rows: &Rows, query: &Prepared<'_>, skipped: &[u32]) -> Vec<Bounds> {
    let Some(mut bound) = (Program { query, planes: rows.planes() }).bound() else { return Vec::new() };
    let count = rows.records().len().div_ceil(BLOCK);
    // As the processor at hand does it best: all that is called here is inlined for that.
    dispatch!(Level::new(), _ => bounds(&mut bound, count, skipped))
}

#[inline(always)]
fn bounds(bound: &mut Bound<'_>, count: usize, skipped: &[u32]) -> Vec<Bounds> {
    let mut skipped = skipped.iter().map(|row| *row as usize).peekable();
    let mut blocks = Vec::with_capacity(count);
    for block in 0..count {
        let mut out = Lanes::NONE;
        while let Some(row) = skipped.next_if(|row| *row < (block + 1) * BLOCK) {
            out.mark(row % BLOCK);
        }
        blocks.extend(bound.of(block, out));
    }
    blocks
}

fn walk(search: &mut Search<'_>, blocks: Vec<Bounds>, k: usize) {
    let mut order: Vec<u32> = (0..blocks.len() as u32).collect();
    let largest = |place: &u32| blocks.get(*place as usize).map_or(0, |block| block.largest);
    order.sort_by_key(|place| std::cmp::Reverse(largest(place)));
    let opened = order.get(k.saturating_mul(2).min(order.len()).saturating_sub(1)).map_or(0, largest);
    let highest_first = || order.iter().filter_map(|place| blocks.get(*place as usize));
    for block in highest_first().take_while(|block| block.largest >= opened) {
        score(search, block, block.numbers.at_least(opened, block.allowed));
    }
    for block in highest_first() {
        let least = least(search);
        if block.largest < least {
            break;
        }
        let open = block.numbers.at_least(least, block.allowed);
        score(search, block, open & !block.numbers.at_least(opened, block.allowed));
    }
}

/// The least bound with which a row can still be among the best.
fn least(search: &Search<'_>) -> u16 {
    let bar = i64::from(search.best.bar()) + i64::from(search.query.deduction_of_all());
    u16::try_from(bar.max(0).unsigned_abs().div_ceil(UNIT.into())).unwrap_or(u16::MAX)
}

/// Where the best of a block can but tie with the last of the list, most are known to come after it without their points.
fn score(search: &mut Search<'_>, block: &Bounds, lanes: Lanes) {
    let (rows, at_most) =
        (search.rows, i32::from(block.largest) * UNIT as i32 - search.query.deduction_of_all() as i32);
    for number in lanes.rows().map(|row| (block.block * BLOCK + row) as u32) {
        if search.best.admits(at_most, rows.id(number))
            && let Some(row) = rows.record(number)
        {
            search.score(number, &row);
        }
    }
}

#[cfg(test)]
mod tests;
