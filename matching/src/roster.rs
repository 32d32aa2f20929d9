//! The people of a cohort, made ready to be scored each with each.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use entity::side::Side;
use uuid::Uuid;

use super::cohort::Scores;
use super::hours::Horizon;
use super::patterns::Patterns;
use super::policy::Policy;
use super::profile::Profile;
use super::reasons::Fit;
use super::record::{Extra, Faulty, Record, encode};
use super::rule::{PairBlocks, Rule};
use super::score::{Prepared, forbidden};
use super::vocabulary::Vocabulary;

/// Everybody of a cohort under one policy, by their places in the lists that it is made of: the [`Scores`] of a cohort's problem.
///
/// A pair has a score exactly where [`judge`](super::judge) gives it points, and the same. What forbids pairs is as it was when
/// this was made.
pub struct Roster {
    policy: Policy,
    mentors: Vec<Profile>,
    mentees: Vec<Profile>,
    blocks: PairBlocks,
    patterns: Patterns,
    records: Vec<Record>,
    extras: Vec<Extra>,
    prepared: Vec<Prepared>,
    /// Of each mentee the places of the mentors whom a rule about the two forbids, rising
    shut: Vec<Vec<u32>>,
}

impl Roster {
    /// In the weeks of `now`.
    ///
    /// # Errors
    /// The first bound that a profile does not keep.
    pub fn new(
        policy: Policy,
        now: DateTime<Utc>,
        mentors: Vec<Profile>,
        mentees: Vec<Profile>,
        blocks: PairBlocks,
    ) -> Result<Self, Faulty> {
        let (mut patterns, mut vocabulary) = (Patterns::new(now), Vocabulary::default());
        let (mut records, mut extras) = (Vec::with_capacity(mentors.len()), Vec::new());
        for mentor in &mentors {
            let (mut record, extra) = encode(mentor, Side::Mentor, &policy, &mut vocabulary)?;
            record.pattern = patterns.acquire(&mentor.hours);
            if !extra.is_empty() {
                extras.push(extra);
                record.extra = extras.len() as u32;
            }
            records.push(record);
        }
        let prepare = |mentee| Prepared::new(mentee, Side::Mentee, &policy, &vocabulary, &patterns);
        let prepared = mentees.iter().map(prepare).collect::<Result<_, _>>()?;
        let shut = shut(&mentors, &mentees, &blocks);
        Ok(Self { policy, mentors, mentees, blocks, patterns, records, extras, prepared, shut })
    }

    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    pub fn mentors(&self) -> &[Profile] {
        &self.mentors
    }

    pub fn mentees(&self) -> &[Profile] {
        &self.mentees
    }

    /// The weeks in which shared time is counted.
    pub fn horizon(&self) -> Horizon {
        self.patterns.horizon()
    }

    /// The hard rule that forbids a pair; none where it has a score, or where there is no such place.
    pub fn rule(&self, mentee: usize, mentor: usize) -> Option<Rule> {
        let (one, other) = (self.mentors.get(mentor)?, self.mentees.get(mentee)?);
        let floor = || self.score(mentee, mentor).is_none().then_some(Rule::Floor);
        forbidden(&self.policy, one, other, &self.blocks).or_else(floor)
    }

    /// A pair with its points and reasons; none where it has no score.
    pub fn fit(&self, mentee: usize, mentor: usize) -> Option<Fit> {
        let points = self.prepared.get(mentee).filter(|_| self.score(mentee, mentor).is_some())?;
        let record = self.records.get(mentor)?;
        let points = points.points(record, self.extra(record), self.hours(points, record));
        let (one, other) = (self.mentors.get(mentor)?, self.mentees.get(mentee)?);
        Some(Fit::new(&self.policy, one, other, points, &self.horizon()))
    }

    fn extra(&self, record: &Record) -> Option<&Extra> {
        (record.extra as usize).checked_sub(1).and_then(|place| self.extras.get(place))
    }

    fn hours(&self, prepared: &Prepared, record: &Record) -> u16 {
        prepared.hours(self.patterns.told(record.pattern))
    }

    #[inline]
    fn points(&self, prepared: &Prepared, record: &Record, hours: u16) -> Option<u16> {
        if !prepared.allows(record.flags) {
            return None;
        }
        let points = prepared.points(record, self.extra(record), hours);
        prepared.reaches_floors(&points).then(|| points.total())
    }
}

impl Scores for Roster {
    fn score(&self, mentee: usize, mentor: usize) -> Option<u16> {
        let (prepared, record) = (self.prepared.get(mentee)?, self.records.get(mentor)?);
        let shut = self.shut.get(mentee)?.binary_search(&(mentor as u32)).is_ok();
        if shut || prepared.own_rule.is_some() {
            return None;
        }
        self.points(prepared, record, self.hours(prepared, record))
    }

    fn row(&self, mentee: usize, row: &mut [Option<u16>]) {
        let Some(prepared) = self.prepared.get(mentee).filter(|prepared| prepared.own_rule.is_none()) else {
            return row.fill(None);
        };
        let by_pattern = prepared.hours_by_pattern(&self.patterns);
        for (slot, record) in row.iter_mut().zip(&self.records) {
            let hours = by_pattern.get(record.pattern as usize).copied().unwrap_or_default();
            *slot = self.points(prepared, record, hours);
        }
        for mentor in self.shut.get(mentee).into_iter().flatten() {
            if let Some(slot) = row.get_mut(*mentor as usize) {
                *slot = None;
            }
        }
    }
}

fn shut(mentors: &[Profile], mentees: &[Profile], blocks: &PairBlocks) -> Vec<Vec<u32>> {
    let places = |people: &[Profile]| -> BTreeMap<Uuid, usize> {
        people.iter().enumerate().map(|(place, person)| (person.user_id, place)).collect()
    };
    let (of_mentors, of_mentees) = (places(mentors), places(mentees));
    let mut shut = vec![Vec::new(); mentees.len()];
    let oneself = mentees.iter().map(|mentee| (mentee.user_id, mentee.user_id));
    for (mentor, mentee) in blocks.iter().map(|(mentor, mentee, _)| (mentor, mentee)).chain(oneself) {
        if let (Some(mentor), Some(mentee)) = (of_mentors.get(&mentor), of_mentees.get(&mentee))
            && let Some(list) = shut.get_mut(*mentee)
        {
            list.push(*mentor as u32);
        }
    }
    for list in &mut shut {
        list.sort_unstable();
        list.dedup();
    }
    shut
}
