//! What a cohort's assignment is asked for: people, rules, and where the scores come from.

/// The highest score of a pair, in points. A higher one counts as this.
pub const MOST_POINTS: u16 = 1000;

/// Stands in a row for a pair that a hard rule forbids.
pub const FORBIDDEN: u16 = u16::MAX;

/// Says how well each pair fits. Rows are mentees and columns mentors, by their places in the [`Problem`].
///
/// The answers must not change between calls: the same pair has the same score for as long as a plan made of it is in use.
pub trait Scores: Sync {
    /// The pair's points, `0..=1000`, or nothing where a hard rule forbids it.
    fn score(&self, mentee: usize, mentor: usize) -> Option<u16>;

    /// Fills the scores of one mentee with each mentor, in order, with [`FORBIDDEN`] where there is none. Worth overriding where a
    /// whole row is cheaper than its parts.
    fn row(&self, mentee: usize, row: &mut [u16]) {
        for (mentor, slot) in row.iter_mut().enumerate() {
            *slot = self.score(mentee, mentor).map_or(FORBIDDEN, |score| score.min(MOST_POINTS));
        }
    }
}

impl<S: Scores + ?Sized> Scores for &S {
    fn score(&self, mentee: usize, mentor: usize) -> Option<u16> {
        (**self).score(mentee, mentor)
    }

    fn row(&self, mentee: usize, row: &mut [u16]) {
        (**self).row(mentee, row);
    }
}

/// One who seeks mentors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mentee {
    /// Who they are, whatever their place in the list. Unique among the mentees.
    pub key: u128,
    /// How many mentors they want at most; the same one is given once.
    pub wishes: u32,
}

/// One who offers seats.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mentor {
    /// Who they are, whatever their place in the list. Unique among the mentors.
    pub key: u128,
    /// How many mentees they take at most; may be none.
    pub seats: u32,
}

/// A mentee and a mentor, by their places in the [`Problem`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pair {
    pub mentee: usize,
    pub mentor: usize,
}

/// Which list a person, or the members of a quota, are in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Mentee,
    Mentor,
}

/// A most number of pairs for a group of mentees or of mentors. Two quotas of one side are nested or apart, never crossing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quota {
    /// What errors call it
    pub name: String,
    pub side: Side,
    /// Places in the list of that side; one who stands twice counts once
    pub members: Vec<usize>,
    /// How many pairs the members may have together
    pub most: u32,
}

/// What "best" means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// The most points in all
    #[default]
    BestTotal,
    /// As many mentees with a mentor as can be; of such plans, the most points in all
    ParticipationFirst,
    /// No mentee and mentor who would both rather have each other than what they got
    Stable,
}

/// A cohort to match.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problem {
    pub mentees: Vec<Mentee>,
    pub mentors: Vec<Mentor>,
    pub quotas: Vec<Quota>,
    /// Pairs that must be in the plan. The rules bind them too.
    pub pins: Vec<Pair>,
    /// Pairs that must not be in the plan
    pub bans: Vec<Pair>,
    /// Pairs of fewer points than this are not allowed
    pub floor: u16,
    /// Give each mentor someone, as far as that can be, before looking at the points (and after participation, in its mode)
    pub minimum_one: bool,
    pub mode: Mode,
    /// Breaks ties, together with the keys of a pair
    pub seed: u64,
}

impl Problem {
    /// The points of a pair that scored so, or nothing where it did not reach the floor.
    pub(super) fn points(&self, score: Option<u16>) -> Option<u16> {
        score.map(|score| score.min(MOST_POINTS)).filter(|score| *score >= self.floor)
    }

    /// No plan has more pairs than this.
    pub(super) fn most_pairs(&self) -> u64 {
        let wishes: u64 = self.mentees.iter().map(|mentee| u64::from(mentee.wishes)).sum();
        let seats: u64 = self.mentors.iter().map(|mentor| u64::from(mentor.seats)).sum();
        wishes.min(seats)
    }
}

/// How to solve; none of it changes the plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effort {
    /// How many of its best pairs each mentee starts with; 24 to 64 is quickest
    pub keep: usize,
    /// How many threads score; 0 for one a core
    pub threads: usize,
    /// How many scores and arcs may be looked at; 0 for a generous multiple of the size
    pub steps: u64,
}

impl Default for Effort {
    fn default() -> Self {
        Self { keep: 48, threads: 0, steps: 0 }
    }
}
