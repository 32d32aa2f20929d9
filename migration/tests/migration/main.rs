//! The schema on both databases: it goes up and down, once, whoever starts it, and refuses wrong rows.
#![expect(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on must stop")]
#![expect(clippy::disallowed_methods, reason = "tests of tables run without an AppState")]

mod database;
mod refusals;
mod rolling;
mod rows;
mod steps;
