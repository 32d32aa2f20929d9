mod find;
mod lookup;
mod read;
mod refresh;
mod respond;
mod withdraw;

pub(super) use read::{Seen, get, list, why};
pub use refresh::refresh;
pub(super) use respond::respond;
pub use withdraw::withdraw_all;
