//! Counts a plan against its problem, for [`super::check`].

use std::collections::BTreeSet;

use super::certificate::Certificate;
use super::check::Fault;
use super::problem::{Pair, Problem, Scores, Side};

/// A plan that keeps every rule.
pub(super) struct Tally {
    /// The pairs that are not pinned, with their points
    pub free: Vec<(Pair, i64)>,
    /// Of each mentee, the mentors they have or are banned from
    pub shut: Vec<BTreeSet<usize>>,
    pinned: Vec<Pair>,
}

/// One that may carry only so many pairs.
#[derive(Clone, Copy)]
pub(super) enum Owner {
    Mentee(usize),
    Mentor(usize),
    Quota(usize),
}

/// What one carries.
pub(super) struct Line {
    pub owner: Owner,
    /// What the pins leave of its most
    pub left: i64,
    pub pinned: i64,
    /// How many pairs it has besides pins
    pub load: i64,
    /// The fewest points of those
    pub worst: i64,
}

impl Owner {
    /// The price, and the bonus for a first pair, which a pin has taken.
    pub fn stakes(self, proof: &Certificate, pinned: i64) -> (i64, i64) {
        match self {
            Self::Mentee(place) => (proof.mentees[place], if pinned == 0 { proof.participation } else { 0 }),
            Self::Mentor(place) => (proof.mentors[place], if pinned == 0 { proof.coverage } else { 0 }),
            Self::Quota(place) => (proof.quotas[place], 0),
        }
    }
}

impl Tally {
    pub fn of(scores: &dyn Scores, problem: &Problem, pairs: &[Pair]) -> Result<Self, Fault> {
        if !in_range(problem) {
            return Err(Fault::Shape);
        }
        let plan: BTreeSet<_> = pairs.iter().copied().collect();
        let pins: BTreeSet<_> = problem.pins.iter().copied().collect();
        if let Some(missing) = pins.difference(&plan).next() {
            return Err(Fault::Pin(*missing));
        }
        let mut tally = Self {
            free: Vec::new(),
            shut: vec![BTreeSet::new(); problem.mentees.len()],
            pinned: pins.into_iter().collect(),
        };
        for ban in &problem.bans {
            tally.shut[ban.mentee].insert(ban.mentor);
        }
        for pair in pairs.iter().copied() {
            let someone = pair.mentee < problem.mentees.len() && pair.mentor < problem.mentors.len();
            let points = if someone { problem.points(scores.score(pair.mentee, pair.mentor)) } else { None };
            match points {
                Some(points) if tally.shut[pair.mentee].insert(pair.mentor) => {
                    if tally.pinned.binary_search(&pair).is_err() {
                        tally.free.push((pair, i64::from(points)));
                    }
                }
                _ => return Err(Fault::Pair(pair)),
            }
        }
        if tally.lines(problem).iter().any(|line| line.load > line.left) { Err(Fault::Over) } else { Ok(tally) }
    }

    pub fn lines(&self, problem: &Problem) -> Vec<Line> {
        let mentees = problem.mentees.iter().map(|mentee| i64::from(mentee.wishes));
        let mentors = problem.mentors.iter().map(|mentor| i64::from(mentor.seats));
        let mut mentees: Vec<_> =
            mentees.enumerate().map(|(place, most)| Line::new(Owner::Mentee(place), most)).collect();
        let mut mentors: Vec<_> =
            mentors.enumerate().map(|(place, most)| Line::new(Owner::Mentor(place), most)).collect();
        for (pair, points) in &self.free {
            mentees[pair.mentee].carry(*points);
            mentors[pair.mentor].carry(*points);
        }
        for pair in &self.pinned {
            mentees[pair.mentee].pin(1);
            mentors[pair.mentor].pin(1);
        }
        let quotas = problem.quotas.iter().enumerate().map(|(place, quota)| {
            let people = if quota.side == Side::Mentee { &mentees } else { &mentors };
            let mut line = Line::new(Owner::Quota(place), i64::from(quota.most));
            for member in BTreeSet::from_iter(&quota.members) {
                line.pin(people[*member].pinned);
                line.load += people[*member].load;
                line.worst = line.worst.min(people[*member].worst);
            }
            line
        });
        let quotas: Vec<_> = quotas.collect();
        mentees.into_iter().chain(mentors).chain(quotas).collect()
    }

    /// Each person of a side will have a pair of more points than this, and gladly.
    pub fn content(&self, problem: &Problem, side: Side) -> Vec<i64> {
        let people = if side == Side::Mentee { problem.mentees.len() } else { problem.mentors.len() };
        let mut content = vec![-1; people];
        for line in self.lines(problem).iter().filter(|line| line.load == line.left) {
            let mut raise = |person: usize| content[person] = content[person].max(line.worst);
            match line.owner {
                Owner::Mentee(place) if side == Side::Mentee => raise(place),
                Owner::Mentor(place) if side == Side::Mentor => raise(place),
                Owner::Quota(place) if side == problem.quotas[place].side => {
                    problem.quotas[place].members.iter().copied().for_each(raise);
                }
                _ => {}
            }
        }
        content
    }
}

fn in_range(problem: &Problem) -> bool {
    let (mentees, mentors) = (problem.mentees.len(), problem.mentors.len());
    let people = |side: Side| if side == Side::Mentee { mentees } else { mentors };
    problem.bans.iter().all(|ban| ban.mentee < mentees && ban.mentor < mentors)
        && problem.quotas.iter().all(|quota| quota.members.iter().all(|member| *member < people(quota.side)))
}

impl Line {
    fn new(owner: Owner, most: i64) -> Self {
        Self { owner, left: most, pinned: 0, load: 0, worst: i64::MAX }
    }

    fn pin(&mut self, pins: i64) {
        self.left -= pins;
        self.pinned += pins;
    }

    fn carry(&mut self, points: i64) {
        self.load += 1;
        self.worst = self.worst.min(points);
    }
}
