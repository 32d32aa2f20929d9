//! Cohorts for the tests, small enough to be read and random enough to be mean.

use proptest::prelude::*;

use super::super::*;

/// Scores held in a table.
#[derive(Clone, Debug)]
pub struct Table(pub Vec<Vec<Option<u16>>>);

impl Scores for Table {
    fn score(&self, mentee: usize, mentor: usize) -> Option<u16> {
        self.0[mentee][mentor]
    }
}

/// A problem and its scores.
#[derive(Clone, Debug)]
pub struct Given {
    pub problem: Problem,
    pub table: Table,
}

impl Given {
    pub fn solve(&self) -> Cohort<Table> {
        self.solve_with(&Effort { threads: 1, ..Effort::default() })
    }

    pub fn solve_with(&self, effort: &Effort) -> Cohort<Table> {
        solve(self.problem.clone(), self.table.clone(), effort, &Unwatched).unwrap()
    }
}

pub fn people(wishes: &[u32], seats: &[u32]) -> Problem {
    Problem {
        mentees: (10..).zip(wishes).map(|(key, wishes)| Mentee { key, wishes: *wishes }).collect(),
        mentors: (90..).zip(seats).map(|(key, seats)| Mentor { key, seats: *seats }).collect(),
        ..Problem::default()
    }
}

/// What a strategy of cohorts may contain.
#[derive(Clone, Copy)]
pub struct Shape {
    pub mentees: usize,
    pub mentors: usize,
    pub most_wishes: u32,
    pub most_seats: u32,
    /// Distinct scores; few make many ties
    pub levels: u16,
    pub quotas: bool,
    pub pins: bool,
}

/// Pins are kept only where they can be, so that every cohort has a plan.
pub fn cohorts(shape: Shape, mode: Mode) -> impl Strategy<Value = Given> {
    (1..=shape.mentees, 1..=shape.mentors).prop_flat_map(move |(mentees, mentors)| {
        let score = prop_oneof![1 => Just(None), 5 => (0..shape.levels).prop_map(Some)];
        let step = 1000 / shape.levels.max(1);
        let row = prop::collection::vec(score.prop_map(move |level| level.map(|level| level * step)), mentors);
        let pair = (0..mentees, 0..mentors).prop_map(|(mentee, mentor)| Pair { mentee, mentor });
        let few = prop::collection::vec(pair, 0..=2);
        (
            prop::collection::vec(row, mentees),
            prop::collection::vec(1..=shape.most_wishes, mentees),
            prop::collection::vec(0..=shape.most_seats, mentors),
            (few.clone(), few, any::<u64>(), 0_u16..300),
            (any::<bool>(), 0..=mentees, 0..=mentors, 0_u32..4, 0_u32..4),
        )
            .prop_map(
                move |(rows, wishes, seats, (pins, bans, seed, floor), (minimum_one, some, others, few, more))| {
                    let minimum_one = minimum_one && mode != Mode::Stable;
                    let floor = if shape.levels < 20 { 0 } else { floor };
                    let mut problem = Problem { mode, seed, floor, minimum_one, bans, ..people(&wishes, &seats) };
                    let quota = |side, from: usize, to: usize, most| Quota {
                        name: format!("{side:?}{to}"),
                        side,
                        members: (from..to).collect(),
                        most,
                    };
                    if shape.quotas {
                        problem.quotas = vec![
                            quota(Side::Mentor, 0, others / 2, few),
                            quota(Side::Mentee, 0, some, more),
                            quota(Side::Mentor, 0, others, more + 1),
                            quota(Side::Mentee, some, wishes.len(), few + 1),
                        ];
                    }
                    let mut given = Given { problem, table: Table(rows) };
                    for pin in pins.into_iter().filter(|_| shape.pins) {
                        let mut pinned = given.clone();
                        pinned.problem.pins.push(pin);
                        if solve(
                            pinned.problem.clone(),
                            &given.table,
                            &Effort { threads: 1, ..Effort::default() },
                            &Unwatched,
                        )
                        .is_ok()
                        {
                            given = pinned;
                        }
                    }
                    given
                },
            )
    })
}
