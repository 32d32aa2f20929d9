use entity::side::Side;
use uuid::Uuid;

use super::super::coded::Coded;
use super::super::finder::Finder;
use super::super::memory;
use super::super::packed::{Packed, Row};
use super::super::pool::Uses;
use super::super::profile::Profile;
use super::super::record::{Cells, Field, Record};
use super::super::retriever::mix;
use super::super::sliced::{Attribute, Planes, attributes_of, slots};
use super::super::vocabulary::Vocabulary;
use super::super::zones::Zones;
use super::hash;

/// The records of one side, in no order that means anything.
#[derive(Clone, Debug)]
pub struct Rows {
    side: Side,
    pub(super) vocabulary: Vocabulary,
    pub(super) records: Packed,
    pub(super) ids: Vec<Uuid>,
    by_id: Finder,
    planes: Planes,
}

impl Rows {
    pub(super) fn new(side: Side) -> Self {
        Self {
            side,
            vocabulary: Vocabulary::default(),
            records: Packed::default(),
            ids: Vec::new(),
            by_id: Finder::default(),
            planes: Planes::default(),
        }
    }

    /// All records, by row.
    pub fn records(&self) -> &Packed {
        &self.records
    }

    pub fn record(&self, row: u32) -> Option<Row<'_>> {
        self.records.row(row)
    }

    /// Whose row it is; nobody's, nil.
    pub fn id(&self, row: u32) -> Uuid {
        id_at(&self.ids, row)
    }

    /// The row of somebody.
    pub fn row_of(&self, id: Uuid) -> Option<u32> {
        self.by_id.get(hash_of(id), |row| self.ids.get(row as usize) == Some(&id))
    }

    /// The rows of those who have one, rising.
    pub fn rows_of<'a>(&self, ids: impl Iterator<Item = &'a Uuid>) -> Vec<u32> {
        let mut rows: Vec<_> = ids.filter_map(|id| self.row_of(*id)).collect();
        rows.sort_unstable();
        rows
    }

    /// The hash of what a row says: worked out of the row itself, so that it also tells where that went wrong.
    pub fn hash(&self, row: u32, zones: &Zones) -> Option<u64> {
        let record = self.record(row)?.unpack();
        let profile = Profile { user_id: self.id(row), ..self.vocabulary.profile_of(&record, zones) };
        Some(hash::of_row(&profile, self.side, record.flags(), record.get(Field::Deduction)))
    }

    /// The words of everybody on this side.
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// Who has which attribute.
    pub fn planes(&self) -> &Planes {
        &self.planes
    }

    /// Bytes of memory by part.
    pub fn memory_by_part(&self) -> [(&'static str, usize); 5] {
        [
            ("records", self.records.memory_bytes()),
            ("ids", memory::of(&self.ids)),
            ("row of an id", self.by_id.memory_bytes()),
            ("vocabulary", self.vocabulary.memory_bytes()),
            ("planes", self.planes.memory_bytes()),
        ]
    }

    fn attributes(&self, record: &Record, zones: &Zones) -> Vec<Attribute> {
        attributes_of(record, self.side, &self.vocabulary, zones)
    }

    /// Writes again when rows have time, where the clocks of their zones differ between the weeks of `before` and of `now`.
    pub(super) fn move_slots(&mut self, before: &Zones, now: &Zones) {
        let differ = before.differing(now);
        let count = self.records.len();
        for (number, row) in (0..).zip(self.records.rows()) {
            let home = self.vocabulary.homes.get(row.get(Field::Home));
            if differ.get(usize::from(home.zone)).is_some_and(|differs| *differs) {
                let days = self.vocabulary.days_of(&row);
                let [had, has] =
                    [before, now].map(|zones| slots(zones.slots(home, days)).map(Attribute::Slot).collect::<Vec<_>>());
                self.planes.change(number, &had, &has, count);
            }
        }
    }

    /// Writes a row, the last if it is a new one.
    pub(super) fn put(&mut self, id: Uuid, coded: Coded, zones: &Zones) {
        let record = self.vocabulary.acquire(coded);
        match self.row_of(id) {
            Some(row) => {
                let before = self.write(row, &record, zones);
                before.iter().for_each(|before| self.vocabulary.count(before, Uses::Less));
            }
            None => self.append(id, &record, zones),
        }
    }

    /// Writes the row of somebody who has none yet.
    pub(super) fn append(&mut self, id: Uuid, record: &Record, zones: &Zones) {
        let row = self.records.len() as u32;
        self.records.push(record);
        memory::push(&mut self.ids, id);
        self.by_id.insert(row, |row| hash_of(id_at(&self.ids, row)));
        self.planes.change(row, &[], &self.attributes(record, zones), self.records.len());
    }

    /// Writes a row that there is, and gives the record that it replaces.
    fn write(&mut self, row: u32, record: &Record, zones: &Zones) -> Option<Record> {
        let before = self.record(row)?.unpack();
        self.records.set(row, record);
        let (had, has) = (self.attributes(&before, zones), self.attributes(record, zones));
        self.planes.change(row, &had, &has, self.records.len());
        Some(before)
    }

    /// Whether a row can be matched, and what its price takes. Tells whether there is such a row.
    pub(super) fn set(&mut self, row: u32, open: bool, deduction: Option<u32>, zones: &Zones) -> bool {
        let Some(mut record) = self.record(row).map(|row| row.unpack()) else { return false };
        record.set(Field::Flags, record.flags().with_open(open).0.into());
        record.set(Field::Deduction, deduction.unwrap_or(record.get(Field::Deduction)));
        self.write(row, &record, zones).is_some()
    }

    /// Takes a row out; the last row takes its number. Tells whether there was one.
    pub(super) fn take(&mut self, row: u32, zones: &Zones) -> bool {
        let last = (self.records.len() as u32).saturating_sub(1);
        let [gone, moved] = [row, last].map(|row| self.record(row).map(|row| row.unpack()));
        let (Some(gone), Some(moved)) = (gone, moved) else { return false };
        let [had, has] = [&gone, &moved].map(|record| self.attributes(record, zones));
        self.planes.change(last, &has, &[], self.records.len());
        self.by_id.remove(row, |row| hash_of(id_at(&self.ids, row)));
        if row != last {
            self.planes.change(row, &had, &has, self.records.len());
            self.by_id.renumber(hash_of(self.id(last)), last, row);
        }
        self.records.swap_remove(row);
        self.ids.swap_remove(row as usize);
        self.vocabulary.count(&gone, Uses::Less);
        true
    }
}

fn id_at(ids: &[Uuid], row: u32) -> Uuid {
    ids.get(row as usize).copied().unwrap_or_default()
}

fn hash_of(id: Uuid) -> u64 {
    let id = id.as_u128();
    mix(mix(id as u64) ^ (id >> 64) as u64)
}
