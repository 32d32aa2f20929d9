use std::collections::BTreeMap;

use uuid::Uuid;

use super::hours::Day;
use super::memory;
use super::pool::{Pool, Shared, Uses};
use super::profile::Skill;

/// The most values of one kind that have a number at once.
const MOST: usize = u16::MAX as usize;

/// Numbers from 0 for the values of one kind that are in use. A number is free again when nobody uses it.
#[derive(Clone, Debug)]
pub struct Dictionary<T> {
    codes: BTreeMap<T, u16>,
    /// By number
    values: Vec<Shared<T>>,
    free: Vec<u16>,
}

impl<T: Ord + Clone + Default> Dictionary<T> {
    /// Nobody uses these values yet, which have the numbers from 0 on; none where they are too many. See [`Self::free_unused`].
    pub fn unused(values: Vec<T>) -> Option<Self> {
        let values = values.into_iter().map(|value| Shared { value, uses: 0 });
        (values.len() <= MOST).then(|| Self { values: values.collect(), ..Self::default() })
    }

    /// Makes the numbers free that nobody uses, and the values of the others can be found.
    pub fn free_unused(&mut self) {
        for (code, shared) in (0..=u16::MAX).zip(&mut self.values) {
            if shared.uses == 0 {
                *shared = Shared::default();
                self.free.push(code);
            } else {
                self.codes.insert(shared.value.clone(), code);
            }
        }
    }

    /// The number of a value, one more use of it; none when all numbers are in use for others.
    pub fn acquire(&mut self, value: &T) -> Option<u16> {
        if let Some(code) = self.get(value) {
            self.count(code, Uses::More);
            return Some(code);
        }
        let code = self.free.pop().or_else(|| u16::try_from(self.values.len()).ok().filter(|_| !self.is_full()))?;
        let shared = Shared { value: value.clone(), uses: 1 };
        match self.values.get_mut(usize::from(code)) {
            Some(free) => *free = shared,
            None => self.values.push(shared),
        }
        self.codes.insert(value.clone(), code);
        Some(code)
    }

    /// The numbers of several, rising, one more use of each. Whatever has no number is left out.
    pub fn acquire_all<'a>(&mut self, values: impl Iterator<Item = &'a T>) -> List
    where
        T: 'a,
    {
        let mut codes: Vec<_> = values.filter_map(|value| self.acquire(value)).collect();
        codes.sort_unstable();
        codes.into()
    }

    /// One use more, or less, of a number.
    pub fn count(&mut self, code: u16, by: Uses) {
        let Some(shared) = self.values.get_mut(usize::from(code)) else { return };
        shared.count(by);
        if shared.uses == 0 {
            let Shared { value, .. } = std::mem::take(shared);
            self.codes.remove(&value);
            self.free.push(code);
        }
    }
}

impl<T: Ord> Dictionary<T> {
    /// The number of a value that has one.
    pub fn get(&self, value: &T) -> Option<u16> {
        self.codes.get(value).copied()
    }

    /// What a number stands for.
    pub fn value(&self, code: u16) -> Option<&T> {
        self.values.get(usize::from(code)).map(|shared| &shared.value)
    }

    /// By number; that of a free one is the default.
    pub fn values(&self) -> impl ExactSizeIterator<Item = &T> {
        self.values.iter().map(|shared| &shared.value)
    }

    /// How many numbers there are, free ones among them.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether a new value would have no number.
    pub fn is_full(&self) -> bool {
        self.free.is_empty() && self.values.len() >= MOST
    }
}

impl<T> Default for Dictionary<T> {
    fn default() -> Self {
        Self { codes: BTreeMap::new(), values: Vec::new(), free: Vec::new() }
    }
}

/// A skill with how it is offered or sought: what a number stands for, so that one look-up tells its worth to a query.
pub type Term = (Uuid, Skill);

/// Numbers of one dictionary, rising.
pub type List = Box<[u16]>;

/// Where somebody lives and what they speak: what people of one town share.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Home {
    /// The number of the zone of their hours plus 1; 0 where no time is told
    pub zone: u16,
    /// 0 where none is told
    pub place: u32,
    pub languages: List,
}

/// The dictionaries of one side's records.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    pub skills: Dictionary<Term>,
    /// By number of a skill plus 1: the weight of what mentees seek
    weights: Vec<u32>,
    pub topics: Dictionary<Uuid>,
    pub soft_skills: Dictionary<Uuid>,
    pub industries: Dictionary<Uuid>,
    pub languages: Dictionary<String>,
    pub places: Pool<String>,
    /// By [`Set`](super::record::Set), without languages
    pub sets: [Pool<List>; 3],
    pub homes: Pool<Home>,
    pub days: Pool<Day>,
    pub more_skills: Pool<List>,
}

impl Vocabulary {
    /// The numbers of a skill however it is offered or sought.
    pub fn of_skill(&self, skill: Uuid) -> impl Iterator<Item = (Skill, u16)> {
        let first = (skill, Skill { level: None, priority: 0 });
        let last = (skill, Skill { level: Some(u8::MAX), priority: u8::MAX });
        self.skills.codes.range(first..=last).map(|((_, how), code)| (*how, *code))
    }

    /// The number of a skill plus 1, one more use of it; none when there is none left. `weight` is kept with it.
    pub fn acquire_skill(&mut self, term: Term, weight: u32) -> Option<u16> {
        let code = self.skills.acquire(&term)? + 1;
        self.weigh(code, weight);
        Some(code)
    }

    /// Keeps the weight of a skill by its number plus 1.
    pub fn weigh(&mut self, code: u16, weight: u32) {
        let code = usize::from(code);
        if self.weights.len() <= code {
            self.weights.resize(code + 1, 0);
        }
        self.weights[code] = weight;
    }

    /// The weight of a skill by its number plus 1.
    pub fn weight(&self, code: u16) -> u32 {
        self.weights.get(usize::from(code)).copied().unwrap_or_default()
    }

    /// About how many bytes of memory it takes.
    pub fn memory_bytes(&self) -> usize {
        let ids = self.topics.len() + self.soft_skills.len() + self.industries.len();
        let words = 77 * self.skills.len() + 52 * ids + 120 * self.languages.len();
        let list = |list: &List| memory::allocated(size_of_val::<[u16]>(list));
        let lists: usize = self.sets.iter().chain([&self.more_skills]).map(|pool| pool.memory_bytes(list)).sum();
        words
            + lists
            + self.places.memory_bytes(|place| memory::allocated(place.len()))
            + self.homes.memory_bytes(|home| list(&home.languages))
            + self.days.memory_bytes(|day| memory::allocated(size_of_val(day.stretches())))
    }
}
