//! What a score weighs: a versioned set of numbers that owners edit.

mod fault;
mod rarity;
mod stored;
mod terms;

use std::ops::Deref;

use entity::side::Side;

pub use fault::Fault;
pub use rarity::{RARITY_ONE, Rarity};
pub use terms::{Floors, LevelFactors, PlaceTable, Ratio, SeniorityTable, Terms};

use super::component::Component;

/// The version of the formula. It is stored beside the policy's version with every score, and rises when the same policy would
/// give another score.
pub const ALGORITHM_VERSION: i32 = 1;

/// Terms that were checked: only these score.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy(Terms);

impl Policy {
    /// # Errors
    /// Every fault of the terms at once.
    pub fn new(terms: Terms) -> Result<Self, Vec<Fault>> {
        let faults = fault::of(&terms);
        if faults.is_empty() { Ok(Self(terms)) } else { Err(faults) }
    }

    /// The most that a component earns.
    pub fn most(&self, component: Component) -> u16 {
        self.0.most.get(component as usize).copied().unwrap_or_default()
    }

    /// What the view of `side` must earn at least, in points: its floor's percentage of the most that it can, rounded up.
    pub fn floor(&self, side: Side) -> u16 {
        let seen = Component::ALL.into_iter().filter(|component| component.is_seen_by(side));
        let most: u32 = seen.map(|component| u32::from(self.most(component))).sum();
        let percent = u32::from(side.pick(self.floors.mentor, self.floors.mentee));
        u16::try_from((most * percent).div_ceil(100)).unwrap_or(u16::MAX)
    }

    /// What a seat's price, in points, takes from the rank of a suggestion: λ × price, rounded down.
    pub fn deduction(&self, price: u16) -> u32 {
        self.lambda.of(u32::from(price))
    }

    /// How many suggestions may be open at once for a mentor with so many free seats: 1.5 lists a seat by default.
    pub fn open_cap(&self, free_seats: u16) -> u32 {
        self.crowding.of(u32::from(self.list_length) * u32::from(free_seats))
    }
}

impl Deref for Policy {
    type Target = Terms;

    fn deref(&self) -> &Terms {
        &self.0
    }
}
