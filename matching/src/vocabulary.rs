use std::collections::BTreeMap;

use uuid::Uuid;

use super::hours::Day;
use super::memory;
use super::pool::Pool;
use super::profile::Skill;

/// Numbers from 0 for the values of one kind in the order in which they came. A number is never taken back.
#[derive(Clone, Debug)]
pub struct Dictionary<T> {
    codes: BTreeMap<T, u16>,
    values: Vec<T>,
}

impl<T: Ord + Clone> Dictionary<T> {
    /// The number of a value, which gets the next one if it is new; none when all 65,535 are taken.
    pub fn code(&mut self, value: &T) -> Option<u16> {
        let next = u16::try_from(self.values.len()).ok().filter(|next| *next < u16::MAX);
        match self.codes.get(value) {
            Some(code) => Some(*code),
            None => {
                self.codes.insert(value.clone(), next?);
                self.values.push(value.clone());
                next
            }
        }
    }

    /// The numbers of several, rising; none when there is no more for one of them.
    pub fn list<'a>(&mut self, values: impl Iterator<Item = &'a T>) -> Option<List>
    where
        T: 'a,
    {
        let mut codes: Vec<_> = values.map(|value| self.code(value)).collect::<Option<_>>()?;
        codes.sort_unstable();
        Some(codes.into())
    }

    /// The number of a value that has one.
    pub fn get(&self, value: &T) -> Option<u16> {
        self.codes.get(value).copied()
    }

    /// What a number stands for.
    pub fn value(&self, code: u16) -> Option<&T> {
        self.values.get(usize::from(code))
    }

    /// All of them, by number.
    pub fn values(&self) -> impl ExactSizeIterator<Item = &T> {
        self.values.iter()
    }

    /// How many numbers there are.
    pub fn len(&self) -> usize {
        self.values.len()
    }
}

impl<T> Default for Dictionary<T> {
    fn default() -> Self {
        Self { codes: BTreeMap::new(), values: Vec::new() }
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
    /// The number of the place plus 1; 0 where none is told
    pub place: u16,
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
    pub places: Dictionary<String>,
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

    /// The number of a skill plus 1; `weight` is kept with a new one.
    pub fn skill_code(&mut self, term: Term, weight: u32) -> Option<u16> {
        let code = self.skills.code(&term)? + 1;
        if self.weights.len() <= usize::from(code) {
            self.weights.resize(usize::from(code) + 1, weight);
        }
        Some(code)
    }

    /// The weight of a skill by its number plus 1.
    pub fn weight(&self, code: u16) -> u32 {
        self.weights.get(usize::from(code)).copied().unwrap_or_default()
    }

    /// About how many bytes of memory it takes.
    pub fn memory_bytes(&self) -> usize {
        let ids = self.topics.len() + self.soft_skills.len() + self.industries.len();
        let words = 72 * self.skills.len() + 48 * ids + 112 * (self.languages.len() + self.places.len());
        let list = |list: &List| memory::allocated(size_of_val::<[u16]>(list));
        let lists: usize = self.sets.iter().chain([&self.more_skills]).map(|pool| pool.memory_bytes(list)).sum();
        words
            + lists
            + self.homes.memory_bytes(|home| list(&home.languages))
            + self.days.memory_bytes(|day| memory::allocated(size_of_val(day.stretches())))
    }
}
