//! The audit log: the events that tell what staff did.

mod handlers;
mod ops;
mod wire;

use utoipa_actix_web::service_config::ServiceConfig;

pub fn routes(config: &mut ServiceConfig) {
    config.service(handlers::list_audit_log);
}
