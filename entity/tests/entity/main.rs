//! The entities against the schema as it is migrated: same columns, same words, rows that come back as they went in.
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on must stop")]
#![expect(clippy::disallowed_methods, reason = "tests of tables run without an AppState")]

mod agreement;
mod database;
mod round_trip;
