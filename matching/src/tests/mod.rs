//! What must hold of matching as a whole: `oracle` says the formula a second time, the plain way.

mod hindrance;
pub mod index;
mod lacking;
mod oracle;
pub mod people;
mod prices;
mod reasons;
pub mod retrieval;
mod roster;
mod rules;
mod score;
