//! Settings: the one row that owners configure the programme with.

pub mod ops;
