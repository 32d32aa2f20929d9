use entity::side::Side;
use thiserror::Error;

use super::policy::Policy;
use super::profile::{Profile, Skill};
use super::rule::Rule;

/// The most members of one list of a profile.
pub const MOST_TERMS: usize = 100;

/// What is a set of a profile, and how its place in an array is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Set {
    Topics,
    SoftSkills,
    Industries,
    Languages,
}

impl Set {
    pub const COUNT: usize = 4;
    /// Those with a [`Field`] of their own, in the order of [`Field::SETS`].
    pub const WITH_FIELD: [Self; 3] = [Self::Topics, Self::SoftSkills, Self::Industries];
}

/// What a record has a number for. Numbers of a [`Vocabulary`](super::vocabulary::Vocabulary), where not said otherwise; 0 is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// [`Flags`]
    Flags,
    /// The rank plus 1
    Seniority,
    Home,
    Topics,
    SoftSkills,
    Industries,
    /// A mentor's: what the price of their seat takes from the rank
    Deduction,
    /// A list of the skills for which no field is left
    MoreSkills,
    Skill1,
    Skill2,
    Skill3,
    Skill4,
    Skill5,
    Skill6,
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl Field {
    pub const COUNT: usize = Self::Sunday as usize + 1;
    pub const SKILLS: [Self; 6] = [Self::Skill1, Self::Skill2, Self::Skill3, Self::Skill4, Self::Skill5, Self::Skill6];
    pub const DAYS: [Self; 7] =
        [Self::Monday, Self::Tuesday, Self::Wednesday, Self::Thursday, Self::Friday, Self::Saturday, Self::Sunday];
    pub const SETS: [Self; 3] = [Self::Topics, Self::SoftSkills, Self::Industries];
    pub const ALL: [Self; Self::COUNT] = {
        use Field::*;
        [
            Flags, Seniority, Home, Topics, SoftSkills, Industries, Deduction, MoreSkills, Skill1, Skill2, Skill3,
            Skill4, Skill5, Skill6, Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday,
        ]
    };
}

/// The numbers of a record, however they are kept.
pub trait Cells {
    fn get(&self, field: Field) -> u32;

    #[inline]
    fn flags(&self) -> Flags {
        Flags(self.get(Field::Flags) as u8)
    }

    /// The numbers in some fields, without those that are none.
    #[inline]
    fn told<const N: usize>(&self, fields: [Field; N]) -> impl Iterator<Item = u32> {
        fields.map(|field| self.get(field)).into_iter().filter(|number| *number != 0)
    }
}

/// A person on one side in numbers, by [`Field`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Record(pub [u32; Field::COUNT]);

impl Record {
    pub fn set(&mut self, field: Field, number: u32) {
        self.0[field as usize] = number;
    }
}

impl Cells for Record {
    #[inline]
    fn get(&self, field: Field) -> u32 {
        self.0[field as usize]
    }
}

/// Bit 0: in person; 1 to 3: the gender that the mentor has or the mentee wants; 4: can be matched at all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags(pub u8);

impl Flags {
    pub fn new(profile: &Profile, side: Side, policy: &Policy) -> Self {
        let gender = side.pick(profile.gender, profile.preferred_gender);
        let open = Rule::broken_by(profile, side, policy).is_none();
        Self(u8::from(profile.in_person) | gender.number() << 1 | u8::from(open) << 4)
    }

    /// The same of somebody who now can, or cannot, be matched.
    pub fn with_open(self, open: bool) -> Self {
        Self(self.0 & 15 | u8::from(open) << 4)
    }

    pub fn in_person(self) -> bool {
        self.0 & 1 == 1
    }

    pub fn gender(self) -> u8 {
        self.0 >> 1 & 7
    }

    pub fn is_open(self) -> bool {
        self.0 >> 4 & 1 == 1
    }
}

/// Why a profile cannot be a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Faulty {
    #[error("a list has more than 100 members")]
    TooMany,
    #[error("a level is not within 1 and 5, or a priority not within 1 and 3")]
    Skill,
    #[error("a rank is above 254")]
    Rank,
    #[error("a price is above 1000")]
    Price,
}

/// Whether the profile keeps the bounds of matching.
///
/// # Errors
/// The first bound that it does not keep.
pub fn check(profile: &Profile) -> Result<(), Faulty> {
    let sets = [&profile.topics, &profile.soft_skills, &profile.industries];
    let longest = sets.map(|set| set.len()).into_iter().chain([profile.skills.len(), profile.languages.len()]).max();
    let rules = [
        (Faulty::TooMany, longest.is_some_and(|longest| longest > MOST_TERMS)),
        (Faulty::Skill, !profile.skills.values().all(is_in_bounds)),
        (Faulty::Rank, profile.seniority == Some(u8::MAX)),
        (Faulty::Price, profile.seats.price > 1000),
    ];
    rules.into_iter().find_map(|(fault, broken)| broken.then_some(fault)).map_or(Ok(()), Err)
}

fn is_in_bounds(skill: &Skill) -> bool {
    skill.level.is_none_or(|level| (1..=5).contains(&level)) && (1..=3).contains(&skill.priority)
}

/// A mentor's priority says nothing, so it makes no other term.
pub fn as_coded(skill: Skill, side: Side) -> Skill {
    Skill { priority: side.pick(1, skill.priority), ..skill }
}

/// Priority × rarity of a skill that is sought, at most 768.
pub fn weight(skill: uuid::Uuid, sought: Skill, policy: &Policy) -> u32 {
    u32::from(sought.priority) * u32::from(policy.rarity.of(skill))
}
