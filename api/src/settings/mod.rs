//! Settings: the one row that owners configure the programme with.

mod handlers;
pub mod ops;
mod wire;

use utoipa_actix_web::service_config::ServiceConfig;

pub fn routes(config: &mut ServiceConfig) {
    config.service(handlers::get_branding).service(handlers::get_settings).service(handlers::update_settings);
}
