//! Everybody who can be matched, in memory: derived from the database, and never an authority over it.

mod hash;
mod rows;
mod snapshot;

use chrono::{DateTime, Utc};
use entity::side::Side;
use uuid::Uuid;

pub use hash::of_profile as hash_of_profile;
pub use rows::Rows;

use super::coded::Coded;
use super::hours::Horizon;
use super::policy::Policy;
use super::profile::{Profile, Seats, Standing};
use super::record::{Cells, Faulty};
use super::retriever::Query;
use super::rule::Rule;
use super::score::Prepared;
use super::zones::Zones;

/// The records of both sides under one policy and in the weeks of one horizon.
#[derive(Clone, Debug)]
pub struct Index {
    policy: Policy,
    zones: Zones,
    mentors: Rows,
    mentees: Rows,
}

impl Index {
    /// Nobody yet, in the weeks of `now`.
    pub fn new(policy: Policy, now: DateTime<Utc>) -> Self {
        let (mentors, mentees) = (Rows::new(Side::Mentor), Rows::new(Side::Mentee));
        Self { policy, zones: Zones::new(now), mentors, mentees }
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
        self.zones.horizon()
    }

    /// One side's rows.
    pub fn rows(&self, side: Side) -> &Rows {
        side.pick(&self.mentors, &self.mentees)
    }

    /// Writes somebody on a side, whether or not they were there.
    ///
    /// # Errors
    /// Where the profile does not keep its bounds; the index is then as it was.
    pub fn upsert(&mut self, side: Side, profile: &Profile) -> Result<(), Faulty> {
        let rows = side.pick(&mut self.mentors, &mut self.mentees);
        let coded = Coded::new(profile, side, &self.policy, &mut rows.vocabulary, &mut self.zones)?;
        rows.put(profile.user_id, coded, &self.zones);
        Ok(())
    }

    /// Takes somebody off a side. Tells whether they were there.
    pub fn remove(&mut self, side: Side, id: Uuid) -> bool {
        let rows = side.pick(&mut self.mentors, &mut self.mentees);
        rows.row_of(id).is_some_and(|row| rows.take(row, &self.zones))
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
        Ok(rows.row_of(id).is_some_and(|row| rows.set(row, open, deduction, &self.zones)))
    }

    /// Moves to the weeks of `now`: to be called at least once a week, or shared hours would be those of another season.
    pub fn set_now(&mut self, now: DateTime<Utc>) {
        let moved = self.zones.moved_to(now);
        let before = std::mem::replace(&mut self.zones, moved);
        for rows in [&mut self.mentors, &mut self.mentees] {
            rows.move_slots(&before, &self.zones);
        }
    }

    /// Whether somebody is on a side and can be matched there.
    pub fn is_open(&self, side: Side, id: Uuid) -> bool {
        let rows = self.rows(side);
        rows.row_of(id).and_then(|row| rows.record(row)).is_some_and(|record| record.flags().is_open())
    }

    /// The hash of somebody's row, to be compared with [`Self::hash_due`] of what the database has.
    pub fn hash_of(&self, side: Side, id: Uuid) -> Option<u64> {
        let rows = self.rows(side);
        rows.hash(rows.row_of(id)?, &self.zones)
    }

    /// What [`Self::hash_of`] is when the index agrees with this profile. What there was no number left for is not told.
    pub fn hash_due(&self, side: Side, profile: &Profile) -> u64 {
        hash_of_profile(&self.rows(side).vocabulary().told(profile, side), side, &self.policy)
    }

    /// Bytes of memory that the planes of [`Sliced`](super::Sliced) take of [`Self::memory_bytes`].
    pub fn planes_bytes(&self) -> usize {
        self.mentors.planes().memory_bytes() + self.mentees.planes().memory_bytes()
    }

    /// Bytes of memory in all.
    pub fn memory_bytes(&self) -> usize {
        self.memory_by_part().iter().map(|(_, bytes)| bytes).sum()
    }

    /// Bytes of memory by part, both sides together.
    pub fn memory_by_part(&self) -> Vec<(&'static str, usize)> {
        let [mentors, mentees] = [&self.mentors, &self.mentees].map(Rows::memory_by_part);
        let both = mentors.into_iter().zip(mentees).map(|((part, mentors), (_, mentees))| (part, mentors + mentees));
        both.chain([("zones", self.zones.memory_bytes())]).collect()
    }

    /// How many are on a side.
    pub fn len(&self, side: Side) -> usize {
        self.rows(side).records().len()
    }

    /// A query made ready against the other side.
    ///
    /// # Errors
    /// Where its profile does not keep its bounds.
    pub fn prepare(&self, query: &Query<'_>) -> Result<Prepared<'_>, Faulty> {
        let vocabulary = self.rows(query.side.other()).vocabulary();
        Prepared::new(query.profile, query.side, &self.policy, vocabulary, &self.zones)
    }
}
