mod change;
mod create;
mod email;
mod load;
mod onboard;
mod places;
mod read;
mod sets;
pub mod staff;
mod windows;

pub use change::{Changes, apply, lock};
pub use create::create;
pub use email::{change_email, mark_verified, welcome_invited};
pub use load::{Loaded, Profile, Sets, load_sets};
pub use onboard::onboard;
pub use read::mine;
pub(super) use read::{change, profile};
pub use sets::{Choices, Links, move_links};
