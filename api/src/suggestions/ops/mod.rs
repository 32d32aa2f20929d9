mod find;
mod lookup;
mod profiles;
mod read;
mod refresh;
mod respond;
mod sql;

pub(super) use read::{Seen, get, list};
pub use refresh::refresh;
pub(super) use respond::respond;
