//! Edits of a solved cohort. Each gives the new best plan, exactly, and what changed. A best plan is mended where the edit
//! touched it; a stable one is made anew.

use super::error::{Error, PinFault};
use super::network::{MENTEES, MENTORS};
use super::optimum::Optimum;
use super::order::{Order, Ordered};
use super::plan::{Cohort, Difference, State};
use super::problem::{Pair, Scores, Side};
use super::valid::{Room, allowed, known, refused};
use super::watch::{Meter, watcher};

impl<S: Scores> Cohort<S> {
    /// Forbids a pair, as when someone declines. A ban that is there already changes nothing.
    ///
    /// # Errors
    /// `NoSuchPlace`; `PinRefused` for a pair that is pinned: unpin it first.
    pub fn ban(&mut self, pair: Pair) -> Result<Difference, Error> {
        known(&self.problem, pair)?;
        if self.problem.pins.contains(&pair) {
            return Err(refused(pair, PinFault::Banned));
        }
        if self.is_banned(pair) {
            return Ok(self.no_difference());
        }
        self.problem.bans.push(pair);
        self.mend(|optimum, order, _| {
            let pair = order.inward(pair);
            optimum.ban(pair.mentee, pair.mentor);
        })
    }

    /// Lifts a ban.
    ///
    /// # Errors
    /// `NoSuchPlace`; `NotSet` where there is no ban.
    pub fn allow(&mut self, pair: Pair) -> Result<Difference, Error> {
        known(&self.problem, pair)?;
        if !self.is_banned(pair) {
            return Err(Error::NotSet { pair });
        }
        self.problem.bans.retain(|ban| *ban != pair);
        self.mend(|optimum, order, scores| {
            let pair = order.inward(pair);
            optimum.allow(scores, pair.mentee, pair.mentor);
        })
    }

    /// Demands a pair.
    ///
    /// # Errors
    /// `NoSuchPlace`; `PinRefused` where the pair cannot be in any plan beside the other pins.
    pub fn pin(&mut self, pair: Pair) -> Result<Difference, Error> {
        known(&self.problem, pair)?;
        let bans = if self.is_banned(pair) { [pair].into() } else { Default::default() };
        allowed(&self.problem, &self.scores, pair, &bans).map_err(|why| refused(pair, why))?;
        let nests = &self.solved.nests;
        let mut room = Room::of(&self.problem, nests);
        for pin in self.problem.pins.iter().chain([&pair]) {
            room.take(&self.problem, nests, *pin).map_err(|why| refused(pair, why))?;
        }
        self.problem.pins.push(pair);
        self.mend(|optimum, order, _| {
            let pair = order.inward(pair);
            optimum.pin(pair.mentee, pair.mentor);
        })
    }

    /// No longer demands a pair. It stays where it is best there.
    ///
    /// # Errors
    /// `NoSuchPlace`; `NotSet` where the pair is not pinned.
    pub fn unpin(&mut self, pair: Pair) -> Result<Difference, Error> {
        known(&self.problem, pair)?;
        if !self.problem.pins.contains(&pair) {
            return Err(Error::NotSet { pair });
        }
        self.problem.pins.retain(|pin| *pin != pair);
        let firsts = self.firsts(pair);
        self.mend(|optimum, order, scores| {
            let pair = order.inward(pair);
            optimum.unpin(scores, pair.mentee, pair.mentor, firsts);
        })
    }

    /// Changes how many mentors a mentee wants. With 0 they keep their place and are out of the plan.
    ///
    /// # Errors
    /// `NoSuchPlace`; `TooLarge`; `PinRefused` where pins need more.
    pub fn set_wishes(&mut self, mentee: usize, wishes: u32) -> Result<Difference, Error> {
        self.resize(Side::Mentee, mentee, wishes)
    }

    /// Changes how many mentees a mentor takes. With 0 they keep their place and are out of the plan.
    ///
    /// # Errors
    /// `NoSuchPlace`; `TooLarge`; `PinRefused` where pins need more.
    pub fn set_seats(&mut self, mentor: usize, seats: u32) -> Result<Difference, Error> {
        self.resize(Side::Mentor, mentor, seats)
    }

    /// Takes a mentee out: their pins go, and their wishes become 0. They keep their place.
    ///
    /// # Errors
    /// `NoSuchPlace`.
    pub fn remove_mentee(&mut self, mentee: usize) -> Result<Difference, Error> {
        self.remove(Side::Mentee, mentee)
    }

