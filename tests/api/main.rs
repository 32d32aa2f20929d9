//! The API from outside: a module for each resource, and the walks over the document that can miss no route.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod conversations;
mod crashes;
mod dashboard;
mod guards;
mod messages;
mod methods;
mod notifications;
mod outages;
mod readme;
mod smoke;
mod walk;
