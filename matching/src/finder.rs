use super::memory;

const FREE: u32 = u32::MAX;

/// Finds the number that stands for a key, at about 5 bytes a number where a standard map takes 50 and more: open addressing with
/// linear probing over the numbers alone (Knuth, TAOCP 6.4, algorithms L and R). The keys are the caller's.
///
/// What a number leaves free of its 32 bits holds bits of the key's hash, so that other keys are hardly ever looked at. Numbers
/// are to be handed out from 0 on, the free ones first.
#[derive(Clone, Debug, Default)]
pub struct Finder {
    slots: Vec<u32>,
    used: usize,
}

impl Finder {
    /// The number with this hash for which `is` holds.
    pub fn get(&self, hash: u64, is: impl Fn(u32) -> bool) -> Option<u32> {
        let tag = self.tag(hash);
        let mine = |slot: u32| (slot & !self.mask() == tag).then_some(slot & self.mask()).filter(|number| is(*number));
        self.probes(hash).map(|slot| self.at(slot)).take_while(|slot| *slot != FREE).find_map(mine)
    }

    /// Adds a number that is not there. `hash_of` gives the hash of every number's key.
    pub fn insert(&mut self, number: u32, hash_of: impl Fn(u32) -> u64) {
        if (self.used + 1) * 8 > self.slots.len() * 7 {
            self.grow(&hash_of);
        }
        self.used += 1;
        self.place(number, hash_of(number));
    }

    /// Puts another number where one with this hash is.
    pub fn renumber(&mut self, hash: u64, from: u32, to: u32) {
        if let Some(slot) = self.slot_of(hash, from) {
            self.set(slot, self.tag(hash) | to);
        }
    }

    /// Forgets a number, and moves up what was put off because of it.
    pub fn remove(&mut self, number: u32, hash_of: impl Fn(u32) -> u64) {
        let Some(mut hole) = self.slot_of(hash_of(number), number) else { return };
        self.used -= 1;
        let mut next = hole;
        loop {
            next = (next + 1) % self.slots.len();
            let moved = self.at(next);
            if moved == FREE {
                break;
            }
            let home = self.home(hash_of(moved & self.mask()));
            let stays = if hole <= next { hole < home && home <= next } else { hole < home || home <= next };
            if !stays {
                self.set(hole, moved);
                hole = next;
            }
        }
        self.set(hole, FREE);
    }

    pub fn memory_bytes(&self) -> usize {
        memory::of(&self.slots)
    }

    /// The bits of a slot that are its number: more slots than numbers, so no number has all of them.
    fn mask(&self) -> u32 {
        (self.slots.len().next_power_of_two() - 1) as u32
    }

    fn tag(&self, hash: u64) -> u32 {
        hash as u32 & !self.mask()
    }

    /// The upper bits decide, so that all stay in the order of their homes when there are more slots.
    fn home(&self, hash: u64) -> usize {
        ((u128::from(hash) * self.slots.len() as u128) >> 64) as usize
    }

    fn probes(&self, hash: u64) -> impl Iterator<Item = usize> + use<> {
        let home = self.home(hash);
        (home..self.slots.len()).chain(0..home)
    }

    fn slot_of(&self, hash: u64, number: u32) -> Option<usize> {
        self.probes(hash).take_while(|slot| self.at(*slot) != FREE).find(|slot| self.at(*slot) & self.mask() == number)
    }

    fn place(&mut self, number: u32, hash: u64) {
        if let Some(slot) = self.probes(hash).find(|slot| self.at(*slot) == FREE) {
            self.set(slot, self.tag(hash) | number);
        }
    }

    fn at(&self, slot: usize) -> u32 {
        self.slots.get(slot).copied().unwrap_or(FREE)
    }

    fn set(&mut self, slot: usize, value: u32) {
        if let Some(slot) = self.slots.get_mut(slot) {
            *slot = value;
        }
    }

    /// By an eighth, so that little is ever unused.
    fn grow(&mut self, hash_of: impl Fn(u32) -> u64) {
        let mask = self.mask();
        let slots = (self.slots.len() + self.slots.len() / 8).max(16);
        let before = std::mem::replace(&mut self.slots, vec![FREE; slots]);
        for number in before.into_iter().filter(|slot| *slot != FREE).map(|slot| slot & mask) {
            self.place(number, hash_of(number));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::retriever::mix;
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        /// Keys that all have one hash, few, or hashes of their own.
        #[test]
        fn it_finds_what_a_standard_map_finds(
            edits in proptest::collection::vec((any::<bool>(), 0..40u64), 0..300), hashes in prop::sample::select(vec![1, 3, 1000u64]),
        ) {
            let hash = |key: u64| mix(key % hashes);
            let (mut finder, mut keys, mut oracle) = (Finder::default(), Vec::new(), BTreeMap::new());
            for (adds, key) in edits {
                if adds && !oracle.contains_key(&key) {
                    oracle.insert(key, keys.len() as u32);
                    keys.push(key);
                    finder.insert(keys.len() as u32 - 1, |number| hash(keys[number as usize]));
                } else if let Some(number) = oracle.remove(&key).filter(|_| !adds) {
                    finder.remove(number, |number| hash(keys[number as usize]));
                    let last = keys.len() as u32 - 1;
                    keys.swap_remove(number as usize);
                    if number != last {
                        finder.renumber(hash(keys[number as usize]), last, number);
                        oracle.insert(keys[number as usize], number);
                    }
                } else if let Some(number) = finder.get(hash(key), |number| keys[number as usize] == key) {
                    oracle.insert(key, number);
                }
            }
            for key in 0..40 {
                let found = finder.get(hash(key), |number| keys[number as usize] == key);
                prop_assert_eq!(found, oracle.get(&key).copied());
            }
        }
    }
}
