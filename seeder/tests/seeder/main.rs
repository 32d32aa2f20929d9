//! The seeded world, on SQLite and, where `TEST_POSTGRES_URL` names a server, on PostgreSQL.

mod database;
mod rules;
mod runs;
