use std::collections::BTreeMap;

use super::attributes::Attribute;
use super::plane::{Plane, Reader};

/// A plane for each attribute that any row of one side has.
#[derive(Clone, Debug, Default)]
pub struct Planes(BTreeMap<Attribute, Plane>);

impl Planes {
    /// Turns a row with the attributes `before` into one with those `after`, both rising, where there are `rows` in all: only what
    /// differs is written.
    pub fn change(&mut self, row: u32, before: &[Attribute], after: &[Attribute], rows: usize) {
        for gone in before.iter().filter(|attribute| after.binary_search(attribute).is_err()) {
            if let Some(plane) = self.0.get_mut(gone) {
                plane.clear(row, rows);
                if plane.is_empty() {
                    self.0.remove(gone);
                }
            }
        }
        for new in after.iter().filter(|attribute| before.binary_search(attribute).is_err()) {
            self.0.entry(*new).or_default().mark(row, rows);
        }
    }

    /// A plane that any row has.
    pub fn of(&self, attribute: Attribute) -> Option<&Plane> {
        self.0.get(&attribute)
    }

    /// A reader of an attribute that some row has.
    pub fn reader(&self, attribute: Attribute) -> Option<Reader<'_>> {
        Some(Reader::new(vec![self.of(attribute)?]))
    }

    /// All planes of attributes within a range, with what they are of.
    pub fn range(&self, first: Attribute, last: Attribute) -> impl Iterator<Item = (Attribute, &Plane)> {
        self.0.range(first..=last).map(|(attribute, plane)| (*attribute, plane))
    }

    pub fn memory_bytes(&self) -> usize {
        let overhead = size_of::<(Attribute, Plane)>();
        self.0.values().map(|plane| plane.memory_bytes() + overhead).sum()
    }
}
