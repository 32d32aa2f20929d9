use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use uuid::Uuid;

use super::hours::Hours;

/// What matching knows of a person on one side: what they offer as a mentor, or seek as a mentee.
///
/// Sets, so that the order of a list cannot matter. Bounds are those of [`Faulty`](super::Faulty).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    pub user_id: Uuid,
    pub skills: BTreeMap<Uuid, Skill>,
    pub topics: BTreeSet<Uuid>,
    pub soft_skills: BTreeSet<Uuid>,
    pub industries: BTreeSet<Uuid>,
    /// BCP 47
    pub languages: BTreeSet<String>,
    /// Where they live, in one spelling; compared for equality only
    pub place: Option<String>,
    pub in_person: bool,
    /// The place of their level on the ladder of seniority, 0 to 254
    pub seniority: Option<u8>,
    pub hours: Hours,
    /// A mentor's own; a mentee's is not asked here
    pub gender: Gender,
    /// The one that a mentee wants their mentor to be of; a mentor's is not asked here
    pub preferred_gender: Gender,
    pub standing: Standing,
    /// A mentor's; a mentee's count for nothing
    pub seats: Seats,
}

impl Profile {
    /// Whether the two have a skill or a topic in common: time and seniority alone are no reason to bring people together.
    pub fn shares_with(&self, other: &Self) -> bool {
        self.skills.keys().any(|skill| other.skills.contains_key(skill)) || !self.topics.is_disjoint(&other.topics)
    }
}

/// Where somebody lives, in the one spelling that [`Profile::place`] compares; none where nothing is told.
pub fn place(location: &str) -> Option<String> {
    let words: Vec<_> = location.split_whitespace().collect();
    (!words.is_empty()).then(|| words.join(" ").to_lowercase())
}

/// A skill as it is offered or sought.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Skill {
    /// 1 to 5, where they told it
    pub level: Option<u8>,
    /// How much a mentee wants it, 1 to 3; a mentor's counts for nothing
    pub priority: u8,
}

impl Default for Skill {
    fn default() -> Self {
        Self { level: None, priority: 1 }
    }
}

/// A gender as a number from 1 to 7, and 0 where none was told or any will do. It decides a hard rule and nothing else; it is
/// private, and not even printed.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gender(u8);

impl Gender {
    /// Not told, or any.
    pub const NONE: Self = Self(0);

    /// The `number`th of those that the product knows, 1 to 7; none for another number.
    pub fn numbered(number: u8) -> Option<Self> {
        (1..=7).contains(&number).then_some(Self(number))
    }

    /// Whether a mentor of gender `other` will do for who wants `self`.
    pub fn admits(self, other: Self) -> bool {
        self == Self::NONE || self == other
    }

    pub(super) fn number(self) -> u8 {
        self.0
    }

    pub(super) fn of_number(number: u8) -> Self {
        Self(number & 7)
    }
}

impl fmt::Debug for Gender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Gender(private)")
    }
}

/// Whether somebody can be matched on this side at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Approved, not suspended, and wanting to be matched on this side
    pub active: bool,
    pub onboarded: bool,
    pub paused: bool,
}

impl Default for Standing {
    fn default() -> Self {
        Self { active: true, onboarded: true, paused: false }
    }
}

/// A mentor's places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seats {
    pub free: u16,
    /// Suggestions of this mentor that nobody has answered yet
    pub open_suggestions: u32,
    /// What the next seat is worth to others, in points, 0 to 1000
    pub price: u16,
}

impl Default for Seats {
    fn default() -> Self {
        Self { free: 1, open_suggestions: 0, price: 0 }
    }
}
