//! What this node's own requests wrote, until its index has it.

use super::concern::concerns_everybody;
use crate::events::log::Entry;

#[derive(Debug, Default)]
pub struct Noted {
    /// Not taken in yet
    new: Vec<Entry>,
    /// Taken in since a load of everybody began, which may have read them as they were before
    during_load: Option<Vec<Entry>>,
}

impl Noted {
    pub fn add(&mut self, entries: Vec<Entry>) {
        self.new.extend(entries);
    }

    pub fn new_entries(&self) -> &[Entry] {
        &self.new
    }

    /// The first `count` are in the index.
    pub fn take_in(&mut self, count: usize) {
        let taken = self.new.drain(..count);
        if let Some(during_load) = &mut self.during_load {
            // What concerns everybody asks for another load, and would do so for ever.
            during_load.extend(taken.filter(|entry| !concerns_everybody(entry.kind)));
        }
    }

    /// An index of everybody is being made anew.
    pub fn begin_load(&mut self) {
        self.during_load = Some(Vec::new());
    }

    /// It takes the place of the one that was.
    pub fn end_load(&mut self) {
        self.new.extend(self.during_load.take().into_iter().flatten());
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::events::Kind;

    fn entry(kind: Kind, subject: u128) -> Entry {
        Entry { kind, subject: Uuid::from_u128(subject) }
    }

    #[test]
    fn what_is_written_during_a_load_is_taken_in_again_after_it_once() {
        let (before, meanwhile) = (entry(Kind::UserChanged, 1), entry(Kind::UserChanged, 2));
        let (term, late) = (entry(Kind::TermAdded, 3), entry(Kind::UserChanged, 4));
        let mut noted = Noted::default();
        noted.add(vec![before]);
        noted.take_in(1);
        noted.begin_load();
        noted.add(vec![meanwhile, term]);
        noted.take_in(2);
        noted.add(vec![late]);
        assert_eq!(noted.new_entries(), [late]);
        noted.end_load();
        assert_eq!(noted.new_entries(), [late, meanwhile]);
        noted.take_in(2);
        noted.end_load();
        assert_eq!(noted.new_entries(), []);
    }
}
