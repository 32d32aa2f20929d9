use entity::side::Side;
use uuid::Uuid;

use super::super::patterns::Patterns;
use super::super::record::{Extra, Flags, Record};
use super::super::sliced::{Attribute, Beside, Planes, attributes_of, slots};
use super::super::vocabulary::Vocabulary;
use super::hash;
use super::row_map::RowMap;

/// What is written into a row.
pub(super) struct Row {
    pub record: Record,
    pub extra: Extra,
    pub terms: u64,
}

/// The records of one side, in no order that means anything.
#[derive(Clone, Debug)]
pub struct Rows {
    side: Side,
    pub(super) vocabulary: Vocabulary,
    records: Vec<Record>,
    ids: Vec<Uuid>,
    terms: Vec<u64>,
    by_id: RowMap,
    extras: Vec<Extra>,
    free_extras: Vec<u32>,
    planes: Planes,
}

impl Rows {
    pub(super) fn new(side: Side) -> Self {
        Self {
            side,
            vocabulary: Vocabulary::default(),
            records: Vec::new(),
            ids: Vec::new(),
            terms: Vec::new(),
            by_id: RowMap::default(),
            extras: Vec::new(),
            free_extras: Vec::new(),
            planes: Planes::default(),
        }
    }

    /// All records, by row.
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    pub fn record(&self, row: u32) -> Option<&Record> {
        self.records.get(row as usize)
    }

    /// Whose row it is; nobody's, nil.
    pub fn id(&self, row: u32) -> Uuid {
        self.ids.get(row as usize).copied().unwrap_or_default()
    }

    /// What does not fit into a record.
    #[inline]
    pub fn extra(&self, record: &Record) -> Option<&Extra> {
        if record.extra == 0 { None } else { self.extras.get(record.extra as usize - 1) }
    }

    /// The row of somebody.
    pub fn row_of(&self, id: Uuid) -> Option<u32> {
        self.by_id.get(id, &self.ids)
    }

