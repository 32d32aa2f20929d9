//! Those who come late.

use super::error::Error;
use super::network::{MENTEES, MENTORS};
use super::optimum::Optimum;
use super::order::Ordered;
use super::plan::{Cohort, Difference};
use super::problem::{Mentee, Mentor, Problem, Scores, Side};
use super::quotas::Nest;

impl<S: Scores> Cohort<S> {
    /// Takes in a mentee, whose place is the next; in no quota. The scores must know them before.
    ///
    /// # Errors
    /// `SameKey`; `TooLarge`.
    pub fn add_mentee(&mut self, mentee: Mentee) -> Result<Difference, Error> {
        self.add_mentee_to(mentee, &[])
    }

    /// Takes in a mentee, whose place is the next, as a member of `quotas`, by their places in the problem. The scores must know
    /// them before.
    ///
    /// # Errors
    /// `SameKey`; `TooLarge`; `NoSuchPlace` for a place at which no quota of mentees is; `CrossingQuotas` where the quotas around one
    /// of them are not all named.
    pub fn add_mentee_to(&mut self, mentee: Mentee, quotas: &[usize]) -> Result<Difference, Error> {
        if self.problem.mentees.iter().any(|other| other.key == mentee.key) {
            return Err(Error::SameKey { side: Side::Mentee, key: mentee.key });
        }
        let mut larger = self.problem.clone();
        let place = larger.mentees.len();
        larger.mentees.push(mentee.clone());
        enrol(&mut larger, Side::Mentee, place, quotas)?;
        let add = |optimum: &mut Optimum, scores: &Ordered<'_>, quota: Option<u32>| {
            optimum.add_mentee(scores, mentee.key, mentee.wishes, quota);
        };
        self.join(larger, Side::Mentee, add)
    }

    /// Takes in a mentor, whose place is the next; in no quota. The scores must know them before.
    ///
    /// # Errors
    /// `SameKey`; `TooLarge`.
    pub fn add_mentor(&mut self, mentor: Mentor) -> Result<Difference, Error> {
        self.add_mentor_to(mentor, &[])
    }

    /// Takes in a mentor, whose place is the next, as a member of `quotas`, by their places in the problem. The scores must know
    /// them before.
    ///
    /// # Errors
    /// `SameKey`; `TooLarge`; `NoSuchPlace` for a place at which no quota of mentors is; `CrossingQuotas` where the quotas around one
    /// of them are not all named.
    pub fn add_mentor_to(&mut self, mentor: Mentor, quotas: &[usize]) -> Result<Difference, Error> {
        if self.problem.mentors.iter().any(|other| other.key == mentor.key) {
            return Err(Error::SameKey { side: Side::Mentor, key: mentor.key });
        }
        let mut larger = self.problem.clone();
        let place = larger.mentors.len();
        larger.mentors.push(mentor.clone());
        enrol(&mut larger, Side::Mentor, place, quotas)?;
        let add = |optimum: &mut Optimum, scores: &Ordered<'_>, quota: Option<u32>| {
            optimum.add_mentor(scores, mentor.key, mentor.seats, quota);
        };
        self.join(larger, Side::Mentor, add)
    }

    /// Goes over to a problem with one person more, who comes last on `side`. A quota that now lies in another one makes another
    /// network, which is solved anew.
    fn join(
        &mut self,
        larger: Problem,
        side: Side,
        add: impl FnOnce(&mut Optimum, &Ordered<'_>, Option<u32>),
    ) -> Result<Difference, Error> {
        let at = if side == Side::Mentee { MENTEES } else { MENTORS };
        let nest = Nest::of(&larger, side)?;
        if !self.fits(&larger) || nest.around != self.solved.nests[at].around {
            return self.solve_again(larger);
        }
        let quota = nest.innermost.last().copied().flatten();
        self.problem = larger;
        self.solved.order.add(at);
        self.solved.counts[at].push(0);
        self.solved.nests[at] = nest;
        self.mend(|optimum, _, scores| add(optimum, scores, quota))
    }
}

fn enrol(problem: &mut Problem, side: Side, person: usize, quotas: &[usize]) -> Result<(), Error> {
    for place in quotas {
        match problem.quotas.get_mut(*place) {
            Some(quota) if quota.side == side => quota.members.push(person),
            _ => return Err(Error::NoSuchPlace { side, place: *place }),
        }
    }
    Ok(())
}
