use entity::side::Side;
use thiserror::Error;

use super::policy::Policy;
use super::profile::{Profile, Skill};
use super::rule::Rule;
use super::vocabulary::{Dictionary, Vocabulary};

/// The most members of one list of a profile.
pub const MOST_TERMS: usize = 100;
/// How many skills stand in the record itself; more go to [`Extra`].
pub const INLINE_SKILLS: usize = 8;
const INLINE_BITS: u16 = 64;

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
    pub const ALL: [Self; Self::COUNT] = [Self::Topics, Self::SoftSkills, Self::Industries, Self::Languages];
}

/// A person on one side in 64 bytes, in the numbers of a [`Vocabulary`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// Numbers of [`Term`](super::vocabulary::Term)s plus 1, from the first place on; 0 is none
    pub skills: [u16; INLINE_SKILLS],
    /// By [`Set`]: a bit for each of the first 64 values of the vocabulary
    pub sets: [u64; Set::COUNT],
    /// Which pattern of time, 0 for none told
    pub pattern: u32,
    /// Which [`Extra`] plus 1, 0 for none
    pub extra: u32,
    /// A mentor's: what the price of their seat takes from the rank. A mentee's: the weight of all they seek
    pub total: u32,
    /// The number of the place plus 1, 0 for none told
    pub place: u16,
    /// The rank plus 1, 0 for none told
    pub seniority: u8,
    pub flags: Flags,
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

/// What of a profile does not fit into a [`Record`]: nothing is cut off.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Extra {
    pub skills: Vec<u16>,
    pub sets: [Vec<u16>; Set::COUNT],
}

impl Extra {
    pub fn is_empty(&self) -> bool {
        self.skills.is_empty() && self.sets.iter().all(Vec::is_empty)
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
    #[error("there are more than 65,535 different values of one kind")]
    VocabularyFull,
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

/// The record of a profile and what does not fit into it. The pattern and the place of the [`Extra`] are the caller's.
///
/// # Errors
/// See [`Faulty`].
pub fn encode(
    profile: &Profile,
    side: Side,
    policy: &Policy,
    vocabulary: &mut Vocabulary,
) -> Result<(Record, Extra), Faulty> {
    check(profile)?;
    let mut extra = Extra::default();
    let mut record = Record { flags: Flags::new(profile, side, policy), ..Record::default() };
    let skills = profile.skills.iter().map(|(id, skill)| (*id, as_coded(*skill, side)));
    for (place, term) in skills.enumerate() {
        let weight = weight(term.0, term.1, policy);
        let code = vocabulary.skill_code(term, weight).ok_or(Faulty::VocabularyFull)?;
        match record.skills.get_mut(place) {
            Some(inline) => *inline = code,
            None => extra.skills.push(code),
        }
    }
    let [topics, soft_skills, industries, languages] = &mut extra.sets;
    record.sets = [
        mask(profile.topics.iter().copied(), &mut vocabulary.topics, topics)?,
        mask(profile.soft_skills.iter().copied(), &mut vocabulary.soft_skills, soft_skills)?,
        mask(profile.industries.iter().copied(), &mut vocabulary.industries, industries)?,
        mask(profile.languages.iter().cloned(), &mut vocabulary.languages, languages)?,
    ];
    record.total = match side {
        Side::Mentor => policy.deduction(profile.seats.price),
        Side::Mentee => weight_of_all(profile, policy),
    };
    if let Some(place) = &profile.place {
        record.place = vocabulary.places.code(place.clone()).ok_or(Faulty::VocabularyFull)? + 1;
    }
    record.seniority = profile.seniority.map_or(0, |rank| rank.saturating_add(1));
    Ok((record, extra))
}

/// A mentor's priority says nothing, so it makes no other term.
pub fn as_coded(skill: Skill, side: Side) -> Skill {
    Skill { priority: side.pick(1, skill.priority), ..skill }
}

/// Priority × rarity of a skill that is sought, at most 768.
pub fn weight(skill: uuid::Uuid, sought: Skill, policy: &Policy) -> u32 {
    u32::from(sought.priority) * u32::from(policy.rarity.of(skill))
}

/// The weight of all that a mentee seeks, at most 76,800.
pub fn weight_of_all(mentee: &Profile, policy: &Policy) -> u32 {
    mentee.skills.iter().map(|(id, skill)| weight(*id, *skill, policy)).sum()
}

fn mask<T: Ord>(
    values: impl Iterator<Item = T>,
    dictionary: &mut Dictionary<T>,
    beyond: &mut Vec<u16>,
) -> Result<u64, Faulty> {
    let mut mask = 0;
    for value in values {
        match dictionary.code(value).ok_or(Faulty::VocabularyFull)? {
            code if code < INLINE_BITS => mask |= 1 << code,
            code => beyond.push(code),
        }
    }
    beyond.sort_unstable();
    Ok(mask)
}
