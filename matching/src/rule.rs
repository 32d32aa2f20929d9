use std::collections::BTreeMap;

use entity::side::Side;
use thiserror::Error;
use uuid::Uuid;

use super::policy::Policy;
use super::profile::Profile;

/// A hard rule: what forbids a pair, whatever its points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Error)]
pub enum Rule {
    #[error("nobody mentors themselves")]
    Oneself,
    #[error("the two have an open mentorship")]
    OpenMentorship,
    #[error("one of them has blocked the other")]
    Blocked,
    #[error("an administrator keeps them apart")]
    Banned,
    #[error("one of them declined, and the cooling-off lasts")]
    CoolingOff,
    #[error("the two have been suggested to each other")]
    Suggested,
    #[error("one of them is not active on their side")]
    Inactive,
    #[error("one of them has not completed the survey")]
    NotOnboarded,
    #[error("one of them pauses")]
    Paused,
    #[error("the mentor has no free seat")]
    AtCapacity,
    #[error("each free seat of the mentor has its share of open suggestions")]
    Crowded,
    #[error("the mentee wants a mentor of another gender")]
    GenderPreference,
    #[error("the two share neither a skill nor a topic")]
    NothingShared,
    #[error("the pair earns too little in the view of one of them")]
    Floor,
}

impl Rule {
    /// The first rule that somebody on `side` breaks by themselves, whoever the other is.
    pub fn broken_by(profile: &Profile, side: Side, policy: &Policy) -> Option<Self> {
        let standing = profile.standing;
        let seats = profile.seats;
        let is_mentor = side == Side::Mentor;
        let rules = [
            (Self::Inactive, !standing.active),
            (Self::NotOnboarded, !standing.onboarded),
            (Self::Paused, standing.paused),
            (Self::AtCapacity, is_mentor && seats.free == 0),
            (Self::Crowded, is_mentor && seats.open_suggestions >= policy.open_cap(seats.free)),
        ];
        rules.into_iter().find_map(|(rule, broken)| broken.then_some(rule))
    }
}

/// What forbids particular pairs, as the database says it: open mentorships, blocks, bans, refusals that have not cooled off.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PairBlocks(BTreeMap<(Uuid, Uuid), Rule>);

impl PairBlocks {
    /// Forbids the pair. Of several rules the first in the order of [`Rule`] is told.
    pub fn forbid(&mut self, mentor: Uuid, mentee: Uuid, rule: Rule) {
        let told = self.0.entry((mentor, mentee)).or_insert(rule);
        *told = rule.min(*told);
    }

    /// Forbids the pair whichever of them is the mentor, as a block does.
    pub fn forbid_either_way(&mut self, one: Uuid, other: Uuid, rule: Rule) {
        self.forbid(one, other, rule);
        self.forbid(other, one, rule);
    }

    /// The pairs that are forbidden, mentor first, by mentor, then mentee.
    pub fn pairs(&self) -> impl Iterator<Item = (Uuid, Uuid)> {
        self.0.keys().copied()
    }

    /// All that are forbidden, each a mentor and a mentee, with the rule that is told.
    pub fn iter(&self) -> impl Iterator<Item = (Uuid, Uuid, Rule)> + '_ {
        self.0.iter().map(|((mentor, mentee), rule)| (*mentor, *mentee, *rule))
    }

    /// What forbids the pair, if anything.
    pub fn of(&self, mentor: Uuid, mentee: Uuid) -> Option<Rule> {
        self.0.get(&(mentor, mentee)).copied()
    }
}
