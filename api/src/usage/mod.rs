//! Usage: how much the programme is used, in numbers that single nobody out.

mod handlers;
mod ops;
mod small_groups;
mod wire;

use utoipa_actix_web::service_config::ServiceConfig;

pub fn routes(config: &mut ServiceConfig) {
    config.service(handlers::get_usage);
}
