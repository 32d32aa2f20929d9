//! A programme from its first week to its last: lists are shown, mentees ask, mentors answer.
//!
//! How people behave, all of it by chance that is the same under every ranking:
//! - Who has no mentor reads their list once a week, in no particular order of members.
//! - They read from the top, ask the first few who are above their own bar and to their taste, and answer the others with "not
//!   now". What they asked stays open until the week's end, and a mentor with as many open as the policy's cap is on no more lists.
//! - At the week's end each mentor answers what was asked: those they get most points with first, as long as there are seats, and
//!   those not to their taste never. Who is declined is never suggested the same mentor again.
//! - Who has been declined too often asks no more.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use entity::side::Side;
use matching::cohort::Unwatched;
use matching::{Index, PairBlocks, Policy, Profile, Query, Retriever, Rule, Scan, prices};
use uuid::Uuid;

use super::chance::Chance;
use super::population::Population;

const WEEKS: u64 = 6;
/// The points that a mentee asks for at least: somewhere between these
const BARS: [u64; 2] = [350, 550];
/// Percent of pairs that one of the two would never want, whatever their points: the mentee, the mentor
const DISTASTE: [u64; 2] = [20, 10];

/// How many are asked in a week at most, and how often one is declined before one gives up.
#[derive(Clone, Copy, Debug)]
pub struct Habits {
    pub asks: usize,
    pub patience: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ranking {
    /// By score alone
    Raw,
    /// By score − λ × price of the mentor's seat, with prices of the week
    Priced,
}

#[derive(Clone, Copy, Debug, Default)]
pub struct Outcome {
    pub matched: usize,
    pub points: u64,
    pub asked: usize,
    pub declined: usize,
    /// How often a mentor came to have as many open requests as the cap lets be
    pub crowded: usize,
}

struct Request {
    points: u16,
    mentee: usize,
}

/// Whose programme it is, under which policy, and what chance makes of it.
pub struct Given {
    pub policy: Policy,
    pub population: Population,
    pub seed: u64,
    pub now: DateTime<Utc>,
}

pub struct Programme<'a> {
    policy: &'a Policy,
    now: DateTime<Utc>,
    seed: u64,
    habits: Habits,
    ranking: Ranking,
    mentors: Vec<Profile>,
    mentees: &'a [Profile],
    places: BTreeMap<Uuid, usize>,
    index: Index,
    blocks: PairBlocks,
    declines: Vec<u32>,
    matched: Vec<bool>,
    outcome: Outcome,
}

impl<'a> Programme<'a> {
    pub fn new(given: &'a Given, habits: Habits, ranking: Ranking) -> Self {
        let Given { policy, population, seed, now } = given;
        let mentors = population.mentors.clone();
        let index = Index::build(policy.clone(), *now, mentors.iter().map(|mentor| (Side::Mentor, mentor))).unwrap();
        Self {
            policy,
            now: *now,
            seed: *seed,
            habits,
            ranking,
            places: mentors.iter().enumerate().map(|(place, mentor)| (mentor.user_id, place)).collect(),
            mentors,
            mentees: &population.mentees,
            index,
            blocks: PairBlocks::default(),
            declines: vec![0; population.mentees.len()],
            matched: vec![false; population.mentees.len()],
            outcome: Outcome::default(),
        }
    }

    pub fn run(mut self) -> Outcome {
        for week in 0..WEEKS {
            self.begin_week();
            let requests = self.ask(week);
            self.answer(requests);
        }
        self.outcome
    }

    fn seeking(&self) -> Vec<usize> {
        (0..self.mentees.len())
            .filter(|mentee| !self.matched[*mentee] && self.declines[*mentee] < self.habits.patience)
            .collect()
    }

