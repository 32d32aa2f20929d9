//! What a mentor's next seat is worth to others: what the ranking takes from a suggestion, so that lists spread over mentors before
//! their seats do.
//!
//! The prices are the least that prove the best plan for everybody who can be matched now ([`cohort`](super::cohort)) to be one,
//! over the best [`KEPT`] pairs of each mentee: what one seat more would be worth. What lies beyond those pairs is no bid, so a
//! price may be lower than over all of them; the ranking stays an opinion either way. At these prices everybody's own best mentor
//! is, as far as that can be, the one whom the plan would give them, so whoever asks for the first of their list seldom asks in
//! vain.

mod least;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use entity::side::Side;
use least::least;
use uuid::Uuid;

use super::cohort::{Effort, Error, FORBIDDEN, Mentee, Mentor, Problem, Scores, Watch, solve};
use super::index::Index;
use super::policy::Policy;
use super::profile::{Profile, Seats};
use super::record::Faulty;
use super::retriever::{Query, Retriever};
use super::rule::PairBlocks;
use super::sliced::Sliced;

/// How many pairs of each mentee bid for seats.
pub const KEPT: usize = 48;
/// How many scores and pairs may be looked at for each pair there could be, and beyond those.
const STEPS: (u64, u64) = (8, 50_000_000);

/// The price of the next seat of each mentor with a free one, in points, 0 to 1000: for [`Seats::price`].
///
/// Prices and open suggestions that the profiles carry count for nothing, nor does whoever cannot be matched or whose profile does
/// not keep its bounds. A mentor without a free seat is not in the answer: what was said of them last may stand. The same people
/// give the same prices, in whatever order they come. One thread; seven seconds for 12,500 mentors and 50,000 mentees, three for 5,000
/// and 20,000: meant to be called on a schedule.
///
/// # Errors
/// `SameKey` where somebody stands twice on a side; `Cancelled`; `OutOfSteps` and `TooLarge` beyond what was measured.
pub fn prices(
    policy: &Policy,
    mentors: &[Profile],
    mentees: &[Profile],
    blocks: &PairBlocks,
    now: DateTime<Utc>,
    watch: &dyn Watch,
) -> Result<BTreeMap<Uuid, u16>, Error> {
    let index = mentors_on_offer(policy, mentors, now);
    let (mentors, mentees) = (open(mentors), open(mentees));
    let bids = Bids::of(&index, &mentors, &mentees, blocks);
    let problem = Problem {
        mentees: mentees.iter().map(|mentee| Mentee { key: mentee.user_id.as_u128(), wishes: 1 }).collect(),
        mentors: mentors.iter().map(|mentor| seats_of(mentor)).collect(),
        ..Problem::default()
    };
    let pairs = (mentees.len() as u64).saturating_mul(mentors.len() as u64);
    let steps = pairs.saturating_mul(STEPS.0).saturating_add(STEPS.1);
    let cohort = solve(problem, bids, &Effort { keep: KEPT, threads: 1, steps }, watch)?;
    let highest = cohort.certificate().map(|proof| proof.mentors).unwrap_or_default();
    let worth = least(highest, cohort.scores(), &cohort.pairs());
    let price = |worth: i64| u16::try_from(worth.clamp(0, 1000)).unwrap_or_default();
    let priced = mentors.iter().zip(worth).filter(|(mentor, _)| mentor.seats.free > 0);
    Ok(priced.map(|(mentor, worth)| (mentor.user_id, price(worth))).collect())
}

fn seats_of(mentor: &Profile) -> Mentor {
    Mentor { key: mentor.user_id.as_u128(), seats: mentor.seats.free.into() }
}

fn open(people: &[Profile]) -> Vec<&Profile> {
    let can_be_matched = |person: &&Profile| {
        let standing = person.standing;
        standing.active && standing.onboarded && !standing.paused
    };
    people.iter().filter(can_be_matched).collect()
}

/// The mentors as if nothing of them had been suggested yet, and for nothing.
fn mentors_on_offer(policy: &Policy, mentors: &[Profile], now: DateTime<Utc>) -> Index {
    let mut index = Index::new(policy.clone(), now);
    for mentor in mentors {
        let seats = Seats { free: mentor.seats.free, open_suggestions: 0, price: 0 };
        let _left_out: Result<(), Faulty> = index.upsert(Side::Mentor, &Profile { seats, ..mentor.clone() });
    }
    index
}

/// Of each mentee, the places of their best mentors, rising, with the points.
struct Bids(Vec<Vec<(u32, u16)>>);

impl Bids {
    fn of(index: &Index, mentors: &[&Profile], mentees: &[&Profile], blocks: &PairBlocks) -> Self {
        let places: BTreeMap<_, _> = (0_u32..).zip(mentors).map(|(place, mentor)| (mentor.user_id, place)).collect();
        let mut excluded: BTreeMap<Uuid, BTreeSet<Uuid>> = BTreeMap::new();
        for (mentor, mentee) in blocks.pairs() {
            excluded.entry(mentee).or_default().insert(mentor);
        }
        let none = BTreeSet::new();
        let bids = mentees.iter().map(|mentee| {
            let query = Query { profile: mentee, side: Side::Mentee };
            let excluded = excluded.get(&mentee.user_id).unwrap_or(&none);
            let hits = Sliced(index).top_k(&query, KEPT, excluded).unwrap_or_default();
            let bid = |(id, points): (Uuid, u16)| Some((*places.get(&id)?, points));
            let mut bids: Vec<_> = hits.iter().filter_map(|hit| bid((hit.id, hit.points.total()))).collect();
            bids.sort_unstable();
            bids
        });
        Self(bids.collect())
    }
}

impl Bids {
    fn points(&self, mentee: usize, mentor: usize) -> i64 {
        self.score(mentee, mentor).unwrap_or_default().into()
    }
}

impl Scores for Bids {
    fn score(&self, mentee: usize, mentor: usize) -> Option<u16> {
        let bids = self.0.get(mentee)?;
        let at = bids.binary_search_by_key(&mentor, |(place, _)| *place as usize).ok()?;
        bids.get(at).map(|(_, points)| *points)
    }

    fn row(&self, mentee: usize, row: &mut [u16]) {
        row.fill(FORBIDDEN);
        for (place, points) in self.0.get(mentee).into_iter().flatten() {
            if let Some(slot) = row.get_mut(*place as usize) {
                *slot = *points;
            }
        }
    }
}
