//! The dashboard: what waits for a member and what comes next, in one answer.

mod handlers;
mod ops;
mod wire;

use utoipa_actix_web::service_config::ServiceConfig;

pub fn routes(config: &mut ServiceConfig) {
    config.service(handlers::get_dashboard);
}
