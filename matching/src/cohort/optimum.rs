//! Finds the best plan: guesses prices over each mentee's heaviest pairs, makes the plan exact there, then lets every pair of
//! the whole cohort that weighs more than its prices into the graph, until there is none.

use super::auction::auction;
use super::error::Error;
use super::network::{Arc, Branch, MENTEES, MENTORS, Network};
use super::order::Ordered;
use super::pricing::Look;
use super::problem::{Effort, Problem, Scores};
use super::quotas::Nest;
use super::repair::Repair;
use super::row::Row;
use super::scale::Scale;
use super::scan::Scan;
use super::watch::{Meter, Phase};
use super::weights::{NOTHING, Weights};

/// The first ε of the auction, in points, where no bonus makes prices larger.
const FIRST: i64 = 32;
/// The last ε is a point divided by this.
const LAST: i64 = 64;
/// How many points less than a mentee's best a pair may be worth, at guessed prices, to be taken in; and how many are.
const MARGIN: i64 = 40;
const JOIN_FIRST: usize = 24;

/// A best plan with all that is needed to keep it one.
#[derive(Clone)]
pub(super) struct Optimum {
    pub net: Network,
    pub weights: Weights,
    pub repair: Repair,
    pub effort: Effort,
    /// Of each mentee, a bound on the weights of pairs outside the graph, but for those with `closed` mentors
    pub bounds: Vec<i64>,
    /// Of each mentee, a bound on what such a pair is worth to them, that is, on its weight less the mentor's price
    pub offers: Vec<i64>,
    /// The prices of mentors at the last look over all pairs, at which the offers are bounds
    pub looked_at: Vec<i64>,
    /// Whether the offers bound nothing yet
    pub unread: bool,
    /// Mentors without a seat, of whom the graph has no pairs
    pub closed: Vec<bool>,
    /// Mentees without a wish, of whom the graph has no pairs
    pub idle: Vec<bool>,
}

impl Optimum {
    pub fn find(
        problem: &Problem,
        nests: &[Nest; 2],
        scores: &Ordered<'_>,
        effort: &Effort,
        meter: &mut Meter<'_>,
    ) -> Result<Self, Error> {
        let scale = Scale::of(problem)?;
        let net = network(problem, nests, &scale);
        let without = |side: usize| -> Vec<bool> {
            (0..net.sides[side].people()).map(|person| net.sides[side].person(person).cap == 0).collect()
        };
        let mut optimum = Self {
            weights: Weights::of(problem, scale),
            repair: Repair::default(),
            effort: effort.clone(),
            bounds: Vec::new(),
            offers: Vec::new(),
            looked_at: Vec::new(),
            unread: true,
            closed: without(MENTORS),
            idle: without(MENTEES),
            net,
        };
        optimum.keep_heaviest(scores, meter)?;
        optimum.guess(scores, meter)?;
        optimum.open_all();
        optimum.improve(scores, meter)?;
        optimum.net.changes.clear();
        Ok(optimum)
    }

    pub fn scan<'a>(&self, scores: &'a dyn Scores, phase: Phase, meter: &Meter<'a>) -> Scan<'a> {
        Scan {
            scores,
            mentors: self.net.sides[MENTORS].people(),
            threads: self.effort.threads,
            phase,
            watch: meter.watch(),
        }
    }

    fn keep_heaviest(&mut self, scores: &Ordered<'_>, meter: &mut Meter<'_>) -> Result<(), Error> {
        let open: Vec<_> = scores.columns(&self.closed).iter().map(|closed| !closed).collect();
        let (weights, keep) = (&self.weights, self.effort.keep.max(1));
        meter.spend(open.len().saturating_mul(self.idle.len()))?;
        let scan = self.scan(scores, Phase::Scoring, meter);
        let mentees: Vec<_> = (0..self.idle.len()).filter(|mentee| !self.idle[*mentee]).collect();
        let rows = scan
            .rows(&mentees, |mentee, row| Row { mentee, scores: row, order: scores }.heaviest(weights, &open, keep))?;
        self.bounds = vec![NOTHING; self.idle.len()];
        self.offers = vec![NOTHING; self.idle.len()];
        for (mentee, (arcs, bound)) in mentees.into_iter().zip(rows) {
            self.bounds[mentee] = bound;
            self.join(vec![(mentee, arcs)]);
        }
        Ok(())
    }

