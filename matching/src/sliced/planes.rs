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

    /// A reader of an attribute that some row has.
    pub fn reader(&self, attribute: Attribute) -> Option<Reader<'_>> {
        self.0.get(&attribute).map(Plane::reader)
    }

    /// Readers of all attributes within a range, with what they are.
    pub fn readers(&self, first: Attribute, last: Attribute) -> impl Iterator<Item = (Attribute, Reader<'_>)> {
        self.0.range(first..=last).map(|(attribute, plane)| (*attribute, plane.reader()))
    }

    pub fn memory_bytes(&self) -> usize {
        let overhead = size_of::<(Attribute, Plane)>();
        self.0.values().map(|plane| plane.memory_bytes() + overhead).sum()
    }
}
