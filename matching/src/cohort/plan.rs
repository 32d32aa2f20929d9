//! A solved cohort: the plan, its proof, and what an edit changed.

use std::collections::BTreeMap;

use super::certificate::{Certificate, certificate};
use super::check::{Fault, check, check_stable};
use super::error::Error;
use super::network::{MENTEES, MENTORS};
use super::optimum::{Optimum, network};
use super::order::{Order, Ordered};
use super::problem::{Effort, MOST_POINTS, Mode, Pair, Problem, Scores, Side};
use super::quotas::Nest;
use super::scale::Scale;
use super::stable::stable;
use super::valid::validate;
use super::watch::{Meter, Watch, Watcher, watcher};
use super::weights::Weights;

/// Steps allowed for each pair of the cohort, and beyond those, where the caller sets no budget.
const STEPS: (u64, u64) = (2_000, 100_000_000);

/// What a plan comes to, pins included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    pub points: i64,
    pub pairs: usize,
    /// Mentees with a mentor
    pub mentees: usize,
    /// Mentors with a mentee
    pub mentors: usize,
}

/// What an edit did to the plan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    pub before: Totals,
    pub after: Totals,
    /// Pairs that the plan has now and had not, by mentee, then mentor
    pub added: Vec<Pair>,
    /// Pairs that it had and has no more, in the same order
    pub removed: Vec<Pair>,
}

impl Difference {
    /// What is left of changes (true where a pair enters) that may undo each other, without the totals after them.
    pub(super) fn of(before: Totals, changes: impl IntoIterator<Item = (Pair, bool)>) -> Self {
        let mut net = BTreeMap::new();
        for (pair, enters) in changes {
            *net.entry(pair).or_insert(0) += if enters { 1 } else { -1 };
        }
        let pick =
            |wanted: i32| net.iter().filter(move |(_, change)| **change == wanted).map(|(pair, _)| *pair).collect();
        Self { before, added: pick(1), removed: pick(-1), ..Self::default() }
    }

    /// Its changes, to be joined with those of another.
    pub(super) fn changes(&self) -> impl Iterator<Item = (Pair, bool)> + '_ {
        let removed = self.removed.iter().map(|pair| (*pair, false));
        self.added.iter().map(|pair| (*pair, true)).chain(removed)
    }

    /// What the edit costs, in points; negative where it gains.
    pub fn cost(&self) -> i64 {
        self.before.points - self.after.points
    }

    /// The places of the mentees who got or lost a mentor.
    pub fn moved(&self) -> Vec<usize> {
        let mut moved: Vec<_> = self.added.iter().chain(&self.removed).map(|pair| pair.mentee).collect();
        moved.sort_unstable();
        moved.dedup();
        moved
    }
}

/// A cohort with its best plan, kept best by each edit. Places are those of the problem throughout.
pub struct Cohort<S> {
    pub(super) scores: S,
    pub(super) problem: Problem,
    pub(super) solved: Solved,
    /// Who follows the edits, if anybody
    pub(super) watch: Option<Watcher>,
}

/// What was found. The network in it is in the order of hashes, all else in the caller's.
#[derive(Clone)]
pub(super) struct Solved {
    pub nests: [Nest; 2],
    pub order: Order,
    pub state: State,
    pub totals: Totals,
    /// How many pairs each mentee and each mentor has
    pub counts: [Vec<u32>; 2],
    pub steps: u64,
    pub effort: Effort,
}

#[derive(Clone)]
pub(super) enum State {
    Best(Box<Optimum>),
    /// All pairs, in the caller's order
    Stable(Vec<Pair>),
}

/// Finds the best plan of a cohort, exactly. The same problem and scores give the same plan, whatever the [`Effort`] and in
/// whatever order the people come.
///
/// # Errors
/// Any [`Error`] but `NotSet`.
pub fn solve<S: Scores>(problem: Problem, scores: S, effort: &Effort, watch: &dyn Watch) -> Result<Cohort<S>, Error> {
    let solved = Solved::of(&problem, &scores, effort, watch)?;
    Ok(Cohort { scores, problem, solved, watch: None })
}

impl Solved {
    pub fn of(problem: &Problem, scores: &dyn Scores, effort: &Effort, watch: &dyn Watch) -> Result<Self, Error> {
        let nests = validate(problem, scores)?;
        let order = Order::of(problem);
        let inner = order.problem(problem);
        let ordered = Ordered { scores, order: &order };
        let inner_nests = [Nest::of(&inner, Side::Mentee)?, Nest::of(&inner, Side::Mentor)?];
        let mut meter = Meter::new(watch, budget(problem, effort));
        let state = if problem.mode == Mode::Stable {
            let scale = Scale::of(&inner)?;
            let net = network(&inner, &inner_nests, &scale);
            let pairs = stable(net, Weights::of(&inner, scale), &ordered, effort, &mut meter)?;
            State::Stable(pairs.iter().chain(&inner.pins).map(|pair| order.outward(*pair)).collect())
        } else {
            State::Best(Box::new(Optimum::find(&inner, &inner_nests, &ordered, effort, &mut meter)?))
        };
        let mut solved = Self {
            nests,
            order,
            state,
            totals: Totals::default(),
            counts: [vec![0; problem.mentees.len()], vec![0; problem.mentors.len()]],
            steps: meter.steps(),
            effort: effort.clone(),
        };
        for pair in solved.pairs(problem) {
            solved.count(pair, scores.score(pair.mentee, pair.mentor), true);
        }
        Ok(solved)
    }

