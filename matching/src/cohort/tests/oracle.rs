//! Other ways to the best value, too slow or too narrow to be the solver.

use pathfinding::kuhn_munkres::kuhn_munkres;
use pathfinding::matrix::Matrix;

use super::super::*;
use super::given::{Given, Table};

/// What a plan is worth, most important first. Levels that the problem does not ask for are 0.
pub type Value = (usize, usize, i64);

pub fn value(given: &Given, pairs: &[Pair]) -> Value {
    let count = |place: fn(&Pair) -> usize| std::collections::BTreeSet::from_iter(pairs.iter().map(place)).len();
    let points = pairs.iter().map(|pair| i64::from(given.table.0[pair.mentee][pair.mentor].unwrap())).sum();
    let mentees = if given.problem.mode == Mode::ParticipationFirst { count(|pair| pair.mentee) } else { 0 };
    let mentors = if given.problem.minimum_one { count(|pair| pair.mentor) } else { 0 };
    (mentees, mentors, points)
}

/// The best value of all plans there are.
pub fn brute_force(given: &Given) -> Value {
    let problem = &given.problem;
    let mut state = Brute {
        given,
        pairs: Vec::new(),
        wishes: problem.mentees.iter().map(|mentee| mentee.wishes).collect(),
        seats: problem.mentors.iter().map(|mentor| mentor.seats).collect(),
        quotas: problem.quotas.iter().map(|quota| quota.most).collect(),
        best: None,
    };
    for pin in &problem.pins {
        assert!(state.enter(*pin), "a pin that cannot be");
    }
    state.from(0);
    state.best.unwrap()
}

struct Brute<'a> {
    given: &'a Given,
    pairs: Vec<Pair>,
    wishes: Vec<u32>,
    seats: Vec<u32>,
    quotas: Vec<u32>,
    best: Option<Value>,
}

impl Brute<'_> {
    fn from(&mut self, at: usize) {
        let problem = &self.given.problem;
        let mentors = problem.mentors.len();
        if at == problem.mentees.len() * mentors {
            self.best = self.best.max(Some(value(self.given, &self.pairs)));
            return;
        }
        self.from(at + 1);
        let pair = Pair { mentee: at / mentors, mentor: at % mentors };
        let allowed = self.given.table.score(pair.mentee, pair.mentor).is_some_and(|score| score >= problem.floor);
        if allowed && !problem.bans.contains(&pair) && !self.pairs.contains(&pair) && self.enter(pair) {
            self.from(at + 1);
            self.leave(pair);
        }
    }

    fn around(&self, pair: Pair) -> Vec<usize> {
        let holds = |quota: &Quota| match quota.side {
            Side::Mentee => quota.members.contains(&pair.mentee),
            Side::Mentor => quota.members.contains(&pair.mentor),
        };
        let quotas = self.given.problem.quotas.iter().enumerate();
        quotas.filter(|(_, quota)| holds(quota)).map(|(place, _)| place).collect()
    }

    fn enter(&mut self, pair: Pair) -> bool {
        let around = self.around(pair);
        let room = self.wishes[pair.mentee] > 0 && self.seats[pair.mentor] > 0;
        if !room || around.iter().any(|quota| self.quotas[*quota] == 0) {
            return false;
        }
        self.wishes[pair.mentee] -= 1;
        self.seats[pair.mentor] -= 1;
        around.iter().for_each(|quota| self.quotas[*quota] -= 1);
        self.pairs.push(pair);
        true
    }

    fn leave(&mut self, pair: Pair) {
        self.wishes[pair.mentee] += 1;
        self.seats[pair.mentor] += 1;
        self.around(pair).iter().for_each(|quota| self.quotas[*quota] += 1);
        self.pairs.pop();
    }
}

/// The most points by the Hungarian method over seats, for single wishes without quotas, pins and bonuses. A mentee without a
/// mentor takes a column of their own.
pub fn hungarian(problem: &Problem, table: &Table) -> i64 {
    let seats: Vec<_> = (0..).zip(&problem.mentors).flat_map(|(at, mentor)| vec![at; mentor.seats as usize]).collect();
    let points = |mentee: usize, mentor: usize| {
        let score = table.score(mentee, mentor).filter(|score| *score >= problem.floor)?;
        (!problem.bans.contains(&Pair { mentee, mentor })).then_some(i64::from(score))
    };
    let row = |mentee: usize| {
        let alone = (0..problem.mentees.len()).map(|_| 0);
        seats.iter().map(move |mentor| points(mentee, *mentor).unwrap_or(-1)).chain(alone).collect::<Vec<_>>()
    };
    kuhn_munkres(&Matrix::from_rows((0..problem.mentees.len()).map(row)).unwrap()).0
}
