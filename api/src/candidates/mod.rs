//! Who can be matched: profiles, places and what forbids pairs, as the database says them, for the crate `matching`.

pub mod blocks;
pub mod profiles;
