//! The crowd: as many as are asked for, in circles of people who deal with each other.

mod conversations;
mod details;
mod members;
mod mentorships;
mod pools;
mod suggestions;

use std::collections::HashSet;

pub use conversations::conversations;
pub use details::details;
pub use members::member;
pub use mentorships::mentorships;
pub use suggestions::suggestions;

use crate::dice::Dice;
use crate::plan::Member;
use crate::texts::{Script, by_turns};

/// How many belong to a circle.
pub const CIRCLE: u64 = 100;

/// Pairs of members by their places, each taken once, whichever way round.
#[derive(Default)]
struct Pairs(HashSet<(usize, usize)>);

impl Pairs {
    fn take(&mut self, one: usize, other: usize) -> bool {
        one != other && self.0.insert((one.min(other), one.max(other)))
    }

    fn has(&self, one: usize, other: usize) -> bool {
        self.0.contains(&(one.min(other), one.max(other)))
    }
}

/// Whether `mentor` can be the mentor of `mentee` at all.
fn suits(mentor: &Member, mentee: &Member) -> bool {
    let wanted = mentee.row.preferred_mentor_gender.admits(mentor.row.gender);
    mentor.row.active_mentor && mentee.row.active_mentee && wanted
}

/// The rules are kept and there is a skill in it.
fn fit(mentor: &Member, mentee: &Member) -> bool {
    suits(mentor, mentee)
        && mentor.offers.iter().any(|(offered, _)| mentee.seeks.iter().any(|(sought, _)| sought == offered))
}

/// `count` lines of scripts drawn one after the other, with who says them.
fn lines(dice: &mut Dice, scripts: &[Script], count: usize) -> Vec<(usize, &'static str)> {
    let mut lines = Vec::with_capacity(count);
    while lines.len() < count {
        lines.extend(by_turns(dice.pick(scripts)).take(count - lines.len()));
    }
    lines
}
