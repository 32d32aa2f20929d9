//! How matching treats people, told by group: what a report is made of, whether of a plan or of a week, and how it is shown.
//!
//! Everybody counts once in each kind of group, so that the groups part all people and [`matching::fairness`] can see to it that
//! no group that is hidden can be worked out from the others. Gender is no kind: who is matched is known to the staff by name, so
//! two reports with one pair more or less between them would tell somebody's.

mod crowd;
mod wire;

pub use crowd::{Crowd, Facts, kept};
pub use wire::{FairnessOut, FiguresOut, Labels};
