use entity::side::Side;
use uuid::Uuid;

use super::super::policy::Policy;
use super::super::profile::Profile;
use super::super::record::{Set, weight};
use super::super::vocabulary::{Dictionary, Vocabulary};

/// What a skill of a candidate is to the query, for the skills of a row to be summed in one go: from the lowest bit on 24 for
/// weight × tenths of what is shared, at most 768,000; 24 for the weight of all that a mentee seeks, at most 76,800; 8 for how many are
/// shared, and 8 for how many there are, at most 100.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Worth(u64);

impl Worth {
    pub fn new(weight_by_tenths: Option<u32>, weight: u32) -> Self {
        let shared = weight_by_tenths.map_or(0, |worth| 1 << 48 | u64::from(worth));
        Self(1 << 56 | u64::from(weight) << 24 | shared)
    }

    #[inline]
    pub fn add(&mut self, other: Self) {
        self.0 += other.0;
    }

    /// The sum of weight × tenths of what is shared.
    #[inline]
    pub fn covered(self) -> u32 {
        (self.0 & 0xff_ffff) as u32
    }

    /// The weight of all that a mentee seeks.
    #[inline]
    pub fn total(self) -> u32 {
        (self.0 >> 24 & 0xff_ffff) as u32
    }

    /// How many skills are both sought and offered.
    #[inline]
    pub fn shared(self) -> u32 {
        (self.0 >> 48 & 0xff) as u32
    }

    /// How many skills the candidate has.
    #[inline]
    pub fn skills(self) -> u32 {
        (self.0 >> 56) as u32
    }
}

/// How candidates have a skill of the query: number plus 1, weight, tenths.
pub type Terms = Vec<(u16, u32, u32)>;

/// What a query has, in the numbers of the other side.
#[derive(Clone, Debug)]
pub struct Wants {
    /// The numbers of each set as far as the other side has any, rising
    codes: [Vec<u16>; Set::COUNT],
    /// The same as bits: number 0 is the lowest of the first word
    bits: [Vec<u64>; Set::COUNT],
    /// How many the query has of each, known to the other side or not
    counts: [u32; Set::COUNT],
}

impl Wants {
    pub fn new(profile: &Profile, vocabulary: &Vocabulary) -> Self {
        let codes = [
            known(profile.topics.iter(), &vocabulary.topics),
            known(profile.soft_skills.iter(), &vocabulary.soft_skills),
            known(profile.industries.iter(), &vocabulary.industries),
            known(profile.languages.iter(), &vocabulary.languages),
        ];
        let sizes =
            [profile.topics.len(), profile.soft_skills.len(), profile.industries.len(), profile.languages.len()];
        Self { bits: codes.each_ref().map(|codes| bits(codes)), codes, counts: sizes.map(|size| size as u32) }
    }

    /// How many of a set the query has.
    #[inline]
    pub fn count(&self, set: Set) -> u32 {
        self.counts[set as usize]
    }

    /// The numbers of what the query has of a set, as far as the other side has any.
    pub fn codes(&self, set: Set) -> &[u16] {
        &self.codes[set as usize]
    }

    /// How many of such numbers the query has too.
    pub fn shared(&self, set: Set, theirs: &[u16]) -> u32 {
        let ours = &self.bits[set as usize];
        let bit = |code: &u16| ours.get(usize::from(*code) / 64).map_or(0, |word| word >> (code % 64) & 1);
        theirs.iter().map(bit).sum::<u64>() as u32
    }
}

/// What each skill of a candidate is to the query, by the number of a [`Term`](super::super::vocabulary::Term) plus 1.
#[derive(Clone, Debug)]
pub struct Worths(Vec<Worth>);

impl Worths {
    /// `terms` of each of the query's skills.
    pub fn new(terms: &[Terms], side: Side, vocabulary: &Vocabulary) -> Self {
        // Number 0, no skill, is worth nothing.
        let mut worths = vec![Worth::default(); vocabulary.skills.len() + 1];
        let sought = |code: usize| if side == Side::Mentor { vocabulary.weight(code as u16) } else { 0 };
        worths.iter_mut().enumerate().skip(1).for_each(|(code, worth)| *worth = Worth::new(None, sought(code)));
        for (code, weight, tenths) in terms.iter().flatten() {
            if let Some(worth) = worths.get_mut(usize::from(*code)) {
                *worth = Worth::new(Some(weight * tenths), sought(usize::from(*code)));
            }
        }
        Self(worths)
    }

    #[inline]
    pub fn of(&self, code: u32) -> Worth {
        self.0.get(code as usize).copied().unwrap_or_default()
    }
}

fn bits(codes: &[u16]) -> Vec<u64> {
    let mut bits = vec![0; codes.last().map_or(0, |last| usize::from(*last) / 64 + 1)];
    codes.iter().for_each(|code| bits[usize::from(*code) / 64] |= 1 << (code % 64));
    bits
}

fn known<'a, T: Ord + Clone + 'a>(values: impl Iterator<Item = &'a T>, dictionary: &Dictionary<T>) -> Vec<u16> {
    let mut codes: Vec<_> = values.filter_map(|value| dictionary.get(value)).collect();
    codes.sort_unstable();
    codes
}

/// How candidates have each of the query's skills.
pub fn terms(profile: &Profile, side: Side, policy: &Policy, vocabulary: &Vocabulary) -> Vec<Terms> {
    let of = |id: Uuid| -> Terms {
        let mine = profile.skills.get(&id).copied().unwrap_or_default();
        let term = |(theirs, code)| {
            let (offered, sought) = side.pick((mine, theirs), (theirs, mine));
            let tenths = policy.levels.tenths(offered.level, sought.level);
            (code + 1, weight(id, sought, policy), tenths.into())
        };
        vocabulary.of_skill(id).map(term).collect()
    };
    profile.skills.keys().map(|id| of(*id)).collect()
}
