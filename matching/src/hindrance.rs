//! Why somebody has no mentor in a plan, in words that may be shown.

use std::collections::BTreeMap;

use super::cohort::Reason;
use super::hours::Horizon;
use super::policy::Policy;
use super::profile::Profile;
use super::rule::{PairBlocks, Rule};
use super::score::{Refused, judge};

/// What kept a mentor from a mentee.
///
/// Gender, the wish for one, blocks and declines are private: what comes of them, and what comes of too few points, of nothing that
/// is shared or of an earlier suggestion, is one and the same word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hindrance {
    /// One of the two pauses, is not active or has not completed the survey
    Unavailable,
    /// No free seat, or as many open suggestions as the seats let be
    NoSeat,
    /// The two have an open mentorship
    OpenMentorship,
    /// An administrator keeps them apart
    Banned,
    /// They are no fit, for reasons that are not told
    NoFit,
}

impl Hindrance {
    /// The word for a rule; none for [`Rule::Oneself`], which hinders nobody.
    pub fn of(rule: Rule) -> Option<Self> {
        match rule {
            Rule::Oneself => None,
            Rule::Inactive | Rule::NotOnboarded | Rule::Paused => Some(Self::Unavailable),
            Rule::AtCapacity | Rule::Crowded => Some(Self::NoSeat),
            Rule::OpenMentorship => Some(Self::OpenMentorship),
            Rule::Banned => Some(Self::Banned),
            Rule::Blocked
            | Rule::CoolingOff
            | Rule::Suggested
            | Rule::GenderPreference
            | Rule::NothingShared
            | Rule::Floor => Some(Self::NoFit),
        }
    }
}

/// How many of `mentors` each hindrance keeps from a mentee, whoever is allowed left out. A profile that does not keep its bounds
/// is unavailable.
pub fn hindrances(
    policy: &Policy,
    mentors: &[Profile],
    mentee: &Profile,
    blocks: &PairBlocks,
    horizon: &Horizon,
) -> BTreeMap<Hindrance, usize> {
    let hindrance = |mentor| match judge(policy, mentor, mentee, blocks, horizon) {
        Ok(_) => None,
        Err(Refused::Rule(rule)) => Hindrance::of(rule),
        Err(Refused::Faulty(_)) => Some(Hindrance::Unavailable),
    };
    let mut counts = BTreeMap::new();
    for hindrance in mentors.iter().filter_map(hindrance) {
        *counts.entry(hindrance).or_insert(0) += 1;
    }
    counts
}

/// Why a mentee has no mentor, to be shown to staff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Explanation {
    /// They wanted none
    NoWish,
    /// Nobody could be given to them
    NoAllowedMentor {
        /// What removed most; none where there are no mentors
        most: Option<Hindrance>,
        /// How many each removed
        counts: BTreeMap<Hindrance, usize>,
    },
    /// Every seat they could have had is worth more to others: see [`Reason::Outbid`]
    Outbid { mentor: usize, points: i64, price: i64 },
}

/// A plan's reason with what [`hindrances`] says of the mentors whom hard rules refused. What the run itself forbids, its floor,
/// bans and pins, is counted with the rest.
pub fn explain(reason: &Reason, refused: BTreeMap<Hindrance, usize>) -> Explanation {
    match *reason {
        Reason::NoWish => Explanation::NoWish,
        Reason::Outbid { mentor, points, price } => Explanation::Outbid { mentor, points, price },
        Reason::NoAllowedMentor { below_floor, banned, without_seat, refused: _ } => {
            let mut counts = refused;
            let of_run =
                [(Hindrance::NoFit, below_floor), (Hindrance::Banned, banned), (Hindrance::NoSeat, without_seat)];
            for (hindrance, count) in of_run.into_iter().filter(|(_, count)| *count > 0) {
                *counts.entry(hindrance).or_insert(0) += count;
            }
            let most = counts.iter().max_by_key(|(hindrance, count)| (**count, std::cmp::Reverse(**hindrance)));
            Explanation::NoAllowedMentor { most: most.map(|(hindrance, _)| *hindrance), counts }
        }
    }
}
