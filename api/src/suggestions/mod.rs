//! Suggestions: pairs that the platform proposes; a mentorship starts once both said yes.

mod handlers;
pub mod ops;
mod wire;

use utoipa_actix_web::service_config::ServiceConfig;

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(handlers::list_suggestions)
        .service(handlers::get_suggestion)
        .service(handlers::accept_suggestion)
        .service(handlers::decline_suggestion);
}
