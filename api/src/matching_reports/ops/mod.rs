mod insights;
mod people;
mod read;
mod week;

pub(super) use insights::insights;
pub(super) use read::{get, list};
pub use week::work;
