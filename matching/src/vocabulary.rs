use std::collections::BTreeMap;

use uuid::Uuid;

use super::profile::Skill;

/// Numbers from 0 for the values of one kind in the order in which they came. A number is never taken back.
#[derive(Clone, Debug)]
pub struct Dictionary<T>(BTreeMap<T, u16>);

impl<T: Ord> Dictionary<T> {
    /// The number of a value, which gets the next one if it is new; none when all 65,535 are taken.
    pub fn code(&mut self, value: T) -> Option<u16> {
        let next = u16::try_from(self.0.len()).ok().filter(|next| *next < u16::MAX);
        match self.0.get(&value) {
            Some(code) => Some(*code),
            None => {
                self.0.insert(value, next?);
                next
            }
        }
    }

    /// The number of a value that has one.
    pub fn get<Q: Ord + ?Sized>(&self, value: &Q) -> Option<u16>
    where
        T: std::borrow::Borrow<Q>,
    {
        self.0.get(value).copied()
    }

    /// How many numbers there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// All values and numbers, in the order of the values.
    pub fn iter(&self) -> impl Iterator<Item = (&T, u16)> {
        self.0.iter().map(|(value, code)| (value, *code))
    }
}

impl<T> Default for Dictionary<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

/// A skill with how it is offered or sought: what a number stands for, so that one look-up tells its worth to a query.
pub type Term = (Uuid, Skill);

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
}

impl Vocabulary {
    /// The numbers of a skill however it is offered or sought.
    pub fn of_skill(&self, skill: Uuid) -> impl Iterator<Item = (Skill, u16)> {
        let first = (skill, Skill { level: None, priority: 0 });
        let last = (skill, Skill { level: Some(u8::MAX), priority: u8::MAX });
        self.skills.0.range(first..=last).map(|((_, how), code)| (*how, *code))
    }

    /// The number of a skill plus 1; `weight` is kept with a new one.
    pub fn skill_code(&mut self, term: Term, weight: u32) -> Option<u16> {
        let code = self.skills.code(term)? + 1;
        if self.weights.len() <= usize::from(code) {
            self.weights.resize(usize::from(code) + 1, weight);
        }
        Some(code)
    }

    /// By number of a skill plus 1.
    pub fn weights(&self) -> &[u32] {
        &self.weights
    }

    /// About how many bytes of memory it takes.
    pub fn memory_bytes(&self) -> usize {
        let ids = self.topics.len() + self.soft_skills.len() + self.industries.len();
        52 * self.skills.len() + 32 * ids + 64 * (self.languages.len() + self.places.len())
    }
}
