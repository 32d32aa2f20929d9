//! Edits of an optimum. Each changes the network so that all its conditions hold again but the needs; making it exact is
//! [`Optimum::improve`]'s work. Places are in the order of hashes.

use std::cmp::Reverse;

use super::network::{GROUND, MENTEES, MENTORS};
use super::optimum::Optimum;
use super::order::Ordered;
use super::problem::{FORBIDDEN, Scores};
use super::row::Row;
use super::weights::NOTHING;

impl Optimum {
    /// Forbids a pair.
    pub fn ban(&mut self, mentee: usize, mentor: usize) {
        if self.net.holds(mentee, mentor) {
            self.net.part(mentee, mentor);
        }
        self.net.drop_arc(mentee, mentor);
        self.weights.bar(mentee, mentor);
    }

    /// Lets a banned pair be looked at again.
    pub fn allow(&mut self, scores: &Ordered<'_>, mentee: usize, mentor: usize) {
        self.weights.unbar(mentee, mentor);
        if !self.idle[mentee] && !self.closed[mentor] && self.enter(scores, mentee, mentor).is_some() {
            self.net.reopen(mentee);
        }
    }

    /// Takes a pair into the graph, and tells its weight, if it has one.
    fn enter(&mut self, scores: &Ordered<'_>, mentee: usize, mentor: usize) -> Option<i64> {
        let weight = self.weights.weigh(mentee, mentor, scores.score(mentee, mentor))?;
        if !self.net.has_arc(mentee, mentor) {
            self.net.add_arc(mentee, mentor, weight);
        }
        Some(weight)
    }

    /// Settles a pair beforehand.
    pub fn pin(&mut self, mentee: usize, mentor: usize) {
        if self.net.holds(mentee, mentor) {
            self.net.take(mentee, mentor);
            self.carry_along(mentee, mentor, -1);
        }
        self.net.set_aside(mentee, mentor);
        self.clamp_along(mentee, mentor);
        self.net.drop_arc(mentee, mentor);
        self.weights.bar(mentee, mentor);
        self.net.changes.push((mentee as u32, mentor as u32, true));
    }

    /// Gives a pair that was pinned back to choice. `firsts` are what the first pair of each of the two earns now.
    pub fn unpin(&mut self, scores: &Ordered<'_>, mentee: usize, mentor: usize, firsts: [bool; 2]) {
        self.net.changes.push((mentee as u32, mentor as u32, false));
        self.weights.unbar(mentee, mentor);
        let bonuses = [self.weights.scale.participation, self.weights.scale.coverage];
        for (side, person) in [(MENTEES, mentee), (MENTORS, mentor)] {
            let branch = &mut self.net.sides[side];
            let leaf = branch.quotas + person;
            branch.nodes[leaf].first = if firsts[side] { bonuses[side] * self.weights.scale.unit() } else { 0 };
            for node in branch.chain(leaf) {
                branch.nodes[node].cap += 1;
            }
        }
        self.wake(scores, mentee, mentor);
        if let Some(weight) = self.enter(scores, mentee, mentor)
            && self.net.dear(mentee, mentor, weight) <= 0
        {
            self.net.put(mentee, mentor, weight);
            self.carry_along(mentee, mentor, 1);
        }
        self.clamp_along(mentee, mentor);
    }

    fn carry_along(&mut self, mentee: usize, mentor: usize, by: i32) {
        for (side, person) in [(MENTEES, mentee), (MENTORS, mentor)] {
            let leaf = self.net.sides[side].quotas + person;
            for node in self.net.sides[side].chain(leaf) {
                let flow = self.net.sides[side].nodes[node].flow.saturating_add_signed(by);
                self.net.carry(side, node, flow);
            }
        }
    }

    fn clamp_along(&mut self, mentee: usize, mentor: usize) {
        for (side, person) in [(MENTEES, mentee), (MENTORS, mentor)] {
            let leaf = self.net.sides[side].quotas + person;
            for node in self.net.sides[side].chain(leaf) {
                self.net.clamp(side, node);
            }
        }
    }

    fn wake(&mut self, scores: &Ordered<'_>, mentee: usize, mentor: usize) {
        if self.idle[mentee] {
            self.open_mentee(scores, mentee);
        }
        if self.closed[mentor] {
            self.open_mentor(scores, mentor);
        }
    }

