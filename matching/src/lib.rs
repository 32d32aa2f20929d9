//! Matching: how well a mentor and a mentee fit each other, and who fits best. It knows neither HTTP nor a database: profiles come
//! in, fits go out, whichever engine found the candidates.

mod coded;
pub mod cohort;
mod component;
pub mod fairness;
mod finder;
mod hindrance;
mod hours;
mod index;
mod lacking;
mod memory;
mod packed;
mod policy;
mod pool;
mod prices;
mod profile;
mod reasons;
mod record;
mod retriever;
mod roster;
mod rule;
mod scan;
mod score;
mod search;
mod sheet;
mod sliced;
mod stored;
mod vocabulary;
mod zones;

pub use component::{Component, Points};
pub use hindrance::{Explanation, Hindrance, explain, hindrances};
pub use hours::{Horizon, Hours, Window};
pub use index::{Index, hash_of_profile};
pub use lacking::{LackingSkill, lacking_skills};
pub use policy::{
    ALGORITHM_VERSION, Fault, Floors, LevelFactors, PlaceTable, Policy, RARITY_ONE, Rarity, Ratio, SeniorityTable,
    Terms,
};
pub use prices::{KEPT, prices};
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
