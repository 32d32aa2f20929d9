use super::super::profile::Profile;
use super::super::record::{Extra, INLINE_SKILLS, Record, Set};
use super::super::vocabulary::{Dictionary, Vocabulary};

/// One skill that counts in the worth of a [`Tally`]: the upper half counts skills, the lower sums weight × tenths.
const ONE_SKILL: u64 = 1 << 32;

/// What a query has, in the numbers of the other side.
#[derive(Clone, Debug, Default)]
pub struct Wants {
    /// By number of a [`Term`](super::super::vocabulary::Term) plus 1
    worth: Vec<u64>,
    masks: [u64; Set::COUNT],
    beyond: [Vec<u16>; Set::COUNT],
    /// How many the query has of each, known to the other side or not
    counts: [u32; Set::COUNT],
}

impl Wants {
    /// With the worth of each skill, which [`Self::worth_of_one`] makes.
    pub fn new(worth: Vec<u64>, profile: &Profile, vocabulary: &Vocabulary) -> Self {
        let mut wants = Self { worth, ..Self::default() };
        wants.add(Set::Topics, profile.topics.iter(), &vocabulary.topics);
        wants.add(Set::SoftSkills, profile.soft_skills.iter(), &vocabulary.soft_skills);
        wants.add(Set::Industries, profile.industries.iter(), &vocabulary.industries);
        wants.add(Set::Languages, profile.languages.iter(), &vocabulary.languages);
        wants
    }

    fn add<'a, T: Ord + 'a>(&mut self, set: Set, values: impl Iterator<Item = &'a T>, dictionary: &Dictionary<T>) {
        let set = set as usize;
        for value in values {
            self.counts[set] += 1;
            match dictionary.get(value) {
                Some(code) if code < 64 => self.masks[set] |= 1 << code,
                Some(code) => self.beyond[set].push(code),
                None => {}
            }
        }
    }

    /// A skill's worth as it is summed.
    pub fn worth_of_one(weight_by_tenths: u32) -> u64 {
        ONE_SKILL | u64::from(weight_by_tenths)
    }

    /// How many of a set the query has.
    #[inline]
    pub fn count(&self, set: Set) -> u32 {
        self.counts[set as usize]
    }

    /// The numbers of what the query has of a set, as far as the other side has any.
    pub fn codes(&self, set: Set) -> impl Iterator<Item = u16> {
        let set = set as usize;
        (0..64).filter(move |code| self.masks[set] >> code & 1 == 1).chain(self.beyond[set].iter().copied())
    }

    fn worth(&self, code: u16) -> u64 {
        self.worth.get(usize::from(code)).copied().unwrap_or_default()
    }

    /// Counts what a candidate shares.
    #[inline]
    pub fn tally(&self, record: &Record) -> Tally {
        let mut shared = record.sets;
        shared.iter_mut().zip(self.masks).for_each(|(theirs, ours)| *theirs &= ours);
        Tally {
            worth: record.skills.iter().map(|code| self.worth(*code)).sum(),
            skills: record.skills.iter().take(3).map(|code| u32::from(*code != 0)).sum(),
            shared: shared.map(u64::count_ones),
            theirs: record.sets.map(u64::count_ones),
        }
    }
}

/// What a candidate shares with a query.
#[derive(Clone, Copy, Debug)]
pub struct Tally {
    worth: u64,
    /// The candidate's, three at most
    pub skills: u32,
    shared: [u32; Set::COUNT],
    theirs: [u32; Set::COUNT],
}

impl Tally {
    /// Adds what stands outside the record.
    #[cold]
    pub fn add(&mut self, wants: &Wants, extra: &Extra) {
        self.worth += extra.skills.iter().map(|code| wants.worth(*code)).sum::<u64>();
        for (set, theirs) in extra.sets.iter().enumerate() {
            self.theirs[set] += theirs.len() as u32;
            self.shared[set] += theirs.iter().filter(|code| wants.beyond[set].contains(code)).count() as u32;
        }
    }

    /// How many of a set are shared.
    #[inline]
    pub fn shared(&self, set: Set) -> u32 {
        self.shared[set as usize]
    }

    /// How many of a set the candidate has.
    #[inline]
    pub fn theirs(&self, set: Set) -> u32 {
        self.theirs[set as usize]
    }

    /// How many skills are both sought and offered.
    pub fn shared_skills(&self) -> u32 {
        (self.worth >> 32) as u32
    }

    /// The sum of their weight × tenths.
    pub fn covered(&self) -> u64 {
        self.worth & (ONE_SKILL - 1)
    }
}

const _: () = assert!(INLINE_SKILLS >= 3, "the first three skills must stand in the record");
