use uuid::Uuid;

use super::super::retriever::mix;

const FREE: u32 = u32::MAX;

/// Which row an id is in, at 4 to 8 bytes a row where a standard map takes 50: open addressing with linear probing over row
/// numbers alone (Knuth, TAOCP 6.4, algorithms L and R); the ids are the caller's.
#[derive(Clone, Debug, Default)]
pub struct RowMap {
    slots: Vec<u32>,
    used: usize,
}

impl RowMap {
    /// The row of `id`, where `ids` has every row's.
    pub fn get(&self, id: Uuid, ids: &[Uuid]) -> Option<u32> {
        let row = *self.slots.get(self.find(id, ids)?)?;
        (row != FREE).then_some(row)
    }

    /// Puts `id` in `row`, whether or not it was in another.
    pub fn insert(&mut self, id: Uuid, row: u32, ids: &[Uuid]) {
        if (self.used + 1) * 4 > self.slots.len() * 3 {
            self.grow(ids);
        }
        if let Some(slot) = self.find(id, ids).and_then(|slot| self.slots.get_mut(slot)) {
            self.used += usize::from(*slot == FREE);
            *slot = row;
        }
    }

    /// Forgets `id`, and moves up what was put off because of it.
    pub fn remove(&mut self, id: Uuid, ids: &[Uuid]) {
        let Some(mut hole) = self.find(id, ids).filter(|slot| self.at(*slot) != FREE) else { return };
        self.used -= 1;
        let mut next = hole;
        loop {
            next = (next + 1) % self.slots.len();
            let row = self.at(next);
            let Some(moved) = ids.get(row as usize).filter(|_| row != FREE) else { break };
            let home = self.home(*moved);
            let stays = if hole <= next { hole < home && home <= next } else { hole < home || home <= next };
            if !stays {
                self.set(hole, row);
                hole = next;
            }
        }
        self.set(hole, FREE);
    }

    pub fn memory_bytes(&self) -> usize {
        self.slots.len() * size_of::<u32>()
    }

    /// The slot of `id`, or the free one where it would go.
    fn find(&self, id: Uuid, ids: &[Uuid]) -> Option<usize> {
        if self.slots.is_empty() {
            return None;
        }
        let home = self.home(id);
        let probes = (home..self.slots.len()).chain(0..home);
        probes.into_iter().find(|slot| {
            let row = self.at(*slot);
            row == FREE || ids.get(row as usize) == Some(&id)
        })
    }

    fn home(&self, id: Uuid) -> usize {
        let id = id.as_u128();
        (mix(mix(id as u64) ^ (id >> 64) as u64) % self.slots.len() as u64) as usize
    }

    fn at(&self, slot: usize) -> u32 {
        self.slots.get(slot).copied().unwrap_or(FREE)
    }

    fn set(&mut self, slot: usize, row: u32) {
        if let Some(slot) = self.slots.get_mut(slot) {
            *slot = row;
        }
    }

    fn grow(&mut self, ids: &[Uuid]) {
        let rows: Vec<u32> = self.slots.iter().copied().filter(|row| *row != FREE).collect();
        self.slots = vec![FREE; (self.slots.len() * 2).max(16)];
        for row in rows {
            if let Some(id) = ids.get(row as usize)
                && let Some(slot) = self.find(*id, ids)
            {
                self.set(slot, row);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn it_finds_what_a_standard_map_finds(edits in proptest::collection::vec((any::<bool>(), 0..40u128), 0..300)) {
            let (mut map, mut ids, mut oracle) = (RowMap::default(), Vec::new(), BTreeMap::new());
            for (adds, id) in edits {
                let id = Uuid::from_u128(id);
                if adds {
                    ids.push(id);
                    map.insert(id, ids.len() as u32 - 1, &ids);
                    oracle.insert(id, ids.len() as u32 - 1);
                } else {
                    map.remove(id, &ids);
                    oracle.remove(&id);
                }
            }
            for id in (0..40).map(Uuid::from_u128) {
                prop_assert_eq!(map.get(id, &ids), oracle.get(&id).copied());
            }
        }
    }
}
