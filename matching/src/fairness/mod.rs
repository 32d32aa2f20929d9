//! Whether matching treats people alike: figures by group, how evenly mentors are shown, and how long people wait.
//!
//! Plain facts come in, whether of one run or of a week, and integers come out. No number is told of fewer than [`FEWEST`] people, and
//! none that is told lets one that is not be worked out from it ([`hide`]). That holds within one report; two reports of nearly the
//! same people may tell more together, so they are for staff.

mod exposure;
mod groups;
mod hide;
mod spread;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use entity::side::Side;

pub use exposure::{Exposure, Mentor};
pub use groups::{Figures, Group};
pub use spread::Spread;

use groups::Kind;

/// Of fewer people than this no figure is told.
pub const FEWEST: usize = 10;

/// What the report is made of for one person on one side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub side: Side,
    /// By kind, the group they are in: one of each kind at most. Who is in none of a kind makes up a group with the others who are not
    pub groups: BTreeMap<String, String>,
    pub waiting_minutes: u64,
    pub matched: bool,
    /// The score of their match, 0 to 1000, where they have one
    pub score: Option<u16>,
}

/// How both sides fare.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    pub mentors: OfSide,
    pub mentees: OfSide,
    pub exposure: Exposure,
}

/// How the people of one side fare; empty for fewer than [`FEWEST`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OfSide {
    pub all: Option<Figures>,
    /// By kind, then label
    pub groups: Vec<Group>,
    /// The score that nine in ten of those who have one reach
    pub lowest_decile: Option<u16>,
    /// Minutes
    pub waiting: Option<Spread>,
}

/// The report of these people, with how mentors were shown. The order of neither list matters.
pub fn report(people: &[Person], mentors: &[Mentor]) -> Report {
    let sides = [Side::Mentor, Side::Mentee].map(|side| {
        let people: Vec<_> = people.iter().filter(|person| person.side == side).collect();
        if people.len() < FEWEST { Vec::new() } else { people }
    });
    let kinds = sides.each_ref().map(|people| groups::by_kind(people));
    let uniform = |(people, kinds): (&Vec<&Person>, &Vec<Kind>)| {
        groups::tally(people).is_uniform() && kinds.iter().any(|kind| kind.hides_any())
    };
    // All of them, or none, are matched: to say which says it of every hidden group too, and either side tells it of the other.
    let tells_matches = !sides.iter().zip(&kinds).any(uniform);
    let [mentors_report, mentees] = [0, 1].map(|side| of_side(&sides[side], &kinds[side], tells_matches));
    Report { mentors: mentors_report, mentees, exposure: exposure::of(mentors) }
}

fn of_side(people: &[&Person], kinds: &[Kind], tells_matches: bool) -> OfSide {
    if people.is_empty() {
        return OfSide::default();
    }
    let mut scores: Vec<_> = people.iter().filter_map(|person| person.score).filter(|_| tells_matches).collect();
    scores.sort_unstable();
    OfSide {
        all: Some(groups::tally(people).figures(tells_matches, true)),
        groups: kinds.iter().flat_map(|kind| kind.shown(tells_matches)).collect(),
        lowest_decile: (scores.len() >= FEWEST).then(|| spread::percentile(&scores, 10)),
        waiting: Spread::of(people.iter().map(|person| person.waiting_minutes)),
    }
}
