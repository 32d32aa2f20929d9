//! Why there is no plan.

use std::fmt;

use super::problem::{Pair, Side};

/// Why a cohort was not solved or an edit not made. An edit that fails leaves the plan as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// Two on the same side have this key
    SameKey { side: Side, key: u128 },
    /// A pin, ban, quota or edit names a place that nobody has
    NoSuchPlace { side: Side, place: usize },
    /// The two quotas share members, and neither holds the other
    CrossingQuotas { one: String, other: String },
    /// A pair that must be in the plan cannot be
    PinRefused { pair: Pair, why: PinFault },
    /// The pair to unpin is not pinned, or the pair to allow is not banned
    NotSet { pair: Pair },
    /// A stable plan cannot also promise each mentor someone
    StableWithMinimumOne,
    /// More pairs, or mentors, than exact arithmetic in 64 bits has room for in this mode
    TooLarge,
    /// The watcher said stop
    Cancelled,
    /// The budget of steps was used up
    OutOfSteps,
}

/// Why a pair cannot be pinned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PinFault {
    /// A hard rule forbids it
    NotAllowed,
    /// It scores below the floor
    BelowFloor,
    /// It is banned as well
    Banned,
    /// It is pinned already
    Twice,
    /// Other pins fill the mentee's wishes
    NoWishLeft,
    /// Other pins fill the mentor's seats
    NoSeatLeft,
    /// Other pins fill this quota
    QuotaFull(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SameKey { side, key } => write!(f, "two of the {side:?} side have the key {key:032x}"),
            Self::NoSuchPlace { side, place } => write!(f, "nobody has place {place} on the {side:?} side"),
            Self::CrossingQuotas { one, other } => write!(f, "the quotas {one:?} and {other:?} cross"),
            Self::PinRefused { pair, why } => {
                write!(f, "mentee {} cannot be pinned to mentor {}: {why:?}", pair.mentee, pair.mentor)
            }
            Self::NotSet { pair } => write!(f, "nothing is set for mentee {} and mentor {}", pair.mentee, pair.mentor),
            Self::StableWithMinimumOne => f.write_str("a stable plan cannot also give each mentor someone"),
            Self::TooLarge => f.write_str("the cohort is too large to be solved exactly"),
            Self::Cancelled => f.write_str("cancelled"),
            Self::OutOfSteps => f.write_str("the budget of steps is used up"),
        }
    }
}

impl std::error::Error for Error {}
