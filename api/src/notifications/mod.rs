//! Notifications: what a user is told in the app. They follow from events; here they are listed and read.

mod handlers;
pub mod ops;
mod wire;

use utoipa_actix_web::service_config::ServiceConfig;

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(handlers::list_notifications)
        .service(handlers::read_all_notifications)
        .service(handlers::read_notification);
}
