//! Looks over all pairs of the cohort for those outside the graph that are worth more than their prices.
//!
//! For each mentee a bound on the best of these is remembered: their *offer*. While mentors' prices rise it stays a bound, so the row
//! of a mentee need not be read until the mentee's price falls below it. Where a mentor's price falls, it is raised.

use super::error::Error;
use super::network::{Arc, MENTEES, MENTORS};
use super::optimum::Optimum;
use super::order::Ordered;
use super::row::Row;
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
    pub fn look_over(&mut self, scores: &Ordered<'_>, meter: &mut Meter<'_>) -> Result<Vec<(usize, Vec<Arc>)>, Error> {
        let mut mentees = std::mem::take(&mut self.net.fallen);
        let prices = self.fallen_prices();
        if std::mem::take(&mut self.unread) {
            self.offers.fill(i64::MAX);
            mentees = (0..self.idle.len()).collect();
        } else if !prices.is_empty() {
            meter.spend(self.idle.len())?;
            self.raise_offers(&prices, &mut mentees);
        }
        self.looked_at = self.net.prices(MENTORS);
        mentees.sort_unstable();
        mentees.dedup();
        let price = |mentee: usize| self.net.sides[MENTEES].person(mentee).price;
        mentees.retain(|mentee| !self.idle[*mentee] && self.offers[*mentee] > price(*mentee));
        self.look_at(scores, &mentees, &Look { margin: 0, most: JOIN }, meter)
    }

    /// The mentors whose price is lower than at the last look: the price, and by how much; the lowest first.
    fn fallen_prices(&self) -> Vec<(i64, i64)> {
        let price = |mentor: usize| self.net.sides[MENTORS].person(mentor).price;
        let each = self.looked_at.iter().enumerate().map(|(mentor, before)| (price(mentor), before - price(mentor)));
        let mut fallen: Vec<_> = each.filter(|(_, fall)| *fall > 0).collect();
        fallen.sort_unstable();
        fallen
    }

    /// Raises the offers of all mentees to what the mentors whose price fell may be worth to them, and names those who may like
    /// one. By so much as the price fell a pair may have come to be worth more than the offer, and no more than the bound allows.
    fn raise_offers(&mut self, fallen: &[(i64, i64)], found: &mut Vec<usize>) {
        for (mentee, offer) in self.offers.iter_mut().enumerate() {
            let (before, bound) = (*offer, self.bounds[mentee]);
            for (theirs, fall) in fallen {
                let at_most = bound - theirs;
                if at_most <= *offer {
                    break;
                }
                *offer = (*offer).max(at_most.min(before.saturating_add(*fall)));
            }
            if *offer > self.net.sides[MENTEES].person(mentee).price {
                found.push(mentee);
            }
        }
    }

    /// Reads the rows of some mentees, in order, renews their offers, and tells the pairs found.
    pub fn look_at(
        &mut self,
        scores: &Ordered<'_>,
        mentees: &[usize],
        look: &Look,
        meter: &mut Meter<'_>,
    ) -> Result<Vec<(usize, Vec<Arc>)>, Error> {
        if mentees.is_empty() {
            return Ok(Vec::new());
        }
        let prices = scores.columns(&self.net.prices(MENTORS));
        meter.spend(prices.len().saturating_mul(mentees.len()))?;
        let mut scan = self.scan(scores, Phase::Proving, meter);
        if mentees.len() < MANY_ROWS {
            scan.threads = 1;
        }
        let people = &self.net.sides[MENTEES];
        let rows = scan.rows(mentees, |mentee, row| {
            let mut row = Row { mentee, scores: row, order: scores };
            row.blank(&self.weights, &people.arcs[mentee]);
            row.offers(&self.weights, &prices, people.person(mentee).price - look.margin, look.most)
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
