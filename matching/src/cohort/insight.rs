//! What a plan says besides who has whom: why someone has nobody, and where seats lack.

use super::certificate::Certificate;
use super::check::sums;
use super::network::{MENTEES, MENTORS};
use super::plan::Cohort;
use super::problem::{FORBIDDEN, MOST_POINTS, Scores, Side};
use super::tally::Tally;

/// Why a mentee has no mentor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// They wanted none
    NoWish,
    /// Nobody could be given to them; the counts add up to all mentors
    NoAllowedMentor {
        /// Forbidden by a hard rule; the caller knows which
        refused: usize,
        /// Of too few points
        below_floor: usize,
        banned: usize,
        /// Allowed, without a seat that pins had not filled
        without_seat: usize,
    },
    /// Every seat they could have had is worth more to others
    Outbid {
        /// Where the least was missing
        mentor: usize,
        /// The pair's points
        points: i64,
        /// What the seat is worth to others, in points: never below `points`; where they are equal, the tie-break decided
        price: i64,
    },
}

/// A mentee without a mentor, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmatched {
    pub mentee: usize,
    pub reason: Reason,
}

/// What one seat more would be worth. The levels are those of the mode, in order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Worth {
    /// Mentees more with a mentor; 0 unless participation comes first
    pub mentees: i64,
    /// Mentors more with a mentee; 0 unless there is a minimum of one
    pub mentors: i64,
    pub points: i64,
}

/// One who might join as a mentor, in no quota.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recruit {
    pub seats: u32,
    /// Mentees by their places, each once, with the points of the pair
    pub points: Vec<(usize, u16)>,
}

/// What a mentor's seats are worth: at most so much would be gained by one more. High prices tell who is scarce.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeatPrice {
    pub mentor: usize,
    pub seats: u32,
    pub taken: u32,
    pub price: Worth,
}

/// What a plan says besides who has whom.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Insights {
    /// By mentee
    pub unmatched: Vec<Unmatched>,
    /// By mentor; none for a stable plan, which has no prices
    pub seats: Vec<SeatPrice>,
}

/// What a pair must beat to be in the plan.
struct Bids {
    mentees: Vec<i64>,
    mentors: Vec<i64>,
    /// The points that a mentee and a mentor together demand
    needed: fn(i64, i64) -> i64,
    /// Mentors with a seat that no pin fills
    open: Vec<bool>,
}

impl<S: Scores> Cohort<S> {
    /// Reasons and prices of the plan as it stands. Reads the scores of the unmatched mentees and the mentors without seats.
    pub fn insights(&self) -> Insights {
        let proof = self.certificate();
        let bids = self.bids(proof.as_ref());
        let nobody = |mentee: &usize| self.solved.counts[MENTEES][*mentee] == 0;
        let unmatched = (0..self.problem.mentees.len()).filter(nobody);
        Insights {
            unmatched: unmatched.map(|mentee| Unmatched { mentee, reason: self.reason(mentee, &bids) }).collect(),
            seats: proof.map(|proof| self.seats(&proof, &bids)).unwrap_or_default(),
        }
    }

    /// What the seats of each mentor are worth, by mentor; none for a stable plan. Reads the scores of the mentors without seats.
    pub fn seat_prices(&self) -> Vec<SeatPrice> {
        let proof = self.certificate();
        proof.map(|proof| self.seats(&proof, &self.bids(Some(&proof)))).unwrap_or_default()
    }

    /// At most so much would be gained by each of `recruits`, were they to join alone; none for a stable plan, which has no prices.
    ///
    /// Without whomever a recruit takes, the others are worth what they were less what those gained, at most (duality): so it is
    /// the sum of what their best mentees would earn beyond what they gain now. What is moved around for it may make it less.
    pub fn worth_of(&self, recruits: &[Recruit]) -> Option<Vec<Worth>> {
        let proof = self.certificate()?;
        let bids = self.bids(Some(&proof));
        Some(recruits.iter().map(|recruit| self.most_gained(recruit, &proof, &bids)).collect())
    }

    fn most_gained(&self, recruit: &Recruit, proof: &Certificate, bids: &Bids) -> Worth {
        let gain = |(mentee, points): &(usize, u16)| {
            let points = self.problem.points(Some(*points)).filter(|_| self.problem.mentees[*mentee].wishes > 0)?;
            Some(i64::from(points) - bids.mentees[*mentee])
        };
        let mut gains: Vec<_> = recruit.points.iter().filter_map(gain).collect();
        gains.sort_unstable_by_key(|gain| std::cmp::Reverse(*gain));
        if let Some(first) = gains.first_mut() {
            *first += proof.coverage;
        }
        let best = gains.into_iter().take(recruit.seats as usize).take_while(|gain| *gain > 0);
        best.map(|gain| worth(proof, self.problem.mentors.len() as i64 + 1, gain)).sum()
    }

