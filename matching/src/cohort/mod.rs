//! Matches a whole cohort at once: the best plan under wishes, seats, quotas, pins and bans, with a proof that none is better.
//!
//! Pure code: a [`Problem`] and [`Scores`] come in, a [`Cohort`] comes out, which holds the plan, proves it, tells what it says of
//! those it leaves out, and stays best under edits. The same input gives the same plan, whatever the number of threads and the
//! order of the people; ties are broken by a hash of the run's seed and the two people's keys.
//!
//! # How it is solved
//! There is one exact method for all of it: a flow between two forests of seats and quotas ([`network`]), made optimal along
//! shortest alternating paths ([`repair`]) from whatever prices it is given. Wishes, quotas, bonuses and edits are all just capacities
//! and prices there, so none needs a second method, nor a second proof. What makes the common case quick only ever guesses:
//! the heaviest pairs of each mentee stand for all ([`optimum`]), and an auction of seats finds prices ([`auction`]). Then all pairs
//! are looked over for those that weigh more than their prices ([`pricing`]), which join, until there is none.
//!
//! "Participation first" and "a minimum of one" are bonuses for someone's first pair, larger than all that comes after them can
//! add up to ([`scale`]). A first pair earns more than a second, so the flow stays one of falling gains and is solved as exactly.
//! The stable plan needs no prices ([`stable`]).
//!
//! Nothing the size of all pairs is held: some hundred bytes for each kept pair, 48 of a mentee unless told otherwise.
//!
//! # What must be believed
//! [`check`]. It takes a problem, a plan and a [`Certificate`] in whole points, and nothing of the solver. It looks for prices for mentees,
//! mentors and quotas that no pair outside the plan exceeds, and that add up to what the plan is worth.

mod auction;
mod certificate;
mod check;
mod edits;
mod error;
mod insight;
mod join;
mod network;
mod optimum;
mod order;
mod plan;
mod pricing;
mod problem;
mod quotas;
mod reopt;
mod repair;
mod row;
mod scale;
mod scan;
mod stable;
mod tally;
mod valid;
mod watch;
mod weights;

pub use certificate::Certificate;
pub use check::{Fault, check, check_stable};
pub use error::{Error, PinFault};
pub use insight::{Insights, Reason, Recruit, SeatPrice, Unmatched, Worth};
pub use plan::{Cohort, Difference, Totals, solve};
pub use problem::{Effort, FORBIDDEN, MOST_POINTS, Mentee, Mentor, Mode, Pair, Problem, Quota, Scores, Side};
pub use watch::{Phase, Progress, Unwatched, Watch, Watcher};

#[cfg(test)]
mod tests;
