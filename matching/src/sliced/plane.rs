use super::lanes::{BLOCK, Lanes};

/// Who has one attribute: a bitmap, or the sorted rows where few have it.
#[derive(Clone, Debug)]
pub enum Plane {
    Few(Vec<u32>),
    Many { blocks: Vec<Lanes>, count: usize },
}

/// A list becomes a bitmap when it takes as much memory, and a bitmap a list at half of that.
const ROWS_A_LIST_MEMBER: usize = 32;

impl Default for Plane {
    fn default() -> Self {
        Self::Few(Vec::new())
    }
}

impl Plane {
    /// Marks a row, where there are `rows` in all.
    pub fn mark(&mut self, row: u32, rows: usize) {
        match self {
            Self::Few(list) => {
                if let Err(place) = list.binary_search(&row) {
                    list.insert(place, row);
                }
                if list.len() > BLOCK / ROWS_A_LIST_MEMBER && list.len() * ROWS_A_LIST_MEMBER > rows {
                    *self = Self::bitmap(list);
                }
            }
            Self::Many { blocks, count } => {
                let (block, bit) = (row as usize / BLOCK, row as usize % BLOCK);
                if blocks.len() <= block {
                    blocks.resize(block + 1, Lanes::NONE);
                }
                if let Some(lanes) = blocks.get_mut(block) {
                    let before = *lanes;
                    lanes.mark(bit);
                    *count += usize::from(*lanes != before);
                }
            }
        }
    }

    /// Takes the mark off a row, where there are `rows` in all.
    pub fn clear(&mut self, row: u32, rows: usize) {
        match self {
            Self::Few(list) => {
                if let Ok(place) = list.binary_search(&row) {
                    list.remove(place);
                }
            }
            Self::Many { blocks, count } => {
                if let Some(lanes) = blocks.get_mut(row as usize / BLOCK) {
                    let mut bit = Lanes::NONE;
                    bit.mark(row as usize % BLOCK);
                    *count -= usize::from(!(*lanes & bit).is_empty());
                    *lanes &= !bit;
                }
                if *count * ROWS_A_LIST_MEMBER * 2 < rows {
                    *self = Self::Few(marked(blocks));
                }
            }
        }
    }

    fn bitmap(list: &[u32]) -> Self {
        let mut blocks = Vec::new();
        spread(list, &mut blocks);
        Self::Many { blocks, count: list.len() }
    }

    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Few(list) if list.is_empty())
    }

    /// A reader from the first block on.
    pub fn reader(&self) -> Reader<'_> {
        match self {
            Self::Few(list) => Reader::Few(list),
            Self::Many { blocks, .. } => Reader::Many(blocks),
        }
    }

    pub fn memory_bytes(&self) -> usize {
        match self {
            Self::Few(list) => list.capacity() * size_of::<u32>(),
            Self::Many { blocks, .. } => blocks.capacity() * size_of::<Lanes>(),
        }
    }
}

/// Marks the rows of a rising list in a bitmap.
pub fn spread(list: &[u32], blocks: &mut Vec<Lanes>) {
    let count = list.last().map_or(0, |last| *last as usize / BLOCK + 1);
    blocks.resize(count.max(blocks.len()), Lanes::NONE);
    for row in list {
        if let Some(lanes) = blocks.get_mut(*row as usize / BLOCK) {
            lanes.mark(*row as usize % BLOCK);
        }
    }
}

fn marked(blocks: &[Lanes]) -> Vec<u32> {
    let rows =
        blocks.iter().enumerate().flat_map(|(block, lanes)| lanes.rows().map(move |row| (block * BLOCK + row) as u32));
    rows.collect()
}

/// Reads a plane block by block, each block once and rising.
#[derive(Clone, Copy, Debug)]
pub enum Reader<'a> {
    /// The rows that are still to come
    Few(&'a [u32]),
    Many(&'a [Lanes]),
}

impl Reader<'_> {
    /// Adds those of `block` to `lanes`.
    #[inline]
    pub fn read(&mut self, block: usize, lanes: &mut Lanes) {
        match self {
            Self::Few(list) => {
                let past = (block + 1) * BLOCK;
                while let Some((row, rest)) = list.split_first().filter(|(row, _)| (**row as usize) < past) {
                    lanes.mark(*row as usize % BLOCK);
                    *list = rest;
                }
            }
            Self::Many(blocks) => {
                if let Some(theirs) = blocks.get(block) {
                    lanes.join(theirs);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn it_holds_what_a_set_holds(edits in proptest::collection::vec((any::<bool>(), 0..1500u32), 0..400)) {
            let (mut plane, mut oracle) = (Plane::default(), BTreeSet::new());
            for (marks, row) in edits {
                if marks {
                    plane.mark(row, 1500);
                    oracle.insert(row);
                } else {
                    plane.clear(row, 1500);
                    oracle.remove(&row);
                }
            }
            let mut reader = plane.reader();
            for block in 0..3 {
                let mut lanes = Lanes::NONE;
                reader.read(block, &mut lanes);
                let expected: Vec<_> = oracle.iter().map(|row| *row as usize).filter(|row| row / BLOCK == block).collect();
                prop_assert_eq!(lanes.rows().map(|row| block * BLOCK + row).collect::<Vec<_>>(), expected);
            }
        }
    }
}