    fn bids(&self, proof: Option<&Certificate>) -> Bids {
        let sides = [Side::Mentee, Side::Mentor];
        let ([mentees, mentors], needed): (_, fn(i64, i64) -> i64) = match proof {
            Some(proof) => (sides.map(|side| sums(&self.problem, proof, side)), |mentee, mentor| mentee + mentor),
            None => {
                let tally = Tally::of(&self.scores, &self.problem, &self.pairs());
                let content = |side| tally.as_ref().map(|tally| tally.content(&self.problem, side)).unwrap_or_default();
                (sides.map(content), |mentee, mentor| mentee.max(mentor).min(i64::from(MOST_POINTS)))
            }
        };
        let mut free: Vec<_> = self.problem.mentors.iter().map(|mentor| mentor.seats).collect();
        for pin in &self.problem.pins {
            free[pin.mentor] = free[pin.mentor].saturating_sub(1);
        }
        Bids { mentees, mentors, needed, open: free.iter().map(|free| *free > 0).collect() }
    }

    fn reason(&self, mentee: usize, bids: &Bids) -> Reason {
        if self.problem.mentees[mentee].wishes == 0 {
            return Reason::NoWish;
        }
        let bans: Vec<_> = self.problem.bans.iter().filter(|ban| ban.mentee == mentee).map(|ban| ban.mentor).collect();
        let mut row = vec![FORBIDDEN; self.problem.mentors.len()];
        self.scores.row(mentee, &mut row);
        let (mut refused, mut below_floor, mut banned, mut without_seat) = (0, 0, 0, 0);
        let mut least: Option<(i64, usize, i64)> = None;
        for (mentor, score) in row.iter().enumerate() {
            match (*score, self.problem.points(Some(*score))) {
                (FORBIDDEN, _) => refused += 1,
                (_, None) => below_floor += 1,
                _ if bans.contains(&mentor) => banned += 1,
                _ if !bids.open[mentor] => without_seat += 1,
                (_, Some(points)) => {
                    let points = i64::from(points);
                    let missing = ((bids.needed)(bids.mentees[mentee], bids.mentors[mentor]) - points, mentor, points);
                    least = Some(least.map_or(missing, |least| least.min(missing)));
                }
            }
        }
        match least {
            Some((missing, mentor, points)) => Reason::Outbid { mentor, points, price: points + missing },
            None => Reason::NoAllowedMentor { refused, below_floor, banned, without_seat },
        }
    }

    fn seats(&self, proof: &Certificate, bids: &Bids) -> Vec<SeatPrice> {
        let price = |mentor: usize| if bids.open[mentor] { proof.mentors[mentor] } else { self.asked(mentor, bids) };
        let of = |(mentor, taken): (usize, &u32)| SeatPrice {
            mentor,
            seats: self.problem.mentors[mentor].seats,
            taken: *taken,
            price: worth(proof, self.problem.mentors.len() as i64, price(mentor)),
        };
        self.solved.counts[MENTORS].iter().enumerate().map(of).collect()
    }

    /// The most that a mentee would gain by a first seat of someone who has none free of pins.
    fn asked(&self, mentor: usize, bids: &Bids) -> i64 {
        let points = |mentee: usize| self.problem.points(self.scores.score(mentee, mentor)).map(i64::from);
        let banned = |mentee: usize| self.problem.bans.iter().any(|ban| ban.mentee == mentee && ban.mentor == mentor);
        let has = |mentee: usize| self.problem.pins.iter().any(|pin| pin.mentee == mentee && pin.mentor == mentor);
        let gain = |mentee: usize| points(mentee).map(|points| (points - bids.mentees[mentee], mentee));
        let mut gains: Vec<_> = (0..bids.mentees.len()).filter_map(gain).collect();
        gains.sort_unstable();
        let best = gains.into_iter().rev().find(|(_, mentee)| !banned(*mentee) && !has(*mentee));
        best.map_or(0, |(gain, _)| gain.max(0))
    }
}

impl std::iter::Sum for Worth {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), |sum, worth| Self {
            mentees: sum.mentees + worth.mentees,
            mentors: sum.mentors + worth.mentors,
            points: sum.points + worth.points,
        })
    }
}

impl Worth {
    /// That of so many seats.
    pub fn times(self, seats: u32) -> Self {
        let seats = i64::from(seats);
        Self { mentees: self.mentees * seats, mentors: self.mentors * seats, points: self.points * seats }
    }
}

/// Splits a price into levels, each of which outweighs twice what comes below it.
fn worth(proof: &Certificate, mentors: i64, price: i64) -> Worth {
    let nearest = |value: i64, of: i64| if of > 0 { (value + of / 2).div_euclid(of) } else { 0 };
    let mentees = nearest(price, proof.participation);
    let rest = price - mentees * proof.participation;
    let covered = nearest(rest, proof.coverage).clamp(-mentors, mentors);
    Worth { mentees, mentors: covered, points: rest - covered * proof.coverage }
}