    /// Changes how many pairs, besides pins, someone may have.
    pub fn set_cap(&mut self, scores: &Ordered<'_>, side: usize, person: usize, cap: u32) {
        let node = self.net.sides[side].quotas + person;
        self.net.sides[side].nodes[node].cap = cap;
        if cap > 0 && side == MENTEES && self.idle[person] {
            self.open_mentee(scores, person);
        }
        if cap > 0 && side == MENTORS && self.closed[person] {
            self.open_mentor(scores, person);
        }
        self.net.clamp(side, node);
    }

    /// Takes in a mentee, behind all others, directly in `quota`.
    pub fn add_mentee(&mut self, scores: &Ordered<'_>, key: u128, wishes: u32, quota: Option<u32>) {
        self.weights.add_mentee(key);
        self.bounds.push(NOTHING);
        self.offers.push(NOTHING);
        self.idle.push(true);
        self.add_person(scores, MENTEES, wishes, quota);
    }

    /// Takes in a mentor, behind all others, directly in `quota`.
    pub fn add_mentor(&mut self, scores: &Ordered<'_>, key: u128, seats: u32, quota: Option<u32>) {
        self.weights.add_mentor(key);
        self.closed.push(true);
        self.looked_at.push(self.weights.scale.top());
        self.add_person(scores, MENTORS, seats, quota);
    }

    /// As someone who may have no pair at first, and then as many as they may.
    fn add_person(&mut self, scores: &Ordered<'_>, side: usize, most: u32, quota: Option<u32>) {
        let scale = &self.weights.scale;
        let first = [scale.participation, scale.coverage][side] * scale.unit();
        let (top, person) = (scale.top(), self.net.sides[side].people());
        self.net.sides[side].add_person(0, quota, first);
        self.net.set_price(side, person, top);
        self.set_cap(scores, side, person, most);
    }

    /// What the quota around someone has for a price.
    fn price_around(&self, side: usize, person: usize) -> i64 {
        let branch = &self.net.sides[side];
        let parent = branch.person(person).parent;
        if parent == GROUND { 0 } else { branch.nodes[parent as usize].price }
    }

    /// Takes the heaviest pairs of a mentee into the graph, of whom it has none.
    fn open_mentee(&mut self, scores: &Ordered<'_>, mentee: usize) {
        let mut row = vec![FORBIDDEN; self.closed.len()];
        scores.row(mentee, &mut row);
        let open: Vec<_> = scores.columns(&self.closed).iter().map(|closed| !closed).collect();
        let row = Row { mentee, scores: &mut row, order: scores };
        let (arcs, bound) = row.heaviest(&self.weights, &open, self.effort.keep.max(1));
        self.bounds[mentee] = bound;
        for arc in arcs {
            self.net.add_arc(mentee, arc.to as usize, arc.weight);
        }
        self.idle[mentee] = false;
        self.net.set_price(MENTEES, mentee, self.fitting_price(mentee).max(self.price_around(MENTEES, mentee)));
        self.offers[mentee] = i64::MAX;
        self.net.fallen.push(mentee);
    }

    /// Takes those pairs of a mentor into the graph, of whom it has none, that are worth most at the present prices.
    fn open_mentor(&mut self, scores: &Ordered<'_>, mentor: usize) {
        let mut column = Vec::new();
        for mentee in (0..self.idle.len()).filter(|mentee| !self.idle[*mentee]) {
            match self.weights.weigh(mentee, mentor, scores.score(mentee, mentor)) {
                Some(weight) if !self.weights.barred(mentee, mentor) => {
                    self.bounds[mentee] = self.bounds[mentee].max(weight);
                    column.push((Reverse(weight - self.net.sides[MENTEES].person(mentee).price), mentee, weight));
                }
                _ => {}
            }
        }
        column.sort_unstable();
        let first = self.net.sides[MENTORS].person(mentor).first;
        let least = self.price_around(MENTORS, mentor) - first;
        let price = column.first().map_or(least, |(Reverse(worth), ..)| least.max(*worth));
        for (at, (_, mentee, weight)) in column.into_iter().enumerate() {
            if at < self.effort.keep {
                self.net.add_arc(mentee, mentor, weight);
            } else {
                self.offers[mentee] = self.offers[mentee].max(weight - price);
            }
        }
        self.net.set_price(MENTORS, mentor, price);
        self.looked_at[mentor] = price;
        self.closed[mentor] = false;
    }
}
