//! Onboarding: the survey that makes a member, saved step by step.

mod handlers;
mod ops;
mod wire;

use utoipa_actix_web::service_config::ServiceConfig;

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(handlers::get_onboarding)
        .service(handlers::save_general)
        .service(handlers::save_mentor)
        .service(handlers::save_mentee)
        .service(handlers::save_preferences)
        .service(handlers::complete_onboarding);
}
