//! The people of a cohort, made ready to be scored each with each.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use chrono::{DateTime, Utc};
use entity::side::Side;
use uuid::Uuid;

use super::coded::Coded;
use super::cohort::{FORBIDDEN, Scores};
use super::component::Points;
use super::hours::Horizon;
use super::policy::Policy;
use super::profile::Profile;
use super::reasons::Fit;
use super::record::{Cells, Faulty, Record, check};
use super::rule::{PairBlocks, Rule};
use super::score::{Prepared, Rates, forbidden};
use super::sheet::Sheet;
use super::vocabulary::Vocabulary;
use super::zones::Zones;

/// Scores are kept for so many pairs at most, in two bytes each; those of a larger cohort are worked out whenever they are asked for.
const KEPT_PAIRS: usize = 1 << 27;

/// Everybody of a cohort under one policy, by their places in the lists that it is made of: the [`Scores`] of a cohort's problem.
///
/// A pair has a score exactly where [`judge`](super::judge) gives it points, and the same. What forbids pairs is as it was when
/// this was made.
pub struct Roster {
    policy: Policy,
    mentors: Vec<Profile>,
    mentees: Vec<Profile>,
    blocks: PairBlocks,
    zones: Zones,
    vocabulary: Vocabulary,
    records: Vec<Record>,
    sheet: Sheet,
    /// Of each mentee the places of the mentors whom a rule about the two forbids, rising
    shut: Vec<Vec<u32>>,
    /// Of each mentee the scores, once they were asked for; empty where too many to be kept
    kept: Vec<OnceLock<Box<[u16]>>>,
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
        let (mut zones, mut vocabulary) = (Zones::new(now), Vocabulary::default());
        let mut records = Vec::with_capacity(mentors.len());
        for mentor in &mentors {
            let coded = Coded::new(mentor, Side::Mentor, &policy, &mut vocabulary, &mut zones)?;
            records.push(vocabulary.acquire(coded));
        }
        for mentee in &mentees {
            check(mentee)?;
            zones.number(mentee.hours.zone());
        }
        let sheet = Sheet::new(&records, &vocabulary, &zones);
        let shut = shut(&mentors, &mentees, &blocks);
        let is_kept = mentors.len().saturating_mul(mentees.len()) <= KEPT_PAIRS;
        let kept = if is_kept { mentees.iter().map(|_| OnceLock::new()).collect() } else { Vec::new() };
        Ok(Self { policy, mentors, mentees, blocks, zones, vocabulary, records, sheet, shut, kept })
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
        self.zones.horizon()
    }

    /// The hard rule that forbids a pair; none where it has a score, or where there is no such place.
    pub fn rule(&self, mentee: usize, mentor: usize) -> Option<Rule> {
        let (one, other) = (self.mentors.get(mentor)?, self.mentees.get(mentee)?);
        let floor = || self.score(mentee, mentor).is_none().then_some(Rule::Floor);
        forbidden(&self.policy, one, other, &self.blocks).or_else(floor)
    }

    /// A pair with its points and reasons; none where it has no score.
    pub fn fit(&self, mentee: usize, mentor: usize) -> Option<Fit> {
        let points = self.points(&self.prepared(mentee)?, mentee, mentor)?;
        let (one, other) = (self.mentors.get(mentor)?, self.mentees.get(mentee)?);
        Some(Fit::new(&self.policy, one, other, points, &self.horizon()))
    }

    /// None where there is no such place, or the mentee cannot be matched at all.
    fn prepared(&self, mentee: usize) -> Option<Prepared<'_>> {
        let mentee = self.mentees.get(mentee)?;
        let prepared = Prepared::new(mentee, Side::Mentee, &self.policy, &self.vocabulary, &self.zones).ok()?;
        prepared.own_rule.is_none().then_some(prepared)
    }

    fn points(&self, prepared: &Prepared<'_>, mentee: usize, mentor: usize) -> Option<Points> {
        let record = self.records.get(mentor).filter(|record| prepared.allows(record.flags()))?;
        if self.shut.get(mentee)?.binary_search(&(mentor as u32)).is_ok() {
            return None;
        }
        let points = prepared.points(record);
        (prepared.reaches_floors(&points) && prepared.shares(record)).then_some(points)
    }

    fn work_out(&self, mentee: usize) -> Box<[u16]> {
        self.scores(mentee).unwrap_or_else(|| vec![FORBIDDEN; self.records.len()].into())
    }

    fn scores(&self, mentee: usize) -> Option<Box<[u16]>> {
        let (profile, shut) = (self.mentees.get(mentee)?, self.shut.get(mentee)?);
        let rates = Rates::new(profile, Side::Mentee, &self.policy, &self.vocabulary).ok()?;
        if rates.own_rule.is_some() {
            return None;
        }
        let time = profile.hours.is_told().then(|| self.zones.weeks(&profile.hours));
        let scores = self.sheet.scores(&rates, time.as_ref());
        let mut scores: Box<[u16]> = scores.map(|score| score.unwrap_or(FORBIDDEN)).collect();
        shut.iter().for_each(|mentor| scores[*mentor as usize] = FORBIDDEN);
        Some(scores)
    }

    fn kept(&self, mentee: usize) -> Option<&[u16]> {
        Some(self.kept.get(mentee)?.get_or_init(|| self.work_out(mentee)))
    }
}

impl Scores for Roster {
    fn score(&self, mentee: usize, mentor: usize) -> Option<u16> {
        match self.kept(mentee) {
            Some(row) => row.get(mentor).copied().filter(|score| *score != FORBIDDEN),
            None => Some(self.points(&self.prepared(mentee)?, mentee, mentor)?.total()),
        }
    }

    fn row(&self, mentee: usize, row: &mut [u16]) {
        let worked_out = self.kept(mentee).is_none().then(|| self.work_out(mentee));
        let scores = worked_out.as_deref().or_else(|| self.kept(mentee)).unwrap_or_default();
        row.iter_mut().zip(scores).for_each(|(slot, score)| *slot = *score);
    }
}

fn shut(mentors: &[Profile], mentees: &[Profile], blocks: &PairBlocks) -> Vec<Vec<u32>> {
    let places = |people: &[Profile]| -> BTreeMap<Uuid, usize> {
        people.iter().enumerate().map(|(place, person)| (person.user_id, place)).collect()
    };
    let (of_mentors, of_mentees) = (places(mentors), places(mentees));
    let mut shut = vec![Vec::new(); mentees.len()];
    let oneself = mentees.iter().map(|mentee| (mentee.user_id, mentee.user_id));
    for (mentor, mentee) in blocks.pairs().chain(oneself) {
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
