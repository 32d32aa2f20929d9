//! Everybody who can be matched, in memory: derived from the database, and never an authority over it.

mod hash;
mod row_map;
mod rows;

use chrono::{DateTime, Utc};
use entity::side::Side;
use uuid::Uuid;

pub use hash::of_profile as hash_of_profile;
use rows::Row;
pub use rows::Rows;

use super::hours::Horizon;
use super::patterns::Patterns;
use super::policy::Policy;
use super::profile::{Profile, Seats, Standing};
use super::record::{Faulty, encode};
use super::retriever::Query;
use super::rule::Rule;
use super::score::Prepared;

/// The records of both sides under one policy and in the weeks of one horizon.
#[derive(Clone, Debug)]
pub struct Index {
    policy: Policy,
    patterns: Patterns,
    mentors: Rows,
    mentees: Rows,
}

impl Index {
    /// Nobody yet, in the weeks of `now`.
    pub fn new(policy: Policy, now: DateTime<Utc>) -> Self {
        let (mentors, mentees) = (Rows::new(Side::Mentor), Rows::new(Side::Mentee));
        Self { policy, patterns: Patterns::new(now), mentors, mentees }
    }

    /// All of `people` on their sides.
    ///
    /// # Errors
    /// The first profile that does not keep its bounds.
    pub fn build<'a>(
        policy: Policy,
        now: DateTime<Utc>,
        people: impl IntoIterator<Item = (Side, &'a Profile)>,
    ) -> Result<Self, Faulty> {
        let mut index = Self::new(policy, now);
        for (side, profile) in people {
            index.upsert(side, profile)?;
        }
        Ok(index)
    }

    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The weeks in which shared time is counted.
    pub fn horizon(&self) -> Horizon {
        self.patterns.horizon()
    }

    /// One side's rows.
    pub fn rows(&self, side: Side) -> &Rows {
        side.pick(&self.mentors, &self.mentees)
    }

    pub(super) fn patterns(&self) -> &Patterns {
        &self.patterns
    }

    /// Writes somebody on a side, whether or not they were there.
    ///
    /// # Errors
    /// Where the profile does not keep its bounds; the index is then as it was.
    pub fn upsert(&mut self, side: Side, profile: &Profile) -> Result<(), Faulty> {
        let rows = side.pick(&mut self.mentors, &mut self.mentees);
        let (mut record, extra) = encode(profile, side, &self.policy, &mut rows.vocabulary)?;
        record.pattern = self.patterns.acquire(&profile.hours);
        let row = Row { record, extra, terms: hash::of_terms(profile, side) };
        let before = rows.put(profile.user_id, row, &self.patterns);
        if let Some(before) = before {
            self.patterns.release(before.pattern);
        }
        Ok(())
    }

    /// Takes somebody off a side. Tells whether they were there.
    pub fn remove(&mut self, side: Side, id: Uuid) -> bool {
        let rows = side.pick(&mut self.mentors, &mut self.mentees);
        let taken = rows.row_of(id).and_then(|row| rows.take(row, &self.patterns));
        if let Some(record) = taken {
            self.patterns.release(record.pattern);
        }
        taken.is_some()
    }

    /// Writes what changes most: whether somebody can be matched, and a mentor's seats, suggestions and price. Tells whether they
    /// are there.
    ///
    /// # Errors
    /// Where the price is out of bounds; the index is then as it was.
    pub fn set_standing(&mut self, side: Side, id: Uuid, standing: Standing, seats: Seats) -> Result<bool, Faulty> {
        if seats.price > 1000 {
            return Err(Faulty::Price);
        }
        let now = Profile { standing, seats, ..Profile::default() };
        let open = Rule::broken_by(&now, side, &self.policy).is_none();
        let deduction = side.pick(Some(self.policy.deduction(seats.price)), None);
        let rows = side.pick(&mut self.mentors, &mut self.mentees);
        Ok(rows.row_of(id).is_some_and(|row| rows.set(row, open, deduction, &self.patterns)))
    }

    /// Moves to the weeks of `now`: to be called at least once a week, or shared hours would be those of another season.
    pub fn set_now(&mut self, now: DateTime<Utc>) {
        let before: Vec<_> = self.patterns.iter().map(|pattern| pattern.slots).collect();
        if self.patterns.set_now(now) {
            self.mentors.move_slots(&before, &self.patterns);
            self.mentees.move_slots(&before, &self.patterns);
        }
    }

    /// The hash of somebody's row, to be compared with [`hash_of_profile`] of what the database has.
    pub fn hash_of(&self, side: Side, id: Uuid) -> Option<u64> {
        let rows = self.rows(side);
        rows.hash(rows.row_of(id)?)
    }

    /// Bytes of memory that the planes of [`Sliced`](super::Sliced) take of [`Self::memory_bytes`].
    pub fn planes_bytes(&self) -> usize {
        self.mentors.planes().memory_bytes() + self.mentees.planes().memory_bytes()
    }

    /// Bytes of memory in all.
    pub fn memory_bytes(&self) -> usize {
        self.mentors.memory_bytes() + self.mentees.memory_bytes() + self.patterns.memory_bytes()
    }

    /// Bytes of memory by part, of both sides together.
    pub fn memory_by_part(&self) -> Vec<(&'static str, usize)> {
        let mut parts = vec![("patterns", self.patterns.memory_bytes())];
        parts.push(("mentors", self.mentors.memory_bytes() - self.mentors.planes().memory_bytes()));
        parts.push(("mentees", self.mentees.memory_bytes() - self.mentees.planes().memory_bytes()));
        parts.push(("planes", self.planes_bytes()));
        parts
    }

    /// How many are on a side.
    pub fn len(&self, side: Side) -> usize {
        self.rows(side).records().len()
    }

    /// A query made ready against the other side.
    ///
    /// # Errors
    /// Where its profile does not keep its bounds.
    pub fn prepare(&self, query: &Query<'_>) -> Result<Prepared, Faulty> {
        let vocabulary = self.rows(query.side.other()).vocabulary();
        Prepared::new(query.profile, query.side, &self.policy, vocabulary, &self.patterns)
    }
}