    pub fn pairs(&self, problem: &Problem) -> Vec<Pair> {
        let mut pairs = Vec::new();
        match &self.state {
            State::Stable(plan) => pairs.clone_from(plan),
            State::Best(optimum) => {
                pairs.clone_from(&problem.pins);
                for (mentee, mates) in optimum.net.sides[MENTEES].mates.iter().enumerate() {
                    let pair = |mentor: u32| self.order.outward(Pair { mentee, mentor: mentor as usize });
                    pairs.extend(mates.iter().map(|mate| pair(mate.to)));
                }
            }
        }
        pairs.sort_unstable();
        pairs
    }

    /// Counts a pair that enters or leaves the plan.
    pub fn count(&mut self, pair: Pair, score: Option<u16>, enters: bool) {
        let points = i64::from(score.unwrap_or(0).min(MOST_POINTS));
        let totals = &mut self.totals;
        let change = |count: &mut u32, people: &mut usize| {
            if enters {
                *people += usize::from(*count == 0);
                *count += 1;
            } else {
                *count -= 1;
                *people -= usize::from(*count == 0);
            }
        };
        change(&mut self.counts[MENTEES][pair.mentee], &mut totals.mentees);
        change(&mut self.counts[MENTORS][pair.mentor], &mut totals.mentors);
        if enters {
            totals.pairs += 1;
            totals.points += points;
        } else {
            totals.pairs -= 1;
            totals.points -= points;
        }
    }

    /// The difference that changes (true where a pair enters) make, which this counts.
    pub fn difference(&mut self, scores: &dyn Scores, changes: impl IntoIterator<Item = (Pair, bool)>) -> Difference {
        let mut difference = Difference::of(self.totals, changes);
        for (list, enters) in [(&difference.added, true), (&difference.removed, false)] {
            for pair in list {
                self.count(*pair, scores.score(pair.mentee, pair.mentor), enters);
            }
        }
        difference.after = self.totals;
        difference
    }
}

fn budget(problem: &Problem, effort: &Effort) -> u64 {
    let pairs = (problem.mentees.len() as u64).saturating_mul(problem.mentors.len() as u64);
    if effort.steps > 0 { effort.steps } else { pairs.saturating_mul(STEPS.0).saturating_add(STEPS.1) }
}

impl<S: Scores> Cohort<S> {
    /// The problem as edits have left it.
    pub fn problem(&self) -> &Problem {
        &self.problem
    }

    pub fn scores(&self) -> &S {
        &self.scores
    }

    /// To teach the scores of somebody before [`Cohort::add_mentee`] or [`Cohort::add_mentor`]. Scores of others must stay.
    pub fn scores_mut(&mut self) -> &mut S {
        &mut self.scores
    }

    /// The plan, pins included, by mentee, then mentor.
    pub fn pairs(&self) -> Vec<Pair> {
        self.solved.pairs(&self.problem)
    }

    pub fn totals(&self) -> Totals {
        self.solved.totals
    }

    /// How many scores and arcs were looked at to solve it.
    pub fn steps(&self) -> u64 {
        self.solved.steps
    }

    /// The proof that no plan is better; none for a stable plan, which is its own.
    pub fn certificate(&self) -> Option<Certificate> {
        let Solved { nests, order, state: State::Best(optimum), .. } = &self.solved else { return None };
        let inner = certificate(self.problem.quotas.len(), nests, &optimum.net, &optimum.weights.scale);
        Some(Certificate {
            mentees: order.outward_all(MENTEES, &inner.mentees),
            mentors: order.outward_all(MENTORS, &inner.mentors),
            ..inner
        })
    }

    /// Verifies the plan as it stands against the problem, over all pairs.
    ///
    /// # Errors
    /// The first [`Fault`] met, which would be a bug of the solver, or scores that changed.
    pub fn check(&self) -> Result<(), Fault> {
        let (pairs, threads) = (self.pairs(), self.solved.effort.threads);
        match self.certificate() {
            Some(proof) => check(&self.scores, &self.problem, &pairs, &proof, threads),
            None => check_stable(&self.scores, &self.problem, &pairs, threads),
        }
    }

    /// Makes edits that `watch` follows: all of them, or none where one of them fails or is cancelled. Scores that were taught stay.
    ///
    /// Takes a copy of the plan first, which costs some milliseconds for 10,000 people; edits outside are followed by nobody.
    ///
    /// # Errors
    /// `Cancelled`, and what `edits` answer.
    pub fn watched<T>(
        &mut self,
        watch: Watcher,
        edits: impl FnOnce(&mut Self) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let before = (self.problem.clone(), self.solved.clone());
        let outer = self.watch.replace(watch);
        let result = edits(self);
        self.watch = outer;
        if result.is_err() {
            (self.problem, self.solved) = before;
        }
        result
    }

    /// Solves an edited problem from the start.
    pub(super) fn solve_again(&mut self, problem: Problem) -> Result<Difference, Error> {
        let effort = Effort { steps: u64::MAX, ..self.solved.effort };
        let solved = Solved::of(&problem, &self.scores, &effort, watcher(&self.watch))?;
        let (before, after) = (self.pairs(), solved.pairs(&problem));
        let changes = before.into_iter().map(|pair| (pair, false)).chain(after.into_iter().map(|pair| (pair, true)));
        self.solved.counts[MENTEES].resize(problem.mentees.len(), 0);
        self.solved.counts[MENTORS].resize(problem.mentors.len(), 0);
        let difference = self.solved.difference(&self.scores, changes);
        self.solved = solved;
        self.problem = problem;
        Ok(difference)
    }
}
