//! Users: one's own profile, what others see of it, and what the staff does with accounts.

pub mod ops;
