//! The API: resources, a folder each, and what they stand on.

mod audit;
pub mod auth;
pub mod config;
mod conversations;
mod dashboard;
pub mod docs;
mod document;
pub mod error;
pub mod events;
mod examples;
mod goals;
mod health;
pub mod http;
pub mod identity;
mod matching;
pub mod meetings;
mod mentors;
pub mod mentorships;
mod messages;
mod notes;
mod notifications;
mod onboarding;
pub mod people;
mod search;
pub mod server;
mod settings;
mod staff;
pub mod state;
pub mod suggestions;
pub mod taxonomy;
mod usage;
mod users;

pub use document::openapi;

use crate::http::Routes;

/// Every resource, in the order of the document.
fn resources(routes: &mut Routes) {
    identity::routes(routes);
    settings::routes(routes);
    users::routes(routes);
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
    docs::routes(routes);
}
