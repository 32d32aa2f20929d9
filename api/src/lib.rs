//! The API: resources, a folder each, and what they stand on.

pub mod accounts;
mod audit;
pub mod auth;
pub mod candidates;
pub mod config;
mod conversations;
mod dashboard;
mod development;
pub mod docs;
mod document;
mod erasure;
pub mod error;
pub mod events;
mod examples;
mod goals;
mod health;
pub mod http;
pub mod identity;
pub mod jobs;
mod jwks;
pub mod mail;
pub mod matching_policies;
pub mod meetings;
mod mentors;
pub mod mentorships;
mod messages;
mod notes;
mod notifications;
mod oauth;
mod onboarding;
pub mod people;
mod search;
mod second_factor;
pub mod server;
pub mod sessions;
mod settings;
mod sql;
mod staff;
pub mod state;
pub mod suggestions;
pub mod taxonomy;
pub mod throttle;
mod usage;
mod users;
mod verification;

pub use document::openapi;

use crate::http::Routes;

/// Every resource, in the order of the document.
fn resources(routes: &mut Routes) {
    identity::routes(routes);
    sessions::routes(routes);
    oauth::routes(routes);
    accounts::routes(routes);
    verification::routes(routes);
    second_factor::routes(routes);
    settings::routes(routes);
    matching_policies::routes(routes);
    users::routes(routes);
    erasure::routes(routes);
    onboarding::routes(routes);
    mentors::routes(routes);
    taxonomy::routes(routes);
    staff::routes(routes);
    usage::routes(routes);
    audit::routes(routes);
    suggestions::routes(routes);
    mentorships::routes(routes);
    conversations::routes(routes);
    messages::routes(routes);
    notifications::routes(routes);
    goals::routes(routes);
    notes::routes(routes);
    meetings::routes(routes);
    dashboard::routes(routes);
    development::routes(routes);
    docs::routes(routes);
}
