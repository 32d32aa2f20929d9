mod create;
mod lapse;
mod list;
mod lock;
mod places;
mod request;
mod see;
mod step;
mod update;

pub(super) use create::assign;
pub use create::{demand_free, open};
pub(super) use list::{list_all, list_mine};
pub use lock::{lock, lock_open, seen, visible};
pub use places::{has_place, places_taken};
pub(super) use request::request;
pub(super) use see::{Seen, get};
pub(super) use step::{Step, step};
pub(super) use update::update;
