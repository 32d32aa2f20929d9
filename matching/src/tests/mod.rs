//! What must hold of matching as a whole: `oracle` says the formula a second time, the plain way.

pub mod index;
mod oracle;
pub mod people;
mod reasons;
pub mod retrieval;
mod roster;
mod rules;
mod score;