    /// The rows of those who have one, rising.
    pub fn rows_of<'a>(&self, ids: impl Iterator<Item = &'a Uuid>) -> Vec<u32> {
        let mut rows: Vec<_> = ids.filter_map(|id| self.row_of(*id)).collect();
        rows.sort_unstable();
        rows
    }

    /// The hash of a row.
    pub fn hash(&self, row: u32) -> Option<u64> {
        let (record, terms) = (self.record(row)?, self.terms.get(row as usize)?);
        let deduction = self.side.pick(record.total, 0);
        Some(hash::of_row(*terms, record.flags, deduction))
    }

    /// The words of everybody on this side.
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// Bytes of memory.
    pub fn memory_bytes(&self) -> usize {
        let lists = |extra: &Extra| {
            let beyond = extra.sets.iter().map(Vec::len).sum::<usize>();
            size_of::<Extra>() + 2 * (extra.skills.len() + beyond)
        };
        self.records.len() * (size_of::<Record>() + size_of::<Uuid>() + size_of::<u64>())
            + self.by_id.memory_bytes()
            + self.extras.iter().map(lists).sum::<usize>()
            + self.vocabulary.memory_bytes()
            + self.planes.memory_bytes()
    }

    /// Who has which attribute.
    pub fn planes(&self) -> &Planes {
        &self.planes
    }

    fn attributes(&self, record: &Record, patterns: &Patterns) -> Vec<Attribute> {
        let slots = patterns.told(record.pattern).map_or(0, |pattern| pattern.slots);
        let beside = Beside { extra: self.extra(record), weights: self.vocabulary.weights(), slots };
        attributes_of(record, self.side, &beside)
    }

    /// Writes again when rows have time, where the numbers of `before` say when their patterns had.
    pub(super) fn move_slots(&mut self, before: &[u64], patterns: &Patterns) {
        let now: Vec<u64> = patterns.iter().map(|pattern| pattern.slots).collect();
        let rows = self.records.len();
        for (row, record) in self.records.iter().enumerate() {
            let slots_in = |list: &[u64]| list.get(record.pattern as usize).copied().unwrap_or_default();
            if slots_in(before) != slots_in(&now) {
                let [before, now] =
                    [slots_in(before), slots_in(&now)].map(|bits| slots(bits).map(Attribute::Slot).collect::<Vec<_>>());
                self.planes.change(row as u32, &before, &now, rows);
            }
        }
    }

    /// Writes a row, the last if it is a new one, and gives the record that it replaces.
    pub(super) fn put(&mut self, id: Uuid, row: Row, patterns: &Patterns) -> Option<Record> {
        let Row { mut record, extra, terms } = row;
        let known = self.row_of(id);
        let number = known.unwrap_or(self.records.len() as u32);
        let before = known.and_then(|row| self.record(row).copied());
        let had = before.map(|before| self.attributes(&before, patterns)).unwrap_or_default();
        if let Some(before) = before {
            self.free_extra(&before);
        }
        record.extra = self.keep_extra(extra);
        match (self.records.get_mut(number as usize), self.terms.get_mut(number as usize)) {
            (Some(old), Some(old_terms)) => (*old, *old_terms) = (record, terms),
            _ => self.push(id, record, terms),
        }
        let has = self.attributes(&record, patterns);
        self.planes.change(number, &had, &has, self.records.len());
        before
    }

    fn push(&mut self, id: Uuid, record: Record, terms: u64) {
        self.records.push(record);
        self.ids.push(id);
        self.terms.push(terms);
        self.by_id.insert(id, self.records.len() as u32 - 1, &self.ids);
    }

    /// Whether a row can be matched, and what its price takes. Tells whether there is such a row.
    pub(super) fn set(&mut self, row: u32, open: bool, deduction: Option<u32>, patterns: &Patterns) -> bool {
        let Some(before) = self.record(row).copied() else { return false };
        let flags = Flags(before.flags.0 & 15 | u8::from(open) << 4);
        let after = Record { flags, total: deduction.unwrap_or(before.total), ..before };
        if let Some(record) = self.records.get_mut(row as usize) {
            *record = after;
        }
        let [had, has] = [before, after].map(|record| self.attributes(&record, patterns));
        self.planes.change(row, &had, &has, self.records.len());
        true
    }

    /// Takes a row out; the last row takes its number.
    pub(super) fn take(&mut self, row: u32, patterns: &Patterns) -> Option<Record> {
        let record = *self.record(row)?;
        let last = self.records.len() as u32 - 1;
        let had = self.attributes(&record, patterns);
        if let Some(moved) = self.record(last).copied().filter(|_| row != last) {
            let has = self.attributes(&moved, patterns);
            self.planes.change(last, &has, &[], self.records.len());
            self.planes.change(row, &had, &has, self.records.len());
        } else {
            self.planes.change(row, &had, &[], self.records.len());
        }
        self.by_id.remove(self.id(row), &self.ids);
        self.free_extra(&record);
        self.records.swap_remove(row as usize);
        self.terms.swap_remove(row as usize);
        if row != last {
            self.by_id.insert(self.id(last), row, &self.ids);
        }
        self.ids.swap_remove(row as usize);
        Some(record)
    }

    fn keep_extra(&mut self, extra: Extra) -> u32 {
        if extra.is_empty() {
            return 0;
        }
        let number = self.free_extras.pop().unwrap_or(self.extras.len() as u32);
        match self.extras.get_mut(number as usize) {
            Some(place) => *place = extra,
            None => self.extras.push(extra),
        }
        number + 1
    }

    fn free_extra(&mut self, record: &Record) {
        if let Some(number) = record.extra.checked_sub(1)
            && let Some(extra) = self.extras.get_mut(number as usize)
        {
            *extra = Extra::default();
            self.free_extras.push(number);
        }
    }
}
