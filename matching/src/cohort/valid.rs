//! What a problem must keep before it is solved.

use std::collections::BTreeSet;

use super::error::{Error, PinFault};
use super::network::{MENTEES, MENTORS};
use super::problem::{Mode, Pair, Problem, Scores, Side};
use super::quotas::Nest;

/// The nests of both sides, of a problem that can be solved.
pub(super) fn validate(problem: &Problem, scores: &dyn Scores) -> Result<[Nest; 2], Error> {
    if problem.mode == Mode::Stable && problem.minimum_one {
        return Err(Error::StableWithMinimumOne);
    }
    unique(Side::Mentee, problem.mentees.iter().map(|mentee| mentee.key))?;
    unique(Side::Mentor, problem.mentors.iter().map(|mentor| mentor.key))?;
    for pair in problem.pins.iter().chain(&problem.bans) {
        known(problem, *pair)?;
    }
    let nests = [Nest::of(problem, Side::Mentee)?, Nest::of(problem, Side::Mentor)?];
    let mut room = Room::of(problem, &nests);
    let bans = problem.bans.iter().copied().collect();
    for pin in &problem.pins {
        allowed(problem, scores, *pin, &bans)
            .and_then(|()| room.take(problem, &nests, *pin))
            .map_err(|why| refused(*pin, why))?;
    }
    Ok(nests)
}

pub(super) fn refused(pair: Pair, why: PinFault) -> Error {
    Error::PinRefused { pair, why }
}

/// That both people of a pair are in the problem.
pub(super) fn known(problem: &Problem, pair: Pair) -> Result<(), Error> {
    if pair.mentee >= problem.mentees.len() {
        return Err(Error::NoSuchPlace { side: Side::Mentee, place: pair.mentee });
    }
    if pair.mentor >= problem.mentors.len() {
        return Err(Error::NoSuchPlace { side: Side::Mentor, place: pair.mentor });
    }
    Ok(())
}

fn unique(side: Side, keys: impl Iterator<Item = u128>) -> Result<(), Error> {
    let mut keys: Vec<_> = keys.collect();
    keys.sort_unstable();
    match keys.windows(2).find(|two| two[0] == two[1]) {
        Some(two) => Err(Error::SameKey { side, key: two[0] }),
        None => Ok(()),
    }
}

/// That rules and bans let a pair be pinned, whatever else is.
pub(super) fn allowed(
    problem: &Problem,
    scores: &dyn Scores,
    pin: Pair,
    bans: &BTreeSet<Pair>,
) -> Result<(), PinFault> {
    let score = scores.score(pin.mentee, pin.mentor).ok_or(PinFault::NotAllowed)?;
    problem.points(Some(score)).ok_or(PinFault::BelowFloor)?;
    if bans.contains(&pin) { Err(PinFault::Banned) } else { Ok(()) }
}

/// What the pins leave of everybody's most.
pub(super) struct Room {
    people: [Vec<u32>; 2],
    quotas: [Vec<u32>; 2],
    pinned: BTreeSet<Pair>,
}

impl Room {
    pub fn of(problem: &Problem, nests: &[Nest; 2]) -> Self {
        let mentees = problem.mentees.iter().map(|mentee| mentee.wishes).collect();
        let mentors = problem.mentors.iter().map(|mentor| mentor.seats).collect();
        Self {
            people: [mentees, mentors],
            quotas: nests.each_ref().map(|nest| nest.most.clone()),
            pinned: BTreeSet::new(),
        }
    }

    /// Takes a wish, a seat and a place in each quota.
    pub fn take(&mut self, problem: &Problem, nests: &[Nest; 2], pin: Pair) -> Result<(), PinFault> {
        if !self.pinned.insert(pin) {
            return Err(PinFault::Twice);
        }
        for (side, person, fault) in
            [(MENTEES, pin.mentee, PinFault::NoWishLeft), (MENTORS, pin.mentor, PinFault::NoSeatLeft)]
        {
            let left = &mut self.people[side][person];
            *left = left.checked_sub(1).ok_or(fault)?;
            for quota in nests[side].chain(person) {
                let left = &mut self.quotas[side][quota];
                let name = || PinFault::QuotaFull(problem.quotas[nests[side].quotas[quota]].name.clone());
                *left = left.checked_sub(1).ok_or_else(name)?;
            }
        }
        Ok(())
    }
}
