use std::hash::{DefaultHasher, Hash, Hasher};

use super::finder::Finder;
use super::memory;

/// Values that many rows share, each kept once with its uses. Number 0 is the default value, for ever; another number is free again
/// when nobody uses it.
#[derive(Clone, Debug, Default)]
pub struct Pool<T> {
    default: T,
    /// From number 1 on
    values: Vec<Shared<T>>,
    free: Vec<u32>,
    finder: Finder,
}

/// A value with how many use it; the default is nobody's.
#[derive(Clone, Debug, Default)]
pub struct Shared<T> {
    pub value: T,
    pub uses: u32,
}

/// Whether one comes or goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Uses {
    More,
    Less,
}

impl<T> Shared<T> {
    pub fn count(&mut self, by: Uses) {
        self.uses = match by {
            Uses::More => self.uses + 1,
            Uses::Less => self.uses.saturating_sub(1),
        };
    }
}

impl<T: Default + Eq + Hash> Pool<T> {
    /// The value of a number; that of a free one is the default.
    #[inline]
    pub fn get(&self, number: u32) -> &T {
        let shared = self.values.get((number as usize).wrapping_sub(1));
        shared.map_or(&self.default, |shared| &shared.value)
    }

    /// Nobody uses these values yet, which have the numbers from 1 on: see [`Self::free_unused`].
    pub fn unused(values: Vec<T>) -> Self {
        let values = values.into_iter().map(|value| Shared { value, uses: 0 });
        Self { values: values.collect(), ..Self::default() }
    }

    /// Makes the numbers free that nobody uses, and the values of the others can be found.
    pub fn free_unused(&mut self) {
        for place in 0..self.values.len() as u32 {
            match self.values.get_mut(place as usize) {
                Some(shared) if shared.uses == 0 => {
                    *shared = Shared::default();
                    self.free.push(place);
                }
                _ => self.finder.insert(place, |place| hash_at(&self.values, place)),
            }
        }
    }

    /// From number 1 on; that of a free one is the default.
    pub fn values(&self) -> impl ExactSizeIterator<Item = &T> {
        self.values.iter().map(|shared| &shared.value)
    }

    /// The same from number 0 on.
    pub fn values_from_0(&self) -> impl Iterator<Item = &T> {
        std::iter::once(&self.default).chain(self.values())
    }

    /// The number of a value, one more use of it.
    pub fn acquire(&mut self, value: T) -> u32 {
        if value == self.default {
            return 0;
        }
        if let Some(number) = self.number_of(&value) {
            self.count(number, Uses::More);
            return number;
        }
        let place = self.free.pop().unwrap_or(self.values.len() as u32);
        let shared = Shared { value, uses: 1 };
        match self.values.get_mut(place as usize) {
            Some(free) => *free = shared,
            None => memory::push(&mut self.values, shared),
        }
        self.finder.insert(place, |place| hash_at(&self.values, place));
        place + 1
    }

    /// The number of a value that has one.
    pub fn number_of(&self, value: &T) -> Option<u32> {
        if *value == self.default {
            return Some(0);
        }
        let is = |place: u32| self.values.get(place as usize).is_some_and(|shared| shared.value == *value);
        self.finder.get(hash(value), is).map(|place| place + 1)
    }

    /// One use more, or less, of a number.
    pub fn count(&mut self, number: u32, by: Uses) {
        let place = number.wrapping_sub(1);
        let Some(shared) = self.values.get_mut(place as usize) else { return };
        shared.count(by);
        if shared.uses == 0 {
            self.finder.remove(place, |place| hash_at(&self.values, place));
            if let Some(shared) = self.values.get_mut(place as usize) {
                *shared = Shared::default();
            }
            self.free.push(place);
        }
    }

    /// Past the highest number.
    pub fn end(&self) -> usize {
        self.values.len() + 1
    }

    /// Bytes of memory, with those that `beside` counts of each value.
    pub fn memory_bytes(&self, beside: impl Fn(&T) -> usize) -> usize {
        let values: usize = self.values.iter().map(|shared| beside(&shared.value)).sum();
        memory::of(&self.values) + memory::of(&self.free) + self.finder.memory_bytes() + values
    }
}

fn hash_at<T: Hash>(values: &[Shared<T>], place: u32) -> u64 {
    values.get(place as usize).map_or(0, |shared| hash(&shared.value))
}

/// The same in every run: [`DefaultHasher::new`] has no keys of its own.
fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn a_value_has_one_number_as_long_as_it_is_used(edits in proptest::collection::vec((any::<bool>(), 0..30u8), 0..200)) {
            let (mut pool, mut numbers) = (Pool::<u8>::default(), BTreeMap::<u8, (u32, u32)>::new());
            for (uses, value) in edits {
                if uses {
                    let number = pool.acquire(value);
                    let known = numbers.entry(value).or_insert((number, 0));
                    prop_assert_eq!(known.0, number);
                    known.1 += 1;
                } else if let Some((number, uses)) = numbers.get_mut(&value) {
                    pool.count(*number, Uses::Less);
                    *uses -= 1;
                    if *uses == 0 {
                        numbers.remove(&value);
                    }
                }
                for (value, (number, _)) in &numbers {
                    prop_assert_eq!(pool.get(*number), value);
                }
            }
            prop_assert!(pool.end() <= 31);
        }
    }
}
