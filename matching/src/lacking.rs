//! Which skills lack mentors: what a plan would gain by recruiting one more for each.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::cohort::{Cohort, Recruit, Scores, SeatPrice, Worth};
use super::hours::Horizon;
use super::policy::Policy;
use super::profile::{Profile, Seats, Skill};
use super::rule::PairBlocks;
use super::score::judge;

/// A skill that mentees seek who have no mentor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LackingSkill {
    pub skill: Uuid,
    /// Mentees without a mentor who seek it
    pub unmatched: usize,
    /// Mentors with seats who offer it
    pub mentors: usize,
    /// The prices of all their seats together
    pub seats_worth: Worth,
    /// What one more mentor for it would bring at most: an estimate from above, by the plan's prices. The mentor is a usual one who
    /// offers this skill alone, at the usual level, speaks what at least half of the mentors do, has the median seniority and
    /// seats, leaves all else open, and takes only mentees who seek the skill. They are of the gender that each of these wants, or a
    /// gain that is too low would tell who wants which
    pub gain: Worth,
}

/// The skills that lack mentors in a plan, those first by which most would be gained; none for a stable plan. The people are
/// those of the cohort's problem in its order.
pub fn lacking_skills<S: Scores>(
    cohort: &Cohort<S>,
    policy: &Policy,
    mentors: &[Profile],
    mentees: &[Profile],
    horizon: &Horizon,
) -> Vec<LackingSkill> {
    let prices = cohort.seat_prices();
    let matched: BTreeSet<_> = cohort.pairs().into_iter().map(|pair| pair.mentee).collect();
    let mut seekers: BTreeMap<Uuid, Vec<usize>> = BTreeMap::new();
    for (place, mentee) in mentees.iter().enumerate() {
        mentee.skills.keys().for_each(|skill| seekers.entry(*skill).or_default().push(place));
    }
    let unmatched = |seekers: &[usize]| seekers.iter().filter(|mentee| !matched.contains(mentee)).count();
    let lacking: Vec<_> = seekers.iter().filter(|(_, seekers)| unmatched(seekers) > 0).collect();
    let recruit = |(skill, seekers): &(&Uuid, &Vec<usize>)| {
        let mut usual = usual_mentor(mentors, **skill);
        let seats = usual.seats.free.into();
        let points = |place: &usize| {
            let mentee = mentees.get(*place)?;
            usual.gender = mentee.preferred_gender;
            let points = judge(policy, &usual, mentee, &PairBlocks::default(), horizon).ok()?;
            Some((*place, points.total()))
        };
        Recruit { seats, points: seekers.iter().filter_map(points).collect() }
    };
    let recruits: Vec<_> = lacking.iter().map(recruit).collect();
    let gains = cohort.worth_of(&recruits).unwrap_or_default();
    let skills = lacking.into_iter().zip(gains).map(|((skill, seekers), gain)| {
        let (offering, seats_worth) = offered(*skill, mentors, &prices);
        LackingSkill { skill: *skill, unmatched: unmatched(seekers), mentors: offering, seats_worth, gain }
    });
    let mut skills: Vec<_> = skills.collect();
    skills.sort_by_key(|lacking| (Reverse(lacking.gain), lacking.skill));
    skills
}

fn offered(skill: Uuid, mentors: &[Profile], prices: &[SeatPrice]) -> (usize, Worth) {
    let offering =
        mentors.iter().zip(prices).filter(|(mentor, seats)| seats.seats > 0 && mentor.skills.contains_key(&skill));
    let worths: Vec<_> = offering.map(|(_, seats)| seats.price.times(seats.seats)).collect();
    (worths.len(), worths.into_iter().sum())
}

fn usual_mentor(mentors: &[Profile], skill: Uuid) -> Profile {
    let levels = |of: &dyn Fn(&Uuid) -> bool| {
        median(
            mentors
                .iter()
                .flat_map(|mentor| &mentor.skills)
                .filter(|(id, _)| of(id))
                .filter_map(|(_, skill)| skill.level),
        )
    };
    let level = levels(&|id| *id == skill).or_else(|| levels(&|_| true));
    let free = median(mentors.iter().map(|mentor| mentor.seats.free).filter(|free| *free > 0)).unwrap_or(1);
    Profile {
        user_id: Uuid::nil(),
        skills: [(skill, Skill { level, priority: 1 })].into(),
        languages: usual_languages(mentors),
        seniority: median(mentors.iter().filter_map(|mentor| mentor.seniority)),
        seats: Seats { free, ..Seats::default() },
        ..Profile::default()
    }
}

fn usual_languages(mentors: &[Profile]) -> BTreeSet<String> {
    let mut speakers: BTreeMap<&String, usize> = BTreeMap::new();
    mentors
        .iter()
        .flat_map(|mentor| &mentor.languages)
        .for_each(|language| *speakers.entry(language).or_default() += 1);
    let usual = speakers.into_iter().filter(|(_, speakers)| 2 * speakers >= mentors.len());
    usual.map(|(language, _)| language.clone()).collect()
}

/// The lower median.
fn median<T: Ord + Copy>(values: impl Iterator<Item = T>) -> Option<T> {
    let mut values: Vec<_> = values.collect();
    values.sort_unstable();
    values.get(values.len().saturating_sub(1) / 2).copied()
}
