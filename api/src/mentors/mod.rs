//! Mentors: the directory of members who offer to be one.

mod handlers;
mod ops;
mod wire;

use utoipa_actix_web::service_config::ServiceConfig;

pub fn routes(config: &mut ServiceConfig) {
    config.service(handlers::list_mentors);
}
