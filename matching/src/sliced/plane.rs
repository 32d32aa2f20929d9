use super::super::memory;
use super::lanes::{BLOCK, Lanes};

/// Blocks that are kept and read together: 65,536 rows, so that a row within them is a number of 16 bits.
pub const CHUNK: usize = (u16::MAX as usize + 1) / BLOCK;
const ROWS: usize = CHUNK * BLOCK;

/// Who has one attribute, by chunk (Chambi, Lemire, Kaser and Godin, "Better bitmap performance with Roaring bitmaps", 2016).
#[derive(Clone, Debug, Default)]
pub struct Plane {
    chunks: Vec<Chunk>,
}

/// The rows of a chunk: as a bitmap, or as a list where few have the attribute.
#[derive(Clone, Debug)]
pub enum Chunk {
    Few(Vec<u16>),
    Many { blocks: Vec<Lanes>, count: usize },
}

/// A list becomes a bitmap when it takes as much memory, and a bitmap a list at half of that.
const ROWS_A_LIST_MEMBER: usize = 16;

impl Plane {
    /// Marks a row, where there are `rows` in all.
    pub fn mark(&mut self, row: u32, rows: usize) {
        let (chunk, row) = (row as usize / ROWS, row as usize % ROWS);
        if self.chunks.len() <= chunk {
            self.chunks.reserve_exact(chunk + 1 - self.chunks.len());
            self.chunks.resize_with(chunk + 1, || Chunk::Few(Vec::new()));
        }
        if let Some(rows_of_chunk) = self.chunks.get_mut(chunk) {
            rows_of_chunk.mark(row, rows.saturating_sub(chunk * ROWS).min(ROWS));
        }
    }

    /// Takes the mark off a row, where there are `rows` in all.
    pub fn clear(&mut self, row: u32, rows: usize) {
        let (chunk, row) = (row as usize / ROWS, row as usize % ROWS);
        if let Some(rows_of_chunk) = self.chunks.get_mut(chunk) {
            rows_of_chunk.clear(row, rows.saturating_sub(chunk * ROWS).min(ROWS));
        }
        while self.chunks.last().is_some_and(Chunk::is_empty) {
            self.chunks.pop();
        }
    }

    pub fn is_empty(&self) -> bool {
        self.chunks.is_empty()
    }

    pub fn chunk(&self, chunk: usize) -> Option<&Chunk> {
        self.chunks.get(chunk)
    }

    pub fn memory_bytes(&self) -> usize {
        memory::of(&self.chunks) + self.chunks.iter().map(Chunk::memory_bytes).sum::<usize>()
    }
}

impl Chunk {
    fn mark(&mut self, row: usize, rows: usize) {
        match self {
            Self::Few(list) => {
                if let Err(place) = list.binary_search(&(row as u16)) {
                    if list.len() == list.capacity() {
                        list.reserve_exact(list.len() / 32 + 2);
                    }
                    list.insert(place, row as u16);
                }
                if list.len() > BLOCK / ROWS_A_LIST_MEMBER && list.len() * ROWS_A_LIST_MEMBER > rows {
                    *self = Self::bitmap(list);
                }
            }
            Self::Many { blocks, count } => {
                if blocks.len() <= row / BLOCK {
                    memory::extend(blocks, std::iter::repeat_n(Lanes::NONE, row / BLOCK + 1 - blocks.len()));
                }
                if let Some(lanes) = blocks.get_mut(row / BLOCK) {
                    let before = *lanes;
                    lanes.mark(row % BLOCK);
                    *count += usize::from(*lanes != before);
                }
            }
        }
    }

    fn clear(&mut self, row: usize, rows: usize) {
        match self {
            Self::Few(list) => {
                if let Ok(place) = list.binary_search(&(row as u16)) {
                    list.remove(place);
                }
            }
            Self::Many { blocks, count } => {
                if let Some(lanes) = blocks.get_mut(row / BLOCK) {
                    let mut bit = Lanes::NONE;
                    bit.mark(row % BLOCK);
                    *count -= usize::from(!(*lanes & bit).is_empty());
                    *lanes &= !bit;
                }
                if *count * ROWS_A_LIST_MEMBER * 2 < rows || *count == 0 {
                    *self = Self::Few(marked(blocks));
                }
            }
        }
    }

    fn bitmap(list: &[u16]) -> Self {
        let mut blocks = vec![Lanes::NONE; list.last().map_or(0, |last| usize::from(*last) / BLOCK + 1)];
        spread(list, &mut blocks);
        Self::Many { blocks, count: list.len() }
    }

    fn is_empty(&self) -> bool {
        matches!(self, Self::Few(list) if list.is_empty())
    }

    /// Adds its rows to a bitmap of a whole chunk.
    pub fn join_into(&self, lanes: &mut [Lanes]) {
        match self {
            Self::Few(list) => spread(list, lanes),
            Self::Many { blocks, .. } => blocks.iter().zip(lanes).for_each(|(theirs, lanes)| lanes.join(theirs)),
        }
    }

    fn memory_bytes(&self) -> usize {
        match self {
            Self::Few(list) => memory::of(list),
            Self::Many { blocks, .. } => memory::of(blocks),
        }
    }
}

