//! The seeded world, on SQLite and, where `TEST_POSTGRES_URL` names a server, on PostgreSQL.

#![expect(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on must stop")]

mod database;
mod rules;
mod runs;