    /// Sets the prices of mentors by auction, and those of mentees to fit them: first over each mentee's heaviest pairs, then
    /// also over those that look best at the prices found.
    fn guess(&mut self, scores: &Ordered<'_>, meter: &mut Meter<'_>) -> Result<(), Error> {
        let (unit, top) = (self.weights.scale.unit(), self.weights.scale.top());
        let mut prices = vec![0; self.closed.len()];
        let first = if self.weights.scale.participation > 0 { top / 8 } else { unit * FIRST };
        auction(&self.net, &mut prices, (first, unit / LAST), meter)?;
        self.set_prices(&prices);
        let mentees: Vec<_> = (0..self.idle.len()).filter(|mentee| !self.idle[*mentee]).collect();
        let joined = self.look_at(scores, &mentees, &Look { margin: unit * MARGIN, most: JOIN_FIRST }, meter)?;
        self.join(joined);
        auction(&self.net, &mut prices, (first / 2, unit / LAST), meter)?;
        self.set_prices(&prices);
        Ok(())
    }

    fn set_prices(&mut self, prices: &[i64]) {
        let top = self.weights.scale.top();
        for (mentor, price) in prices.iter().enumerate() {
            self.net.set_price(MENTORS, mentor, if self.closed[mentor] { top } else { *price });
        }
        for mentee in 0..self.idle.len() {
            let price = if self.idle[mentee] { top } else { self.fitting_price(mentee) };
            self.net.set_price(MENTEES, mentee, price);
        }
    }

    fn join(&mut self, joined: Vec<(usize, Vec<Arc>)>) {
        for (mentee, arcs) in joined {
            for arc in arcs {
                self.net.add_arc(mentee, arc.to as usize, arc.weight);
            }
        }
    }

    /// The least price of a mentee at which none of their pairs weighs more than its prices.
    pub fn fitting_price(&self, mentee: usize) -> i64 {
        let (mentees, mentors) = (&self.net.sides[MENTEES], &self.net.sides[MENTORS]);
        let worth = |arc: &Arc| arc.weight - mentors.person(arc.to as usize).price;
        let best = mentees.arcs[mentee].iter().map(worth).max().unwrap_or(NOTHING);
        best.max(-mentees.person(mentee).first)
    }

    /// Lets everybody carry what fits their price.
    fn open_all(&mut self) {
        for side in [MENTEES, MENTORS] {
            let quotas = self.net.sides[side].quotas;
            for node in quotas..self.net.sides[side].nodes.len() {
                self.net.clamp(side, node);
            }
            let mut inner_first: Vec<_> = (0..quotas).collect();
            inner_first.sort_by_key(|quota| std::cmp::Reverse(self.net.sides[side].chain(*quota).count()));
            for quota in inner_first {
                let node = &self.net.sides[side].nodes[quota];
                let flow = node.used.min(node.cap);
                self.net.carry(side, quota, flow);
            }
        }
    }

    /// Makes the plan exact, over all pairs.
    pub fn improve(&mut self, scores: &Ordered<'_>, meter: &mut Meter<'_>) -> Result<(), Error> {
        loop {
            self.repair.settle(&mut self.net, meter)?;
            let joined = self.look_over(scores, meter)?;
            if joined.is_empty() {
                return Ok(());
            }
            let mentees: Vec<_> = joined.iter().map(|(mentee, _)| *mentee).collect();
            self.join(joined);
            for mentee in mentees {
                self.net.reopen(mentee);
            }
        }
    }
}

pub(super) fn network(problem: &Problem, nests: &[Nest; 2], scale: &Scale) -> Network {
    let mut sides = nests.each_ref().map(|nest| Branch::new(&nest.most, &nest.around));
    for (mentee, quota) in problem.mentees.iter().zip(&nests[MENTEES].innermost) {
        sides[MENTEES].add_person(mentee.wishes, *quota, scale.participation * scale.unit());
    }
    for (mentor, quota) in problem.mentors.iter().zip(&nests[MENTORS].innermost) {
        sides[MENTORS].add_person(mentor.seats, *quota, scale.coverage * scale.unit());
    }
    let mut net = Network::new(sides);
    for pin in &problem.pins {
        net.set_aside(pin.mentee, pin.mentor);
    }
    net
}
