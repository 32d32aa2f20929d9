mod end;
mod read;
mod refresh;
mod start;

pub use end::{delete_all, end_all, end_others, end_this};
pub(super) use end::{end_one, sign_out, sign_out_by_token, sign_out_everywhere};
pub(super) use read::list;
pub(super) use refresh::refresh;
pub use start::{demand_unsuspended, start, still_unsuspended};
