//! The API from outside: a module for each resource, and the walks over the document that can miss no route.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]
#![allow(clippy::disallowed_methods, reason = "a test needs ids that no row has, and rows whoever may see them")]

mod admin;
mod audit;
mod bounds;
mod canary;
mod cell;
mod clock_jumps;
mod cold_start;
mod commands;
mod configuration;
mod conversations;
mod crashes;
mod dashboard;
mod endings;
mod examples;
mod goals;
mod guards;
mod idempotency;
mod identity;
mod keys;
mod matrix;
mod meetings;
mod mentors;
mod mentorships;
mod messages;
mod methods;
mod moves;
mod notes;
mod notifications;
mod onboarding;
mod outages;
mod owners;
mod protocol;
mod races;
mod read_markers;
mod readme;
mod refresh;
mod sample;
mod seed;
mod settings;
mod shutdown;
mod slow_clients;
mod smoke;
mod stage;
mod strangers;
mod suggestions;
mod supply_chain;
mod taxonomy;
mod time;
mod transactions;
mod usage;
mod user_sets;
mod users;
mod walk;
