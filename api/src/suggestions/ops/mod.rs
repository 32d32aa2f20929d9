mod fence;
mod lookup;
mod many;
mod names;
mod read;
mod refill;
mod refresh;
mod respond;
mod search;
mod store;
mod withdraw;

pub use many::{New, suggest_all};
pub use names::Names;
pub(super) use read::{Seen, get, list, why};
pub use refill::{Refills, fill_empty};
pub use refresh::{refresh, revise};
pub(super) use respond::{put_off, respond};
pub use withdraw::{count_of, has_open_between, withdraw_all, withdraw_between};
