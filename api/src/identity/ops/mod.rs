mod create_owner;
mod sign_in;
mod sign_up;

pub use create_owner::create_owner;
pub(super) use sign_in::{reauthenticate, sign_in};
pub(super) use sign_up::sign_up;
