use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::hours::{Horizon, Hours, Weeks};

/// Patterns of time, each kept once with its masks of the coming weeks: most people share theirs with many.
///
/// Number 0 is no answer. A number is free again when nobody uses it.
#[derive(Clone, Debug)]
pub struct Patterns {
    horizon: Horizon,
    known: BTreeMap<Key, u32>,
    rows: Vec<Pattern>,
    free: Vec<u32>,
}

type Key = (&'static str, Vec<(i32, i32)>);

/// One pattern of time.
#[derive(Clone, Debug, Default)]
pub struct Pattern {
    hours: Hours,
    pub weeks: Weeks,
    /// Whether all four weeks are the same
    pub alike: bool,
    /// [`Weeks::slots`]
    pub slots: u64,
    uses: u32,
}

impl Pattern {
    fn new(hours: &Hours, horizon: &Horizon, uses: u32) -> Self {
        let weeks = horizon.weeks(hours);
        Self { hours: hours.clone(), weeks, alike: weeks.are_alike(), slots: weeks.slots(), uses }
    }

    /// Minutes a week that both have in the worst of the coming weeks.
    pub fn shared_minutes(&self, other: &Self) -> u32 {
        match self.alike && other.alike {
            true => self.weeks.shared_minutes_at_once(&other.weeks),
            false => self.weeks.shared_minutes(&other.weeks),
        }
    }
}

impl Patterns {
    pub fn new(now: DateTime<Utc>) -> Self {
        let none = Pattern::default();
        Self { horizon: Horizon::new(now), known: BTreeMap::new(), rows: vec![none], free: Vec::new() }
    }

    /// The weeks that the masks are of.
    pub fn horizon(&self) -> Horizon {
        self.horizon
    }

    /// The number for these hours, one more use of it.
    pub fn acquire(&mut self, hours: &Hours) -> u32 {
        if !hours.is_told() {
            return 0;
        }
        let key = key(hours);
        if let Some(number) = self.known.get(&key)
            && let Some(pattern) = self.rows.get_mut(*number as usize)
        {
            pattern.uses += 1;
            return *number;
        }
        let number = self.free.pop().unwrap_or(self.rows.len() as u32);
        let pattern = Pattern::new(hours, &self.horizon, 1);
        match self.rows.get_mut(number as usize) {
            Some(row) => *row = pattern,
            None => self.rows.push(pattern),
        }
        self.known.insert(key, number);
        number
    }

    /// One use less.
    pub fn release(&mut self, number: u32) {
        let Some(pattern) = self.rows.get_mut(number as usize).filter(|pattern| pattern.uses > 0) else { return };
        pattern.uses -= 1;
        if pattern.uses == 0 {
            self.known.remove(&key(&pattern.hours));
            *pattern = Pattern::default();
            self.free.push(number);
        }
    }

    /// A pattern that is not kept, of the same weeks.
    pub fn passing(&self, hours: &Hours) -> Pattern {
        Pattern::new(hours, &self.horizon, 0)
    }

    /// By number; none for no answer.
    pub fn told(&self, number: u32) -> Option<&Pattern> {
        self.rows.get(number as usize).filter(|_| number != 0)
    }

    /// All, by number; those in no use have no time.
    pub fn iter(&self) -> impl Iterator<Item = &Pattern> {
        self.rows.iter()
    }

    /// Moves to the weeks of `now`. Tells whether the masks are others than before.
    pub fn set_now(&mut self, now: DateTime<Utc>) -> bool {
        let horizon = Horizon::new(now);
        let moved = horizon != self.horizon;
        if moved {
            self.horizon = horizon;
            for pattern in self.rows.iter_mut().filter(|pattern| pattern.uses > 0) {
                *pattern = Pattern::new(&pattern.hours, &horizon, pattern.uses);
            }
        }
        moved
    }

    /// About how many bytes of memory it takes.
    pub fn memory_bytes(&self) -> usize {
        let stretches: usize = self.rows.iter().map(|pattern| pattern.hours.stretches().len()).sum();
        self.rows.len() * (size_of::<Pattern>() + size_of::<(Key, u32)>()) + 2 * stretches * size_of::<(i32, i32)>()
    }
}

fn key(hours: &Hours) -> Key {
    (hours.zone().name(), hours.stretches().to_vec())
}
