//! Looks over all pairs of the cohort for those outside the graph that are worth more than their prices.
//!
//! For each mentee a bound on the best of these is remembered: their *offer*. While mentors' prices rise it stays a bound, so the row
//! of a mentee need not be read until the mentee's price falls below it. Where a mentor's price falls, it is raised.

use super::error::Error;
use super::network::{Arc, MENTEES, MENTORS};
use super::optimum::Optimum;
use super::problem::{MOST_POINTS, Scores};
use super::watch::{Meter, Phase};

/// From this many rows on it pays to start threads.
const MANY_ROWS: usize = 256;
/// How many pairs of a mentee join the graph at a time.
const JOIN: usize = 8;

/// Which pairs are wanted of a row.
pub(super) struct Look {
    /// By how much a pair may be worth less than its mentee's price
    pub margin: i64,
    pub most: usize,
}

impl Optimum {
    /// The pairs, by mentee, that are worth more than their prices, where there may be such since the last look.
    pub fn look_over(&mut self, scores: &dyn Scores, meter: &mut Meter<'_>) -> Result<Vec<(usize, Vec<Arc>)>, Error> {
        let mut mentees = std::mem::take(&mut self.net.fallen);
        let mentors = self.fallen_mentors();
        if std::mem::take(&mut self.unread) || mentors.len() * 2 > self.closed.len() {
            self.offers.fill(i64::MAX);
            mentees = (0..self.idle.len()).collect();
        } else if !mentors.is_empty() {
            self.raise_offers(scores, &mentors, &mut mentees, meter)?;
        }
        self.looked_at = self.net.prices(MENTORS);
        mentees.sort_unstable();
        mentees.dedup();
        let price = |mentee: usize| self.net.sides[MENTEES].person(mentee).price;
        mentees.retain(|mentee| !self.idle[*mentee] && self.offers[*mentee] > price(*mentee));
        self.look_at(scores, &mentees, &Look { margin: 0, most: JOIN }, meter)
    }

    /// The mentors whose price is lower than at the last look, each after the price, the lowest first.
    fn fallen_mentors(&self) -> Vec<(i64, usize)> {
        let price = |mentor: usize| self.net.sides[MENTORS].person(mentor).price;
        let each = self.looked_at.iter().enumerate().map(|(mentor, before)| (price(mentor), mentor, *before));
        let mut fallen: Vec<_> =
            each.filter(|(price, _, before)| price < before).map(|(price, mentor, _)| (price, mentor)).collect();
        fallen.sort_unstable();
        fallen
    }

    /// Raises the offers of all mentees to what the mentors whose price fell are worth to them, and names those who like one.
    fn raise_offers(
        &mut self,
        scores: &dyn Scores,
        fallen: &[(i64, usize)],
        found: &mut Vec<usize>,
        meter: &mut Meter<'_>,
    ) -> Result<(), Error> {
        meter.spend(self.idle.len())?;
        for mentee in 0..self.idle.len() {
            let price = self.net.sides[MENTEES].person(mentee).price;
            let mut offer = self.offers[mentee];
            for (theirs, mentor) in fallen.iter().copied() {
                let at_most = self.bounds[mentee] - theirs;
                if at_most <= price || offer > price {
                    offer = offer.max(at_most);
                    break;
                }
                meter.spend(1)?;
                offer = self.worth(scores, mentee, mentor, theirs, offer).max(offer);
            }
            self.offers[mentee] = offer;
            if offer > price {
                found.push(mentee);
            }
        }
        Ok(())
    }

    /// What a pair outside the graph is worth to the mentee, or `least` where it is not worth more.
    fn worth(&self, scores: &dyn Scores, mentee: usize, mentor: usize, theirs: i64, least: i64) -> i64 {
        let score = scores.score(mentee, mentor);
        let at_most =
            score.map_or(least, |score| (i64::from(score.min(MOST_POINTS)) + 1) * self.weights.scale.unit() - theirs);
        if at_most <= least {
            return least;
        }
        let worth = self.weights.weigh(mentee, mentor, score).map_or(least, |weight| weight - theirs);
        let inside = || self.weights.barred(mentee, mentor) || self.net.has_arc(mentee, mentor);
        if worth <= least || inside() { least } else { worth }
    }

    /// Reads the rows of some mentees, in order, renews their offers, and tells the pairs found.
    pub fn look_at(
        &mut self,
        scores: &dyn Scores,
        mentees: &[usize],
        look: &Look,
        meter: &mut Meter<'_>,
    ) -> Result<Vec<(usize, Vec<Arc>)>, Error> {
        let prices = self.net.prices(MENTORS);
        meter.spend(prices.len().saturating_mul(mentees.len()))?;
        let mut scan = self.scan(scores, Phase::Proving, meter);
        if mentees.len() < MANY_ROWS {
            scan.threads = 1;
        }
        let people = &self.net.sides[MENTEES];
        let rows = scan.rows(mentees, |mentee, row| {
            self.weights.blank(mentee, row, &people.arcs[mentee]);
            self.weights.offers(mentee, row, &prices, people.person(mentee).price - look.margin, look.most)
        })?;
        let mut found = Vec::new();
        for (mentee, (arcs, offer)) in mentees.iter().zip(rows) {
            self.offers[*mentee] = offer;
            if !arcs.is_empty() {
                found.push((*mentee, arcs));
            }
        }
        Ok(found)
    }
}
