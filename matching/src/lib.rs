//! Matching: how well a mentor and a mentee fit each other, and who fits best. It knows neither HTTP nor a database: profiles come
//! in, fits go out, whichever engine found the candidates.

pub mod cohort;
mod component;
mod hours;
mod index;
mod patterns;
mod policy;
mod profile;
mod reasons;
mod record;
mod retriever;
mod roster;
mod rule;
mod scan;
mod score;
mod sliced;
mod stored;
mod vocabulary;

pub use component::{Component, Points};
pub use hours::{Horizon, Hours, Window};
pub use index::{Index, hash_of_profile};
pub use policy::{
    ALGORITHM_VERSION, Fault, Floors, LevelFactors, PlaceTable, Policy, RARITY_ONE, Rarity, Ratio, SeniorityTable,
    Terms,
};
pub use profile::{Gender, Profile, Seats, Skill, Standing, place};
pub use reasons::{Fit, Reasons, SharedSkill};
pub use record::{Faulty, MOST_TERMS, check};
pub use retriever::{Hit, Query, Retriever};
pub use roster::Roster;
pub use rule::{PairBlocks, Rule};
pub use scan::Scan;
pub use score::{Refused, judge, score};
pub use sliced::Sliced;

#[cfg(test)]
mod tests;