    /// What was open lapses, and seats get the prices of the week.
    fn begin_week(&mut self) {
        let mentees: Vec<_> = self.seeking().into_iter().map(|mentee| self.mentees[mentee].clone()).collect();
        let prices = match self.ranking {
            Ranking::Raw => BTreeMap::new(),
            Ranking::Priced => {
                prices(self.policy, &self.mentors, &mentees, &self.blocks, self.now, &Unwatched).unwrap()
            }
        };
        for place in 0..self.mentors.len() {
            let mentor = &mut self.mentors[place];
            mentor.seats.open_suggestions = 0;
            mentor.seats.price = prices.get(&mentor.user_id).copied().unwrap_or_default();
            self.tell_index(place);
        }
    }

    fn tell_index(&mut self, mentor: usize) {
        let mentor = &self.mentors[mentor];
        self.index.set_standing(Side::Mentor, mentor.user_id, mentor.standing, mentor.seats).unwrap();
    }

    /// The requests of a week, by mentor.
    fn ask(&mut self, week: u64) -> BTreeMap<usize, Vec<Request>> {
        let mut readers = self.seeking();
        Chance::new(self.seed ^ week).shuffle(&mut readers);
        let mut requests: BTreeMap<usize, Vec<Request>> = BTreeMap::new();
        for mentee in readers {
            let list = self.list(mentee);
            let bar = Chance::new(self.seed ^ 77 ^ mentee as u64).between(BARS[0], BARS[1]) as u16;
            let wanted = list.into_iter().filter(|(mentor, points)| *points >= bar && self.suits(0, mentee, *mentor));
            let wanted: Vec<_> = wanted.take(self.habits.asks).collect();
            self.outcome.asked += wanted.len();
            for (mentor, points) in wanted {
                let seats = &mut self.mentors[mentor].seats;
                seats.open_suggestions += 1;
                let cap = self.policy.open_cap(seats.free);
                assert!(seats.open_suggestions <= cap, "the cap holds");
                self.outcome.crowded += usize::from(seats.open_suggestions == cap);
                self.tell_index(mentor);
                requests.entry(mentor).or_default().push(Request { points, mentee });
            }
        }
        requests
    }

    /// A mentee's list, from its top: mentors with the points of the pair.
    fn list(&mut self, mentee: usize) -> Vec<(usize, u16)> {
        let profile = &self.mentees[mentee];
        let query = Query { profile, side: Side::Mentee };
        let blocked = |mentor: &&Profile| self.blocks.of(mentor.user_id, profile.user_id).is_some();
        let excluded = self.mentors.iter().filter(blocked).map(|mentor| mentor.user_id).collect();
        let hits = Scan(&self.index).top_k(&query, self.policy.list_length.into(), &excluded).unwrap();
        hits.iter().map(|hit| (self.places[&hit.id], hit.points.total())).collect()
    }

    fn suits(&self, side: usize, mentee: usize, mentor: usize) -> bool {
        let pair = (mentee as u64) << 20 | mentor as u64;
        !Chance::new(self.seed ^ (side as u64 + 1) << 50 ^ pair).percent(DISTASTE[side])
    }

    fn answer(&mut self, requests: BTreeMap<usize, Vec<Request>>) {
        for (mentor, mut asked) in requests {
            asked.sort_by_key(|request| (std::cmp::Reverse(request.points), request.mentee));
            for Request { points, mentee } in asked {
                if self.matched[mentee] {
                    continue;
                }
                if self.mentors[mentor].seats.free > 0 && self.suits(1, mentee, mentor) {
                    self.matched[mentee] = true;
                    self.mentors[mentor].seats.free -= 1;
                    self.outcome.matched += 1;
                    self.outcome.points += u64::from(points);
                } else {
                    self.declines[mentee] += 1;
                    self.outcome.declined += 1;
                    let (mentor, mentee) = (self.mentors[mentor].user_id, self.mentees[mentee].user_id);
                    self.blocks.forbid(mentor, mentee, Rule::CoolingOff);
                }
            }
        }
    }
}