fn spread(list: &[u16], blocks: &mut [Lanes]) {
    for row in list {
        if let Some(lanes) = blocks.get_mut(usize::from(*row) / BLOCK) {
            lanes.mark(usize::from(*row) % BLOCK);
        }
    }
}

fn marked(blocks: &[Lanes]) -> Vec<u16> {
    let rows =
        blocks.iter().enumerate().flat_map(|(block, lanes)| lanes.rows().map(move |row| (block * BLOCK + row) as u16));
    rows.collect()
}

/// Blocks that a reader copies at once: memory answers to one plane read on in order several times as fast as to a block each of
/// many planes in turn.
pub const NEAR: usize = 16;

/// Reads the rows that have any of several attributes, block by block and rising.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    planes: Vec<&'a Plane>,
    /// The blocks of the present chunk, where they stand in one bitmap
    whole: &'a [Lanes],
    /// and else all of them joined
    joined: Option<Vec<Lanes>>,
    /// On the heap, since readers are moved about before they are read
    near: Vec<Lanes>,
}

impl<'a> Reader<'a> {
    pub fn new(planes: Vec<&'a Plane>) -> Self {
        Self { planes, whole: &[], joined: None, near: Vec::new() }
    }

    /// Moves on to the [`NEAR`] blocks from `block` on, a multiple of that.
    pub fn move_to(&mut self, block: usize) {
        if block.is_multiple_of(CHUNK) {
            self.open(block / CHUNK);
        }
        let blocks = self.joined.as_deref().unwrap_or(self.whole);
        let rest = blocks.get(block % CHUNK..).unwrap_or_default();
        self.near.clear();
        self.near.extend_from_slice(&rest[..rest.len().min(NEAR)]);
        self.near.resize(NEAR, Lanes::NONE);
    }

    fn open(&mut self, chunk: usize) {
        let mut chunks = self.planes.iter().filter_map(|plane| plane.chunk(chunk)).filter(|chunk| !chunk.is_empty());
        let (first, second) = (chunks.next(), chunks.next());
        self.whole = match first {
            Some(Chunk::Many { blocks, .. }) if second.is_none() => blocks,
            _ => &[],
        };
        if !self.whole.is_empty() || first.is_none() {
            self.joined = None;
            return;
        }
        let mut joined = self.joined.take().unwrap_or_default();
        joined.clear();
        joined.resize(CHUNK, Lanes::NONE);
        first.into_iter().chain(second).chain(chunks).for_each(|chunk| chunk.join_into(&mut joined));
        self.joined = Some(joined);
    }

    /// The rows of one of the blocks that it was moved to.
    #[inline(always)]
    pub fn read(&self, block: usize) -> &Lanes {
        &self.near[block % NEAR]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    /// Rows near each other and far apart, of two chunks.
    fn row() -> impl Strategy<Value = u32> {
        prop_oneof![4 => 0..1500u32, 1 => 65_400..66_000u32]
    }

    proptest! {
        #[test]
        fn it_holds_what_a_set_holds(
            edits in proptest::collection::vec((any::<bool>(), row()), 0..400), other in proptest::collection::vec(row(), 0..40),
        ) {
            let (mut plane, mut second, mut oracle) = (Plane::default(), Plane::default(), BTreeSet::new());
            for (marks, row) in edits {
                if marks {
                    plane.mark(row, 66_000);
                    oracle.insert(row);
                } else {
                    plane.clear(row, 66_000);
                    oracle.remove(&row);
                }
            }
            prop_assert_eq!(plane.is_empty(), oracle.is_empty());
            other.iter().for_each(|row| second.mark(*row, 66_000));
            for (planes, oracle) in [(vec![&plane], oracle.clone()), (vec![&plane, &second], oracle.into_iter().chain(other).collect())] {
                let mut reader = Reader::new(planes);
                for first in (0..2 * CHUNK).step_by(NEAR) {
                    reader.move_to(first);
                    for block in first..first + NEAR {
                        let expected: Vec<_> = oracle.iter().map(|row| *row as usize).filter(|row| row / BLOCK == block).collect();
                        prop_assert_eq!(reader.read(block).rows().map(|row| block * BLOCK + row).collect::<Vec<_>>(), expected);
                    }
                }
            }
        }

        /// Half of the rows is too many for a list, and a few of them again too few for a bitmap.
        #[test]
        fn it_stays_the_same_as_list_and_as_bitmap(left in 0..600u32) {
            let mut plane = Plane::default();
            (0..600).for_each(|row| plane.mark(2 * row, 1200));
            let is_bitmap = matches!(plane.chunk(0), Some(Chunk::Many { .. }));
            prop_assert!(is_bitmap);
            (left..600).for_each(|row| plane.clear(2 * row, 1200));
            let mut reader = Reader::new(vec![&plane]);
            reader.move_to(0);
            let rows: Vec<_> = (0..3).flat_map(|block| reader.read(block).rows().map(move |row| (block * BLOCK + row) as u32)).collect();
            prop_assert_eq!(rows, (0..left).map(|row| 2 * row).collect::<Vec<_>>());
        }
    }
}