    /// Takes a mentor out: their pins go, and their seats become 0. They keep their place.
    ///
    /// # Errors
    /// `NoSuchPlace`.
    pub fn remove_mentor(&mut self, mentor: usize) -> Result<Difference, Error> {
        self.remove(Side::Mentor, mentor)
    }

    fn remove(&mut self, side: Side, place: usize) -> Result<Difference, Error> {
        self.most(side, place)?;
        let before = self.solved.totals;
        let mut changes = Vec::new();
        for pin in self.problem.pins.clone() {
            if of(side, pin) == place {
                let difference = self.unpin(pin)?;
                changes.extend(difference.changes());
            }
        }
        let last = self.resize(side, place, 0)?;
        changes.extend(last.changes());
        Ok(Difference { after: last.after, ..Difference::of(before, changes) })
    }

    fn resize(&mut self, side: Side, place: usize, most: u32) -> Result<Difference, Error> {
        let before = self.most(side, place)?;
        let pins: Vec<_> = self.problem.pins.iter().filter(|pin| of(side, **pin) == place).copied().collect();
        let Some(cap) = most.checked_sub(pins.len() as u32) else {
            let why = if side == Side::Mentee { PinFault::NoWishLeft } else { PinFault::NoSeatLeft };
            return Err(pins.last().map_or(Error::NoSuchPlace { side, place }, |pin| refused(*pin, why)));
        };
        *self.most_mut(side, place) = most;
        if most > before && !self.fits(&self.problem) {
            let larger = self.problem.clone();
            return self.solve_again(larger).inspect_err(|_| *self.most_mut(side, place) = before);
        }
        let at = if side == Side::Mentee { MENTEES } else { MENTORS };
        self.mend(|optimum, order, scores| optimum.set_cap(scores, at, order.rank(at, place), cap))
    }

    fn most(&self, side: Side, place: usize) -> Result<u32, Error> {
        let most = match side {
            Side::Mentee => self.problem.mentees.get(place).map(|mentee| mentee.wishes),
            Side::Mentor => self.problem.mentors.get(place).map(|mentor| mentor.seats),
        };
        most.ok_or(Error::NoSuchPlace { side, place })
    }

    fn most_mut(&mut self, side: Side, place: usize) -> &mut u32 {
        match side {
            Side::Mentee => &mut self.problem.mentees[place].wishes,
            Side::Mentor => &mut self.problem.mentors[place].seats,
        }
    }

    /// Whether each of a pair has no pin, so that their first pair earns its bonus.
    fn firsts(&self, pair: Pair) -> [bool; 2] {
        let pins = &self.problem.pins;
        [!pins.iter().any(|pin| pin.mentee == pair.mentee), !pins.iter().any(|pin| pin.mentor == pair.mentor)]
    }

    /// Bans may be many, so the solver's index of them is asked first.
    fn is_banned(&self, pair: Pair) -> bool {
        let inner = self.solved.order.inward(pair);
        let indexed = match &self.solved.state {
            State::Best(optimum) => optimum.weights.barred(inner.mentee, inner.mentor),
            State::Stable(_) => true,
        };
        indexed && self.problem.bans.contains(&pair)
    }

    pub(super) fn fits(&self, problem: &super::problem::Problem) -> bool {
        match &self.solved.state {
            State::Best(optimum) => optimum.weights.scale.fits(problem),
            State::Stable(_) => false,
        }
    }

    fn no_difference(&self) -> Difference {
        Difference { before: self.solved.totals, after: self.solved.totals, ..Difference::default() }
    }

    /// Mends the plan after `edit`.
    pub(super) fn mend(&mut self, edit: impl FnOnce(&mut Optimum, &Order, &Ordered<'_>)) -> Result<Difference, Error> {
        let (solved, watch) = (&mut self.solved, watcher(&self.watch));
        let State::Best(optimum) = &mut solved.state else {
            return self.solve_again(self.problem.clone());
        };
        let ordered = Ordered { scores: &self.scores, order: &solved.order };
        edit(optimum, &solved.order, &ordered);
        optimum.improve(&ordered, &mut Meter::new(watch, u64::MAX))?;
        let changes = std::mem::take(&mut optimum.net.changes);
        let order = &solved.order;
        let outward = |(mentee, mentor, enters): (u32, u32, bool)| {
            (order.outward(Pair { mentee: mentee as usize, mentor: mentor as usize }), enters)
        };
        let changes: Vec<_> = changes.into_iter().map(outward).collect();
        Ok(solved.difference(&self.scores, changes))
    }
}

fn of(side: Side, pair: Pair) -> usize {
    if side == Side::Mentee { pair.mentee } else { pair.mentor }
}
