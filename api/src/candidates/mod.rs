//! Who can be matched: as the database says it, and in each node's index, which is derived from that and decides nothing.
//!
//! The index is loaded at the start, from the snapshot that a node wrote a short while ago or else of everybody, and then follows
//! the log of events: whoever an entry concerns is read again and written anew, so that it does not matter how often or in what
//! order entries are read. A node takes in what its own requests wrote before it looks somebody up.

pub mod blocks;
mod check;
mod concern;
mod follow;
mod load;
mod node;
mod noted;
pub mod profiles;
mod rows;
pub mod snapshot;

pub use follow::follow;
pub use node::{Candidates, Report};
