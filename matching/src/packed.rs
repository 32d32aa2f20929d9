use super::memory;
use super::record::{Cells, Field, Record};

const WORD: u32 = u64::BITS;

/// Records by row, each number in as many bits as the largest of its field needs: a row of ordinary people takes two words.
#[derive(Clone, Debug, Default)]
pub struct Packed {
    layout: Layout,
    words: Vec<u64>,
    len: usize,
}

/// Where the fields stand within a row; no field lies across two words.
#[derive(Clone, Copy, Debug, Default)]
struct Layout {
    cells: [Cell; Field::COUNT],
    /// Words of a row
    stride: usize,
}

#[derive(Clone, Copy, Debug, Default)]
struct Cell {
    word: usize,
    shift: u32,
    bits: u32,
    mask: u64,
}

impl Layout {
    /// The widest first, each into the first word with room.
    fn new(bits: [u32; Field::COUNT]) -> Self {
        let mut order: Vec<_> = (0..Field::COUNT).collect();
        order.sort_by_key(|field| std::cmp::Reverse(bits[*field]));
        let mut cells = [Cell::default(); Field::COUNT];
        let mut taken: Vec<u32> = vec![0];
        for field in order {
            let bits = bits[field];
            let word = taken.iter().position(|taken| taken + bits <= WORD).unwrap_or(taken.len());
            if word == taken.len() {
                taken.push(0);
            }
            // A field of no bits must not be shifted by all of a word.
            let shift = if bits == 0 { 0 } else { taken[word] };
            cells[field] = Cell { word, shift, bits, mask: (1 << bits) - 1 };
            taken[word] += bits;
        }
        Self { cells, stride: taken.len() }
    }

    fn fits(&self, record: &Record) -> bool {
        self.cells.iter().zip(record.0).all(|(cell, number)| u64::from(number) <= cell.mask)
    }

    fn widened(&self, record: &Record) -> Self {
        let bits = |field: usize| self.cells[field].bits.max(u32::BITS - record.0[field].leading_zeros());
        Self::new(std::array::from_fn(bits))
    }

    fn write(&self, record: &Record, words: &mut [u64]) {
        words.fill(0);
        for (cell, number) in self.cells.iter().zip(record.0) {
            if let Some(word) = words.get_mut(cell.word) {
                *word |= u64::from(number) << cell.shift;
            }
        }
    }
}

/// A record as it is packed.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    words: &'a [u64],
    layout: &'a Layout,
}

impl Cells for Row<'_> {
    #[inline]
    fn get(&self, field: Field) -> u32 {
        let cell = &self.layout.cells[field as usize];
        self.words.get(cell.word).map_or(0, |word| (word >> cell.shift & cell.mask) as u32)
    }
}

impl Row<'_> {
    pub fn unpack(&self) -> Record {
        Record(Field::ALL.map(|field| self.get(field)))
    }
}

impl Packed {
    pub fn len(&self) -> usize {
        self.len
    }

    #[inline]
    pub fn row(&self, row: u32) -> Option<Row<'_>> {
        let start = row as usize * self.layout.stride;
        let words = self.words.get(start..start + self.layout.stride).filter(|_| (row as usize) < self.len)?;
        Some(Row { words, layout: &self.layout })
    }

    /// From row 0 on.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.words.chunks_exact(self.layout.stride.max(1)).map(|words| Row { words, layout: &self.layout })
    }

    pub fn push(&mut self, record: &Record) {
        self.widen(record);
        memory::extend(&mut self.words, std::iter::repeat_n(0, self.layout.stride));
        self.len += 1;
        self.write(self.len as u32 - 1, record);
    }

    /// Writes a row that there is.
    pub fn set(&mut self, row: u32, record: &Record) {
        self.widen(record);
        self.write(row, record);
    }

    /// Takes a row out; the last row takes its number.
    pub fn swap_remove(&mut self, row: u32) {
        let Some(last) = self.len.checked_sub(1) else { return };
        if let Some(moved) = self.row(last as u32).map(|row| row.unpack()) {
            self.write(row, &moved);
        }
        self.words.truncate(last * self.layout.stride);
        self.len = last;
    }

    pub fn memory_bytes(&self) -> usize {
        memory::of(&self.words)
    }

    fn write(&mut self, row: u32, record: &Record) {
        let start = row as usize * self.layout.stride;
        if let Some(words) = self.words.get_mut(start..start + self.layout.stride) {
            self.layout.write(record, words);
        }
    }

    /// Gives the fields of a record that are too narrow for it the bits they need, in every row.
    fn widen(&mut self, record: &Record) {
        if self.layout.fits(record) && self.layout.stride > 0 {
            return;
        }
        let layout = self.layout.widened(record);
        let mut words = Vec::new();
        words.reserve_exact((self.len + 1) * layout.stride);
        words.resize(self.len * layout.stride, 0);
        for (row, to) in self.rows().zip(words.chunks_exact_mut(layout.stride)) {
            layout.write(&row.unpack(), to);
        }
        (self.layout, self.words) = (layout, words);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn number() -> impl Strategy<Value = u32> {
        (0..=32u32, any::<u32>()).prop_map(|(bits, number)| (u64::from(number) & ((1 << bits) - 1)) as u32)
    }

    fn record() -> impl Strategy<Value = Record> {
        proptest::collection::vec(number(), Field::COUNT)
            .prop_map(|numbers| Record(std::array::from_fn(|field| numbers[field])))
    }

    proptest! {
        #[test]
        fn it_holds_what_a_list_holds(edits in proptest::collection::vec((0..4u8, 0..9u32, record()), 0..40)) {
            let (mut packed, mut oracle) = (Packed::default(), Vec::new());
            for (kind, row, record) in edits {
                if kind < 2 {
                    packed.push(&record);
                    oracle.push(record);
                } else if (row as usize) < oracle.len() && kind == 2 {
                    packed.set(row, &record);
                    oracle[row as usize] = record;
                } else if (row as usize) < oracle.len() {
                    packed.swap_remove(row);
                    oracle.swap_remove(row as usize);
                }
                prop_assert_eq!(packed.rows().map(|row| row.unpack()).collect::<Vec<_>>(), oracle.clone());
                prop_assert_eq!(packed.len(), oracle.len());
            }
            for (row, record) in oracle.iter().enumerate() {
                prop_assert_eq!(packed.row(row as u32).map(|row| row.unpack()), Some(*record));
            }
            prop_assert!(packed.row(oracle.len() as u32).is_none());
        }
    }

    /// What ordinary people take: 41 bits of terms, 42 of days and 20 of the rest.
    #[test]
    fn small_numbers_take_two_words() {
        let mut packed = Packed::default();
        let mut record = Record::default();
        for (field, number) in
            [(Field::Topics, 255), (Field::SoftSkills, 575), (Field::Industries, 465), (Field::Home, 30)]
        {
            record.0[field as usize] = number;
        }
        Field::DAYS.into_iter().for_each(|day| record.0[day as usize] = 36);
        Field::SKILLS.into_iter().take(4).for_each(|skill| record.0[skill as usize] = 50);
        packed.push(&record);
        assert_eq!(packed.words.len(), 2);
    }
}
