//! Guesses good prices: an auction of seats with ε-scaling (Bertsekas 1988; Bertsekas and Castañón 1989 for alike seats).
//!
//! The guess need not be right, since [`super::repair`] makes any prices exact; it only saves it most of the work. So quotas, bonuses
//! of mentors and second wishes are left out here. Scaling is not optional: with a small ε from the start, near-equal mentees
//! outbid each other in tiny steps.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::error::Error;
use super::network::{MENTEES, MENTORS, Network};
use super::watch::{Meter, Phase};

/// How much smaller each ε is than the last. Each auction begins this many ε of the last below its prices, since those are too
/// high by a few ε wherever a seat was fought over, and auctions only ever raise them.
const STEP: i64 = 6;

/// An auction ends when it took this many turns for each mentee, whoever still waits.
const MOST_TURNS: usize = 64;

struct Seats {
    cap: usize,
    price: i64,
    /// What those who sit there bid
    bids: BinaryHeap<Reverse<(i64, u32)>>,
}

/// The prices of the mentors, after auctions with ε from `first` down to `last`. They begin at `prices`.
pub(super) fn auction(
    net: &Network,
    prices: &mut [i64],
    (first, last): (i64, i64),
    meter: &mut Meter<'_>,
) -> Result<(), Error> {
    let mentors = &net.sides[MENTORS];
    let mut seats: Vec<_> = (0..mentors.people())
        .map(|mentor| Seats {
            cap: mentors.person(mentor).cap as usize,
            price: prices[mentor],
            bids: BinaryHeap::new(),
        })
        .collect();
    let mut epsilon = first.max(1);
    loop {
        round(net, &mut seats, epsilon, meter)?;
        lower(net, &mut seats);
        if epsilon <= last.max(1) {
            break;
        }
        for seat in &mut seats {
            seat.price = (seat.price - epsilon * STEP).max(0);
            seat.bids.clear();
        }
        epsilon = (epsilon / STEP).max(last);
    }
    for (price, seat) in prices.iter_mut().zip(seats) {
        *price = seat.price;
    }
    Ok(())
}

fn round(net: &Network, seats: &mut [Seats], epsilon: i64, meter: &mut Meter<'_>) -> Result<(), Error> {
    let mentees = &net.sides[MENTEES];
    let mut waiting: Vec<_> = (0..mentees.people() as u32).filter(|at| mentees.person(*at as usize).cap > 0).collect();
    let total = waiting.len();
    let mut turns = 0_usize;
    while let Some(mentee) = waiting.pop() {
        turns += 1;
        if turns > total * MOST_TURNS {
            break;
        }
        if turns.is_multiple_of(4096) {
            meter.report(Phase::Solving, total - waiting.len(), total)?;
        }
        meter.spend(mentees.arcs[mentee as usize].len() + 1)?;
        let Some((mentor, bid)) = bid(net, seats, mentee as usize) else { continue };
        let seat = &mut seats[mentor];
        seat.bids.push(Reverse((bid + epsilon, mentee)));
        if seat.bids.len() > seat.cap {
            waiting.extend(seat.bids.pop().map(|Reverse((_, evicted))| evicted));
        }
        if let (true, Some(Reverse((lowest, _)))) = (seat.bids.len() == seat.cap, seat.bids.peek()) {
            seat.price = *lowest;
        }
    }
    Ok(())
}

/// The mentor worth most to a mentee, and the price at which another, or none, would be worth as much.
fn bid(net: &Network, seats: &[Seats], mentee: usize) -> Option<(usize, i64)> {
    let mentees = &net.sides[MENTEES];
    let alone = -mentees.person(mentee).first;
    let (mut best, mut second, mut mentor) = (alone, alone, None);
    for arc in &mentees.arcs[mentee] {
        let seat = &seats[arc.to as usize];
        let left = arc.weight - seat.price;
        if left > second && seat.cap > 0 {
            if left > best {
                (second, best, mentor) = (best, left, Some(arc.to as usize));
            } else {
                second = left;
            }
        }
    }
    mentor.map(|mentor| (mentor, seats[mentor].price + best - second))
}

/// Lowers the price of each mentor with empty seats to where, by the mentees' present gains, these would fill.
fn lower(net: &Network, seats: &mut [Seats]) {
    let (mentees, mentors) = (&net.sides[MENTEES], &net.sides[MENTORS]);
    let gain = |mentee: usize| {
        let open = mentees.arcs[mentee].iter().filter(|arc| seats[arc.to as usize].cap > 0);
        let best = open.map(|arc| arc.weight - seats[arc.to as usize].price).max();
        best.unwrap_or(0).max(-mentees.person(mentee).first)
    };
    let gains: Vec<_> = (0..mentees.people()).map(gain).collect();
    for (mentor, seat) in seats.iter_mut().enumerate().filter(|(_, seat)| seat.bids.len() < seat.cap && seat.price > 0)
    {
        let mut offers: Vec<_> = mentors.arcs[mentor].iter().map(|arc| arc.weight - gains[arc.to as usize]).collect();
        let last = seat.cap - 1;
        let fills = if last < offers.len() { *offers.select_nth_unstable_by(last, |a, b| b.cmp(a)).1 } else { 0 };
        seat.price = fills.clamp(0, seat.price);
    }
}
