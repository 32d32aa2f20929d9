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

use utoipa_actix_web::service_config::ServiceConfig;

/// Every resource, in the order of the document.
fn resources(config: &mut ServiceConfig) {
    identity::routes(config);
    settings::routes(config);
    users::routes(config);
    onboarding::routes(config);
    mentors::routes(config);
    taxonomy::routes(config);
    staff::routes(config);
    usage::routes(config);
    audit::routes(config);
    suggestions::routes(config);
    mentorships::routes(config);
    conversations::routes(config);
    messages::routes(config);
    notifications::routes(config);
    goals::routes(config);
    notes::routes(config);
    meetings::routes(config);
    dashboard::routes(config);
    docs::routes(config);
}
